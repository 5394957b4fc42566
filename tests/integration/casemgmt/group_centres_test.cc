// Goal: of another centre's peer groups nobody learns whether there are any. Method: two centres
// side by side, every method of GroupService. row:R11 row:R23 row:C36
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/casemgmt/group_world.h"
#include "tests/integration/casemgmt/served.h"
#include "tests/support/centres.h"

namespace ieum::casemgmt::testing {
namespace {

using ieum::testing::Door;
using ieum::testing::Ids;
using ieum::testing::kCentreA;
using ieum::testing::kCentreB;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kPackage[] = "ieum.casemgmt.v1";

std::vector<Door> Doors() {
  const std::string group = "name: 'groups/{group}' ", in_group = "parent: 'groups/{group}' ";
  const std::string member = "name: 'groups/{group}/members/{member}' ";
  const std::string session = "name: 'groups/{group}/sessions/{session}' ";
  const std::string in_session = "parent: 'groups/{group}/sessions/{session}' ";
  const std::string time = "start_time { seconds: 1719223200 } ";
  const std::string entry =
      "member: 'groups/{group}/members/{member}' state: "
      "GROUP_ATTENDANCE_STATE_PRESENT ";
  return {
      {"GroupService/GetGroup", group},
      {"GroupService/UpdateGroup",
       "group { " + group + "label: 'x' etag: '\"77\"' } update_mask { paths: 'label' }"},
      {"GroupService/OpenGroup", group + "etag: '\"77\"'"},
      {"GroupService/StartGroup", group},
      {"GroupService/CompleteGroup", group},
      {"GroupService/CancelGroup", group + "reason: GROUP_CANCEL_REASON_TOO_FEW"},
      {"GroupService/MergeGroup", group + "into: 'groups/{other}'"},
      {"GroupService/InviteGroupMember", in_group + "person: 'persons/{person}'"},
      {"GroupService/JoinGroupMember", member},
      {"GroupService/LeaveGroupMember", member + "reason: GROUP_LEAVE_REASON_WORK"},
      {"GroupService/GetGroupMember", member},
      {"GroupService/PlanGroupSessions",
       in_group + time + "recurrence: 'FREQ=DAILY;COUNT=1' minutes: 60"},
      {"GroupService/MoveGroupSession", session + time},
      {"GroupService/CancelGroupSession",
       session + "reason: GROUP_SESSION_CANCEL_REASON_COACH etag: '\"77\"'"},
      {"GroupService/HoldGroupSession", session + "attendances { " + entry + "}"},
      {"GroupService/RetractGroupSession", session + "reason: SESSION_CORRECTION_WRONG_SESSION"},
      {"GroupService/GetGroupSession", session},
      {"GroupService/RecordGroupAttendance", in_session + entry},
      {"GroupService/RecordGroupLog", in_session + "log_text: 'x'"}};
}

const std::vector<Door>& Lists() {
  static const auto* lists = new std::vector<Door>{
      {"GroupService/ListGroups", ""},
      {"GroupService/ListGroups", "filter: 'centre:*' order_by: 'formed_date desc'"},
      {"GroupService/ListGroupMembers", "parent: 'groups/-'"},
      {"GroupService/ListGroupMembers", "parent: 'groups/-' of_person: 'persons/{person}'"},
      {"GroupService/ListGroupSessions", "parent: 'groups/-' order_by: 'start_time'"}};
  return *lists;
}

class GroupCentres : public ::testing::Test {
 protected:
  GroupCentres() {
    shared_["person"] = person_.ToString();
    a_ = Fill(kCentreA);
    b_ = Fill(kCentreB);
  }

  Ids Fill(const std::string& centre) {
    const base::Uuid group = groups_.Formed({.centre = base::Uuid::Parse(centre)});
    const base::Uuid member = groups_.Joined(group, person_);
    IdOf(groups_.Plan(group, "FREQ=WEEKLY;COUNT=1", "2024-06-24 19:00"));
    return {{"group", group.ToString()},
            {"other", groups_.Formed({.centre = base::Uuid::Parse(centre)}).ToString()},
            {"member", member.ToString()},
            {"session", groups_.Session(group, 0).ToString()}};
  }
  ieum::testing::Calls CallsAs(const std::string& token) {
    return [this, token](const std::string& method, const google::protobuf::Message& request,
                         google::protobuf::Message* response) {
      return served_.CallAs(token, method, request, response);
    };
  }
  static std::vector<std::string> IdsOf(const Ids& ids) {
    std::vector<std::string> words;
    for (const auto& [word, id] : ids) words.push_back(id);
    return words;
  }

  Served served_{"2024-06-20 09:00"};
  Groups groups_{served_.world()};
  const base::Uuid person_ = groups_.NewPerson();  // in groups of both
  Ids shared_, a_, b_;
};

TEST_F(GroupCentres, DoNotTellAnothersGroupsFromThoseThatAreNotThere) {
  const int64_t before = served_.world().EventCount();
  EXPECT_THAT(ieum::testing::DoorsThatTell(kPackage, Doors(), b_, shared_, CallsAs("centre-a")),
              IsEmpty());
  EXPECT_THAT(ieum::testing::DoorsThatTell(kPackage, Doors(), a_, shared_, CallsAs("centre-b")),
              IsEmpty());
  EXPECT_EQ(served_.world().EventCount(), before);
}

TEST_F(GroupCentres, ListTheirOwnGroupsOnly) {
  for (const auto& [token, hidden] : {std::pair{"centre-a", b_}, {"centre-b", a_}}) {
    EXPECT_THAT(
        ieum::testing::ListsThatShow(kPackage, Lists(), shared_, IdsOf(hidden), CallsAs(token)),
        IsEmpty())
        << token;
  }
  EXPECT_THAT(
      ieum::testing::ListsThatShow(kPackage, Lists(), shared_, IdsOf(a_), CallsAs("centre-ab")),
      Not(IsEmpty()));
}

TEST_F(GroupCentres, AreThoughtOfInEveryMethod) {
  EXPECT_THAT(
      ieum::testing::Forgotten({"ieum.casemgmt.v1.GroupService"}, Doors(), Lists(),
                               {{"GroupService/ProposeGroups", "of whom the caller names"},
                                {"GroupService/CreateGroup", "a centre that the caller acts for"},
                                {"GroupService/ListGroupAttendances", "of a group in reach"},
                                {"GroupService/ListGroupLogs", "of a group in reach"}}),
      IsEmpty());
}

}  // namespace
}  // namespace ieum::casemgmt::testing
