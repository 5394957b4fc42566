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

// Greatest score that is compared with another one.
inline constexpr int64_t kComparedScoreMax = 1'000'000;

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

// What its task asks of consulting: data (`consulting_terms`). Of other tasks nothing.
struct ConsultingTerms {
  int min_visits = 0;             // held, whatever the plan says
  bool second_diagnosis = false;  // completion asks for it
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
  absl::CivilDay last_step_day;                          // of the last change of state
  int visit_count = 0;                                   // held ones
  std::optional<Diagnosis> diagnosis, second_diagnosis;  // before and after the work
  std::optional<ConsultingPlan> plan;
  ConsultingTerms terms;
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
  kRediagnose,     // after the work
  kRecommend,      // a measure
  kCheckAdoption,  // whether the firm does it
};

// For which tasks a step exists.
enum class StepScope { kEveryTask, kConsulting, kTasksWithForm };

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

// Focus consulting, or consulting on culture: diagnosis, plan, visits, report, approval. The other
// tasks are completed by a form.
bool IsConsulting(registry::v1::TaskKind task);

// Before completion, declined or dropped.
bool IsOpen(v1::EngagementState state);

// Held visits that completion asks for.
int VisitsNeeded(const Engagement& engagement);

// Whether the result may be approved by `approver`: APPROVER_IS_CONSULTANT when the approver is the
// consultant or made one of the visits, VISITS_MISSING, MINUTES_MISSING, DIAGNOSIS_MISSING.
absl::Status CheckCompletion(const Engagement& engagement, const std::vector<Visit>& visits,
                             const base::Uuid& approver);

// INVALID_FIELD blaming `diagnosis.score` unless a second diagnosis has a score that can be
// compared.
absl::Status CheckSecondScore(const std::string& score);
// What was gained between the two, as decimal text; "" when there is nothing to compare.
std::string DiagnosisGain(const Engagement& engagement);

// INVALID_FIELD when reasons of vulnerability are given for another task than focus consulting.
absl::Status CheckReasons(registry::v1::TaskKind task,
                          const std::vector<v1::VulnerabilityReason>& reasons);

// "VISIT_PLANNED"
std::string StateWord(v1::EngagementState state);

std::string EngagementName(const base::Uuid& id);

}  // namespace ieum::casemgmt
