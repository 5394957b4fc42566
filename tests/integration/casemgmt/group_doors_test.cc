// Goal: the doors of peer groups say what the contract promises, show a group to those whose it is,
// and refuse bad input with nothing half done. Method: real calls of coaches, case managers and
// supervisors to a real server over a real database. row:C8 row:C36
#include <gtest/gtest.h>

#include <map>

#include "absl/strings/str_cat.h"
#include "ieum/platform/v1/personal_data.pb.h"
#include "platform/access/subject_id.h"
#include "platform/base/status.h"
#include "tests/integration/casemgmt/group_world.h"
#include "tests/integration/casemgmt/served.h"
#include "tests/support/centres.h"

namespace ieum::casemgmt::testing {
namespace {

using ieum::testing::kCentreA;
using ieum::testing::kCentreB;

class GroupDoors : public ::testing::Test {
 protected:
  World& world() { return served_.world(); }

  template <class Response>
  absl::StatusOr<Response> Ask(const std::string& token, const std::string& method,
                               const google::protobuf::Message& request) {
    Response response;
    RETURN_IF_ERROR(served_.CallAs(token, "GroupService/" + method, request, &response));
    return response;
  }
  template <class Response>
  Response Must(const std::string& token, const std::string& method,
                const google::protobuf::Message& request) {
    const auto response = Ask<Response>(token, method, request);
    EXPECT_TRUE(response.ok()) << method << ": " << response.status();
    return response.ok() ? *response : Response();
  }
  template <class Response>
  std::string Reason(const std::string& token, const std::string& method,
                     const google::protobuf::Message& request) {
    return base::ReasonOf(Ask<Response>(token, method, request).status());
  }

  v1::CreateGroupRequest Wanted() {
    v1::CreateGroupRequest request;
    v1::Group& group = *request.mutable_group();
    group.set_label("같은 일을 하는 사람들");
    group.set_programme("INC");
    group.set_edition("2024");
    group.set_line_code("INC-3");
    group.set_centre(absl::StrCat("organizations/", kCentreA));
    group.set_job_code("2511");
    group.set_min_members(2);
    group.set_coach("persons/" + base::Uuid::NewV7().ToString());
    group.set_coach_subject("subjects/" + access::SubjectId(kCoach).ToString());
    return request;
  }
  v1::Group Made() { return Must<v1::Group>(kCaseManagerToken, "CreateGroup", Wanted()); }

  v1::GroupMember Joined(const std::string& token, const std::string& group) {
    v1::InviteGroupMemberRequest invite;
    invite.set_parent(group);
    invite.set_person("persons/" + groups_.NewPerson().ToString());
    const auto member = Must<v1::GroupMember>(token, "InviteGroupMember", invite);
    v1::JoinGroupMemberRequest join;
    join.set_name(member.name());
    join.set_etag(member.etag());
    return Must<v1::GroupMember>(token, "JoinGroupMember", join);
  }
  v1::PlanGroupSessionsRequest PlanOf(const std::string& group) {
    v1::PlanGroupSessionsRequest plan;
    plan.set_parent(group);
    plan.set_recurrence("FREQ=WEEKLY;COUNT=2;BYDAY=MO");
    plan.mutable_start_time()->set_seconds(absl::ToUnixSeconds(Korea("2024-06-24 19:00")));
    plan.set_minutes(90);
    return plan;
  }
  template <class Request>
  v1::Group Step(const std::string& token, const std::string& method, const std::string& name) {
    Request request;
    request.set_name(name);
    return Must<v1::Group>(token, method, request);
  }
  template <class Request>
  Request Named(const std::string& name) {
    Request request;
    request.set_name(name);
    return request;
  }
  template <class Request>
  Request Under(const std::string& parent) {
    Request request;
    request.set_parent(parent);
    return request;
  }

