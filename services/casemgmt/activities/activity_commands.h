// The use cases of activities. Each is given a transaction, decides, and only then writes; the
// errors are those that ActivityService promises. Empty etag = no check.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "platform/ledger/ledger.h"
#include "platform/ledger/unit_of_work.h"
#include "services/casemgmt/activities/activity.h"

namespace ieum::casemgmt {

struct EnterActivityInput {
  std::optional<base::Uuid> activity_id;  // absent = derived from the request
  std::optional<base::Uuid> parent;
  v1::ActivityKind kind = v1::ACTIVITY_KIND_UNSPECIFIED;  // unspecified = another one
  std::string programme, edition, line_code;
  registry::v1::TaskKind task = registry::v1::TASK_KIND_UNSPECIFIED;
  absl::CivilDay start, end;
  std::string label, label_en, place;
  int capacity = 0;
  std::optional<base::Uuid> manager;
  std::optional<base::Uuid> centre;  // as wished; absent = the only one of the caller, or the suite
  std::optional<base::Uuid> engagement;  // that it is a training of
  int training_duration = 0;             // minutes; with an engagement
};
absl::StatusOr<ledger::Done> EnterActivity(ledger::UnitOfWork& work,
                                           const EnterActivityInput& input);

struct ActivityInput {
  base::Uuid activity_id;
  std::string etag;
};

// Absent = stays. The plan gives the names of what comes from it: INVALID_FIELD.
struct ChangeActivityInput {
  ActivityInput activity;
  std::optional<v1::ActivityKind> kind;
  std::optional<std::string> label, label_en, place;
  std::optional<int> capacity;
  std::optional<std::optional<base::Uuid>> manager;
  std::vector<std::string> changed_fields;  // the paths of what is present
};
absl::StatusOr<ledger::Done> ChangeActivity(ledger::UnitOfWork& work,
                                            const ChangeActivityInput& input);

absl::StatusOr<ledger::Done> OpenActivity(ledger::UnitOfWork& work, const ActivityInput& input);
absl::StatusOr<ledger::Done> ConfirmActivity(ledger::UnitOfWork& work, const ActivityInput& input);
absl::StatusOr<ledger::Done> RescheduleActivity(ledger::UnitOfWork& work,
                                                const ActivityInput& input, absl::CivilDay start,
                                                absl::CivilDay end);
absl::StatusOr<ledger::Done> PostponeActivity(ledger::UnitOfWork& work, const ActivityInput& input);
// With everything that is part of it.
absl::StatusOr<ledger::Done> CancelActivity(ledger::UnitOfWork& work, const ActivityInput& input,
                                            v1::ActivityCancelReason reason);

// In activity_results.cc.
struct HoldInput {
  std::optional<absl::CivilDay> held_day;
  std::vector<Headcount> headcounts;  // empty = as counted before
};
absl::StatusOr<ledger::Done> HoldActivity(ledger::UnitOfWork& work, const ActivityInput& input,
                                          const HoldInput& held);
absl::StatusOr<ledger::Done> RecordHeadcount(ledger::UnitOfWork& work, const ActivityInput& input,
                                             const std::vector<Headcount>& counts);
// The answer names the minutes.
absl::StatusOr<ledger::Done> PublishMinutes(ledger::UnitOfWork& work, const ActivityInput& input,
                                            const std::string& text,
                                            const std::optional<absl::CivilDay>& published);

// What the plan says, in plan_commands.cc. Acts for the suite.
absl::Status FollowPlan(ledger::UnitOfWork& work, const PlanSays& plan);

// Parts that the use cases of activities and of their lists share.

// The activity after the lock. NOT_FOUND, STALE_ETAG.
absl::StatusOr<Activity> LoadActivity(ledger::UnitOfWork& work, const ActivityInput& input);
// The same, with the step that it takes decided: its state is the next one. ACTIVITY_STATE.
absl::StatusOr<Activity> LoadForStep(ledger::UnitOfWork& work, const ActivityInput& input,
                                     ActivityStep step);
void SaveStep(ledger::UnitOfWork& work, Activity& activity);
void Append(ledger::UnitOfWork& work, const Activity& activity,
            const google::protobuf::Message& event);
ledger::Done DoneWith(const Activity& activity);
// Tells the change of days, and everybody on the list who has not declined.
void TellNewDays(ledger::UnitOfWork& work, const Activity& activity, absl::CivilDay previous_start,
                 absl::CivilDay previous_end);
void TellNoDay(ledger::UnitOfWork& work, const Activity& activity);
// Cancels and tells: the activity, its list, and the parts of it that were locked.
void CancelWithParts(ledger::UnitOfWork& work, Activity activity,
                     const std::vector<base::Uuid>& parts);
// Locks the activity and the parts that end with it. One that was added or ended between the look
// and the lock makes the command run again.
std::vector<base::Uuid> LockWithParts(ledger::UnitOfWork& work, const base::Uuid& activity_id);

}  // namespace ieum::casemgmt
