#include "platform/base/status.h"
#include "platform/rpc/paging.h"
#include "platform/rpc/read_one.h"
#include "services/casemgmt/cases/case_reach_call.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/groups/group_commands.h"
#include "services/casemgmt/groups/group_member_store.h"
#include "services/casemgmt/groups/group_service.h"
#include "services/casemgmt/groups/group_store.h"
#include "services/casemgmt/groups/group_wire.h"
#include "services/casemgmt/names.h"

namespace ieum::casemgmt {
namespace {

using ledger::UnitOfWork;

constexpr char kPattern[] = "groups/{}/members/{}";
constexpr char kAllGroups[] = "groups/-";

template <class Request>
absl::StatusOr<MemberInput> MemberIn(const rpc::Call& call, const Request& request,
                                     const std::string& day, std::string_view field) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(kPattern, request.name(), "name"));
  MemberInput input{.group = {.group_id = ids[0], .etag = request.etag(), .reach = ReachOf(call)},
                    .member_id = ids[1]};
  ASSIGN_OR_RETURN(input.group.day, DayIn(day, field));
  return input;
}

}  // namespace

void GroupDoor::ServeMembers(rpc::ServiceRoutes& routes) {
  routes.Unary("InviteGroupMember", this, &GroupDoor::Invite);
  routes.Unary("JoinGroupMember", this, &GroupDoor::Join);
  routes.Unary("LeaveGroupMember", this, &GroupDoor::Leave);
  routes.Unary("GetGroupMember", this, &GroupDoor::GetMember);
  routes.Unary("ListGroupMembers", this, &GroupDoor::ListMembers);
}

absl::StatusOr<v1::GroupMember> GroupDoor::ReadMember(const Call& call, const std::string& name) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(kPattern, name, "name"));
  const Reach reach = ReachOf(call);
  ASSIGN_OR_RETURN(const auto view,
                   rpc::ReadWhole(database_, "group_member_get", name, [&](db::Tx& tx) {
                     return ReadGroupMember(tx, reach, ids[0], ids[1]);
                   }));
  return ToWire(view);
}

absl::StatusOr<v1::GroupMember> GroupDoor::WriteMember(Call& call,
                                                       const google::protobuf::Message& request,
                                                       ledger::Ledger::UseCase use_case) {
  ASSIGN_OR_RETURN(const ledger::Answer answer, call.Write(ledger_, request, use_case));
  return ReadMember(call, answer.name);
}

absl::StatusOr<v1::GroupMember> GroupDoor::Invite(Call& call,
                                                  const v1::InviteGroupMemberRequest& request) {
  InviteMemberInput input{.group = {.etag = request.etag(), .reach = ReachOf(call)}};
  ASSIGN_OR_RETURN(input.group.group_id, IdIn("groups", request.parent(), "parent"));
  ASSIGN_OR_RETURN(input.group.day, DayIn(request.invited_date(), "invited_date"));
  ASSIGN_OR_RETURN(input.person, IdIn("persons", request.person(), "person"));
  ASSIGN_OR_RETURN(input.member_id, ChosenId(request.group_member_id(), "group_member_id"));
  return WriteMember(call, request, [&](UnitOfWork& work) { return InviteMember(work, input); });
}

absl::StatusOr<v1::GroupMember> GroupDoor::Join(Call& call,
                                                const v1::JoinGroupMemberRequest& request) {
  ASSIGN_OR_RETURN(const MemberInput input,
                   MemberIn(call, request, request.join_date(), "join_date"));
  return WriteMember(call, request, [&](UnitOfWork& work) { return JoinMember(work, input); });
}

absl::StatusOr<v1::GroupMember> GroupDoor::Leave(Call& call,
                                                 const v1::LeaveGroupMemberRequest& request) {
  ASSIGN_OR_RETURN(const MemberInput input,
                   MemberIn(call, request, request.leave_date(), "leave_date"));
  return WriteMember(call, request,
                     [&](UnitOfWork& work) { return LeaveMember(work, input, request.reason()); });
}

absl::StatusOr<v1::GroupMember> GroupDoor::GetMember(Call& call,
                                                     const v1::GetGroupMemberRequest& request) {
  return ReadMember(call, request.name());
}

absl::StatusOr<v1::ListGroupMembersResponse> GroupDoor::ListMembers(
    Call& call, const v1::ListGroupMembersRequest& request) {
  ASSIGN_OR_RETURN(filter::ListQuery query,
                   rpc::OpenList(call.scope(), request, GroupMemberList(), page_key_));
  WhereGroupReach(query, ReachOf(call));
  if (request.parent() != kAllGroups) {
    ASSIGN_OR_RETURN(const base::Uuid id, IdIn("groups", request.parent(), "parent"));
    query.Where("m.group_id = {}::uuid", {id.ToString()});
  }
  ASSIGN_OR_RETURN(const auto person, OptionalIdIn("persons", request.of_person(), "of_person"));
  if (person) query.Where(kMemberIsPerson, {person->ToString()});
  std::vector<GroupMemberView> views;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("group_member_list", [&](db::Tx& tx) {
    next = casemgmt::ListGroupMembers(tx, query, &views);
    return absl::OkStatus();
  }));
  v1::ListGroupMembersResponse response;
  for (const GroupMemberView& view : views) *response.add_members() = ToWire(view);
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

}  // namespace ieum::casemgmt
