// Service plans (서비스 제공계획): what is to be reached and done, who decides about it, and by
// when a client must have signed. Sources: domain.md §2 (states 6 and 7), §6 L41 (legal period),
// §7.5 (on time is judged by the legal due date). Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "ieum/casemgmt/v1/types.pb.h"
#include "platform/base/business_days.h"
#include "platform/base/uuid.h"
#include "services/casemgmt/cases/case.h"
#include "services/casemgmt/references/staff.h"

namespace ieum::casemgmt {

inline constexpr int kLegalPlanVersion = 1;  // the one that the legal period is about

struct PlanGoal {
  std::string factor;  // "RF02"; "" = none
  std::string text;    // words; "" once she is erased
  v1::GoalAttainment attainment = v1::GOAL_ATTAINMENT_UNSPECIFIED;
  std::optional<absl::CivilDay> attained_day;
};

struct PlanAction {
  int goal_number = 0;  // from 1; 0 = of no goal
  v1::PlanServiceKind service = v1::PLAN_SERVICE_KIND_UNSPECIFIED;
  std::string text;                 // words; "" once she is erased
  std::optional<base::Uuid> owner;  // subject; nullopt = the case's manager
  absl::CivilDay due;
  v1::PlanActionResult result = v1::PLAN_ACTION_RESULT_UNSPECIFIED;
  std::optional<absl::CivilDay> result_day;
  std::string result_text;  // words
};

struct CasePlan {
  base::Uuid id, case_id;
  int version = 0;  // from 1 within the case
  v1::CasePlanState state = v1::CASE_PLAN_STATE_DRAFT;
  std::vector<PlanGoal> goals;      // goal n is goals[n - 1]
  std::vector<PlanAction> actions;  // action n is actions[n - 1]
  base::Uuid author;                // subject of who wrote it last
  std::vector<Staff> writers;       // everybody who ever wrote in it
  std::optional<base::Uuid> decider;
  std::optional<absl::CivilDay> decided_day;
  std::string comment;  // words of the decision
  std::optional<absl::CivilDay> signed_day, legal_due_day;
  v1::PlanAgreement agreement = v1::PLAN_AGREEMENT_UNSPECIFIED;
  bool on_time = false;
  absl::Time create_time, update_time;
};

enum class PlanStep {
  kChange,  // its goals and actions
  kSubmit,  // to the supervisor
  kApprove,
  kReturn,  // to who wrote it
  kSign,    // by the client
  kRecord,  // what came of an action or a goal
};

// Where the step leads; PLAN_STATE when the state does not allow it.
absl::StatusOr<v1::CasePlanState> NextState(const CasePlan& plan, PlanStep step);
// DRAFT … APPROVED: no other version can be begun.
bool IsOpen(v1::CasePlanState state);

// PLAN_PART_INVALID blaming `case_plan.actions` for an action of a goal that is not there.
absl::Status CheckParts(const CasePlan& plan);
// PLAN_INCOMPLETE without a goal or without an action.
absl::Status CheckComplete(const CasePlan& plan);
// PLAN_PART_INVALID blaming `number` unless there are so many.
absl::Status CheckNumber(int number, size_t count, std::string_view what);

// Approved or returned by somebody who did not write it: PLAN_STATE, APPROVER_IS_AUTHOR; a refusal
// changes nothing.
absl::Status Decide(CasePlan* plan, PlanStep decision, const Staff& decider, absl::CivilDay day);

// The last day for the signature by law, of a case that was taken in: the legal period, later by
// the days for which its clock stood, on a business day. An urgent service makes the plan due
// earlier, and changes nothing of this. nullopt: the holidays of a year are not known. law:L41
std::optional<absl::CivilDay> LegalPlanDue(const Case& c, const base::BusinessCalendar& calendar);

std::string CasePlanName(const base::Uuid& case_id, const base::Uuid& id);

}  // namespace ieum::casemgmt
