#include "services/casemgmt/groups/group.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/status.h"

namespace ieum::casemgmt {
namespace {

using Step = GroupStep;

constexpr auto kForming = v1::GROUP_STATE_FORMING;
constexpr auto kOpen = v1::GROUP_STATE_OPEN;
constexpr auto kRunning = v1::GROUP_STATE_RUNNING;
constexpr auto kCompleted = v1::GROUP_STATE_COMPLETED;
constexpr auto kMerged = v1::GROUP_STATE_MERGED;
constexpr auto kCancelled = v1::GROUP_STATE_CANCELLED;

constexpr GroupMove kMoves[] = {
    // The road from the first idea to the last session.
    {Step::kOpen, kForming, kOpen},
    {Step::kStart, kOpen, kRunning},
    {Step::kComplete, kRunning, kCompleted},
    // Other ends.
    {Step::kCancel, kForming, kCancelled},
    {Step::kCancel, kOpen, kCancelled},
    {Step::kCancel, kRunning, kCancelled},
    {Step::kMergeAway, kForming, kMerged},
    {Step::kMergeAway, kOpen, kMerged},
    {Step::kMergeAway, kRunning, kMerged},
    {Step::kMergeInto, kForming, kForming},
    {Step::kMergeInto, kOpen, kOpen},
    {Step::kMergeInto, kRunning, kRunning},
    // What is known of it, who takes part and when it meets change until it ends.
    {Step::kUpdate, kForming, kForming},
    {Step::kUpdate, kOpen, kOpen},
    {Step::kUpdate, kRunning, kRunning},
    {Step::kInvite, kForming, kForming},
    {Step::kInvite, kOpen, kOpen},
    {Step::kInvite, kRunning, kRunning},
    {Step::kJoin, kForming, kForming},
    {Step::kJoin, kOpen, kOpen},
    {Step::kJoin, kRunning, kRunning},
    {Step::kLeave, kForming, kForming},
    {Step::kLeave, kOpen, kOpen},
    {Step::kLeave, kRunning, kRunning},
    {Step::kPlan, kForming, kForming},
    {Step::kPlan, kOpen, kOpen},
    {Step::kPlan, kRunning, kRunning},
    {Step::kMoveSession, kForming, kForming},
    {Step::kMoveSession, kOpen, kOpen},
    {Step::kMoveSession, kRunning, kRunning},
    {Step::kCancelSession, kForming, kForming},
    {Step::kCancelSession, kOpen, kOpen},
    {Step::kCancelSession, kRunning, kRunning},
    {Step::kHoldSession, kRunning, kRunning},
    {Step::kRetractSession, kRunning, kRunning},
    // A mistake is found when it is found.
    {Step::kRecord, kRunning, kRunning},
    {Step::kRecord, kCompleted, kCompleted},
    {Step::kLog, kRunning, kRunning},
    {Step::kLog, kCompleted, kCompleted},
};

}  // namespace

absl::CivilDay Group::last_step_day() const {
  absl::CivilDay last = formed_day;
  for (const auto& day : {opened_day, started_day, ended_day}) {
    if (day) last = std::max(last, *day);
  }
  return last;
}

absl::Span<const GroupMove> GroupMoves() { return kMoves; }

absl::StatusOr<v1::GroupState> NextState(v1::GroupState state, GroupStep step) {
  for (const GroupMove& move : kMoves) {
    if (move.step == step && move.from == state) return move.to;
  }
  return base::Forbidden(
      v1::ERROR_REASON_GROUP_STATE,
      absl::StrCat("a group that is ", StateWord(state), " does not allow this step"),
      {{"state", StateWord(state)}});
}

absl::Status CheckRetractable(v1::GroupState state) {
  if (state != kCompleted) return NextState(state, Step::kRetractSession).status();
  return base::Forbidden(v1::ERROR_REASON_GROUP_STATE,
                         "what was held decided who completed the group; correct who came to the "
                         "session instead",
                         {{"state", StateWord(state)}});
}

bool TellsOfSessions(v1::GroupState state) { return state == kOpen || state == kRunning; }

absl::Status SetLimits(int min_members, int max_members, Group* group) {
  group->min_members = min_members == 0 ? kGroupMinDefault : min_members;
  group->max_members = max_members == 0 ? kGroupMaxDefault : max_members;
  if (group->min_members < 2 || group->max_members > kGroupSizeMax ||
      group->min_members > group->max_members) {
    return base::InvalidField("INVALID_FIELD", "group.max_members",
                              absl::StrCat("must be at least min_members, which is 2 or more, and "
                                           "at most ",
                                           kGroupSizeMax));
  }
  return absl::OkStatus();
}

absl::Status CheckPlaces(const Group& group, int places) {
  if (places <= group.max_members) return absl::OkStatus();
  return base::Forbidden(v1::ERROR_REASON_GROUP_FULL,
                         absl::StrCat("the group holds ", group.max_members,
                                      " members, those who are asked included; raise its limit or "
                                      "choose another group"),
                         {{"limit", absl::StrCat(group.max_members)}});
}

absl::Status CheckEnough(const Group& group, int active) {
  if (active >= group.min_members) return absl::OkStatus();
  return base::Forbidden(v1::ERROR_REASON_GROUP_TOO_SMALL,
                         absl::StrCat("the group meets with ", group.min_members,
                                      " members or more, and ", active, " take part"),
                         {{"limit", absl::StrCat(group.min_members)}});
}

absl::Status CheckMergeable(const Group& from, const Group& into) {
  const bool same = from.programme == into.programme && from.edition == into.edition &&
                    from.line_code == into.line_code && from.centre == into.centre;
  if (same && from.id != into.id) return absl::OkStatus();
  return base::Forbidden(v1::ERROR_REASON_GROUPS_DIFFER,
                         "a group goes on in another one of the same programme, edition, line and "
                         "centre");
}

std::string StateWord(v1::GroupState state) {
  return std::string(absl::StripPrefix(v1::GroupState_Name(state), "GROUP_STATE_"));
}

std::string GroupName(const base::Uuid& id) { return absl::StrCat("groups/", id.ToString()); }

}  // namespace ieum::casemgmt
