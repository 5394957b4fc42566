// What an application form is, which steps it may take, what registry's verdict and another body's
// result make of it. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "ieum/casemgmt/v1/types.pb.h"
#include "ieum/registry/v1/types.pb.h"
#include "platform/base/decimal.h"
#include "platform/base/uuid.h"

namespace ieum::casemgmt {

struct FormAnswer {
  std::string item_code, text;
  bool operator==(const FormAnswer&) const = default;
};

struct ExternalResult {
  absl::CivilDay day;
  v1::ExternalOutcome outcome = v1::EXTERNAL_OUTCOME_UNSPECIFIED;
  std::string score;  // decimal text out of 1000, as given; empty = none
  v1::Grade grade = v1::GRADE_UNSPECIFIED;
  std::optional<absl::CivilDay> valid_until;  // last day; absent = no grade
};

struct Application {
  base::Uuid id, engagement_id, organization_id, campaign_id;
  v1::ApplicationState state = v1::APPLICATION_STATE_DRAFT;
  std::string form_version;
  std::vector<FormAnswer> answers;
  bool signed_by_representative = false;
  int draft_version = 1;
  absl::CivilDay last_step_day;
  std::optional<absl::Time> submit_time;
  std::string receipt_number;  // empty before receipt
  std::optional<absl::CivilDay> received_day;
  std::optional<base::Uuid> enrolment;
  bool waiting = false;
  registry::v1::DenialReason denial_reason = registry::v1::DENIAL_REASON_UNSPECIFIED;
  std::string external_receipt_number;
  std::optional<absl::CivilDay> forwarded_day;
  std::optional<ExternalResult> result;
  v1::ApplicationWithdrawalReason withdrawal_reason = v1::APPLICATION_WITHDRAWAL_REASON_UNSPECIFIED;
  std::optional<base::Uuid> centre;  // the campaign's
  absl::Time create_time, update_time;

  // What engagement and campaign say at the moment of reading.
  std::string campaign_code, programme, edition;
  registry::v1::TaskKind task = registry::v1::TASK_KIND_UNSPECIFIED;
  registry::v1::AdmissionMode admission = registry::v1::ADMISSION_MODE_UNSPECIFIED;
  std::optional<absl::CivilDay> window_end_date;
  std::optional<base::Uuid> consultant, contact_person;
};

enum class FormStep {
  kRevise,
  kSubmit,
  kReceive,
  kForward,
  kRecordResult,
  kWithdraw,
  kWithdrawWithEngagement,
  kAdmit,   // registry gave a seat
  kWait,    // registry put it on the waiting list
  kRefuse,  // registry denied it
  kWithdrawWithEnrolment,
};

// Where the step leads; APPLICATION_STATE when the state does not allow it.
absl::StatusOr<v1::ApplicationState> NextState(v1::ApplicationState state, FormStep step);

// Whether this step of a form completes the engagement behind it: receipt where the campaign's own
// rules admit, hand-over where another body does; never consulting.
bool CompletesEngagement(registry::v1::TaskKind task, registry::v1::AdmissionMode admission,
                         FormStep step);

// INVALID_FIELD when an item is answered twice; `field` is the list's path.
absl::Status CheckAnswers(const std::vector<FormAnswer>& answers, std::string_view field);

// What registry says about the enrolment behind a form.
struct Verdict {
  base::Uuid application_id, enrolment_id;
  FormStep step = FormStep::kAdmit;  // kAdmit, kWait, kRefuse or kWithdrawWithEnrolment
  registry::v1::DenialReason denial_reason = registry::v1::DENIAL_REASON_UNSPECIFIED;
  absl::CivilDay day;
};
// Whether the verdict changes the form. One that was heard before, comes from another enrolment
// than the form's, or finds the form moved on, does not: whoever moved it has told registry.
bool Changes(const Application& application, const Verdict& verdict);

// Grade of a score out of 1000, unrounded, bounds half-open: 700 ≤ SS, 600 ≤ S, 500 ≤ A, else NONE.
v1::Grade GradeOf(const base::Decimal& score);

// Last day of three years from `day`, which itself is not counted (Civil Act 157, 160).
absl::CivilDay ValidUntil(absl::CivilDay day);

// The result as it is kept. SCORE_INVALID for a score without selection, no number, or one outside
// of 0–1000.
absl::StatusOr<ExternalResult> JudgeResult(v1::ExternalOutcome outcome, std::string_view score,
                                           absl::CivilDay day);

// "BSN.WLB-CAMPAIGN.2023.001". Codes may hold hyphens but no full stop, so that no two campaigns
// make the same number.
std::string ReceiptNumber(const Application& application, int64_t number);

std::string ApplicationName(const base::Uuid& id);

}  // namespace ieum::casemgmt
