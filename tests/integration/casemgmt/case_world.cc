#include "tests/integration/casemgmt/case_world.h"

#include <gtest/gtest.h>

#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "platform/erasure/erasure_store.h"

namespace ieum::casemgmt::testing {
namespace {

constexpr const char* kHolidays[] = {
    "2023-12-25", "2024-01-01", "2024-02-09", "2024-02-10", "2024-02-12", "2024-03-01",
    "2024-04-10", "2024-05-06", "2024-05-15", "2024-06-06", "2024-08-15", "2024-09-16",
    "2024-09-17", "2024-09-18", "2024-10-01", "2024-10-03", "2024-10-09", "2024-12-25",
    "2025-01-01", "2025-01-28", "2025-01-29", "2025-01-30", "2025-03-03", "2025-05-05",
    "2025-05-06", "2025-06-06", "2025-08-15", "2025-10-03", "2025-10-06", "2025-10-07",
    "2025-10-08", "2025-10-09", "2025-12-25"};

// How a case comes to each state from the one before, where it is managed to the end.
struct Leg {
  v1::CaseState to;
  CaseStep step;
};
constexpr Leg kRoad[] = {
    {v1::CASE_STATE_ASSESSMENT, CaseStep::kBeginAssessment},
    {v1::CASE_STATE_CONFERENCE, CaseStep::kApproveAssessment},
    {v1::CASE_STATE_CLASSIFIED, CaseStep::kClassify},
    {v1::CASE_STATE_PLAN, CaseStep::kBeginPlan},
    {v1::CASE_STATE_DELIVERY, CaseStep::kSignPlan},
    {v1::CASE_STATE_MONITORING, CaseStep::kFirstService},
    {v1::CASE_STATE_REASSESSMENT, CaseStep::kReassess},
};

bool IsEnd(v1::CaseState state) {
  return state == v1::CASE_STATE_CLOSED || state == v1::CASE_STATE_FOLLOW_UP ||
         state == v1::CASE_STATE_ARCHIVED;
}

}  // namespace

base::BusinessCalendar Holidays() {
  std::vector<absl::CivilDay> days;
  for (const char* day : kHolidays) days.push_back(CivilDayOf(day));
  return base::BusinessCalendar(days);
}

absl::CivilDay CivilDayOf(const std::string& text) { return *base::ParseDay(text, "day"); }

base::Uuid Cases::Person() {
  const base::Uuid person = base::Uuid::NewV7();
  Consent(person, registry::v1::CONSENT_PURPOSE_COLLECTION);
  return person;
}

void Cases::Consent(const base::Uuid& person, registry::v1::ConsentPurpose purpose, bool given,
                    const std::optional<base::Uuid>& receiver) {
  const int revision = ++consents_[person];
  const auto tell = [&](auto event) {
    event.set_person_id(person.ToString());
    event.set_purpose(purpose);
    event.set_revision(revision);
    if (receiver) event.set_receiver_organization_id(receiver->ToString());
    EXPECT_TRUE(world_.Hear(event, person, revision).ok());
  };
  if (given) {
    tell(registry::v1::ConsentGiven());
  } else {
    tell(registry::v1::ConsentWithdrawn());
  }
}

void Cases::Erase(const base::Uuid& person) {
  const erasure::Erasure erasure = {person, base::Uuid::NewV7(), absl::Now()};
  EXPECT_TRUE(world_.database()
                  .Write("test_erase",
                         [&](db::Tx& tx) {
                           erasure::NoteDestroyed(tx, erasure, erasure::DestroyKey(tx, erasure),
                                                  false);
                           return absl::OkStatus();
                         })
                  .ok());
  registry::v1::PersonErased event;
  event.set_person_id(person.ToString());
  event.set_erasure_id(erasure.erasure_id.ToString());
  EXPECT_TRUE(world_.Hear(event, person, 99).ok());
}

base::Uuid Cases::Opened(const CaseWish& wish) {
  OpenCaseInput input{.person = wish.person ? *wish.person : Person(),
                      .programme = wish.programme,
                      .edition = wish.edition,
                      .line_code = wish.line_code,
                      .source = wish.source,
                      .managers = {.subject = manager.subject,
                                   .manager = manager.person,
                                   .supervisor = supervisor.person},
                      .crisis = wish.crisis};
  if (!wish.centre.empty()) input.centre = *base::Uuid::Parse(wish.centre);
  if (!wish.day.empty()) input.day = CivilDayOf(wish.day);
  return IdOf(world_.Do([&](auto& work) { return OpenCase(work, keys_, input, Holidays()); }));
}

base::Uuid Cases::CaseIn(v1::CaseState state, const CaseWish& wish) {
  const base::Uuid id = Opened(wish);
  if (state == v1::CASE_STATE_REFERRED) return id;
  IdOf(world_.Do([&](auto& work) { return ContactCase(work, keys_, Of(id), "first talk"); }));
  if (state == v1::CASE_STATE_INITIAL_CONSULT) return id;
  if (state == v1::CASE_STATE_REJECTED) {
    IdOf(world_.Do([&](auto& work) {
      return RejectCase(work, keys_, Of(id), v1::CASE_REJECT_REASON_DECLINED, "");
    }));
    return id;
  }
  if (state == v1::CASE_STATE_INFO_ONLY) {
    IdOf(world_.Do([&](auto& work) { return InformCase(work, keys_, Of(id), ""); }));
    return id;
  }
  IdOf(world_.Do([&](auto& work) { return TakeInCase(work, Of(id), Holidays()); }));
  if (state == v1::CASE_STATE_INTAKE) return id;
  for (const Leg& leg : kRoad) {
    if (IsEnd(state) && leg.to == v1::CASE_STATE_REASSESSMENT) break;
    Step(id, leg.step);
    if (leg.to == state) return id;
  }
  Close(id, v1::CASE_CLOSE_REASON_GOALS_MET, state == v1::CASE_STATE_FOLLOW_UP);
  if (state != v1::CASE_STATE_ARCHIVED) return id;
  IdOf(world_.Do([&](auto& work) { return ArchiveCase(work, Of(id)); }));
  return id;
}

void Cases::Step(const base::Uuid& id, CaseStep step) {
  IdOf(world_.Do([&](ledger::UnitOfWork& work) -> absl::StatusOr<ledger::Done> {
    work.Lock({id});
    ASSIGN_OR_RETURN(Case c, LoadCase(work, Of(id)));
    ASSIGN_OR_RETURN(const absl::CivilDay day, DayOf(work, c, Of(id), "date"));
    if (step == CaseStep::kClassify) {
      c.classification = v1::CASE_CLASSIFICATION_CASE_MANAGEMENT;
    }
    RETURN_IF_ERROR(TakeStep(work, c, step, day));
    SaveCase(work, c, day);
    return DoneWith(c);
  }));
}

void Cases::Assess(const base::Uuid& id, v1::RiskLevel level, const std::string& factor) {
  IdOf(world_.Do([&](ledger::UnitOfWork& work) -> absl::StatusOr<ledger::Done> {
    work.Lock({id});
    ASSIGN_OR_RETURN(Case c, LoadCase(work, Of(id)));
    const absl::CivilDay today = base::KoreaDay(work.now());
    ChangeRisk(work, c, level, factor, today);
    SaveCase(work, c, today);
    return DoneWith(c);
  }));
}

void Cases::Hold(const base::Uuid& id, const std::string& until) {
  IdOf(world_.Do([&](auto& work) {
    return HoldCase(work, keys_, Of(id),
                    {.reason = v1::CASE_HOLD_REASON_HEALTH, .until = CivilDayOf(until)});
  }));
}

void Cases::Close(const base::Uuid& id, v1::CaseCloseReason reason, bool employed) {
  IdOf(world_.Do([&](auto& work) {
    return AskClosure(work, keys_, Of(id), manager, {.reason = reason, .employed = employed});
  }));
  IdOf(world_.Do([&](auto& work) { return CloseCase(work, keys_, Of(id), supervisor, ""); }));
}

CaseInput Cases::Of(const base::Uuid& id, const std::string& day) {
  CaseInput input{.case_id = id, .reach = Reach::Everything()};
  if (!day.empty()) input.day = CivilDayOf(day);
  return input;
}

Case Cases::Read(const base::Uuid& id) {
  std::optional<Case> c;
  EXPECT_TRUE(world_.database()
                  .Read("test_case",
                        [&](db::Tx& tx) {
                          c = FindCase(tx, Reach::Everything(), id);
                          return absl::OkStatus();
                        })
                  .ok());
  EXPECT_TRUE(c.has_value());
  return c.value_or(Case());
}

std::vector<Task> Cases::Tasks(const base::Uuid& id) {
  std::vector<Task> tasks;
  EXPECT_TRUE(world_.database()
                  .Read("test_tasks",
                        [&](db::Tx& tx) {
                          tasks = OpenTasksOf(tx, id);
                          return absl::OkStatus();
                        })
                  .ok());
  return tasks;
}

}  // namespace ieum::casemgmt::testing
