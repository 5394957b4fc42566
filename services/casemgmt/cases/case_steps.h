// The use cases of cases: what people do with one, from the first call to its end. Each is given a
// transaction, decides, and only then writes; the errors are those that CaseService promises. Words
// are sealed; none are nothing to keep.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "platform/base/business_days.h"
#include "platform/db/person_keys.h"
#include "platform/ledger/ledger.h"
#include "services/casemgmt/cases/case_commands.h"

namespace ieum::casemgmt {

// In case_open.cc.
struct CaseManagers {
  std::optional<base::Uuid> subject;              // who may read it
  std::optional<base::Uuid> manager, supervisor;  // to write to
};
struct OpenCaseInput {
  std::optional<base::Uuid> case_id;  // absent = derived from the request
  base::Uuid person;
  std::string programme, edition, line_code;
  std::optional<base::Uuid> centre;  // as wished
  v1::CaseSource source = v1::CASE_SOURCE_UNSPECIFIED;
  std::optional<base::Uuid> source_campaign, source_enrolment, source_organization;
  CaseManagers managers;
  std::optional<absl::CivilDay> day;  // on which she came; absent = today
  bool crisis = false;
  std::string source_words;
  Reach reach;  // of whoever opens it: an open case that it does not hold is not named
};
absl::StatusOr<ledger::Done> OpenCase(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                      const OpenCaseInput& input,
                                      const base::BusinessCalendar& calendar);
// The answer names the case that goes on. `next_id`: wished for.
absl::StatusOr<ledger::Done> ReopenCase(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                        const CaseInput& input,
                                        const std::optional<base::Uuid>& next_id,
                                        const std::string& words,
                                        const base::BusinessCalendar& calendar);

// In case_steps.cc.
absl::StatusOr<ledger::Done> ContactCase(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                         const CaseInput& input, const std::string& words);
absl::StatusOr<ledger::Done> RejectCase(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                        const CaseInput& input, v1::CaseRejectReason reason,
                                        const std::string& words);
absl::StatusOr<ledger::Done> InformCase(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                        const CaseInput& input, const std::string& words);
absl::StatusOr<ledger::Done> TakeInCase(ledger::UnitOfWork& work, const CaseInput& input,
                                        const base::BusinessCalendar& calendar);
absl::StatusOr<ledger::Done> MonitorCase(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                         const CaseInput& input, const std::string& words);
absl::StatusOr<ledger::Done> DeliverAgain(ledger::UnitOfWork& work, const CaseInput& input);
absl::StatusOr<ledger::Done> DeclareCrisis(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                           const CaseInput& input, const std::string& words);
absl::StatusOr<ledger::Done> OpenUrgentService(ledger::UnitOfWork& work, const CaseInput& input);
struct HoldWish {
  v1::CaseHoldReason reason = v1::CASE_HOLD_REASON_UNSPECIFIED;
  absl::CivilDay until;
  std::string words;
};
absl::StatusOr<ledger::Done> HoldCase(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                      const CaseInput& input, const HoldWish& wish);
absl::StatusOr<ledger::Done> LogContactAttempt(ledger::UnitOfWork& work, const CaseInput& input,
                                               v1::AttemptChannel channel,
                                               v1::AttemptOutcome outcome);
absl::StatusOr<ledger::Done> ResumeCase(ledger::UnitOfWork& work, const CaseInput& input,
                                        const base::BusinessCalendar& calendar);

// In case_closing.cc. `by`: the account that asks or decides, and the person behind it.
struct ClosureWish {
  v1::CaseCloseReason reason = v1::CASE_CLOSE_REASON_UNSPECIFIED;
  bool employed = false;
  std::string words;
};
absl::StatusOr<ledger::Done> AskClosure(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                        const CaseInput& input, const Staff& by,
                                        const ClosureWish& wish);
absl::StatusOr<ledger::Done> ReturnClosure(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                           const CaseInput& input, const Staff& by,
                                           const std::string& words);
absl::StatusOr<ledger::Done> CloseCase(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                       const CaseInput& input, const Staff& by,
                                       const std::string& words);
// `input.day` is the day that holds.
absl::StatusOr<ledger::Done> CorrectClosing(ledger::UnitOfWork& work, const CaseInput& input);
absl::StatusOr<ledger::Done> ArchiveCase(ledger::UnitOfWork& work, const CaseInput& input);

// In case_reassign.cc.
absl::StatusOr<ledger::Done> ReassignCase(ledger::UnitOfWork& work, const CaseInput& input,
                                          const CaseManagers& managers);
// The same to a case that was loaded, as a part of a bulk reassignment (empty = alone).
void Reassign(ledger::UnitOfWork& work, Case& c, const CaseManagers& managers,
              const std::string& reassignment_id);

}  // namespace ieum::casemgmt
