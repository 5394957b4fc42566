#include "services/casemgmt/appointments/appointment_store.h"

namespace ieum::casemgmt {

const db::Statement kFind("appointment_find", R"(
  SELECT id, state, person_id, start_time, end_time, centre_id, host_id, created_at, updated_at
  FROM appointment WHERE id = $1)");

std::optional<Appointment> FindAppointment(db::Tx& tx, const base::Uuid& id) {
  const auto row = tx.ExecOptional(kFind, id);
  if (!row) return std::nullopt;
  Appointment appointment;
  appointment.id = db::AsUuid((*row)[0]);
  appointment.state = static_cast<v1::AppointmentState>((*row)[1].as<int>());
  appointment.person = db::AsOptionalUuid((*row)[2]);
  appointment.start = db::AsTime((*row)[3]);
  appointment.end = db::AsTime((*row)[4]);
  appointment.centre = db::AsOptionalUuid((*row)[5]);
  appointment.host = db::AsOptionalUuid((*row)[6]);
  appointment.create_time = db::AsTime((*row)[7]);
  appointment.update_time = db::AsTime((*row)[8]);
  return appointment;
}

const db::Statement kInsert("appointment_insert", R"(
  INSERT INTO appointment (id, state, person_id, start_time, end_time, appointment_date, centre_id,
                           host_id, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
  ON CONFLICT (id) DO NOTHING)");

bool InsertAppointment(db::Tx& tx, const Appointment& appointment) {
  return tx.ExecOne(kInsert, appointment.id, appointment.state, appointment.person,
                    appointment.start, appointment.end, appointment.day(), appointment.centre,
                    appointment.host, appointment.create_time);
}

const db::Statement kSave("appointment_save", R"(
  UPDATE appointment
  SET state = $2, person_id = $3, start_time = $4, end_time = $5, appointment_date = $6,
      host_id = $7, updated_at = $8
  WHERE id = $1)");

void SaveAppointment(db::Tx& tx, const Appointment& appointment) {
  tx.ExecLater(kSave, appointment.id, appointment.state, appointment.person, appointment.start,
               appointment.end, appointment.day(), appointment.host, appointment.update_time);
}

const db::Statement kOfPerson("appointment_of_person",
                              "SELECT id FROM appointment WHERE person_id = $1 ORDER BY id");

std::vector<base::Uuid> AppointmentsOf(db::Tx& tx, const base::Uuid& person) {
  std::vector<base::Uuid> ids;
  for (const auto& row : tx.Exec(kOfPerson, person)) ids.push_back(db::AsUuid(row[0]));
  return ids;
}

}  // namespace ieum::casemgmt
