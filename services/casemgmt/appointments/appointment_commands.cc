#include "services/casemgmt/appointments/appointment_commands.h"

#include "ieum/casemgmt/v1/events.pb.h"
#include "ieum/platform/v1/errors.pb.h"
#include "platform/base/chosen_centre.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "platform/base/timestamp.h"
#include "services/casemgmt/activities/attendance_store.h"
#include "services/casemgmt/appointments/appointment_store.h"

namespace ieum::casemgmt {
namespace {

v1::AppointmentFacts FactsOf(const Appointment& appointment) {
  v1::AppointmentFacts facts;
  facts.set_appointment_id(appointment.id.ToString());
  if (appointment.person) facts.set_person_id(appointment.person->ToString());
  facts.set_appointment_date(base::FormatDay(appointment.day()));
  *facts.mutable_start_time() = base::ToTimestamp(appointment.start);
  *facts.mutable_end_time() = base::ToTimestamp(appointment.end);
  facts.set_centre_id(base::CentreText(appointment.centre));
  if (appointment.host) facts.set_host_person_id(appointment.host->ToString());
  return facts;
}

template <class Event>
Event EventOf(const Appointment& appointment, absl::Time now) {
  Event event;
  *event.mutable_appointment() = FactsOf(appointment);
  event.set_event_date(base::FormatDay(base::KoreaDay(now)));
  return event;
}

void Append(ledger::UnitOfWork& work, const Appointment& appointment,
            const google::protobuf::Message& event) {
  work.Append(appointment.id, "appointment", AppointmentName(appointment.id), event);
}

// The appointment, if it is there and the step changes it.
std::optional<Appointment> Changed(ledger::UnitOfWork& work, const base::Uuid& id,
                                   AppointmentStep step) {
  auto appointment = FindAppointment(work.tx(), id);
  if (!appointment) return std::nullopt;
  const auto next = NextState(appointment->state, step);
  if (!next.ok()) return std::nullopt;
  appointment->state = *next;
  appointment->update_time = work.now();
  return appointment;
}

template <class Event>
void End(ledger::UnitOfWork& work, const base::Uuid& id, AppointmentStep step) {
  const auto appointment = Changed(work, id, step);
  if (!appointment) return;
  SaveAppointment(work.tx(), *appointment);
  Append(work, *appointment, EventOf<Event>(*appointment, work.now()));
}

}  // namespace

absl::Status BookAppointment(ledger::UnitOfWork& work, const AppointmentInput& input) {
  if (WasErased(work.tx(), input.person)) {
    return base::Forbidden(platform::v1::ERROR_REASON_PERSON_ERASED,
                           "the person's data were erased; nobody can be expected");
  }
  Appointment appointment;
  appointment.id = input.id;
  appointment.person = input.person;
  appointment.start = input.start;
  appointment.end = input.end;
  appointment.centre = input.centre;
  appointment.host = input.host;
  appointment.case_id = input.case_id;
  appointment.group = input.group;
  appointment.create_time = appointment.update_time = work.now();
  if (FindAppointment(work.tx(), input.id)) return absl::OkStatus();
  if (!InsertAppointment(work.tx(), appointment)) db::Conflict();
  Append(work, appointment, EventOf<v1::AppointmentBooked>(appointment, work.now()));
  return absl::OkStatus();
}

void MoveAppointment(ledger::UnitOfWork& work, const base::Uuid& id, absl::Time start,
                     absl::Time end, const std::optional<base::Uuid>& host) {
  const auto before = FindAppointment(work.tx(), id);
  auto appointment = Changed(work, id, AppointmentStep::kMove);
  if (!appointment) return;
  if (before->state == appointment->state && appointment->start == start &&
      appointment->end == end && appointment->host == host)
    return;
  const absl::CivilDay previous = appointment->day();
  appointment->start = start;
  appointment->end = end;
  appointment->host = host;
  SaveAppointment(work.tx(), *appointment);
  auto event = EventOf<v1::AppointmentMoved>(*appointment, work.now());
  event.set_previous_appointment_date(base::FormatDay(previous));
  Append(work, *appointment, event);
}

void GiveAppointment(ledger::UnitOfWork& work, const base::Uuid& id,
                     const std::optional<base::Uuid>& centre,
                     const std::optional<base::Uuid>& host) {
  auto appointment = FindAppointment(work.tx(), id);
  if (!appointment || appointment->state != v1::APPOINTMENT_STATE_BOOKED) return;
  appointment->centre = centre;
  appointment->host = host;
  appointment->update_time = work.now();
  SaveAppointment(work.tx(), *appointment);
  auto event = EventOf<v1::AppointmentMoved>(*appointment, work.now());
  event.set_previous_appointment_date(base::FormatDay(appointment->day()));
  Append(work, *appointment, event);
}

void CancelAppointment(ledger::UnitOfWork& work, const base::Uuid& id) {
  End<v1::AppointmentCancelled>(work, id, AppointmentStep::kCancel);
}

void KeepAppointment(ledger::UnitOfWork& work, const base::Uuid& id) {
  End<v1::AppointmentKept>(work, id, AppointmentStep::kKeep);
}

void MissAppointment(ledger::UnitOfWork& work, const base::Uuid& id) {
  End<v1::AppointmentMissed>(work, id, AppointmentStep::kMiss);
}

absl::Status ForgetAppointmentsOf(ledger::UnitOfWork& work, const base::Uuid& person) {
  for (const base::Uuid& id : AppointmentsOf(work.tx(), person)) {
    auto appointment = FindAppointment(work.tx(), id);
    if (!appointment) continue;
    appointment->person.reset();
    appointment->update_time = work.now();
    SaveAppointment(work.tx(), *appointment);
    Append(work, *appointment, EventOf<v1::AppointmentAnonymised>(*appointment, work.now()));
  }
  return absl::OkStatus();
}

}  // namespace ieum::casemgmt
