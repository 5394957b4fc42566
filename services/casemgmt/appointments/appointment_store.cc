#include "services/casemgmt/appointments/appointment_store.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/substitute.h"

namespace ieum::casemgmt {

namespace {

constexpr char kColumns[] =
    "p.id, p.state, p.person_id, p.start_time, p.end_time, p.centre_id, p.host_id, p.created_at, "
    "p.updated_at, p.case_id, p.group_id";
constexpr char kVersion[] = ", a.version";
constexpr char kFrom[] =
    "appointment p JOIN aggregate a ON a.id = p.id LEFT JOIN casefile c ON c.id = p.case_id "
    "LEFT JOIN peer_group g ON g.id = p.group_id";
constexpr int kVersionColumn = 11;
// Of who sees what it is for. $0 to $4 are the parameters of WithReach.
constexpr char kReached[] =
    "(($0::boolean OR p.centre_id = ANY($1::uuid[])) OR ($2::uuid IN (c.manager_subject, "
    "g.coach_subject, g.maker_subject) AND ($3::boolean OR p.centre_id = ANY($4::uuid[]))))";

Appointment AppointmentFrom(const db::Row& row) {
  Appointment appointment;
  appointment.id = db::AsUuid(row[0]);
  appointment.state = static_cast<v1::AppointmentState>(row[1].as<int>());
  appointment.person = db::AsOptionalUuid(row[2]);
  appointment.start = db::AsTime(row[3]);
  appointment.end = db::AsTime(row[4]);
  appointment.centre = db::AsOptionalUuid(row[5]);
  appointment.host = db::AsOptionalUuid(row[6]);
  appointment.create_time = db::AsTime(row[7]);
  appointment.update_time = db::AsTime(row[8]);
  appointment.case_id = db::AsOptionalUuid(row[9]);
  appointment.group = db::AsOptionalUuid(row[10]);
  return appointment;
}

AppointmentView ViewFrom(const db::Row& row) {
  return {.appointment = AppointmentFrom(row), .version = row[kVersionColumn].as<int64_t>()};
}

}  // namespace

const std::string kFindSql =
    absl::StrCat("SELECT ", kColumns, " FROM appointment p WHERE p.id = $1");
const db::Statement kFind("appointment_find", kFindSql.c_str());

std::optional<Appointment> FindAppointment(db::Tx& tx, const base::Uuid& id) {
  const auto row = tx.ExecOptional(kFind, id);
  if (!row) return std::nullopt;
  return AppointmentFrom(*row);
}

const std::string kReadSql =
    absl::StrCat("SELECT ", kColumns, kVersion, " FROM ", kFrom, " WHERE p.id = $1 AND ",
                 absl::Substitute(kReached, "$2", "$3", "$4", "$5", "$6"));
const db::Statement kRead("appointment_read", kReadSql.c_str());

std::optional<AppointmentView> ReadAppointment(db::Tx& tx, const Reach& reach,
                                               const base::Uuid& id) {
  const auto rows = tx.Run(kRead, WithReach({id}, reach));
  if (rows.empty()) return std::nullopt;
  return ViewFrom(rows[0]);
}

const filter::ListSpec& AppointmentList() {
  static const auto* spec = new filter::ListSpec{
      .columns = absl::StrCat(kColumns, kVersion),
      .from = kFrom,
      .fields = {{"name", filter::Resource("p.id", "appointments/{}").NotNull()},
                 {"state", filter::Enum<v1::AppointmentState>("p.state").NotNull()},
                 {"person", filter::Resource("p.person_id", "persons/{}")},
                 {"host", filter::Resource("p.host_id", "persons/{}")},
                 {"appointment_date", filter::Date("p.appointment_date").NotNull()},
                 {"start_time", filter::Timestamp("p.start_time").NotNull()}},
      .key = "name",
      .centres = {"p.centre_id"}};
  return *spec;
}

void WhereAppointmentReach(filter::ListQuery& query, const Reach& reach) {
  // Of who sees all that the list holds nothing more is asked, and an index pages it.
  if (reach.team == reach.own_in) return;
  const auto boolean = [](bool value) { return std::string(value ? "t" : "f"); };
  query.Where(absl::Substitute(kReached, "{}", "{}", "{}", "{}", "{}"),
              {boolean(reach.team.everywhere()), reach.team.AsArray(), reach.subject.ToString(),
               boolean(reach.own_in.everywhere()), reach.own_in.AsArray()});
}

filter::Cursor ListAppointments(db::Tx& tx, const filter::ListQuery& query,
                                std::vector<AppointmentView>* views) {
  views->clear();
  return query.Read(tx, [&](const db::Row& row) { views->push_back(ViewFrom(row)); });
}

const db::Statement kInsert("appointment_insert", R"(
  INSERT INTO appointment (id, state, person_id, start_time, end_time, appointment_date, centre_id,
                           host_id, created_at, updated_at, case_id, group_id)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10, $11)
  ON CONFLICT (id) DO NOTHING)");

bool InsertAppointment(db::Tx& tx, const Appointment& appointment) {
  return tx.ExecOne(kInsert, appointment.id, appointment.state, appointment.person,
                    appointment.start, appointment.end, appointment.day(), appointment.centre,
                    appointment.host, appointment.create_time, appointment.case_id,
                    appointment.group);
}

const db::Statement kSave("appointment_save", R"(
  UPDATE appointment
  SET state = $2, person_id = $3, start_time = $4, end_time = $5, appointment_date = $6,
      host_id = $7, updated_at = $8, centre_id = $9
  WHERE id = $1)");

void SaveAppointment(db::Tx& tx, const Appointment& appointment) {
  tx.ExecLater(kSave, appointment.id, appointment.state, appointment.person, appointment.start,
               appointment.end, appointment.day(), appointment.host, appointment.update_time,
               appointment.centre);
}

const db::Statement kOfPerson("appointment_of_person",
                              "SELECT id FROM appointment WHERE person_id = $1 ORDER BY id");

std::vector<base::Uuid> AppointmentsOf(db::Tx& tx, const base::Uuid& person) {
  std::vector<base::Uuid> ids;
  for (const auto& row : tx.Exec(kOfPerson, person)) ids.push_back(db::AsUuid(row[0]));
  return ids;
}

}  // namespace ieum::casemgmt
