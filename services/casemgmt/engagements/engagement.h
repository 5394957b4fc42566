// What an engagement is, which steps it may take, and when it may be completed. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "ieum/casemgmt/v1/types.pb.h"
#include "ieum/registry/v1/types.pb.h"
#include "platform/base/uuid.h"
#include "services/casemgmt/engagements/visit.h"

namespace ieum::casemgmt {

// Visits that focus consulting takes at least, whatever its plan says.
inline constexpr int kFocusConsultingMinVisits = 3;

struct Diagnosis {
  absl::CivilDay day;
  std::string score;  // decimal text; empty = none
  std::string findings;
};

struct ConsultingPlan {
  absl::CivilDay agreed_day;
  std::vector<std::string> tasks;  // one to five
  int planned_visit_count = 0;
  std::vector<std::string> recommended_scheme_codes;
};

struct Engagement {
  base::Uuid id;
  base::Uuid organization_id;
  base::Uuid campaign_id;
  std::string campaign_code, programme, edition;
  registry::v1::TaskKind task = registry::v1::TASK_KIND_UNSPECIFIED;
  v1::EngagementState state = v1::ENGAGEMENT_STATE_LEAD;
  std::optional<base::Uuid> consultant, manager, contact_person;
  v1::LeadSource lead_source = v1::LEAD_SOURCE_UNSPECIFIED;
  absl::CivilDay lead_day;
  std::vector<v1::VulnerabilityReason> vulnerability_reasons;
  absl::CivilDay last_step_day;  // of the last change of state
  int visit_count = 0;           // held ones
  std::optional<Diagnosis> diagnosis;
  std::optional<ConsultingPlan> plan;
  std::string result_summary;
  std::optional<base::Uuid> approver;
  v1::DeclineReason decline_reason = v1::DECLINE_REASON_UNSPECIFIED;
  v1::DropReason drop_reason = v1::DROP_REASON_UNSPECIFIED;
  std::optional<base::Uuid> centre;  // the campaign's
  absl::Time create_time, update_time;
};

struct EngagementTransition {
  v1::EngagementState state;
  absl::CivilDay day;
  absl::Time record_time;
};

struct SchemeAdoption {
  base::Uuid id;
  std::string scheme_code;
  absl::CivilDay adopted_day;
  std::string evidence;
};

// What people do with an engagement.
enum class EngagementStep {
  kReassign,
  kContact,
  kPlanVisit,
  kMoveVisit,
  kLoseLastPlannedVisit,  // the only planned visit was cancelled
  kHoldVisit,
  kDiagnose,
  kAgreePlan,
  kStart,
  kAdoptScheme,
  kReportResult,
  kComplete,        // approved
  kDraftForm,       // a form is begun
  kCompleteByForm,  // its form was received or forwarded
  kFollowUp,
  kDecline,
  kDrop,
};

// For which tasks a step exists.
enum class StepScope { kEveryTask, kFocusConsulting, kTasksWithForm };

struct EngagementMove {
  EngagementStep step;
  v1::EngagementState from, to;
  StepScope scope;
};

// Every move that is legal; what is not here is refused.
absl::Span<const EngagementMove> EngagementMoves();

// Where the step leads. STEP_NOT_OF_TASK when the task has no such step, ENGAGEMENT_STATE when the
// state does not allow it.
absl::StatusOr<v1::EngagementState> NextState(registry::v1::TaskKind task,
                                              v1::EngagementState state, EngagementStep step);

// Before completion, declined or dropped.
bool IsOpen(v1::EngagementState state);

// Held visits that completion asks for.
int VisitsNeeded(const Engagement& engagement);

// Whether the result may be approved by `approver`: APPROVER_IS_CONSULTANT when the approver is the
// consultant or made one of the visits, VISITS_MISSING, MINUTES_MISSING.
absl::Status CheckCompletion(const Engagement& engagement, const std::vector<Visit>& visits,
                             const base::Uuid& approver);

// INVALID_FIELD when reasons of vulnerability are given for another task than focus consulting.
absl::Status CheckReasons(registry::v1::TaskKind task,
                          const std::vector<v1::VulnerabilityReason>& reasons);

// "VISIT_PLANNED"
std::string StateWord(v1::EngagementState state);

std::string EngagementName(const base::Uuid& id);

}  // namespace ieum::casemgmt
