// Goal: whatever people do in whatever order, the tables say what the events explain, refusals
// leave nothing, and versions count events. Method: random sequences of commands and of registry's
// verdicts on one engagement, half of them the natural next step so that they get far; then the
// ledger is read on its own and compared.
#include "tests/integration/casemgmt/explained_state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/casemgmt/engagements/recommendation_commands.h"
#include "services/casemgmt/engagements/recommendation_store.h"

namespace ieum::casemgmt::testing {
namespace {

enum class Act {
  kContact,
  kPlan,
  kMove,
  kCancel,
  kHold,
  kReport,
  kDiagnose,
  kAgree,
  kStart,
  kAdopt,
  kResult,
  kComplete,
  kFollowUp,
  kDecline,
  kDrop,
  kReassign,
  kRediagnose,
  kRecommend,
  kCheck,
  kDraft,
  kRevise,
  kSubmit,
  kReceive,
  kForward,
  kExternalResult,
  kWithdraw,
  kAdmit,
  kWait,
  kRefuse,
  kEndEnrolment,
  kMoveWindow,
  kCount,
};
constexpr int kActs = static_cast<int>(Act::kCount);

// One random life. The clock only goes forward, so lives follow each other in one world.
class Life {
 public:
  Life(World& world, absl::Time* now, const CampaignWish& wish)
      : world_(world), now_(*now), wish_(wish), campaign_(world.HearCampaign(wish)) {
    engagement_ = world_.Open(campaign_, world_.HearFirm(), consultant_);
  }

  // `choice` below kActs is that act, any other the natural next step.
  void Do(int choice, int detail) {
    now_ += absl::Hours(7 * detail);
    world_.SetClock(absl::FormatTime("%Y-%m-%d %H:%M", now_, base::Korea()));
    const int64_t before = world_.EventCount();
    const auto status = Try(choice < kActs ? static_cast<Act>(choice) : Natural(), detail);
    if (status.ok()) return;
    RC_ASSERT(world_.EventCount() == before);
    RC_ASSERT(!base::ReasonOf(status).empty());
  }

  void CheckEngagement() {
    const std::vector<Told> events = world_.EventsOf(engagement_);
    const ExplainedEngagement explained = ExplainEngagement(events);
    const EngagementView view = world_.Engagement(engagement_);
    RC_ASSERT(explained.contradictions == std::vector<std::string>());
    RC_ASSERT(view.version == static_cast<int64_t>(events.size()));
    RC_ASSERT(view.engagement.state == explained.state);
    RC_ASSERT(view.engagement.visit_count == explained.visit_count);
    RC_ASSERT(view.adoptions.size() == explained.schemes.size());
    std::vector<v1::EngagementState> steps;
    for (const auto& transition : view.transitions) steps.push_back(transition.state);
    RC_ASSERT(steps == explained.steps);
    RC_ASSERT(KnownVisits() == explained.visits);
    RC_ASSERT(HoursTaken() == HoursNeeded(explained));
  }

  // Recommendations as their events leave them, and whose adoption was told and not taken back.
  void CheckRecommendations() {
    std::map<std::string, v1::RecommendationState> states;
    std::map<std::string, std::string> adopted;
    const auto keep = [&](const v1::RecommendationFacts& facts) {
      states[facts.recommendation_id()] = facts.state();
    };
    for (const Told& told : world_.EventsOf(engagement_)) {
      if (told.type == "MeasureRecommended") {
        keep(told.As<v1::MeasureRecommended>().recommendation());
      } else if (told.type == "AdoptionChecked") {
        keep(told.As<v1::AdoptionChecked>().recommendation());
      } else if (told.type == "RecommendationWithdrawn") {
        keep(told.As<v1::RecommendationWithdrawn>().recommendation());
      } else if (told.type == "MeasureAdopted") {
        const auto event = told.As<v1::MeasureAdopted>();
        adopted[event.recommendation().recommendation_id()] = event.adoption_id();
      } else if (told.type == "MeasureAdoptionRetracted") {
        const auto event = told.As<v1::MeasureAdoptionRetracted>();
        RC_ASSERT(adopted[event.recommendation().recommendation_id()] == event.adoption_id());
        adopted.erase(event.recommendation().recommendation_id());
      }
    }
    const std::vector<Recommendation> known = Recommendations();
    RC_ASSERT(known.size() == states.size());
    for (const Recommendation& each : known) {
      const std::string id = each.id.ToString();
      RC_ASSERT(states.at(id) == each.state);
      RC_ASSERT(each.adoption.has_value() == adopted.contains(id));
      RC_ASSERT(!each.adoption || each.adoption->id.ToString() == adopted[id]);
      const bool ended = state() == v1::ENGAGEMENT_STATE_DECLINED ||
                         state() == v1::ENGAGEMENT_STATE_DROPPED;
      for (const AdoptionCheck& check : each.checks) RC_ASSERT(!ended || !check.waits());
    }
  }

