// What a dated activity is, which steps it may take, and how it follows the plan that it came from
// (P-ACT of domain.md §1.0). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "ieum/casemgmt/v1/types.pb.h"
#include "ieum/registry/v1/types.pb.h"
#include "platform/base/uuid.h"

namespace ieum::casemgmt {

// What the plan says last of its activity.
struct PlanLink {
  int64_t version = 0;  // of the edition, registry's
  absl::CivilDay start, end;
  friend bool operator==(const PlanLink&, const PlanLink&) = default;
};

// How many came to a training, and how many of them completed it.
struct TrainingCounts {
  int attendees = 0, completers = 0;
  friend bool operator==(const TrainingCounts&, const TrainingCounts&) = default;
};

// Of an activity that is a training for a firm.
struct Training {
  base::Uuid engagement;
  base::Uuid organization;  // the engagement's firm
  int duration = 0;         // minutes
  // What was told of it; nullopt = it was not held.
  std::optional<base::Uuid> result;
  TrainingCounts counts;
  friend bool operator==(const Training&, const Training&) = default;
};

struct Activity {
  base::Uuid id;  // of the plan, where it comes from one
  std::optional<base::Uuid> parent;
  v1::ActivityKind kind = v1::ACTIVITY_KIND_OTHER;
  v1::ActivityState state = v1::ACTIVITY_STATE_PLANNED;
  std::string programme, edition, line_code, key;
  registry::v1::TaskKind task = registry::v1::TASK_KIND_UNSPECIFIED;
  absl::CivilDay start, end;  // start ≤ end
  std::string label, label_en, place;
  int capacity = 0;  // places for those who say yes; 0 = without limit
  std::optional<base::Uuid> manager, centre;
  std::optional<PlanLink> plan;      // nullopt = entered by hand
  std::optional<Training> training;  // nullopt = not of an engagement
  bool date_by_hand = false, manager_by_hand = false;
  v1::ActivityCancelReason cancel_reason = v1::ACTIVITY_CANCEL_REASON_UNSPECIFIED;
  std::optional<absl::CivilDay> held_day;
  int headcount_revision = 0, minutes_revision = 0;
  absl::Time create_time, update_time;
  friend bool operator==(const Activity&, const Activity&) = default;
};

// What people do with an activity and its list.
enum class ActivityStep {
  kUpdate,
  kOpen,
  kConfirm,
  kReschedule,
  kPostpone,
  kCancel,
  kHold,
  kCount,    // people without names
  kPublish,  // minutes; again as a correction
  kInvite,
  kAnswer,
  kCheckIn,
  kRetract,
  kRecordDuration,  // for how long somebody was at a training
  kReinstate,       // the plan that dropped it has it again
};

struct ActivityMove {
  ActivityStep step;
  v1::ActivityState from, to;
};

// Every move that is legal; what is not here is refused.
absl::Span<const ActivityMove> ActivityMoves();

// Where the step leads; ACTIVITY_STATE when the state does not allow it.
absl::StatusOr<v1::ActivityState> NextState(v1::ActivityState state, ActivityStep step);

// It took place: nothing moves or drops it any more.
bool TookPlace(v1::ActivityState state);

// DATE_ORDER blaming `end_date` when it ends before it starts.
absl::Status CheckDays(absl::CivilDay start, absl::CivilDay end);

// The day on which it was held: the one given, else its first day. DATE_INVALID in the future,
// DATE_ORDER outside of its days (it is rescheduled first); both blame `held_date`.
absl::StatusOr<absl::CivilDay> HeldDay(const Activity& activity,
                                       const std::optional<absl::CivilDay>& given,
                                       absl::CivilDay today);

// The day on which somebody who is recorded today came: today, or the last day of what is over.
// DATE_INVALID blaming `parent` before its first day.
absl::StatusOr<absl::CivilDay> AttendedDay(const Activity& activity, absl::CivilDay today);

// One count of people without names.
struct Headcount {
  v1::HeadcountKind kind = v1::HEADCOUNT_KIND_UNSPECIFIED;
  int count = 0;
  friend bool operator==(const Headcount&, const Headcount&) = default;
};
// HEADCOUNT_INVALID blaming `headcounts` when a kind comes twice, or one is larger than the total.
absl::Status CheckHeadcounts(const std::vector<Headcount>& counts);
// Of that kind; 0 = not counted.
int CountOf(const std::vector<Headcount>& counts, v1::HeadcountKind kind);

// PARENT_ACTIVITY unless an activity of `centre` can be part of `parent`: it is known, of the same
// centre, not itself part of another one, and has not ended.
absl::Status CheckParent(const std::optional<Activity>& parent,
                         const std::optional<base::Uuid>& centre);

// What registry's plan says of one activity: planned, moved or dropped.
struct PlanSays {
  base::Uuid activity_id;
  PlanLink link;
  bool dropped = false;
  std::string programme, edition, line_code, key, label, label_en;
  registry::v1::TaskKind task = registry::v1::TASK_KIND_UNSPECIFIED;
  std::optional<base::Uuid> manager;  // of the edition
  std::optional<base::Uuid> lead;     // the body that leads the edition; holds the activity
};

// What became of an activity when the plan spoke.
struct Followed {
  Activity activity;
  bool scheduled = false, rescheduled = false, cancelled = false, reinstated = false;
  bool changed = false;  // something else that its events tell
};

// The newest word of the plan decides, in whatever order and however often its words come: nullopt
// when it is no newer than what is known. The plan gives names, and days until somebody gives
// others by hand or it took place; it cancels what it drops unless it took place, and takes that
// back, but nobody else's cancellation, when it has it again.
std::optional<Followed> FollowPlan(const std::optional<Activity>& known, const PlanSays& plan,
                                   absl::Time now);

// "OPEN_FOR_RSVP"
std::string StateWord(v1::ActivityState state);

std::string ActivityName(const base::Uuid& id);

}  // namespace ieum::casemgmt
