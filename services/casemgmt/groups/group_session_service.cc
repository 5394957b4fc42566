#include "platform/base/status.h"
#include "platform/rpc/paging.h"
#include "platform/rpc/read_one.h"
#include "services/casemgmt/cases/case_reach_call.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/groups/group_commands.h"
#include "services/casemgmt/groups/group_service.h"
#include "services/casemgmt/groups/group_session_store.h"
#include "services/casemgmt/groups/group_store.h"
#include "services/casemgmt/groups/group_wire.h"
#include "services/casemgmt/groups/recurrence.h"
#include "services/casemgmt/names.h"

namespace ieum::casemgmt {
namespace {

using ledger::UnitOfWork;

constexpr char kPattern[] = "groups/{}/sessions/{}";
constexpr char kAllGroups[] = "groups/-";
// A move may change the time alone; a length is at least this.
constexpr int kMinutesMin = 10;

template <class Request>
absl::StatusOr<GroupSessionInput> SessionIn(const rpc::Call& call, const Request& request) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(kPattern, request.name(), "name"));
  return GroupSessionInput{
      .group = {.group_id = ids[0], .etag = request.etag(), .reach = ReachOf(call)},
      .session_id = ids[1]};
}

absl::StatusOr<PlanGroupSessionsInput> PlanIn(const rpc::Call& call,
                                              const v1::PlanGroupSessionsRequest& request) {
  PlanGroupSessionsInput input{.group = {.etag = request.etag(), .reach = ReachOf(call)},
                               .length = absl::Minutes(request.minutes()),
                               .place = request.place()};
  ASSIGN_OR_RETURN(input.group.group_id, IdIn("groups", request.parent(), "parent"));
  ASSIGN_OR_RETURN(const absl::Time first, InstantIn(request.start_time(), "start_time"));
  std::vector<absl::CivilDay> except;
  for (const std::string& text : request.except_dates()) {
    ASSIGN_OR_RETURN(const auto day, DayIn(text, "except_dates"));
    if (day) except.push_back(*day);
  }
  ASSIGN_OR_RETURN(input.starts,
                   Occurrences(request.recurrence(), first, except, kGroupSessionsMax));
  return input;
}

}  // namespace

void GroupDoor::ServeSessions(rpc::ServiceRoutes& routes) {
  routes.Unary("PlanGroupSessions", this, &GroupDoor::Plan);
  routes.Unary("MoveGroupSession", this, &GroupDoor::Move);
  routes.Unary("CancelGroupSession", this, &GroupDoor::CancelSession);
  routes.Unary("HoldGroupSession", this, &GroupDoor::Hold);
  routes.Unary("RetractGroupSession", this, &GroupDoor::RetractSession);
  routes.Unary("GetGroupSession", this, &GroupDoor::GetSession);
  routes.Unary("ListGroupSessions", this, &GroupDoor::ListSessions);
}

absl::StatusOr<v1::GroupSession> GroupDoor::ReadSession(const Call& call, const std::string& name) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(kPattern, name, "name"));
  const Reach reach = ReachOf(call);
  ASSIGN_OR_RETURN(const auto view,
                   rpc::ReadOne(database_, "group_session_get", name, [&](db::Tx& tx) {
                     return ReadGroupSession(tx, reach, ids[0], ids[1]);
                   }));
  return ToWire(view);
}

absl::StatusOr<v1::GroupSession> GroupDoor::WriteSession(Call& call,
                                                         const google::protobuf::Message& request,
                                                         ledger::Ledger::UseCase use_case) {
  ASSIGN_OR_RETURN(const ledger::Answer answer, call.Write(ledger_, request, use_case));
  return ReadSession(call, answer.name);
}