  void CheckForms() {
    for (const base::Uuid& id : forms_) {
      const std::vector<Told> events = world_.EventsOf(id);
      const ExplainedForm explained = ExplainForm(events);
      const ApplicationView view = world_.Form(id);
      RC_ASSERT(explained.contradictions == std::vector<std::string>());
      RC_ASSERT(view.version == static_cast<int64_t>(events.size()));
      RC_ASSERT(view.application.state == explained.state);
      RC_ASSERT(view.application.waiting == explained.waiting);
      RC_ASSERT(view.application.draft_version == explained.draft_version);
      RC_ASSERT(view.application.receipt_number == explained.receipt_number);
      RC_ASSERT(view.application.external_receipt_number == explained.external_receipt_number);
      const auto result = view.application.result.value_or(ExternalResult());
      RC_ASSERT(result.grade == explained.grade);
      RC_ASSERT(result.score == explained.score);
    }
  }

  v1::EngagementState state() { return world_.Engagement(engagement_).engagement.state; }

 private:
  std::vector<Recommendation> Recommendations() {
    std::vector<Recommendation> all;
    EXPECT_TRUE(world_.database()
                    .Read("test_read",
                          [&](db::Tx& tx) {
                            all = RecommendationsOf(tx, base::Scope::Everywhere(), engagement_);
                            return absl::OkStatus();
                          })
                    .ok());
    return all;
  }
  Act Natural() {
    switch (state()) {
      case v1::ENGAGEMENT_STATE_LEAD:
        return Act::kContact;
      case v1::ENGAGEMENT_STATE_CONTACTED:
        return Act::kPlan;
      case v1::ENGAGEMENT_STATE_VISIT_PLANNED:
        return Act::kHold;
      case v1::ENGAGEMENT_STATE_VISITED:
        return IsConsulting(wish_.task) ? Act::kDiagnose : NaturalOfForm();
      case v1::ENGAGEMENT_STATE_DIAGNOSED:
        return Act::kAgree;
      case v1::ENGAGEMENT_STATE_PLAN_AGREED:
        return Act::kStart;
      case v1::ENGAGEMENT_STATE_IN_PROGRESS:
        return world_.Engagement(engagement_).engagement.visit_count < 3 ? Further() : Act::kResult;
      case v1::ENGAGEMENT_STATE_RESULT_REPORTED:
        return Lacking() ? Act::kRediagnose : Act::kComplete;
      default:
        return NaturalOfForm();
    }
  }
  // A second diagnosis.
  bool Lacking() {
    const casemgmt::Engagement engagement = world_.Engagement(engagement_).engagement;
    return engagement.terms.second_diagnosis && !engagement.second_diagnosis;
  }
  // Another visit, planned and then held.
  Act Further() {
    for (const auto& [id, visit] : KnownVisits()) {
      if (visit.state == v1::VISIT_STATE_PLANNED) return Act::kHold;
    }
    return Act::kPlan;
  }
  Act NaturalOfForm() {
    if (forms_.empty()) return Act::kDraft;
    switch (world_.Form(forms_.back()).application.state) {
      case v1::APPLICATION_STATE_DRAFT:
        return Act::kSubmit;
      case v1::APPLICATION_STATE_SUBMITTED:
        return Act::kReceive;
      case v1::APPLICATION_STATE_RECEIVED:
        return wish_.admission == registry::v1::ADMISSION_MODE_EXTERNAL ? Act::kForward
                                                                        : Act::kWait;
      case v1::APPLICATION_STATE_FORWARDED:
        return Act::kExternalResult;
      case v1::APPLICATION_STATE_ELIGIBLE:
        return Act::kAdmit;
      default:
        return Act::kDraft;
    }
  }

  absl::Status Try(Act act, int detail) {
    if (act >= Act::kDraft) return TryForm(act, detail);
    if (act >= Act::kPlan && act <= Act::kReport) return TryVisit(act, detail);
    return world_.Do([&](auto& work) { return Step(work, act, detail); }).status();
  }

