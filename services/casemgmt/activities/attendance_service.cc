#include "platform/base/status.h"
#include "platform/rpc/paging.h"
#include "platform/rpc/read_one.h"
#include "services/casemgmt/activities/activity_service.h"
#include "services/casemgmt/activities/activity_wire.h"
#include "services/casemgmt/activities/attendance_commands.h"
#include "services/casemgmt/activities/attendance_store.h"
#include "services/casemgmt/activities/training_commands.h"
#include "services/casemgmt/names.h"

namespace ieum::casemgmt {
namespace {

using ledger::UnitOfWork;

constexpr char kPattern[] = "activities/{}/attendances/{}";
constexpr char kAllActivities[] = "activities/-";

template <class Request>
absl::StatusOr<AttendanceInput> EntryIn(const Request& request) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(kPattern, request.name(), "name"));
  return AttendanceInput{.activity = {.activity_id = ids[0], .etag = request.etag()},
                         .attendance_id = ids[1]};
}

template <class Request>
absl::StatusOr<ListInput> WhoIn(const Request& request) {
  ListInput input{.activity = {.etag = request.etag()}, .role = request.role()};
  ASSIGN_OR_RETURN(input.activity.activity_id, IdIn("activities", request.parent(), "parent"));
  ASSIGN_OR_RETURN(input.who.person, OptionalIdIn("persons", request.person(), "person"));
  ASSIGN_OR_RETURN(input.who.organization,
                   OptionalIdIn("organizations", request.organization(), "organization"));
  return input;
}

}  // namespace

void ActivityDoor::ServeLists(rpc::ServiceRoutes& routes) {
  routes.Unary("InviteAttendee", this, &ActivityDoor::InviteAttendee);
  routes.Unary("AnswerInvitation", this, &ActivityDoor::AnswerInvitation);
  routes.Unary("CheckInAttendee", this, &ActivityDoor::CheckInAttendee);
  routes.Unary("RetractAttendance", this, &ActivityDoor::RetractAttendance);
  routes.Unary("RecordAttendedDuration", this, &ActivityDoor::RecordDuration);
  routes.Unary("GetAttendance", this, &ActivityDoor::GetAttendance);
  routes.Unary("ListAttendances", this, &ActivityDoor::ListOf);
}

absl::StatusOr<v1::Attendance> ActivityDoor::Read(const Call& call, const base::Uuid& activity_id,
                                                  const base::Uuid& id) {
  ASSIGN_OR_RETURN(
      const auto view,
      rpc::ReadOne(database_, "attendance_get", AttendanceName(activity_id, id),
                   [&](db::Tx& tx) { return ReadAttendance(tx, call.scope(), activity_id, id); }));
  return ToWire(view);
}

absl::StatusOr<v1::Attendance> ActivityDoor::WriteEntry(Call& call,
                                                        const google::protobuf::Message& request,
                                                        ledger::Ledger::UseCase use_case) {
  ASSIGN_OR_RETURN(const ledger::Answer answer, call.Write(ledger_, request, use_case));
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(kPattern, answer.name, "name"));
  return Read(call, ids[0], ids[1]);
}

absl::StatusOr<v1::Attendance> ActivityDoor::InviteAttendee(
    Call& call, const v1::InviteAttendeeRequest& request) {
  ASSIGN_OR_RETURN(ListInput input, WhoIn(request));
  ASSIGN_OR_RETURN(input.attendance_id, ChosenId(request.attendance_id(), "attendance_id"));
  return WriteEntry(call, request, [&](UnitOfWork& work) { return Invite(work, input); });
}

absl::StatusOr<v1::Attendance> ActivityDoor::AnswerInvitation(
    Call& call, const v1::AnswerInvitationRequest& request) {
  ASSIGN_OR_RETURN(const AttendanceInput input, EntryIn(request));
  return WriteEntry(call, request,
                    [&](UnitOfWork& work) { return Answer(work, input, request.answer()); });
}

absl::StatusOr<v1::Attendance> ActivityDoor::CheckInAttendee(
    Call& call, const v1::CheckInAttendeeRequest& request) {
  ASSIGN_OR_RETURN(const ListInput input, WhoIn(request));
  return WriteEntry(call, request, [&](UnitOfWork& work) { return CheckIn(work, input); });
}

absl::StatusOr<v1::Attendance> ActivityDoor::RetractAttendance(
    Call& call, const v1::RetractAttendanceRequest& request) {
  ASSIGN_OR_RETURN(const AttendanceInput input, EntryIn(request));
  return WriteEntry(call, request,
                    [&](UnitOfWork& work) { return Retract(work, input, request.reason()); });
}

absl::StatusOr<v1::Attendance> ActivityDoor::RecordDuration(
    Call& call, const v1::RecordAttendedDurationRequest& request) {
  ASSIGN_OR_RETURN(const AttendanceInput input, EntryIn(request));
  return WriteEntry(call, request, [&](UnitOfWork& work) {
    return RecordAttendedDuration(work, input, request.attended_duration());
  });
}

absl::StatusOr<v1::Attendance> ActivityDoor::GetAttendance(
    Call& call, const v1::GetAttendanceRequest& request) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(kPattern, request.name(), "name"));
  return Read(call, ids[0], ids[1]);
}

absl::StatusOr<v1::ListAttendancesResponse> ActivityDoor::ListOf(
    Call& call, const v1::ListAttendancesRequest& request) {
  ASSIGN_OR_RETURN(filter::ListQuery query,
                   rpc::OpenList(call.scope(), request, AttendanceList(), page_key_));
  if (request.parent() != kAllActivities) {
    ASSIGN_OR_RETURN(const base::Uuid id, IdIn("activities", request.parent(), "parent"));
    query.Where("t.activity_id = {}::uuid", {id.ToString()});
  }
  ASSIGN_OR_RETURN(const auto person, OptionalIdIn("persons", request.of_person(), "of_person"));
  if (person) query.Where(kOfPerson, {person->ToString()});
  std::vector<AttendanceView> views;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("attendance_list", [&](db::Tx& tx) {
    next = casemgmt::ListAttendances(tx, query, &views);
    return absl::OkStatus();
  }));
  v1::ListAttendancesResponse response;
  for (const AttendanceView& view : views) *response.add_attendances() = ToWire(view);
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

}  // namespace ieum::casemgmt
