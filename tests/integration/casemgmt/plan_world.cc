#include "tests/integration/casemgmt/plan_world.h"

#include <gtest/gtest.h>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "platform/base/korea_time.h"

namespace ieum::casemgmt::testing {
namespace {

template <class View, class Look>
View MustSee(db::Database& database, Look look) {
  std::optional<View> view;
  const absl::Status read = database.Read("test_read", [&](db::Tx& tx) -> absl::Status {
    auto seen = look(tx);
    if (!seen.ok()) return seen.status();
    view = *std::move(seen);
    return absl::OkStatus();
  });
  EXPECT_TRUE(read.ok()) << read;
  EXPECT_TRUE(view.has_value());
  return view.value_or(View());
}

}  // namespace

RecordAssessmentInput Plans::Wanted(const base::Uuid& case_id, const std::string& factors,
                                    const std::string& day) {
  RecordAssessmentInput input{
      .of = cases_.Of(case_id, day), .needs = "a place in a nursery", .author = cases_.manager};
  for (const auto& word :
       std::vector<std::string>(absl::StrSplit(factors, ", ", absl::SkipEmpty()))) {
    const std::vector<std::string> parts = absl::StrSplit(word, ' ');
    int severity = 0;
    EXPECT_TRUE(parts.size() == 2 && absl::SimpleAtoi(parts[1], &severity)) << word;
    input.answers.severities.emplace_back(parts[0], severity);
  }
  return input;
}

absl::StatusOr<ledger::Answer> Plans::TryRecord(const RecordAssessmentInput& input) {
  return world_.Do([&](auto& work) { return RecordAssessment(work, cases_.keys(), input); });
}

base::Uuid Plans::Recorded(const base::Uuid& case_id, const std::string& factors) {
  return IdOf(TryRecord(Wanted(case_id, factors)));
}

absl::StatusOr<ledger::Answer> Plans::TryApprove(const base::Uuid& case_id,
                                                 const base::Uuid& assessment, const Staff& by) {
  return world_.Do([&](auto& work) {
    return ApproveAssessment(
        work, cases_.keys(),
        {.of = cases_.Of(case_id), .assessment_id = assessment, .decider = by});
  });
}

absl::StatusOr<ledger::Answer> Plans::TryReturn(const base::Uuid& case_id,
                                                const base::Uuid& assessment, const Staff& by,
                                                const std::string& comment) {
  return world_.Do([&](auto& work) {
    return ReturnAssessment(
        work, cases_.keys(),
        {.of = cases_.Of(case_id), .assessment_id = assessment, .decider = by, .comment = comment});
  });
}

base::Uuid Plans::Assessed(const base::Uuid& case_id, const std::string& factors) {
  const base::Uuid id = Recorded(case_id, factors);
  IdOf(TryApprove(case_id, id, cases_.supervisor));
  return id;
}

AssessmentView Plans::Assessment(const base::Uuid& case_id, const base::Uuid& id) {
  return MustSee<AssessmentView>(world_.database(), [&](db::Tx& tx) {
    auto view = ReadAssessment(tx, cases_.keys(), Reach::Everything(), case_id, id);
    return view.ok() && *view ? absl::StatusOr<AssessmentView>(**view)
                              : absl::NotFoundError("no assessment");
  });
}

base::Uuid Plans::Conference(const std::vector<base::Uuid>& members,
                             const std::optional<base::Uuid>& centre) {
  return IdOf(world_.Do([&](auto& work) {
    return ScheduleConference(
        work, {.centre = centre, .day = base::KoreaDay(work.now()), .members = members});
  }));
}

void Plans::Held(const base::Uuid& conference) {
  IdOf(world_.Do([&](auto& work) {
    return HoldConference(work, {.conference_id = conference}, std::nullopt);
  }));
}

absl::StatusOr<ledger::Answer> Plans::TryAdd(const base::Uuid& conference,
                                             const base::Uuid& case_id,
                                             const std::string& question) {
  return world_.Do([&](auto& work) {
    return AddAgendaItem(
        work, cases_.keys(),
        {.of = cases_.Of(case_id), .conference_id = conference, .question = question});
  });
}

base::Uuid Plans::OnAgenda(const base::Uuid& conference, const base::Uuid& case_id) {
  return IdOf(TryAdd(conference, case_id));
}

absl::StatusOr<ledger::Answer> Plans::TryClassify(const base::Uuid& conference,
                                                  const base::Uuid& item,
                                                  v1::CaseClassification decided) {
  return world_.Do([&](auto& work) {
    return ClassifyCase(
        work, cases_.keys(),
        {.of = {.reach = Reach::Everything()}, .conference_id = conference, .item_id = item},
        {.classification = decided, .minutes = "all agreed"});
  });
}

void Plans::Classified(const base::Uuid& case_id, v1::CaseClassification decided) {
  const base::Uuid conference = Conference();
  const base::Uuid item = OnAgenda(conference, case_id);
  Held(conference);
  IdOf(TryClassify(conference, item, decided));
}

std::optional<AgendaItemView> Plans::Item(const base::Uuid& conference, const base::Uuid& item,
                                          const Reach& reach) {
  std::optional<AgendaItemView> view;
  const absl::Status read = world_.database().Read("test_item", [&](db::Tx& tx) -> absl::Status {
    auto seen = ReadAgendaItem(tx, cases_.keys(), reach, absl::Now(), conference, item);
    if (!seen.ok()) return seen.status();
    view = *std::move(seen);
    return absl::OkStatus();
  });
  EXPECT_TRUE(read.ok()) << read;
  return view;
}

DraftPlanInput Plans::Draft(const base::Uuid& case_id, const std::vector<std::string>& dues) {
  DraftPlanInput input{.of = cases_.Of(case_id), .author = cases_.manager};
  input.goals = {{.factor = "RF02", .text = "she stays in her job"}};
  for (const std::string& due : dues) {
    input.actions.push_back({.goal_number = 1,
                             .service = v1::PLAN_SERVICE_KIND_CARE_LINK,
                             .text = "ask the nursery",
                             .due = CivilDayOf(due)});
  }
  return input;
}

absl::StatusOr<ledger::Answer> Plans::TryDraft(const DraftPlanInput& input) {
  return world_.Do([&](auto& work) { return DraftPlan(work, cases_.keys(), input); });
}

base::Uuid Plans::Drafted(const base::Uuid& case_id, const std::vector<std::string>& dues) {
  return IdOf(TryDraft(Draft(case_id, dues)));
}

CasePlanInput Plans::Of(const base::Uuid& case_id, const base::Uuid& plan, const Staff& by,
                        const std::string& day) {
  return {.of = cases_.Of(case_id, day), .plan_id = plan, .by = by};
}

void Plans::Submit(const base::Uuid& case_id, const base::Uuid& plan) {
  IdOf(world_.Do([&](auto& work) { return SubmitPlan(work, Of(case_id, plan, cases_.manager)); }));
}

absl::StatusOr<ledger::Answer> Plans::TryApprovePlan(const CasePlanInput& input) {
  return world_.Do(
      [&](auto& work) { return ApprovePlan(work, cases_.keys(), input, "well done"); });
}

absl::StatusOr<ledger::Answer> Plans::TrySign(const CasePlanInput& input) {
  return world_.Do([&](auto& work) {
    return SignPlan(work, input, {.agreement = v1::PLAN_AGREEMENT_PAPER, .calendar = Holidays()});
  });
}

base::Uuid Plans::Signed(const base::Uuid& case_id, const std::vector<std::string>& dues) {
  const base::Uuid plan = Drafted(case_id, dues);
  Submit(case_id, plan);
  IdOf(TryApprovePlan(Of(case_id, plan, cases_.supervisor)));
  IdOf(TrySign(Of(case_id, plan, cases_.manager)));
  return plan;
}

PlanView Plans::Plan(const base::Uuid& case_id, const base::Uuid& id) {
  return MustSee<PlanView>(world_.database(), [&](db::Tx& tx) {
    auto view = ReadPlan(tx, cases_.keys(), Reach::Everything(), case_id, id);
    return view.ok() && *view ? absl::StatusOr<PlanView>(**view) : absl::NotFoundError("no plan");
  });
}

base::Uuid Plans::ToPlan(const CaseWish& wish) {
  const base::Uuid id = cases_.CaseIn(v1::CASE_STATE_INTAKE, wish);
  Assessed(id);
  Classified(id);
  return id;
}

}  // namespace ieum::casemgmt::testing