  absl::StatusOr<ledger::Done> Step(ledger::UnitOfWork& work, Act act, int detail) {
    const StepInput input = StepOf(engagement_);
    switch (act) {
      case Act::kContact:
        return ContactFirm(work, input);
      case Act::kDiagnose:
        return Diagnose(work, input, "50.5", "");
      case Act::kAgree:
        return AgreePlan(work, input, {.tasks = {"a"}, .planned_visit_count = 1 + detail});
      case Act::kStart:
        return StartWork(work, input);
      case Act::kAdopt:
        return AdoptScheme(work, input, detail % 2 == 0 ? "FLEX" : "ENV", "paper");
      case Act::kResult:
        return ReportResult(work, input, "done");
      case Act::kComplete:
        return ApproveCompletion(work, input, detail == 0 ? consultant_ : base::Uuid::NewV7());
      case Act::kFollowUp:
        return FollowUp(work, input);
      case Act::kDecline:
        return Decline(work, input, v1::DECLINE_REASON_NO_CAPACITY);
      case Act::kDrop:
        return Drop(work, input, v1::DROP_REASON_MERGED);
      case Act::kRediagnose:
        return Rediagnose(work, input, "60.25", "");
      case Act::kRecommend:
        return RecommendMeasure(
            work, {.step = input, .measure = "leave on time", .check_months = {1, 2}});
      case Act::kCheck:
        return Check(work, detail);
      default:
        return ReassignEngagement(work, {.engagement_id = engagement_,
                                         .contact_person = std::optional(base::Uuid::NewV7())});
    }
  }

  // What a check of the first recommendation found; early ones are refused.
  absl::StatusOr<ledger::Done> Check(ledger::UnitOfWork& work, int detail) {
    const auto known = RecommendationsOf(work.tx(), base::Scope::Everywhere(), engagement_);
    return RecordAdoptionCheck(
        work, {.step = StepOf(engagement_),
               .recommendation_id = known.empty() ? base::Uuid() : known.front().id,
               .months = 1 + detail % 2,
               .outcome = static_cast<v1::AdoptionOutcome>(1 + detail % 3),
               .evidence_kind = v1::ADOPTION_EVIDENCE_VISIT,
               .evidence = "seen"});
  }

  absl::Status TryVisit(Act act, int detail) {
    if (act == Act::kPlan) return Plan(detail);
    if (visits_.empty()) return absl::OkStatus();
    const VisitInput input{.engagement_id = engagement_,
                           .visit_id = visits_[visits_.size() - 1 - detail % visits_.size()]};
    return world_
        .Do([&](auto& work) -> absl::StatusOr<ledger::Done> {
          switch (act) {
            case Act::kMove:
              return RescheduleVisit(work, input, now_ + absl::Hours(5 * detail),
                                     now_ + absl::Hours(5 * detail + 2));
            case Act::kCancel:
              return CancelVisit(work, input, v1::VISIT_CANCEL_REASON_FIRM);
            case Act::kHold:
              return RecordVisit(work, input,
                                 {.start = now_ - absl::Hours(2),
                                  .end = now_,
                                  .minutes = detail % 2 == 0 ? "met" : ""});
            default:
              return RecordVisitReport(work, input, "met", "");
          }
        })
        .status();
  }
  absl::Status Plan(int detail) {
    const auto answer = world_.Do([&](auto& work) {
      return PlanVisit(work, {.engagement_id = engagement_,
                              .start = now_ + absl::Hours(4 * detail),
                              .end = now_ + absl::Hours(4 * detail + 3)});
    });
    if (answer.ok()) visits_.push_back(IdOf(answer));
    return answer.status();
  }

