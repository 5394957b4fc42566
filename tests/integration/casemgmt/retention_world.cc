#include "tests/integration/casemgmt/retention_world.h"

#include <gtest/gtest.h>

#include <set>

#include "platform/base/korea_time.h"
#include "services/casemgmt/cases/case_events.h"
#include "services/casemgmt/cases/case_store.h"
#include "services/casemgmt/followups/retention_dues.h"
#include "services/casemgmt/participants/participant_store.h"

namespace ieum::casemgmt::testing {
namespace {

std::optional<absl::CivilDay> MaybeDay(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return *base::ParseDay(text, "day");
}

Case InDelivery(const ClosedCaseWish& wish, const base::Uuid& id, const base::Uuid& person) {
  Case c;
  c.id = id;
  c.person = person;
  c.programme = "INC";
  c.edition = "2024";
  c.line_code = "INC-2";
  c.centre = wish.centre;
  c.manager_subject = wish.manager_subject;
  c.manager = base::Uuid::NewV7();
  c.state = v1::CASE_STATE_DELIVERY;
  c.source = v1::CASE_SOURCE_SELF;
  c.opened_day = c.last_step_day = absl::CivilDay(2024, 1, 2);
  c.intake_day = c.opened_day;
  c.case_number = id.ToString().substr(24);
  return c;
}

Staff Somebody() { return {.subject = base::Uuid::NewV7(), .person = base::Uuid::NewV7()}; }

}  // namespace

base::Uuid Retention::Closed(const ClosedCaseWish& wish) {
  const base::Uuid id = base::Uuid::NewV7(), person = base::Uuid::NewV7();
  persons_[id] = person;
  IdOf(world_.Do([&](ledger::UnitOfWork& work) -> absl::StatusOr<ledger::Done> {
    work.Lock({id});
    Case c = InDelivery(wish, id, person);
    c.create_time = c.update_time = work.now();
    c.participant = ParticipantOf(work, person);
    EXPECT_TRUE(InsertCase(work.tx(), c));
    AppendToCase(work, c, EventOf<v1::CaseOpened>(c, work.now()));
    return casemgmt::DoneWith(c);
  }));
  const CaseInput input{.case_id = id, .reach = Reach::Everything(), .day = MaybeDay(wish.day)};
  IdOf(world_.Do([&](auto& work) {
    return AskClosure(work, keys_, input, Somebody(),
                      {.reason = wish.reason, .employed = wish.employed});
  }));
  IdOf(world_.Do([&](auto& work) { return CloseCase(work, keys_, input, Somebody(), ""); }));
  return id;
}

absl::StatusOr<ledger::Answer> Retention::Correct(const base::Uuid& case_id,
                                                  const std::string& closed_day) {
  return world_.Do([&](auto& work) {
    return CorrectClosing(
        work, {.case_id = case_id, .reach = Reach::Everything(), .day = MaybeDay(closed_day)});
  });
}

absl::StatusOr<ledger::Answer> Retention::Reopen(const base::Uuid& case_id) {
  const base::BusinessCalendar calendar({absl::CivilDay(2024, 1, 1), absl::CivilDay(2025, 1, 1)});
  return world_.Do([&](auto& work) {
    return ReopenCase(work, keys_, {.case_id = case_id, .reach = Reach::Everything()}, std::nullopt,
                      "", calendar);
  });
}

RetentionCheck Retention::Check(const base::Uuid& case_id, int months) {
  std::optional<RetentionCheck> found;
  EXPECT_TRUE(world_.database()
                  .Read("test_read",
                        [&](db::Tx& tx) {
                          for (RetentionCheck& each : RetentionChecksOf(tx, case_id)) {
                            if (each.months == months) found = each;
                          }
                          return absl::OkStatus();
                        })
                  .ok());
  EXPECT_TRUE(found.has_value()) << months;
  return found.value_or(RetentionCheck());
}

RetentionInput Retention::InputOf(const base::Uuid& case_id, int months, const std::string& day) {
  return {.c = {.case_id = case_id, .reach = Reach::Everything(), .day = MaybeDay(day)},
          .check_id = Check(case_id, months).id};
}

absl::StatusOr<ledger::Answer> Retention::Record(const base::Uuid& case_id, int months,
                                                 v1::RetentionResult result, const std::string& day,
                                                 v1::RetentionEvidence evidence) {
  const bool silent =
      result == v1::RETENTION_RESULT_UNREACHABLE || result == v1::RETENTION_RESULT_REFUSED;
  const RetentionInput input = InputOf(case_id, months, day);
  return world_.Do([&](auto& work) {
    return RecordResult(work, input, result,
                        silent ? v1::RETENTION_EVIDENCE_UNSPECIFIED : evidence);
  });
}

absl::StatusOr<ledger::Answer> Retention::Replace(const base::Uuid& case_id, int months,
                                                  v1::RetentionResult result) {
  const RetentionInput input = InputOf(case_id, months);
  return world_.Do([&](auto& work) {
    return CorrectResult(work, input, result, v1::RETENTION_EVIDENCE_INSURANCE_CERTIFICATE,
                         v1::RETENTION_CORRECTION_NEW_EVIDENCE);
  });
}

absl::StatusOr<ledger::Answer> Retention::Attempt(const base::Uuid& case_id, int months) {
  const RetentionInput input = InputOf(case_id, months);
  return world_.Do([&](auto& work) {
    return LogAttempt(work, input, v1::ATTEMPT_CHANNEL_PHONE, v1::ATTEMPT_OUTCOME_NO_ANSWER);
  });
}

void Retention::Settle() {
  flow::DueWork dues = RetentionDues(world_.ledger());
  while (true) {
    const auto more = dues.step(*world_.ledger().clock().Now());
    ASSERT_TRUE(more.ok()) << more.status();
    if (!*more) return;
  }
}

std::vector<Told> Retention::Of(const base::Uuid& case_id, const std::string& type) {
  std::vector<Told> found;
  for (Told& told : world_.EventsOf(case_id)) {
    if (told.type == type) found.push_back(std::move(told));
  }
  return found;
}

Rates Retention::RatesOf(const std::vector<base::Uuid>& cases, int months) {
  std::map<std::string, std::string> due;            // check by occurrence
  std::map<std::string, v1::RetentionResult> found;  // by id of the result
  std::set<std::string> moved, replaced;
  const auto keep = [&](const v1::RetentionCheckFacts& check) {
    if (check.months() == months) found[check.result_id()] = check.result();
  };
  for (const base::Uuid& id : cases) {
    for (const Told& told : world_.EventsOf(id)) {
      if (told.type == "RetentionCheckDue") {
        const auto check = told.As<v1::RetentionCheckDue>().check();
        if (check.months() == months) due[check.occurrence_id()] = check.check_id();
      } else if (told.type == "RetentionCheckMoved") {
        moved.insert(told.As<v1::RetentionCheckMoved>().previous_occurrence_id());
      } else if (told.type == "RetentionChecked") {
        keep(told.As<v1::RetentionChecked>().check());
      } else if (told.type == "RetentionResultCorrected") {
        const auto event = told.As<v1::RetentionResultCorrected>();
        replaced.insert(event.previous_result_id());
        keep(event.check());
      }
    }
  }
  Rates rates;
  std::set<std::string> checks;
  for (const auto& [occurrence, check] : due) {
    if (!moved.contains(occurrence)) checks.insert(check);
  }
  rates.due = static_cast<int>(checks.size());
  for (const auto& [id, result] : found) {
    if (replaced.contains(id)) continue;
    const bool retained = result == v1::RETENTION_RESULT_SAME_EMPLOYER ||
                          result == v1::RETENTION_RESULT_ON_STATUTORY_LEAVE;
    rates.retained += retained ? 1 : 0;
    rates.continued += retained || result == v1::RETENTION_RESULT_OTHER_EMPLOYER ? 1 : 0;
  }
  return rates;
}

}  // namespace ieum::casemgmt::testing
