// The rows of appointments.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/casemgmt/appointments/appointment.h"
#include "services/casemgmt/cases/case_reach.h"

namespace ieum::casemgmt {

std::optional<Appointment> FindAppointment(db::Tx& tx, const base::Uuid& id);
// False when the id is taken.
bool InsertAppointment(db::Tx& tx, const Appointment& appointment);
// Everything that can change.
void SaveAppointment(db::Tx& tx, const Appointment& appointment);
// An appointment as it is shown.
struct AppointmentView {
  Appointment appointment;
  int64_t version = 0;
};
std::optional<AppointmentView> ReadAppointment(db::Tx& tx, const Reach& reach,
                                               const base::Uuid& id);

const filter::ListSpec& AppointmentList();
// Those of a centre whose every case is seen, of one's own cases, and of groups that one leads.
void WhereAppointmentReach(filter::ListQuery& query, const Reach& reach);
filter::Cursor ListAppointments(db::Tx& tx, const filter::ListQuery& query,
                                std::vector<AppointmentView>* views);

// Those that name exactly this id of a person, in order of their ids.
std::vector<base::Uuid> AppointmentsOf(db::Tx& tx, const base::Uuid& person);

}  // namespace ieum::casemgmt