absl::StatusOr<v1::PlanGroupSessionsResponse> GroupDoor::Plan(
    Call& call, const v1::PlanGroupSessionsRequest& request) {
  ASSIGN_OR_RETURN(const PlanGroupSessionsInput input, PlanIn(call, request));
  ASSIGN_OR_RETURN(const ledger::Answer answer, call.Write(ledger_, request, [&](UnitOfWork& work) {
    return PlanGroupSessions(work, input);
  }));
  // The answer names the first; the others have the numbers behind it.
  ASSIGN_OR_RETURN(const v1::GroupSession first, ReadSession(call, answer.name));
  v1::ListGroupSessionsRequest all;
  all.set_parent(request.parent());
  all.set_page_size(rpc::kMaxPageSize);
  all.set_order_by("number");
  ASSIGN_OR_RETURN(const v1::ListGroupSessionsResponse sessions, ListSessions(call, all));
  v1::PlanGroupSessionsResponse response;
  const int last = first.number() + static_cast<int>(input.starts.size());
  for (const v1::GroupSession& session : sessions.sessions()) {
    const bool of_these = session.number() >= first.number() && session.number() < last;
    if (of_these) *response.add_sessions() = session;
  }
  return response;
}

absl::StatusOr<v1::GroupSession> GroupDoor::Move(Call& call,
                                                 const v1::MoveGroupSessionRequest& request) {
  ASSIGN_OR_RETURN(const GroupSessionInput input, SessionIn(call, request));
  ASSIGN_OR_RETURN(const absl::Time start, InstantIn(request.start_time(), "start_time"));
  std::optional<absl::Duration> length;
  if (request.minutes() != 0) length = absl::Minutes(request.minutes());
  if (length && request.minutes() < kMinutesMin) {
    return base::InvalidField("INVALID_FIELD", "minutes", "must be 10 or more, or 0 to stay");
  }
  return WriteSession(call, request, [&](UnitOfWork& work) {
    return MoveGroupSession(work, input, start, length);
  });
}

absl::StatusOr<v1::GroupSession> GroupDoor::CancelSession(
    Call& call, const v1::CancelGroupSessionRequest& request) {
  ASSIGN_OR_RETURN(const GroupSessionInput input, SessionIn(call, request));
  return WriteSession(call, request, [&](UnitOfWork& work) {
    return CancelGroupSession(work, input, request.reason());
  });
}

absl::StatusOr<v1::GroupSession> GroupDoor::Hold(Call& call,
                                                 const v1::HoldGroupSessionRequest& request) {
  ASSIGN_OR_RETURN(const GroupSessionInput input, SessionIn(call, request));
  std::vector<AttendanceSaid> said;
  for (const v1::GroupAttendanceEntry& entry : request.attendances()) {
    ASSIGN_OR_RETURN(const auto ids,
                     base::IdsIn("groups/{}/members/{}", entry.member(), "attendances.member"));
    if (ids[0] != input.group.group_id) {
      return base::InvalidField("INVALID_FIELD", "attendances.member",
                                "must be a member of the session's group");
    }
    said.push_back({.member_id = ids[1], .state = entry.state()});
  }
  return WriteSession(call, request,
                      [&](UnitOfWork& work) { return HoldGroupSession(work, input, said); });
}

absl::StatusOr<v1::GroupSession> GroupDoor::RetractSession(
    Call& call, const v1::RetractGroupSessionRequest& request) {
  ASSIGN_OR_RETURN(const GroupSessionInput input, SessionIn(call, request));
  return WriteSession(call, request, [&](UnitOfWork& work) {
    return RetractGroupSession(work, input, request.reason());
  });
}

absl::StatusOr<v1::GroupSession> GroupDoor::GetSession(Call& call,
                                                       const v1::GetGroupSessionRequest& request) {
  return ReadSession(call, request.name());
}

absl::StatusOr<v1::ListGroupSessionsResponse> GroupDoor::ListSessions(
    Call& call, const v1::ListGroupSessionsRequest& request) {
  ASSIGN_OR_RETURN(filter::ListQuery query,
                   rpc::OpenList(call.scope(), request, GroupSessionList(), page_key_));
  WhereGroupReach(query, ReachOf(call));
  if (request.parent() != kAllGroups) {
    ASSIGN_OR_RETURN(const base::Uuid id, IdIn("groups", request.parent(), "parent"));
    query.Where("s.group_id = {}::uuid", {id.ToString()});
  }
  std::vector<GroupSessionView> views;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("group_session_list", [&](db::Tx& tx) {
    next = casemgmt::ListGroupSessions(tx, query, &views);
    return absl::OkStatus();
  }));
  v1::ListGroupSessionsResponse response;
  for (const GroupSessionView& view : views) *response.add_sessions() = ToWire(view);
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

}  // namespace ieum::casemgmt
