#include "services/casemgmt/groups/group_service.h"

#include "platform/base/chosen_centre.h"
#include "platform/base/status.h"
#include "platform/rpc/masks.h"
#include "platform/rpc/paging.h"
#include "platform/rpc/read_one.h"
#include "services/casemgmt/cases/case_reach_call.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/groups/group_commands.h"
#include "services/casemgmt/groups/group_store.h"
#include "services/casemgmt/groups/group_wire.h"
#include "services/casemgmt/groups/matching.h"
#include "services/casemgmt/names.h"

namespace ieum::casemgmt {
namespace {

using ledger::UnitOfWork;

// The group of a step, with the day of it.
template <class Request>
absl::StatusOr<GroupInput> GroupIn(const rpc::Call& call, const Request& request,
                                   const std::string& day, std::string_view field) {
  GroupInput input{.etag = request.etag(), .reach = ReachOf(call)};
  ASSIGN_OR_RETURN(input.group_id, IdIn("groups", request.name(), "name"));
  ASSIGN_OR_RETURN(input.day, DayIn(day, field));
  return input;
}

template <class Repeated>
std::vector<std::string> CodesIn(const Repeated& wire) {
  return {wire.begin(), wire.end()};
}

absl::Status CheckGiven(const std::string& text, std::string_view field) {
  if (!text.empty()) return absl::OkStatus();
  return base::InvalidField("INVALID_FIELD", field, "must be given");
}

absl::StatusOr<FormGroupInput> FormIn(const rpc::Call& call,
                                      const v1::CreateGroupRequest& request) {
  const v1::Group& wire = request.group();
  RETURN_IF_ERROR(CheckGiven(wire.programme(), "group.programme"));
  RETURN_IF_ERROR(CheckGiven(wire.edition(), "group.edition"));
  FormGroupInput input{.code = wire.code(),
                       .label = wire.label(),
                       .programme = wire.programme(),
                       .edition = wire.edition(),
                       .line_code = wire.line_code(),
                       .job_code = wire.job_code(),
                       .needs = CodesIn(wire.need_codes()),
                       .maker_subject = SubjectOf(call),
                       .min_members = wire.min_members(),
                       .max_members = wire.max_members(),
                       .completion_percent = wire.completion_percent()};
  ASSIGN_OR_RETURN(input.group_id, ChosenId(request.group_id(), "group_id"));
  ASSIGN_OR_RETURN(input.centre, OptionalIdIn("organizations", wire.centre(), "group.centre"));
  ASSIGN_OR_RETURN(input.coach, OptionalIdIn("persons", wire.coach(), "group.coach"));
  ASSIGN_OR_RETURN(input.coach_subject,
                   OptionalIdIn("subjects", wire.coach_subject(), "group.coach_subject"));
  ASSIGN_OR_RETURN(input.formed_day, DayIn(wire.formed_date(), "group.formed_date"));
  return input;
}

absl::StatusOr<ChangeGroupInput> ChangeIn(const rpc::Call& call,
                                          const v1::UpdateGroupRequest& request) {
  const v1::Group& wire = request.group();
  ChangeGroupInput input{.group = {.etag = wire.etag(), .reach = ReachOf(call)}};
  ASSIGN_OR_RETURN(input.group.group_id, IdIn("groups", wire.name(), "group.name"));
  ASSIGN_OR_RETURN(input.changed_fields,
                   rpc::UpdatePaths(request.update_mask(), wire,
                                    {"label", "job_code", "need_codes", "coach", "coach_subject",
                                     "min_members", "max_members"}));
  for (const std::string& path : input.changed_fields) {
    if (path == "label") input.label = wire.label();
    if (path == "job_code") input.job_code = wire.job_code();
    if (path == "need_codes") input.needs = CodesIn(wire.need_codes());
    if (path == "min_members") input.min_members = wire.min_members();
    if (path == "max_members") input.max_members = wire.max_members();
    if (path == "coach") {
      ASSIGN_OR_RETURN(input.coach, OptionalIdIn("persons", wire.coach(), "group.coach"));
    }
    if (path == "coach_subject") {
      ASSIGN_OR_RETURN(input.coach_subject,
                       OptionalIdIn("subjects", wire.coach_subject(), "group.coach_subject"));
    }
  }
  return input;
}

absl::StatusOr<std::vector<Candidate>> CandidatesIn(const rpc::Call& call,
                                                    const v1::ProposeGroupsRequest& request) {
  std::vector<Candidate> candidates;
  for (const v1::GroupCandidate& wire : request.candidates()) {
    Candidate candidate{.job_code = wire.job_code(), .needs = CodesIn(wire.need_codes())};
    ASSIGN_OR_RETURN(candidate.person, IdIn("persons", wire.person(), "candidates.person"));
    ASSIGN_OR_RETURN(candidate.centre, IdIn("organizations", wire.centre(), "candidates.centre"));
    RETURN_IF_ERROR(
        base::ChosenCentre(call.scope(), candidate.centre, "candidates.centre").status());
    candidates.push_back(std::move(candidate));
  }
  return candidates;
}

}  // namespace

void GroupDoor::Serve(rpc::Router& router) {
  rpc::ServiceRoutes routes = router.Service("ieum.casemgmt.v1.GroupService");
  routes.Unary("ProposeGroups", this, &GroupDoor::Propose);
  routes.Unary("CreateGroup", this, &GroupDoor::Create);
  routes.Unary("GetGroup", this, &GroupDoor::Get);
  routes.Unary("ListGroups", this, &GroupDoor::List);
  routes.Unary("UpdateGroup", this, &GroupDoor::Update);
  routes.Unary("OpenGroup", this, &GroupDoor::Open);
  routes.Unary("StartGroup", this, &GroupDoor::Start);
  routes.Unary("CompleteGroup", this, &GroupDoor::Complete);
  routes.Unary("CancelGroup", this, &GroupDoor::Cancel);
  routes.Unary("MergeGroup", this, &GroupDoor::Merge);
  ServeMembers(routes);
  ServeSessions(routes);
  ServeAttendances(routes);
}

absl::StatusOr<v1::Group> GroupDoor::Read(const Call& call, const base::Uuid& id) {
  const Reach reach = ReachOf(call);
  ASSIGN_OR_RETURN(const auto view,
                   rpc::ReadWhole(database_, "group_get", GroupName(id),
                                  [&](db::Tx& tx) { return ReadGroup(tx, reach, id); }));
  return ToWire(view);
}

absl::StatusOr<v1::Group> GroupDoor::Write(Call& call, const google::protobuf::Message& request,
                                           const base::Uuid& id, ledger::Ledger::UseCase use_case) {
  RETURN_IF_ERROR(call.Write(ledger_, request, use_case).status());
  return Read(call, id);
}

absl::StatusOr<v1::ProposeGroupsResponse> GroupDoor::Propose(
    Call& call, const v1::ProposeGroupsRequest& request) {
  ASSIGN_OR_RETURN(std::vector<Candidate> candidates, CandidatesIn(call, request));
  MatchTerms terms;
  if (request.min_members() != 0) terms.min_members = request.min_members();
  if (request.max_members() != 0) terms.max_members = request.max_members();
  if (request.job_weight() != 0 || request.need_weight() != 0) {
    terms.job_weight = request.job_weight();
    terms.need_weight = request.need_weight();
  }
  RETURN_IF_ERROR(CheckMatch(candidates, terms));
  return ToWire(casemgmt::Propose(std::move(candidates), terms));
}

absl::StatusOr<v1::Group> GroupDoor::Create(Call& call, const v1::CreateGroupRequest& request) {
  ASSIGN_OR_RETURN(const FormGroupInput input, FormIn(call, request));
  ASSIGN_OR_RETURN(const ledger::Answer answer, call.Write(ledger_, request, [&](UnitOfWork& work) {
    return FormGroup(work, input);
  }));
  if (request.validate_only()) {
    v1::Group rehearsed = request.group();
    rehearsed.set_name(answer.name);
    rehearsed.set_state(v1::GROUP_STATE_FORMING);
    return rehearsed;
  }
  ASSIGN_OR_RETURN(const base::Uuid id, IdIn("groups", answer.name, "name"));
  return Read(call, id);
}

absl::StatusOr<v1::Group> GroupDoor::Get(Call& call, const v1::GetGroupRequest& request) {
  ASSIGN_OR_RETURN(const base::Uuid id, IdIn("groups", request.name(), "name"));
  return Read(call, id);
}

absl::StatusOr<v1::ListGroupsResponse> GroupDoor::List(Call& call,
                                                       const v1::ListGroupsRequest& request) {
  ASSIGN_OR_RETURN(filter::ListQuery query,
                   rpc::OpenList(call.scope(), request, GroupList(), page_key_));
  WhereGroupReach(query, ReachOf(call));
  std::vector<GroupView> views;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("group_list", [&](db::Tx& tx) {
    next = casemgmt::ListGroups(tx, query, &views);
    return absl::OkStatus();
  }));
  v1::ListGroupsResponse response;
  for (const GroupView& view : views) *response.add_groups() = ToWire(view);
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

absl::StatusOr<v1::Group> GroupDoor::Update(Call& call, const v1::UpdateGroupRequest& request) {
  ASSIGN_OR_RETURN(const ChangeGroupInput input, ChangeIn(call, request));
  return Write(call, request, input.group.group_id,
               [&](UnitOfWork& work) { return ChangeGroup(work, input); });
}

absl::StatusOr<v1::Group> GroupDoor::Open(Call& call, const v1::OpenGroupRequest& request) {
  ASSIGN_OR_RETURN(const GroupInput input,
                   GroupIn(call, request, request.opened_date(), "opened_date"));
  return Write(call, request, input.group_id,
               [&](UnitOfWork& work) { return OpenGroup(work, input); });
}

absl::StatusOr<v1::Group> GroupDoor::Start(Call& call, const v1::StartGroupRequest& request) {
  ASSIGN_OR_RETURN(const GroupInput input,
                   GroupIn(call, request, request.started_date(), "started_date"));
  return Write(call, request, input.group_id,
               [&](UnitOfWork& work) { return StartGroup(work, input); });
}

absl::StatusOr<v1::Group> GroupDoor::Complete(Call& call, const v1::CompleteGroupRequest& request) {
  ASSIGN_OR_RETURN(const GroupInput input,
                   GroupIn(call, request, request.completed_date(), "completed_date"));
  return Write(call, request, input.group_id,
               [&](UnitOfWork& work) { return CompleteGroup(work, input); });
}

absl::StatusOr<v1::Group> GroupDoor::Cancel(Call& call, const v1::CancelGroupRequest& request) {
  ASSIGN_OR_RETURN(const GroupInput input,
                   GroupIn(call, request, request.cancelled_date(), "cancelled_date"));
  return Write(call, request, input.group_id,
               [&](UnitOfWork& work) { return CancelGroup(work, input, request.reason()); });
}

absl::StatusOr<v1::Group> GroupDoor::Merge(Call& call, const v1::MergeGroupRequest& request) {
  ASSIGN_OR_RETURN(const GroupInput input,
                   GroupIn(call, request, request.merged_date(), "merged_date"));
  ASSIGN_OR_RETURN(const base::Uuid into, IdIn("groups", request.into(), "into"));
  return Write(call, request, input.group_id,
               [&](UnitOfWork& work) { return MergeGroup(work, input, into); });
}

}  // namespace ieum::casemgmt
