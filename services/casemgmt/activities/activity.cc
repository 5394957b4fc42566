#include "services/casemgmt/activities/activity.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"

namespace ieum::casemgmt {
namespace {

using Step = ActivityStep;

constexpr auto kPlanned = v1::ACTIVITY_STATE_PLANNED;
constexpr auto kOpen = v1::ACTIVITY_STATE_OPEN_FOR_RSVP;
constexpr auto kConfirmed = v1::ACTIVITY_STATE_CONFIRMED;
constexpr auto kHeld = v1::ACTIVITY_STATE_HELD;
constexpr auto kReported = v1::ACTIVITY_STATE_REPORTED;
constexpr auto kPostponed = v1::ACTIVITY_STATE_POSTPONED;
constexpr auto kCancelled = v1::ACTIVITY_STATE_CANCELLED;

constexpr ActivityMove kMoves[] = {
    // The road from plan to minutes.
    {Step::kOpen, kPlanned, kOpen},
    {Step::kConfirm, kPlanned, kConfirmed},  // nobody is asked, as for a campaign on the spot
    {Step::kConfirm, kOpen, kConfirmed},
    {Step::kHold, kConfirmed, kHeld},
    {Step::kPublish, kHeld, kReported},
    {Step::kPublish, kReported, kReported},
    // Other days, or none.
    {Step::kReschedule, kPlanned, kPlanned},
    {Step::kReschedule, kOpen, kOpen},
    {Step::kReschedule, kConfirmed, kConfirmed},
    {Step::kReschedule, kPostponed, kPlanned},
    {Step::kPostpone, kPlanned, kPostponed},
    {Step::kPostpone, kOpen, kPostponed},
    {Step::kPostpone, kConfirmed, kPostponed},
    {Step::kCancel, kPlanned, kCancelled},
    {Step::kCancel, kOpen, kCancelled},
    {Step::kCancel, kConfirmed, kCancelled},
    {Step::kCancel, kPostponed, kCancelled},
    {Step::kReinstate, kCancelled, kPlanned},
    // What is known of it changes until it took place.
    {Step::kUpdate, kPlanned, kPlanned},
    {Step::kUpdate, kOpen, kOpen},
    {Step::kUpdate, kConfirmed, kConfirmed},
    {Step::kUpdate, kPostponed, kPostponed},
    // The list: who is asked, who comes.
    {Step::kInvite, kPlanned, kPlanned},
    {Step::kInvite, kOpen, kOpen},
    {Step::kInvite, kConfirmed, kConfirmed},
    {Step::kAnswer, kOpen, kOpen},
    {Step::kAnswer, kConfirmed, kConfirmed},
    {Step::kCheckIn, kConfirmed, kConfirmed},
    {Step::kCheckIn, kHeld, kHeld},
    {Step::kRetract, kConfirmed, kConfirmed},
    {Step::kRetract, kHeld, kHeld},
    {Step::kRecordDuration, kConfirmed, kConfirmed},
    {Step::kRecordDuration, kHeld, kHeld},
    {Step::kCount, kConfirmed, kConfirmed},
    {Step::kCount, kHeld, kHeld},
    {Step::kCount, kReported, kReported},
};

absl::Status BadParent(std::string_view message) {
  return base::Forbidden(v1::ERROR_REASON_PARENT_ACTIVITY, message);
}

// Cancelled by somebody, not by the plan itself: the plan has no say any more.
bool CancelledByHand(const Activity& activity) {
  return activity.state == kCancelled &&
         activity.cancel_reason != v1::ACTIVITY_CANCEL_REASON_DROPPED_FROM_PLAN;
}

// True when one of the names differed.
bool TakeNames(const PlanSays& plan, Activity* activity) {
  const Activity before = *activity;
  activity->programme = plan.programme;
  activity->edition = plan.edition;
  activity->line_code = plan.line_code;
  activity->key = plan.key;
  activity->task = plan.task;
  activity->label = plan.label;
  activity->label_en = plan.label_en;
  activity->centre = plan.lead;
  if (!activity->manager_by_hand) activity->manager = plan.manager;
  return !(before == *activity);
}

// True when they are other days than before, or the first ones after they were given up.
bool TakeDays(const PlanSays& plan, const std::optional<PlanLink>& before, Activity* activity) {
  if (activity->date_by_hand || TookPlace(activity->state) || CancelledByHand(*activity)) {
    return false;
  }
  const bool moved = activity->start != plan.link.start || activity->end != plan.link.end;
  const bool said_anew =
      before && (before->start != plan.link.start || before->end != plan.link.end);
  if (activity->state == v1::ACTIVITY_STATE_POSTPONED && !moved && !said_anew) return false;
  activity->start = plan.link.start;
  activity->end = plan.link.end;
  if (activity->state != v1::ACTIVITY_STATE_POSTPONED) return moved;
  activity->state = kPlanned;
  return true;
}

}  // namespace

absl::Span<const ActivityMove> ActivityMoves() { return kMoves; }

absl::StatusOr<v1::ActivityState> NextState(v1::ActivityState state, ActivityStep step) {
  for (const ActivityMove& move : kMoves) {
    if (move.step == step && move.from == state) return move.to;
  }
  return base::Forbidden(
      v1::ERROR_REASON_ACTIVITY_STATE,
      absl::StrCat("an activity that is ", StateWord(state), " does not allow this step"),
      {{"state", StateWord(state)}});
}

bool TookPlace(v1::ActivityState state) { return state == kHeld || state == kReported; }

absl::Status CheckDays(absl::CivilDay start, absl::CivilDay end) {
  if (start <= end) return absl::OkStatus();
  return base::InvalidField(v1::ERROR_REASON_DATE_ORDER, "end_date",
                            "must not be before start_date");
}

absl::StatusOr<absl::CivilDay> HeldDay(const Activity& activity,
                                       const std::optional<absl::CivilDay>& given,
                                       absl::CivilDay today) {
  const absl::CivilDay day = given.value_or(activity.start);
  if (day > today) {
    return base::InvalidField(
        v1::ERROR_REASON_DATE_INVALID, "held_date",
        absl::StrCat("must not be later than today, ", base::FormatDay(today)));
  }
  if (day < activity.start || day > activity.end) {
    return base::InvalidField(
        v1::ERROR_REASON_DATE_ORDER, "held_date",
        absl::StrCat("must be a day from ", base::FormatDay(activity.start), " to ",
                     base::FormatDay(activity.end), "; reschedule it first if it was another one"));
  }
  return day;
}

absl::StatusOr<absl::CivilDay> AttendedDay(const Activity& activity, absl::CivilDay today) {
  if (today >= activity.start) return std::min(today, activity.end);
  return base::InvalidField(
      v1::ERROR_REASON_DATE_INVALID, "parent",
      absl::StrCat("takes place from ", base::FormatDay(activity.start), " on, not yet today"));
}

absl::Status CheckHeadcounts(const std::vector<Headcount>& counts) {
  const int total = CountOf(counts, v1::HEADCOUNT_KIND_TOTAL);
  std::set<v1::HeadcountKind> seen;
  for (const Headcount& each : counts) {
    if (!seen.insert(each.kind).second) {
      return base::InvalidField(v1::ERROR_REASON_HEADCOUNT_INVALID, "headcounts",
                                "must give each kind once");
    }
    if (total > 0 && each.count > total) {
      return base::InvalidField(v1::ERROR_REASON_HEADCOUNT_INVALID, "headcounts",
                                "must not give a part that is larger than TOTAL");
    }
  }
  return absl::OkStatus();
}

int CountOf(const std::vector<Headcount>& counts, v1::HeadcountKind kind) {
  const auto found = std::find_if(counts.begin(), counts.end(),
                                  [&](const Headcount& each) { return each.kind == kind; });
  return found == counts.end() ? 0 : found->count;
}

absl::Status CheckParent(const std::optional<Activity>& parent,
                         const std::optional<base::Uuid>& centre) {
  if (!parent) return BadParent("there is no such parent activity");
  if (parent->parent) {
    return BadParent("the parent is itself part of another activity; name that one");
  }
  if (parent->centre != centre) {
    return BadParent("the parent is held by another centre; both are held by one");
  }
  if (parent->state == kCancelled || parent->state == kReported) {
    return BadParent(absl::StrCat("the parent is ", StateWord(parent->state),
                                  "; only one that has not ended gets parts"));
  }
  return absl::OkStatus();
}

std::optional<Followed> FollowPlan(const std::optional<Activity>& known, const PlanSays& plan,
                                   absl::Time now) {
  if (known && known->plan && known->plan->version >= plan.link.version) return std::nullopt;
  Followed followed;
  Activity& activity = followed.activity;
  if (known) {
    activity = *known;
    // Entered by hand under the plan's id: what was given by hand stays.
    if (!known->plan) activity.date_by_hand = true;
  } else {
    followed.scheduled = true;
    activity.id = plan.activity_id;
    activity.start = plan.link.start;
    activity.end = plan.link.end;
    activity.create_time = now;
  }
  const std::optional<PlanLink> before = activity.plan;
  activity.plan = plan.link;
  followed.changed = TakeNames(plan, &activity) && !followed.scheduled;
  followed.rescheduled = TakeDays(plan, before, &activity);
  const bool dropped_before = activity.state == kCancelled && !CancelledByHand(activity);
  if (plan.dropped && !dropped_before && NextState(activity.state, Step::kCancel).ok()) {
    activity.state = kCancelled;
    activity.cancel_reason = v1::ACTIVITY_CANCEL_REASON_DROPPED_FROM_PLAN;
    followed.cancelled = true;
  } else if (!plan.dropped && dropped_before) {
    activity.state = kPlanned;
    activity.cancel_reason = v1::ACTIVITY_CANCEL_REASON_UNSPECIFIED;
    followed.reinstated = true;
  }
  activity.update_time = now;
  return followed;
}

std::string StateWord(v1::ActivityState state) {
  return std::string(absl::StripPrefix(v1::ActivityState_Name(state), "ACTIVITY_STATE_"));
}

std::string ActivityName(const base::Uuid& id) {
  return absl::StrCat("activities/", id.ToString());
}

}  // namespace ieum::casemgmt
