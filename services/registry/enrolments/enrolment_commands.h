// What can be done with enrolments. All of them enter the campaign's gate first (campaign_store.h),
// so that seats cannot be oversold and the line has no gap.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "platform/db/person_keys.h"
#include "platform/ledger/ledger.h"
#include "services/registry/enrolments/enrolment.h"

namespace ieum::registry {

// Entered by hand, without a form.
struct EnterEnrolmentInput {
  std::optional<base::Uuid> id;  // chosen by the caller
  base::Uuid campaign_id;
  std::optional<base::Uuid> organization_id;  // who takes part: one of both
  std::optional<base::Uuid> person_id;
  std::optional<base::Uuid> contact_person_id;
  std::string applied_date;  // "" = today
};
// The verdict is part of the answer; a denial is no error. GUARDIAN_MISSING for a child. law:L08
absl::StatusOr<ledger::Done> EnterEnrolment(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                            const EnterEnrolmentInput& input);

// A form that casemgmt has received.
struct ReceiveApplicationInput {
  base::Uuid application_id;
  std::optional<base::Uuid> engagement_id;
  base::Uuid campaign_id;
  base::Uuid organization_id;
  std::optional<base::Uuid> contact_person_id;
  std::optional<base::Uuid> consultant_person_id;
  absl::Time submitted_at;       // decides whether it was in time
  absl::CivilDay received_date;  // the facts of this day count
};
// Once for each form: a repeat changes nothing. A form that was withdrawn before ends withdrawn,
// without a verdict. NOT_FOUND for an unknown campaign only; an unknown organization is denied.
absl::Status ReceiveApplication(ledger::UnitOfWork& work, const ReceiveApplicationInput& input);

// A form that was taken back, whether it was received here or not. Changes nothing where the
// enrolment is final.
absl::Status WithdrawApplication(ledger::UnitOfWork& work, const base::Uuid& application_id,
                                 absl::CivilDay withdrawn_date);

struct EnrolmentStepInput {
  base::Uuid campaign_id;
  base::Uuid id;
  std::string etag;
  std::string date;  // "" = today
};
absl::StatusOr<ledger::Done> ActivateEnrolment(ledger::UnitOfWork& work,
                                               const EnrolmentStepInput& input);
absl::StatusOr<ledger::Done> CompleteEnrolment(ledger::UnitOfWork& work,
                                               const EnrolmentStepInput& input);
absl::StatusOr<ledger::Done> WithdrawEnrolment(ledger::UnitOfWork& work,
                                               const EnrolmentStepInput& input,
                                               v1::WithdrawalReason reason);

// The answers to an offer; `date` is not looked at. A seat that is refused goes to the next in
// line.
absl::StatusOr<ledger::Done> AcceptOffer(ledger::UnitOfWork& work, const EnrolmentStepInput& input);
absl::StatusOr<ledger::Done> DeclineOffer(ledger::UnitOfWork& work,
                                          const EnrolmentStepInput& input);
// Ends an offer and gives the seat to the next in line, for one who has seen that its time is over:
// a clock that was set back since does not bring it back. Changes nothing when it was answered
// meanwhile.
absl::StatusOr<ledger::Done> ExpireOffer(ledger::UnitOfWork& work, const base::Uuid& campaign_id,
                                         const base::Uuid& id);

}  // namespace ieum::registry