  absl::Status TryForm(Act act, int detail) {
    if (act == Act::kMoveWindow) return MoveWindow(detail);
    if (act == Act::kDraft) return Draft();
    if (forms_.empty()) return absl::OkStatus();
    if (act >= Act::kAdmit) return Hear(act);
    const FormStepInput input = FormStepOf(forms_.back());
    return world_
        .Do([&](auto& work) -> absl::StatusOr<ledger::Done> {
          switch (act) {
            case Act::kRevise:
              return ReviseDraft(
                  work, {.application_id = forms_.back(), .signed_by_representative = detail > 0});
            case Act::kSubmit:
              return Submit(work, input, std::nullopt);
            case Act::kReceive:
              return Receive(work, input);
            case Act::kForward:
              return Forward(work, input, absl::StrCat("WI-", forms_.size()));
            case Act::kExternalResult:
              return RecordResult(work, input, v1::EXTERNAL_OUTCOME_SELECTED,
                                  absl::StrCat(200 * detail, ".5"));
            default:
              return Withdraw(work, input, v1::APPLICATION_WITHDRAWAL_REASON_REQUESTED);
          }
        })
        .status();
  }
  absl::Status Draft() {
    const auto answer = world_.Do([&](auto& work) {
      return BeginDraft(work, {.engagement_id = engagement_, .signed_by_representative = true});
    });
    if (answer.ok()) forms_.push_back(IdOf(answer));
    return answer.status();
  }
  absl::Status MoveWindow(int detail) {
    wish_.window_end = absl::StrCat("20", 90 + detail, "-12-31 18:00");
    registry::v1::CampaignChanged event;
    *event.mutable_campaign() = world_.Facts(campaign_, wish_);
    return world_.Hear(event, campaign_, ++campaign_version_);
  }
  // One enrolment a form, as registry has it.
  template <class Event>
  absl::Status HearAs(Event event) {
    event.mutable_enrolment()->set_application_id(forms_.back().ToString());
    event.mutable_enrolment()->set_enrolment_id(
        base::Uuid::Derive(forms_.back(), "enrolment").ToString());
    return world_.Hear(event, base::Uuid::Derive(forms_.back(), "enrolment"));
  }
  absl::Status Hear(Act act) {
    switch (act) {
      case Act::kAdmit:
        return HearAs(registry::v1::EnrolmentConfirmed());
      case Act::kWait:
        return HearAs(registry::v1::EnrolmentWaitlisted());
      case Act::kRefuse:
        return HearAs(registry::v1::EnrolmentDenied());
      default:
        return HearAs(registry::v1::EnrolmentWithdrawn());
    }
  }

  std::map<std::string, ExplainedVisit> KnownVisits() {
    std::map<std::string, ExplainedVisit> known;
    for (const base::Uuid& id : visits_) {
      const casemgmt::Visit visit = world_.Visit(engagement_, id).visit;
      known[id.ToString()] = {.state = visit.state,
                              .date = base::FormatDay(visit.day()),
                              .consultant = visit.consultant.ToString(),
                              .reported = !visit.minutes.empty()};
    }
    return known;
  }
  int HoursTaken() {
    return std::stoi(world_.Ask("SELECT count(*) FROM consultant_hours WHERE consultant_id = '" +
                                consultant_.ToString() + "'"));
  }
  static int HoursNeeded(const ExplainedEngagement& explained) {
    return static_cast<int>(std::count_if(
        explained.visits.begin(), explained.visits.end(),
        [](const auto& visit) { return visit.second.state != v1::VISIT_STATE_CANCELLED; }));
  }

  World& world_;
  absl::Time& now_;
  CampaignWish wish_;
  base::Uuid campaign_, engagement_, consultant_ = base::Uuid::NewV7();
  int64_t campaign_version_ = 2;
  std::vector<base::Uuid> visits_, forms_;
};

TEST(State, IsExplainedByTheEvents) {
  World world;
  absl::Time now = Korea("2023-05-10 10:00");
  std::map<v1::EngagementState, int> reached;
  const bool holds = rc::check("the tables say what the events explain", [&] {
    const int task = *rc::gen::inRange(1, 5);
    CampaignWish wish{.task = static_cast<registry::v1::TaskKind>(task),
                      .window_start = "2020-01-01 00:00",
                      .window_end = "2089-12-31 18:00"};
    if (task == registry::v1::TASK_KIND_INCENTIVE) {
      wish.admission = registry::v1::ADMISSION_MODE_EXTERNAL;
    }
    const auto acts = *rc::gen::container<std::vector<std::pair<int, int>>>(
        rc::gen::pair(rc::gen::inRange(0, 2 * kActs), rc::gen::inRange(0, 6)));
    Life life(world, &now, wish);
    for (const auto& [choice, detail] : acts) life.Do(choice, detail);
    life.CheckEngagement();
    life.CheckRecommendations();
    life.CheckForms();
    ++reached[life.state()];
  });
  EXPECT_TRUE(holds);
  // The lives got far enough to say something.
  EXPECT_GT(reached[v1::ENGAGEMENT_STATE_COMPLETED] + reached[v1::ENGAGEMENT_STATE_FOLLOWED_UP], 2);
}

}  // namespace
}  // namespace ieum::casemgmt::testing
