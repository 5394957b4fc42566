#include "absl/strings/numbers.h"
#include "platform/base/status.h"
#include "platform/rpc/page_fit.h"
#include "platform/rpc/paging.h"
#include "platform/rpc/read_one.h"
#include "services/casemgmt/cases/case_reach_call.h"
#include "services/casemgmt/groups/group_commands.h"
#include "services/casemgmt/groups/group_service.h"
#include "services/casemgmt/groups/group_session_store.h"
#include "services/casemgmt/groups/group_store.h"
#include "services/casemgmt/groups/group_wire.h"
#include "services/casemgmt/names.h"
#include "services/casemgmt/sealed_words.h"

namespace ieum::casemgmt {
namespace {

using ledger::UnitOfWork;

constexpr char kSessionPattern[] = "groups/{}/sessions/{}";

template <class Request>
absl::StatusOr<GroupSessionInput> ParentIn(const rpc::Call& call, const Request& request) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(kSessionPattern, request.parent(), "parent"));
  return GroupSessionInput{
      .group = {.group_id = ids[0], .etag = request.etag(), .reach = ReachOf(call)},
      .session_id = ids[1]};
}

}  // namespace

void GroupDoor::ServeAttendances(rpc::ServiceRoutes& routes) {
  routes.Unary("RecordGroupAttendance", this, &GroupDoor::RecordAttendance);
  routes.Unary("ListGroupAttendances", this, &GroupDoor::ListAttendances);
  routes.Unary("RecordGroupLog", this, &GroupDoor::RecordLog);
  routes.Unary("ListGroupLogs", this, &GroupDoor::ListLogs);
}

absl::StatusOr<v1::GroupAttendance> GroupDoor::RecordAttendance(
    Call& call, const v1::RecordGroupAttendanceRequest& request) {
  ASSIGN_OR_RETURN(const GroupSessionInput input, ParentIn(call, request));
  ASSIGN_OR_RETURN(const auto member,
                   base::IdsIn("groups/{}/members/{}", request.member(), "member"));
  if (member[0] != input.group.group_id) {
    return base::InvalidField("INVALID_FIELD", "member", "must be a member of the session's group");
  }
  ASSIGN_OR_RETURN(const ledger::Answer answer, call.Write(ledger_, request, [&](UnitOfWork& work) {
    return RecordGroupAttendance(work, input, {.member_id = member[1], .state = request.state()});
  }));
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn("groups/{}/attendances/{}", answer.name, "name"));
  ASSIGN_OR_RETURN(const auto view,
                   rpc::ReadOne(database_, "group_attendance_get", answer.name, [&](db::Tx& tx) {
                     return ReadGroupAttendance(tx, input.group.reach, ids[0], ids[1]);
                   }));
  return ToWire(view);
}

absl::StatusOr<v1::ListGroupAttendancesResponse> GroupDoor::ListAttendances(
    Call& call, const v1::ListGroupAttendancesRequest& request) {
  ASSIGN_OR_RETURN(filter::ListQuery query,
                   rpc::OpenList(call.scope(), request, GroupAttendanceList(), page_key_));
  WhereGroupReach(query, ReachOf(call));
  ASSIGN_OR_RETURN(const base::Uuid id, IdIn("groups", request.parent(), "parent"));
  query.Where("t.group_id = {}::uuid AND t.state <> 0", {id.ToString()});  // taken back: not known
  std::vector<GroupAttendanceView> views;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("group_attendance_list", [&](db::Tx& tx) {
    next = casemgmt::ListGroupAttendances(tx, query, &views);
    return absl::OkStatus();
  }));
  v1::ListGroupAttendancesResponse response;
  for (const GroupAttendanceView& view : views) *response.add_attendances() = ToWire(view);
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

absl::StatusOr<v1::GroupLog> GroupDoor::Opened(db::Tx& tx, const GroupLogRow& row) {
  GroupLog log = row.log;
  if (!row.box.empty()) {
    ASSIGN_OR_RETURN(const SealedWords words, SealedWords::ToRead(tx, keys_, log.group_id));
    ASSIGN_OR_RETURN(log.text, words.Words(kGroupLogBox, row.box));
  }
  return ToWire(log);
}

absl::StatusOr<v1::GroupLog> GroupDoor::RecordLog(Call& call,
                                                  const v1::RecordGroupLogRequest& request) {
  GroupLogInput input{.text = request.log_text(), .take_out_earlier = request.take_out_earlier()};
  ASSIGN_OR_RETURN(input.session, ParentIn(call, request));
  ASSIGN_OR_RETURN(const ledger::Answer answer, call.Write(ledger_, request, [&](UnitOfWork& work) {
    return RecordGroupLog(work, keys_, input);
  }));
  int revision = 0;  // the name is the command's own, so it ends in a number
  (void)absl::SimpleAtoi(answer.name.substr(answer.name.rfind('/') + 1), &revision);
  v1::GroupLog log;
  RETURN_IF_ERROR(database_.Read("group_log_get", [&](db::Tx& tx) -> absl::Status {
    const auto row = FindGroupLog(tx, input.session.session_id, revision);
    if (!row) return base::NotFound(answer.name);
    ASSIGN_OR_RETURN(log, Opened(tx, *row));
    return absl::OkStatus();
  }));
  return log;
}

absl::StatusOr<v1::ListGroupLogsResponse> GroupDoor::ListLogs(
    Call& call, const v1::ListGroupLogsRequest& request) {
  return rpc::FittingPage(request, [&](const auto& fitting) { return PageOfLogs(call, fitting); });
}

absl::StatusOr<v1::ListGroupLogsResponse> GroupDoor::PageOfLogs(
    const Call& call, const v1::ListGroupLogsRequest& request) {
  ASSIGN_OR_RETURN(filter::ListQuery query,
                   rpc::OpenList(call.scope(), request, GroupLogList(), page_key_));
  WhereGroupReach(query, ReachOf(call));
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(kSessionPattern, request.parent(), "parent"));
  query.Where("l.group_id = {}::uuid", {ids[0].ToString()});
  query.Where("l.session_id = {}::uuid", {ids[1].ToString()});
  v1::ListGroupLogsResponse response;
  RETURN_IF_ERROR(database_.Read("group_log_list", [&](db::Tx& tx) -> absl::Status {
    response.Clear();
    std::vector<GroupLogRow> rows;
    const filter::Cursor next = casemgmt::ListGroupLogs(tx, query, &rows);
    for (const GroupLogRow& row : rows) {
      ASSIGN_OR_RETURN(*response.add_logs(), Opened(tx, row));
    }
    response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
    return absl::OkStatus();
  }));
  return response;
}

}  // namespace ieum::casemgmt