  Served served_{"2024-06-20 09:00"};
  Groups groups_{served_.world()};
};

TEST_F(GroupDoors, ShowAGroupWhole) {
  auto request = Wanted();
  request.mutable_group()->set_code("W1");
  request.mutable_group()->add_need_codes("RF09");
  const auto made = Must<v1::Group>(kCaseManagerToken, "CreateGroup", request);
  EXPECT_EQ(made.state(), v1::GROUP_STATE_FORMING);
  EXPECT_EQ(made.max_members(), 10);
  EXPECT_EQ(made.completion_percent(), 80);
  EXPECT_EQ(made.formed_date(), "2024-06-20");
  EXPECT_EQ(made.etag(), "\"1\"");
  const auto again =
      Must<v1::Group>(kCaseManagerToken, "GetGroup", Named<v1::GetGroupRequest>(made.name()));
  EXPECT_EQ(again.SerializeAsString(), made.SerializeAsString());
  EXPECT_EQ(Reason<v1::Group>(kCaseManagerToken, "CreateGroup", request), "GROUP_CODE_TAKEN");
  request.mutable_group()->set_code("W2");
  request.set_validate_only(true);
  Must<v1::Group>(kCaseManagerToken, "CreateGroup", request);
  EXPECT_EQ(world().EventCount(), 1);
}

TEST_F(GroupDoors, RefuseByFieldWhatNoGroupIs) {
  const auto refused = [&](auto change) {
    auto request = Wanted();
    change(*request.mutable_group());
    return base::FieldsOf(Ask<v1::Group>(kCaseManagerToken, "CreateGroup", request).status());
  };
  using Fields = std::vector<std::string>;
  EXPECT_EQ(refused([](auto& g) { g.clear_programme(); }), Fields{"group.programme"});
  EXPECT_EQ(refused([](auto& g) { g.clear_edition(); }), Fields{"group.edition"});
  EXPECT_EQ(refused([](auto& g) { g.set_max_members(1); }), Fields{"group.max_members"});
  EXPECT_EQ(refused([](auto& g) { g.set_job_code("25x"); }), Fields{"group.job_code"});
  EXPECT_EQ(refused([](auto& g) { g.set_formed_date("2024-06-21"); }), Fields{"group.formed_date"});
  EXPECT_EQ(refused([](auto& g) { g.set_centre(absl::StrCat("organizations/", kCentreB)); }),
            Fields{"group.centre"});
  auto plan = PlanOf(Made().name());
  plan.set_recurrence("FREQ=WEEKLY");
  EXPECT_EQ(Reason<v1::PlanGroupSessionsResponse>(kCoachToken, "PlanGroupSessions", plan),
            "RECURRENCE_INVALID");
}

TEST_F(GroupDoors, LetTheCoachLeadAGroupToItsEnd) {
  const std::string name = Made().name();
  const auto one = Joined(kCoachToken, name), two = Joined(kCoachToken, name);
  const auto planned =
      Must<v1::PlanGroupSessionsResponse>(kCoachToken, "PlanGroupSessions", PlanOf(name));
  ASSERT_EQ(planned.sessions_size(), 2);
  EXPECT_EQ(planned.sessions(0).session_date(), "2024-06-24");
  Step<v1::OpenGroupRequest>(kCoachToken, "OpenGroup", name);
  Step<v1::StartGroupRequest>(kCoachToken, "StartGroup", name);
  auto move = Named<v1::MoveGroupSessionRequest>(planned.sessions(1).name());
  move.mutable_start_time()->set_seconds(absl::ToUnixSeconds(Korea("2024-07-02 18:00")));
  EXPECT_EQ(Must<v1::GroupSession>(kCoachToken, "MoveGroupSession", move).session_date(),
            "2024-07-02");
  auto cancel = Named<v1::CancelGroupSessionRequest>(planned.sessions(1).name());
  cancel.set_reason(v1::GROUP_SESSION_CANCEL_REASON_GROUP_ENDED);
  EXPECT_EQ(Reason<v1::GroupSession>(kCoachToken, "CancelGroupSession", cancel), "INVALID_FIELD");
  cancel.set_reason(v1::GROUP_SESSION_CANCEL_REASON_HOLIDAY);
  Must<v1::GroupSession>(kCoachToken, "CancelGroupSession", cancel);
  world().SetClock("2024-06-24 21:00");
  auto hold = Named<v1::HoldGroupSessionRequest>(planned.sessions(0).name());
  for (const auto& member : {one, two}) {
    auto* entry = hold.add_attendances();
    entry->set_member(member.name());
    entry->set_state(v1::GROUP_ATTENDANCE_STATE_PRESENT);
  }
  const auto held = Must<v1::GroupSession>(kCoachToken, "HoldGroupSession", hold);
  EXPECT_EQ(held.present_count(), 2);
  auto record = Under<v1::RecordGroupAttendanceRequest>(held.name());
  record.set_member(two.name());
  record.set_state(v1::GROUP_ATTENDANCE_STATE_UNEXCUSED);
  const auto corrected = Must<v1::GroupAttendance>(kCoachToken, "RecordGroupAttendance", record);
  EXPECT_EQ(corrected.revision(), 2);
  EXPECT_EQ(corrected.person(), two.person());
  auto retract = Named<v1::RetractGroupSessionRequest>(held.name());
  EXPECT_EQ(Reason<v1::GroupSession>(kCoachToken, "RetractGroupSession", retract), "INVALID_FIELD");
  retract.set_reason(v1::SESSION_CORRECTION_WRONG_SESSION);
  const auto again = Must<v1::GroupSession>(kCoachToken, "RetractGroupSession", retract);
  EXPECT_EQ(again.state(), v1::GROUP_SESSION_STATE_PLANNED);
  EXPECT_EQ(again.present_count() + again.absent_count(), 0);
  const auto listed = [&] {
    return Must<v1::ListGroupAttendancesResponse>(kCoachToken, "ListGroupAttendances",
                                                  Under<v1::ListGroupAttendancesRequest>(name))
        .attendances_size();
  };
  EXPECT_EQ(listed(), 2) << "those of the cancelled session";
  hold.mutable_attendances(1)->set_state(v1::GROUP_ATTENDANCE_STATE_UNEXCUSED);
  EXPECT_EQ(Must<v1::GroupSession>(kCoachToken, "HoldGroupSession", hold).absent_count(), 1);
  EXPECT_EQ(listed(), 4) << "those of the cancelled session, too";
  const auto completed = Step<v1::CompleteGroupRequest>(kCoachToken, "CompleteGroup", name);
  EXPECT_EQ(completed.completed_count(), 1);
  EXPECT_EQ(completed.cancelled_session_count(), 1);
  const auto member = Must<v1::GroupMember>(kCoachToken, "GetGroupMember",
                                            Named<v1::GetGroupMemberRequest>(two.name()));
  EXPECT_EQ(member.leave_reason(), v1::GROUP_LEAVE_REASON_NOT_COMPLETED);
  EXPECT_EQ(member.consecutive_absences(), 1);
}

TEST_F(GroupDoors, KeepTheCoachsWordsForCoachAndSupervisor) {
  const base::Uuid group = groups_.Running(
      2, 1, "2024-06-20 12:00",
      {.centre = base::Uuid::Parse(kCentreA), .coach_subject = access::SubjectId(kCoach)});
  groups_.Held(group, groups_.Session(group, 0));
  auto record =
      Under<v1::RecordGroupLogRequest>(GroupSessionName(group, groups_.Session(group, 0)));
  record.set_log_text("서로의 경험을 나눔");
  EXPECT_EQ(Must<v1::GroupLog>(kCoachToken, "RecordGroupLog", record).log_text(),
            "서로의 경험을 나눔");
  record.set_log_text("참석자 900101-1234567");
  EXPECT_EQ(Reason<v1::GroupLog>(kCoachToken, "RecordGroupLog", record), "RESIDENT_NUMBER");
  record.set_log_text("경험을 나누고 다음 주제를 정함");
  record.set_take_out_earlier(true);
  Must<v1::GroupLog>(kCoachToken, "RecordGroupLog", record);
  const auto list = Under<v1::ListGroupLogsRequest>(record.parent());
  for (const char* token : {kCoachToken, kSupervisorToken}) {
    const auto logs = Must<v1::ListGroupLogsResponse>(token, "ListGroupLogs", list);
    ASSERT_EQ(logs.logs_size(), 2) << token;
    EXPECT_TRUE(logs.logs(0).taken_out());
    EXPECT_EQ(logs.logs(0).log_text(), "");
    EXPECT_EQ(logs.logs(1).log_text(), "경험을 나누고 다음 주제를 정함");
  }
  EXPECT_EQ(Must<v1::ListGroupLogsResponse>(kOtherCoachToken, "ListGroupLogs", list).logs_size(),
            0);
  EXPECT_EQ(Reason<v1::ListGroupLogsResponse>(kCentreHeadToken, "ListGroupLogs", list),
            "PERMISSION_DENIED");
  EXPECT_EQ(
      world().Ask(absl::StrCat("SELECT count(DISTINCT account) FROM access_log WHERE action = ",
                               "'casemgmt.group_logs.list' AND '", GroupName(group), "/sessions/",
                               groups_.Session(group, 0).ToString(), "' = ANY(subjects)")),
      "4")
      << "who looked, whatever was shown";
}

TEST_F(GroupDoors, ShowAGroupToThoseWhoseItIs) {
  const std::string name = Made().name();
  const auto get = Named<v1::GetGroupRequest>(name);
  for (const char* token : {kCaseManagerToken, kCoachToken, kSupervisorToken, kManagerToken}) {
    EXPECT_EQ(Reason<v1::Group>(token, "GetGroup", get), "") << token;
    EXPECT_EQ(
        Must<v1::ListGroupsResponse>(token, "ListGroups", v1::ListGroupsRequest()).groups_size(), 1)
        << token;
  }
  for (const char* token : {kOtherCaseManagerToken, kOtherCoachToken, "centre-b"}) {
    EXPECT_EQ(Reason<v1::Group>(token, "GetGroup", get), "NOT_FOUND") << token;
    EXPECT_EQ(
        Must<v1::ListGroupsResponse>(token, "ListGroups", v1::ListGroupsRequest()).groups_size(), 0)
        << token;
    EXPECT_EQ(Must<v1::ListGroupMembersResponse>(token, "ListGroupMembers",
                                                 Under<v1::ListGroupMembersRequest>("groups/-"))
                  .members_size(),
              0)
        << token;
  }
  EXPECT_EQ(Reason<v1::GroupMember>(kCentreHeadToken, "GetGroupMember",
                                    Named<v1::GetGroupMemberRequest>(
                                        GroupMemberName(base::Uuid::NewV7(), base::Uuid::NewV7()))),
            "PERMISSION_DENIED")
      << "the head of the centre sees groups and figures, not who is in them";
  EXPECT_EQ(Reason<v1::Group>(kCoachToken, "CreateGroup", Wanted()), "PERMISSION_DENIED");
  // Another coach took it over.
  v1::UpdateGroupRequest update;
  update.mutable_group()->set_name(name);
  update.mutable_group()->set_coach_subject("subjects/" +
                                            access::SubjectId("staff/other-coach").ToString());
  update.mutable_update_mask()->add_paths("coach_subject");
  Must<v1::Group>(kSupervisorToken, "UpdateGroup", update);
  EXPECT_EQ(Reason<v1::Group>(kCoachToken, "GetGroup", get), "NOT_FOUND");
  EXPECT_EQ(Reason<v1::Group>(kOtherCoachToken, "GetGroup", get), "");
}

TEST_F(GroupDoors, LeaveATraceOfWhoSawWhom) {
  const auto member = Joined(kCoachToken, Made().name());
  Must<v1::GroupMember>(kSupervisorToken, "GetGroupMember",
                        Named<v1::GetGroupMemberRequest>(member.name()));
  EXPECT_EQ(world().Ask("SELECT count(*) FROM access_log WHERE action = "
                        "'casemgmt.group_members.get' AND '" +
                        member.person() + "' = ANY(subjects)"),
            "1");
}

// row:Y5
TEST_F(GroupDoors, TellAPersonWhichGroupsSheIsInAndLeads) {
  const v1::Group group = Made();
  const auto member = Joined(kCoachToken, group.name());
  const auto kinds = [&](const std::string& person) {
    platform::v1::ExportPersonalDataRequest request;
    request.set_person(person);
    platform::v1::ExportPersonalDataResponse held;
    EXPECT_TRUE(served_
                    .CallOther(kManagerToken,
                               "/ieum.platform.v1.PersonalDataService/ExportPersonalData", request,
                               &held)
                    .ok());
    std::map<std::string, int> counts;
    for (const auto& record : held.records()) ++counts[record.kind()];
    return counts;
  };
  EXPECT_EQ(kinds(member.person())["group_memberships"], 1);
  EXPECT_EQ(kinds(member.person())["groups_led"], 0);
  EXPECT_EQ(kinds(group.coach())["groups_led"], 1);
  EXPECT_EQ(kinds(group.coach())["group_memberships"], 0) << "what she does, not with whom";
  const base::Uuid other = groups_.Running(3, 2, "2024-06-24 19:00");
  const base::Uuid her = groups_.Members(other)[0], first = groups_.Session(other, 0);
  const std::string person = "persons/" + groups_.Member(other, her).member.person->ToString();
  groups_.Held(other, first);
  EXPECT_EQ(kinds(person)["group_attendances"], 1);
  IdOf(groups_.TakeBack(other, first));
  EXPECT_EQ(kinds(person)["group_attendances"], 0) << "nothing is known of it";
}

TEST_F(GroupDoors, ProposeGroupsOfThoseWhoFit) {
  v1::ProposeGroupsRequest request;
  for (int at = 0; at < 13; ++at) {
    auto* candidate = request.add_candidates();
    candidate->set_person("persons/" + base::Uuid::NewV7().ToString());
    candidate->set_centre(absl::StrCat("organizations/", kCentreA));
    candidate->set_job_code(at < 7 ? "2511" : "4120");
    candidate->add_need_codes("RF09");
  }
  const auto proposed =
      Must<v1::ProposeGroupsResponse>(kCaseManagerToken, "ProposeGroups", request);
  ASSERT_EQ(proposed.groups_size(), 2);
  EXPECT_TRUE(proposed.optimal());
  EXPECT_EQ(proposed.total_score(), "13000.00");
  EXPECT_EQ(proposed.groups(0).persons_size() + proposed.groups(1).persons_size(), 13);
  EXPECT_EQ(proposed.groups(0).mean_fit(), "1000.00");
  EXPECT_EQ(world().EventCount(), 0);
  request.mutable_candidates(0)->set_centre(absl::StrCat("organizations/", kCentreB));
  EXPECT_EQ(Reason<v1::ProposeGroupsResponse>(kCaseManagerToken, "ProposeGroups", request),
            "INVALID_FIELD");
  request.mutable_candidates(0)->set_centre(absl::StrCat("organizations/", kCentreA));
  *request.mutable_candidates(0)->mutable_person() = request.candidates(1).person();
  EXPECT_EQ(Reason<v1::ProposeGroupsResponse>(kCaseManagerToken, "ProposeGroups", request),
            "INVALID_FIELD");
}

TEST_F(GroupDoors, RepeatARequestWithoutASecondEffect) {
  auto plan = PlanOf(Made().name());
  plan.set_request_id(base::Uuid::NewV7().ToString());
  const auto first = Must<v1::PlanGroupSessionsResponse>(kCoachToken, "PlanGroupSessions", plan);
  const auto again = Must<v1::PlanGroupSessionsResponse>(kCoachToken, "PlanGroupSessions", plan);
  EXPECT_EQ(again.SerializeAsString(), first.SerializeAsString());
  EXPECT_EQ(world().EventCount(), 3);
}

}  // namespace
}  // namespace ieum::casemgmt::testing
