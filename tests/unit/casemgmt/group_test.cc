// Goal: a peer group, its members and its sessions take the steps of INC-3 (domain.md) only, and
// completing it is counted exactly. Method: every state with every step, and bounds from both
// sides. row:C8
#include "services/casemgmt/groups/group.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/casemgmt/groups/group_member.h"
#include "services/casemgmt/groups/group_session.h"

namespace ieum::casemgmt {
namespace {

using Step = GroupStep;

constexpr auto kForming = v1::GROUP_STATE_FORMING;
constexpr auto kOpen = v1::GROUP_STATE_OPEN;
constexpr auto kRunning = v1::GROUP_STATE_RUNNING;
constexpr auto kCompleted = v1::GROUP_STATE_COMPLETED;
constexpr auto kMerged = v1::GROUP_STATE_MERGED;
constexpr auto kCancelled = v1::GROUP_STATE_CANCELLED;
constexpr auto kRefused = v1::GROUP_STATE_UNSPECIFIED;

v1::GroupState After(v1::GroupState state, Step step) {
  const auto next = NextState(state, step);
  if (next.ok()) return *next;
  EXPECT_EQ(base::ReasonOf(next.status()), "GROUP_STATE");
  EXPECT_EQ(base::MetadataOf(next.status(), "state"), StateWord(state));
  return kRefused;
}

TEST(Group, TakesEveryStepFromTheStatesOfItsPatternOnly) {
  constexpr v1::GroupState kStates[] = {kForming, kOpen, kRunning, kCompleted, kMerged, kCancelled};
  const std::map<Step, std::vector<v1::GroupState>> table = {
      // from               FORMING     OPEN        RUNNING     COMPLETED   MERGED    CANCELLED
      {Step::kUpdate, {kForming, kOpen, kRunning, kRefused, kRefused, kRefused}},
      {Step::kOpen, {kOpen, kRefused, kRefused, kRefused, kRefused, kRefused}},
      {Step::kStart, {kRefused, kRunning, kRefused, kRefused, kRefused, kRefused}},
      {Step::kComplete, {kRefused, kRefused, kCompleted, kRefused, kRefused, kRefused}},
      {Step::kCancel, {kCancelled, kCancelled, kCancelled, kRefused, kRefused, kRefused}},
      {Step::kMergeAway, {kMerged, kMerged, kMerged, kRefused, kRefused, kRefused}},
      {Step::kMergeInto, {kForming, kOpen, kRunning, kRefused, kRefused, kRefused}},
      {Step::kInvite, {kForming, kOpen, kRunning, kRefused, kRefused, kRefused}},
      {Step::kJoin, {kForming, kOpen, kRunning, kRefused, kRefused, kRefused}},
      {Step::kLeave, {kForming, kOpen, kRunning, kRefused, kRefused, kRefused}},
      {Step::kPlan, {kForming, kOpen, kRunning, kRefused, kRefused, kRefused}},
      {Step::kMoveSession, {kForming, kOpen, kRunning, kRefused, kRefused, kRefused}},
      {Step::kCancelSession, {kForming, kOpen, kRunning, kRefused, kRefused, kRefused}},
      {Step::kHoldSession, {kRefused, kRefused, kRunning, kRefused, kRefused, kRefused}},
      {Step::kRetractSession, {kRefused, kRefused, kRunning, kRefused, kRefused, kRefused}},
      {Step::kRecord, {kRefused, kRefused, kRunning, kCompleted, kRefused, kRefused}},
      {Step::kLog, {kRefused, kRefused, kRunning, kCompleted, kRefused, kRefused}},
  };
  ASSERT_EQ(table.size(), static_cast<size_t>(kGroupSteps)) << "a step has no row";
  size_t allowed = 0;
  for (const auto& [step, row] : table) {
    for (size_t at = 0; at < row.size(); ++at) {
      EXPECT_EQ(After(kStates[at], step), row[at]) << static_cast<int>(step) << " " << at;
      allowed += row[at] != kRefused;
    }
  }
  EXPECT_EQ(allowed, GroupMoves().size());
}

TEST(Group, SaysWhatIsRightInsteadOfTakingBackASessionOnceItIsCompleted) {
  EXPECT_TRUE(CheckRetractable(kRunning).ok());
  for (const v1::GroupState state : {kForming, kOpen, kCompleted, kMerged, kCancelled}) {
    EXPECT_EQ(base::ReasonOf(CheckRetractable(state)), "GROUP_STATE");
    EXPECT_EQ(base::MetadataOf(CheckRetractable(state), "state"), StateWord(state));
  }
  EXPECT_THAT(std::string(CheckRetractable(kCompleted).message()),
              ::testing::HasSubstr("correct who came"));
}

TEST(GroupMember, IsAskedJoinsAndLeavesAndMayComeAgain) {
  constexpr auto kInvited = v1::GROUP_MEMBER_STATE_INVITED;
  constexpr auto kActive = v1::GROUP_MEMBER_STATE_ACTIVE;
  constexpr auto kLeft = v1::GROUP_MEMBER_STATE_LEFT;
  constexpr auto kNo = v1::GROUP_MEMBER_STATE_UNSPECIFIED;
  const std::map<MemberStep, std::vector<v1::GroupMemberState>> table = {
      // from                     INVITED  ACTIVE  COMPLETED  LEFT
      {MemberStep::kInviteAgain, {kNo, kNo, kNo, kInvited}},
      {MemberStep::kJoin, {kActive, kNo, kNo, kNo}},
      {MemberStep::kLeave, {kLeft, kLeft, kNo, kNo}},
  };
  ASSERT_EQ(table.size(), static_cast<size_t>(kMemberSteps));
  for (const auto& [step, row] : table) {
    for (size_t at = 0; at < row.size(); ++at) {
      const auto next = NextState(static_cast<v1::GroupMemberState>(at + 1), step);
      EXPECT_EQ(next.ok() ? *next : kNo, row[at]) << static_cast<int>(step) << " " << at;
      if (next.ok()) continue;
      EXPECT_EQ(base::ReasonOf(next.status()), "MEMBER_STATE");
    }
  }
}

TEST(GroupSession, IsMovedCancelledOrHeldWhilePlannedAndWrittenAboutOnceHeld) {
  constexpr auto kPlanned = v1::GROUP_SESSION_STATE_PLANNED;
  constexpr auto kHeld = v1::GROUP_SESSION_STATE_HELD;
  constexpr auto kOff = v1::GROUP_SESSION_STATE_CANCELLED;
  constexpr auto kNo = v1::GROUP_SESSION_STATE_UNSPECIFIED;
  const std::map<GroupSessionStep, std::vector<v1::GroupSessionState>> table = {
      // from                       PLANNED   HELD   CANCELLED
      {GroupSessionStep::kMove, {kPlanned, kNo, kNo}},
      {GroupSessionStep::kCancel, {kOff, kNo, kNo}},
      {GroupSessionStep::kHold, {kHeld, kNo, kNo}},
      {GroupSessionStep::kRetract, {kNo, kPlanned, kNo}},
      {GroupSessionStep::kRecord, {kNo, kHeld, kNo}},
      {GroupSessionStep::kLog, {kNo, kHeld, kNo}},
  };
  ASSERT_EQ(table.size(), static_cast<size_t>(kGroupSessionSteps));
  for (const auto& [step, row] : table) {
    for (size_t at = 0; at < row.size(); ++at) {
      const auto next = NextState(static_cast<v1::GroupSessionState>(at + 1), step);
      EXPECT_EQ(next.ok() ? *next : kNo, row[at]) << static_cast<int>(step) << " " << at;
      if (next.ok()) continue;
      EXPECT_EQ(base::ReasonOf(next.status()), "GROUP_SESSION_STATE");
    }
  }
}

TEST(Group, HoldsSixToTenUnlessItsLimitsSayOtherwise) {
  Group group;
  ASSERT_TRUE(SetLimits(0, 0, &group).ok());
  EXPECT_TRUE(CheckEnough(group, 6).ok());
  EXPECT_EQ(base::ReasonOf(CheckEnough(group, 5)), "GROUP_TOO_SMALL");
  EXPECT_TRUE(CheckPlaces(group, 10).ok());
  EXPECT_EQ(base::ReasonOf(CheckPlaces(group, 11)), "GROUP_FULL");
  ASSERT_TRUE(SetLimits(2, 3, &group).ok());
  EXPECT_EQ(base::ReasonOf(CheckPlaces(group, 4)), "GROUP_FULL");
  for (const auto& [min, max] : {std::pair{1, 10}, {7, 6}, {6, 21}, {11, 0}}) {
    EXPECT_EQ(base::FieldsOf(SetLimits(min, max, &group)),
              std::vector<std::string>{"group.max_members"})
        << min << " " << max;
  }
}

TEST(Group, GoesOnInOneOfTheSameLineAndCentreOnly) {
  Group from{.id = base::Uuid::NewV7(), .programme = "INC", .edition = "2024"};
  Group into = from;
  EXPECT_EQ(base::ReasonOf(CheckMergeable(from, into)), "GROUPS_DIFFER") << "it is the same one";
  into.id = base::Uuid::NewV7();
  EXPECT_TRUE(CheckMergeable(from, into).ok());
  for (auto change : {+[](Group& g) { g.programme = "BSN"; }, +[](Group& g) { g.edition = "2025"; },
                      +[](Group& g) { g.line_code = "INC-3"; },
                      +[](Group& g) { g.centre = base::Uuid::NewV7(); }}) {
    Group other = into;
    change(other);
    EXPECT_EQ(base::ReasonOf(CheckMergeable(from, other)), "GROUPS_DIFFER");
  }
}

// P came, E excused, U unexcused, . not recorded; one a week from 24 June 2024.
std::vector<SessionOfMember> Sessions(const std::string& word) {
  std::vector<SessionOfMember> held;
  for (size_t at = 0; at < word.size(); ++at) {
    SessionOfMember session{.session_id = base::Uuid::NewV7(),
                            .day = absl::CivilDay(2024, 6, 24) + 7 * static_cast<int>(at)};
    if (word[at] == 'P') session.attendance = v1::GROUP_ATTENDANCE_STATE_PRESENT;
    if (word[at] == 'E') session.attendance = v1::GROUP_ATTENDANCE_STATE_EXCUSED;
    if (word[at] == 'U') session.attendance = v1::GROUP_ATTENDANCE_STATE_UNEXCUSED;
    held.push_back(session);
  }
  return held;
}

bool Completed(const std::string& word, int percent = 80) {
  return Completes(AttendedBy({}, Sessions(word)), percent);
}

// domain.md §7.5: at least 80 % of the sessions that were held.
TEST(GroupMember, CompletesWithFourOfFiveSessionsExactly) {
  EXPECT_TRUE(Completed("PPPPP"));
  EXPECT_TRUE(Completed("PPPPU")) << "four of five are 80 %";
  EXPECT_TRUE(Completed("EPPPP")) << "whoever is excused did not come";
  EXPECT_FALSE(Completed("PPPUU"));
  EXPECT_TRUE(Completed("PPPP")) << "of four, all";
  EXPECT_FALSE(Completed("PPPU")) << "three of four are 75 %";
  EXPECT_FALSE(Completed("..PPP")) << "who joined late is asked for the earlier ones, too";
  EXPECT_FALSE(Completed("")) << "of no session nobody completes anything";
  EXPECT_TRUE(Completed("PPU", 66));
  EXPECT_FALSE(Completed("PPU", 67)) << "2 of 3 are 66.7 %";
  EXPECT_TRUE(Completed("UUU", 0));
}

TEST(GroupMember, OfAMergeBringsHerSessionsAndIsAskedForThoseSince) {
  GroupMember member{.brought = {.attended = 2, .held = 2},
                     .counts_from = absl::CivilDay(2024, 7, 8)};
  // Two were held before she came, without her.
  EXPECT_EQ(AttendedBy(member, Sessions("..PU")), (Attended{3, 4}));
  EXPECT_EQ(AttendedBy(member, Sessions("..P.")), (Attended{3, 4}));
  member.counts_from.reset();
  EXPECT_EQ(AttendedBy(member, Sessions("..PU")), (Attended{3, 6}));
}

TEST(GroupMember, MissesSessionsInARowUpToTheLastOne) {
  EXPECT_EQ(AbsencesInARow(Sessions("")), 0);
  EXPECT_EQ(AbsencesInARow(Sessions("UEU")), 3);
  EXPECT_EQ(AbsencesInARow(Sessions("UUP")), 0);
  EXPECT_EQ(AbsencesInARow(Sessions("PU.U")), 2) << "what is not known ends no run";
}

TEST(GroupMember, IsToldOfOnceForEachRunOfTwoAbsences) {
  GroupMember member;
  auto held = Sessions("PUU");
  EXPECT_EQ(AbsencesToTell(member, Sessions("PU")), 0);
  EXPECT_EQ(AbsencesToTell(member, held), 2);
  member.alerted_session = held.back().session_id;
  EXPECT_EQ(AbsencesToTell(member, held), 0);
  // The run grows, and is the same run.
  held.push_back({.session_id = base::Uuid::NewV7(),
                  .day = absl::CivilDay(2024, 7, 15),
                  .attendance = v1::GROUP_ATTENDANCE_STATE_EXCUSED});
  EXPECT_EQ(AbsencesToTell(member, held), 0);
  // She came, and missed two again.
  for (const char word : {'P', 'U', 'U'}) {
    auto next = Sessions(std::string(1, word)).front();
    next.day = held.back().day + 7;
    held.push_back(next);
  }
  EXPECT_EQ(AbsencesToTell(member, held), 2);
}

// From 24 June she was there for three weeks, left, and came again on 22 July until 12 August.
TEST(GroupMember, TookPartInOneOfHerTimesOrInNone) {
  const std::vector<GroupTime> earlier = {{.joins = 1,
                                           .join_day = absl::CivilDay(2024, 6, 24),
                                           .leave_day = absl::CivilDay(2024, 7, 15)},
                                          {.joins = 2,
                                           .join_day = absl::CivilDay(2024, 7, 22),
                                           .leave_day = absl::CivilDay(2024, 7, 22)}};
  GroupMember member{.joins = 3,
                     .join_day = absl::CivilDay(2024, 7, 22),
                     .leave_day = absl::CivilDay(2024, 8, 12)};
  const std::pair<absl::CivilDay, int> table[] = {
      {absl::CivilDay(2024, 6, 23), 0}, {absl::CivilDay(2024, 6, 24), 1},
      {absl::CivilDay(2024, 7, 14), 1}, {absl::CivilDay(2024, 7, 15), 0},
      {absl::CivilDay(2024, 7, 21), 0}, {absl::CivilDay(2024, 7, 22), 3},
      {absl::CivilDay(2024, 8, 11), 3}, {absl::CivilDay(2024, 8, 12), 0}};
  for (const auto& [day, time] : table) {
    EXPECT_EQ(TimeOn(member, earlier, day).value_or(0), time) << day;
  }
  member.leave_reason = v1::GROUP_LEAVE_REASON_NOT_COMPLETED;
  EXPECT_EQ(TimeOn(member, earlier, absl::CivilDay(2024, 8, 12)), 3) << "she stayed to the end";
  member.join_day.reset();
  EXPECT_EQ(TimeOn(member, earlier, absl::CivilDay(2024, 8, 1)), std::nullopt) << "asked again";
  EXPECT_EQ(TimeOn(member, earlier, absl::CivilDay(2024, 7, 1)), 1);
}

// Of the run in which she was told of, the session where it was told is taken back.
TEST(GroupMember, StaysToldOfARunThatIsOneWithoutTheSession) {
  struct Row {
    std::string word;
    size_t taken_back;
    std::optional<size_t> alerted;
  };
  for (const Row& row : std::vector<Row>{{"PUU", 2, std::nullopt},  // one absence is no run
                                         {"UUU", 2, 1},             // two are
                                         {"UPUUPU", 3, std::nullopt},
                                         {"UU.UP", 1, 3},  // what is not known ends none
                                         {"UUUPUU", 1, 2},
                                         {"UUPUU", 1, std::nullopt}}) {
    auto held = Sessions(row.word);
    GroupMember member{.alerted_session = held[row.taken_back].session_id};
    const auto alerted = AlertedWithout(member, held, held[row.taken_back].session_id);
    const auto wanted = row.alerted ? std::optional(held[*row.alerted].session_id) : std::nullopt;
    EXPECT_EQ(alerted, wanted) << row.word;
    EXPECT_EQ(AlertedWithout(member, held, base::Uuid::NewV7()), member.alerted_session);
  }
}

TEST(GroupSession, LiesApartFromEveryOtherThatTakesPlace) {
  const auto at = [](int hour, int minutes) {
    GroupSession session{.id = base::Uuid::NewV7()};
    session.start = base::KoreaInstant(absl::CivilDay(2024, 6, 24), hour, 0);
    session.end = session.start + absl::Minutes(minutes);
    return session;
  };
  GroupSession known = at(19, 90);
  EXPECT_TRUE(CheckApart(at(18, 60), {known}).ok());
  EXPECT_EQ(base::ReasonOf(CheckApart(at(18, 61), {known})), "GROUP_SESSION_OVERLAPS");
  EXPECT_EQ(base::ReasonOf(CheckApart(at(20, 60), {known})), "GROUP_SESSION_OVERLAPS");
  EXPECT_TRUE(CheckApart(known, {known}).ok()) << "itself";
  known.state = v1::GROUP_SESSION_STATE_CANCELLED;
  EXPECT_TRUE(CheckApart(at(19, 90), {known}).ok());
}

TEST(GroupSession, RecordsWhatIsSaidAfterWhatWasTakenBackUnderAnotherId) {
  const GroupSession session{.id = base::Uuid::NewV7()};
  const base::Uuid member = base::Uuid::NewV7();
  const auto next = [&](const std::optional<GroupAttendance>& known,
                        v1::GroupAttendanceState state) {
    return NextRecord(known, session, member, state, absl::UnixEpoch());
  };
  const auto first = next({}, v1::GROUP_ATTENDANCE_STATE_PRESENT);
  const auto none = next(first, v1::GROUP_ATTENDANCE_STATE_UNSPECIFIED);
  const auto again = next(none, v1::GROUP_ATTENDANCE_STATE_PRESENT);
  EXPECT_EQ(first.revision, 1);
  EXPECT_FALSE(none.said());
  EXPECT_EQ(again.revision, 3);
  EXPECT_EQ(again.id, first.id);
  EXPECT_NE(again.record_id, first.record_id);
}

TEST(GroupSession, IsHeldWithAWordOnEachWhoTakesPart) {
  const base::Uuid one = base::Uuid::NewV7(), two = base::Uuid::NewV7();
  const auto present = v1::GROUP_ATTENDANCE_STATE_PRESENT;
  EXPECT_TRUE(CheckSaidOfEach({{one, present}, {two, present}}, {two, one}).ok());
  EXPECT_EQ(base::ReasonOf(CheckSaidOfEach({{one, present}}, {one, two})),
            "GROUP_ATTENDANCE_MISSING");
  EXPECT_EQ(base::ReasonOf(CheckSaidOfEach({{one, present}, {two, present}}, {one})),
            "MEMBER_STATE");
  EXPECT_EQ(base::FieldsOf(CheckSaidOfEach({{one, present}, {one, present}}, {one})),
            std::vector<std::string>{"attendances"});
}

TEST(GroupSession, BeginsBeforeItIsHeldAndLiesOnItsDayInKorea) {
  GroupSession session;
  // 00:10 in Korea is still the year before in UTC.
  session.start = base::KoreaInstant(absl::CivilDay(2025, 1, 1), 0, 10);
  EXPECT_EQ(session.day(), absl::CivilDay(2025, 1, 1));
  EXPECT_TRUE(CheckBegan(session, session.start).ok());
  EXPECT_EQ(base::ReasonOf(CheckBegan(session, session.start - absl::Seconds(1))), "DATE_INVALID");
}

}  // namespace
}  // namespace ieum::casemgmt
