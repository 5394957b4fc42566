// The use cases of retention checks, and what the room of cases calls when it closes, corrects or
// reopens one. Checks are parts of their case: that is what is locked, and its version is the etag.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "platform/ledger/ledger.h"
#include "platform/ledger/unit_of_work.h"
#include "services/casemgmt/cases/case_commands.h"
#include "services/casemgmt/followups/retention_check.h"

namespace ieum::casemgmt {

// What cases call. The case is locked, and stands where the step has led; its own event is
// appended.

// Plans the checks of a case that was closed on the day `anchor`, so many months after it (empty =
// 3, 6 and 12). A check that the case has already stays as it is. Answers how many were planned.
int OpenRetentionChecks(ledger::UnitOfWork& work, const Case& c, absl::CivilDay anchor,
                        const std::vector<int>& months);
// The case was closed on another day: checks without a result move, and those whose day has come
// already are due at once.
void MoveRetentionAnchor(ledger::UnitOfWork& work, const Case& c, absl::CivilDay anchor);
// Checks whose day has not come will not take place; those that were due stay due: they count.
void CancelRetentionChecks(ledger::UnitOfWork& work, const Case& c,
                           v1::RetentionCancelReason reason);
// Whether nobody is to be asked any more, so that the case may be archived. RETENTION_CHECK_STATE.
absl::Status CheckNobodyWaits(ledger::UnitOfWork& work, const Case& c);

// What people do; the errors are those that FollowUpService promises.

// Of a closed case whose employment became known later.
absl::StatusOr<ledger::Done> BeginFollowUp(ledger::UnitOfWork& work, const CaseInput& input);

struct RetentionInput {
  CaseInput c;
  base::Uuid check_id;
};
absl::StatusOr<ledger::Done> LogAttempt(ledger::UnitOfWork& work, const RetentionInput& input,
                                        v1::AttemptChannel channel, v1::AttemptOutcome outcome);
// The result of the last check that waits archives the case.
absl::StatusOr<ledger::Done> RecordResult(ledger::UnitOfWork& work, const RetentionInput& input,
                                          v1::RetentionResult result,
                                          v1::RetentionEvidence evidence);
absl::StatusOr<ledger::Done> CorrectResult(ledger::UnitOfWork& work, const RetentionInput& input,
                                           v1::RetentionResult result,
                                           v1::RetentionEvidence evidence,
                                           v1::RetentionCorrection reason);

// Tells that the day of a check has come, unless it was told, moved or cancelled. Acts for the
// suite.
absl::StatusOr<ledger::Done> TellRetentionCheckDue(ledger::UnitOfWork& work,
                                                   const base::Uuid& case_id,
                                                   const base::Uuid& occurrence);

}  // namespace ieum::casemgmt
