#include "services/casemgmt/appointments/appointment_service.h"

#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "platform/base/timestamp.h"
#include "platform/ledger/unit_of_work.h"
#include "platform/rpc/paging.h"
#include "platform/rpc/read_one.h"
#include "services/casemgmt/appointments/appointment_store.h"
#include "services/casemgmt/cases/case_reach_call.h"
#include "services/casemgmt/names.h"

namespace ieum::casemgmt {
namespace {

v1::Appointment ToWire(const AppointmentView& view) {
  const Appointment& appointment = view.appointment;
  v1::Appointment wire;
  wire.set_name(AppointmentName(appointment.id));
  wire.set_state(appointment.state);
  wire.set_person(NameIn("persons", appointment.person));
  *wire.mutable_start_time() = base::ToTimestamp(appointment.start);
  *wire.mutable_end_time() = base::ToTimestamp(appointment.end);
  wire.set_appointment_date(base::FormatDay(appointment.day()));
  wire.set_centre(NameIn("organizations", appointment.centre));
  wire.set_host(NameIn("persons", appointment.host));
  *wire.mutable_create_time() = base::ToTimestamp(appointment.create_time);
  *wire.mutable_update_time() = base::ToTimestamp(appointment.update_time);
  wire.set_etag(ledger::FormatEtag(view.version));
  return wire;
}

}  // namespace

void AppointmentDoor::Serve(rpc::Router& router) {
  rpc::ServiceRoutes routes = router.Service("ieum.casemgmt.v1.AppointmentService");
  routes.Unary("GetAppointment", this, &AppointmentDoor::Get);
  routes.Unary("ListAppointments", this, &AppointmentDoor::List);
}

absl::StatusOr<v1::Appointment> AppointmentDoor::Get(rpc::Call& call,
                                                     const v1::GetAppointmentRequest& request) {
  ASSIGN_OR_RETURN(const base::Uuid id, IdIn("appointments", request.name(), "name"));
  ASSIGN_OR_RETURN(const auto view,
                   rpc::ReadOne(database_, "appointment_get", AppointmentName(id), [&](db::Tx& tx) {
                     return ReadAppointment(tx, ReachOf(call), id);
                   }));
  return ToWire(view);
}

absl::StatusOr<v1::ListAppointmentsResponse> AppointmentDoor::List(
    rpc::Call& call, const v1::ListAppointmentsRequest& request) {
  ASSIGN_OR_RETURN(filter::ListQuery query,
                   rpc::OpenList(call.scope(), request, AppointmentList(), page_key_));
  WhereAppointmentReach(query, ReachOf(call));
  std::vector<AppointmentView> views;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("appointment_list", [&](db::Tx& tx) {
    next = ListAppointments(tx, query, &views);
    return absl::OkStatus();
  }));
  v1::ListAppointmentsResponse response;
  for (const AppointmentView& view : views) *response.add_appointments() = ToWire(view);
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

}  // namespace ieum::casemgmt
