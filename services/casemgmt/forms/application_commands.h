// The use cases of forms. Each is given a transaction, decides, and only then writes; the errors
// are those that FormService promises. Empty etag = no check; absent day = today.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "platform/ledger/ledger.h"
#include "platform/ledger/unit_of_work.h"
#include "services/casemgmt/forms/application.h"

namespace ieum::casemgmt {

struct DraftInput {
  std::optional<base::Uuid> application_id;  // absent = derived from the request
  base::Uuid engagement_id;
  std::string form_version;
  std::vector<FormAnswer> answers;
  bool signed_by_representative = false;
};
absl::StatusOr<ledger::Done> BeginDraft(ledger::UnitOfWork& work, const DraftInput& input);

// Absent = stays.
struct RevisionInput {
  base::Uuid application_id;
  std::string etag;
  std::optional<std::string> form_version;
  std::optional<std::vector<FormAnswer>> answers;
  std::optional<bool> signed_by_representative;
};
absl::StatusOr<ledger::Done> ReviseDraft(ledger::UnitOfWork& work, const RevisionInput& input);

// What every later step says.
struct FormStepInput {
  base::Uuid application_id;
  std::string etag;
  std::optional<absl::CivilDay> day;
};
// `submit_time`: absent = now; it alone decides whether the form is in time.
absl::StatusOr<ledger::Done> Submit(ledger::UnitOfWork& work, const FormStepInput& input,
                                    const std::optional<absl::Time>& submit_time);
absl::StatusOr<ledger::Done> Receive(ledger::UnitOfWork& work, const FormStepInput& input);
absl::StatusOr<ledger::Done> Forward(ledger::UnitOfWork& work, const FormStepInput& input,
                                     const std::string& external_receipt_number);
absl::StatusOr<ledger::Done> RecordResult(ledger::UnitOfWork& work, const FormStepInput& input,
                                          v1::ExternalOutcome outcome, const std::string& score);
absl::StatusOr<ledger::Done> Withdraw(ledger::UnitOfWork& work, const FormStepInput& input,
                                      v1::ApplicationWithdrawalReason reason);

// Registry's verdict on the enrolment behind a form, in verdict_commands.cc like what follows it.
// OK when there is nothing to change.
absl::Status ApplyVerdict(ledger::UnitOfWork& work, const Verdict& verdict);

// For the end and the change of an engagement: its unfinished forms, which the caller locks with
// it; then they are withdrawn, or drafts among them tell of the engagement's new people.
std::vector<base::Uuid> UnfinishedForms(ledger::UnitOfWork& work, const base::Uuid& engagement_id);
void WithdrawWithEngagement(ledger::UnitOfWork& work, const std::vector<base::Uuid>& forms,
                            absl::CivilDay day);
void TellDraftsOfNewPeople(ledger::UnitOfWork& work, const std::vector<base::Uuid>& forms);

// For a campaign whose window has got another last day: locks its drafts, and each tells.
void TellDraftsOfNewWindow(ledger::UnitOfWork& work, const base::Uuid& campaign_id,
                           const std::optional<absl::CivilDay>& previous_end_date);

// Parts that these use cases share.

void Append(ledger::UnitOfWork& work, const Application& application,
            const google::protobuf::Message& event);
// Saves the form after a step of that day.
void SaveStep(ledger::UnitOfWork& work, Application& application, absl::CivilDay day);
// The whole step to WITHDRAWN, after it was decided.
void WriteWithdrawal(ledger::UnitOfWork& work, Application& application,
                     v1::ApplicationWithdrawalReason reason, absl::CivilDay day);

}  // namespace ieum::casemgmt
