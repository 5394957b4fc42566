// The rows of appointments.
#pragma once

#include <optional>
#include <vector>

#include "platform/db/tx.h"
#include "services/casemgmt/appointments/appointment.h"

namespace ieum::casemgmt {

std::optional<Appointment> FindAppointment(db::Tx& tx, const base::Uuid& id);
// False when the id is taken.
bool InsertAppointment(db::Tx& tx, const Appointment& appointment);
// Everything that can change.
void SaveAppointment(db::Tx& tx, const Appointment& appointment);
// Those that name exactly this id of a person, in order of their ids.
std::vector<base::Uuid> AppointmentsOf(db::Tx& tx, const base::Uuid& person);

}  // namespace ieum::casemgmt
