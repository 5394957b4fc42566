#include "services/casemgmt/groups/group_session_store.h"

#include "absl/strings/str_cat.h"

namespace ieum::casemgmt {
namespace {

constexpr char kOwnColumns[] =
    "s.id, s.group_id, s.number, s.state, s.start_time, s.end_time, s.place, s.cancel_reason, "
    "s.log_revision, s.created_at, s.updated_at, coalesce(s.appointment_seed, s.id)";
// PRESENT 1, EXCUSED 2, UNEXCUSED 3.
constexpr char kColumns[] =
    "s.id, s.group_id, s.number, s.state, s.start_time, s.end_time, s.place, s.cancel_reason, "
    "s.log_revision, s.created_at, s.updated_at, coalesce(s.appointment_seed, s.id), a.version, "
    "(SELECT count(*) FROM group_attendance t WHERE t.session_id = s.id AND t.state = 1), "
    "(SELECT count(*) FROM group_attendance t WHERE t.session_id = s.id AND t.state IN (2, 3))";
constexpr char kFrom[] =
    "group_session s JOIN peer_group g ON g.id = s.group_id JOIN aggregate a ON a.id = s.group_id";
constexpr int kVersionColumn = 12, kPresentColumn = 13, kAbsentColumn = 14;

// Parameters of WithReach behind the first one, and the group behind those.
constexpr char kReachedInGroup[] =
    " AND (($2::boolean OR g.centre_id = ANY($3::uuid[]))"
    " OR ($4::uuid IN (g.coach_subject, g.maker_subject)"
    " AND ($5::boolean OR g.centre_id = ANY($6::uuid[])))) AND g.id = $7";

GroupSession SessionFrom(const db::Row& row) {
  GroupSession session;
  session.id = db::AsUuid(row[0]);
  session.group_id = db::AsUuid(row[1]);
  session.number = row[2].as<int>();
  session.state = static_cast<v1::GroupSessionState>(row[3].as<int>());
  session.start = db::AsTime(row[4]);
  session.end = db::AsTime(row[5]);
  session.place = db::AsText(row[6]);
  session.cancel_reason = static_cast<v1::GroupSessionCancelReason>(row[7].as<int>());
  session.log_revision = row[8].as<int>();
  session.create_time = db::AsTime(row[9]);
  session.update_time = db::AsTime(row[10]);
  session.appointment_seed = db::AsUuid(row[11]);
  return session;
}

GroupSessionView ViewFrom(const db::Row& row) {
  return {.session = SessionFrom(row),
          .present = row[kPresentColumn].as<int>(),
          .absent = row[kAbsentColumn].as<int>(),
          .version = row[kVersionColumn].as<int64_t>()};
}

}  // namespace

const std::string kFindSql = absl::StrCat(
    "SELECT ", kOwnColumns, " FROM group_session s WHERE s.group_id = $1 AND s.id = $2");
const db::Statement kFind("group_session_find", kFindSql.c_str());

std::optional<GroupSession> FindGroupSession(db::Tx& tx, const base::Uuid& group_id,
                                             const base::Uuid& id) {
  const auto row = tx.ExecOptional(kFind, group_id, id);
  if (!row) return std::nullopt;
  return SessionFrom(*row);
}

const std::string kAllSql =
    absl::StrCat("SELECT ", kOwnColumns,
                 " FROM group_session s WHERE s.group_id = $1 ORDER BY s.start_time, s.number");
const db::Statement kAll("group_session_all", kAllSql.c_str());

std::vector<GroupSession> GroupSessionsOf(db::Tx& tx, const base::Uuid& group_id) {
  std::vector<GroupSession> sessions;
  for (const auto& row : tx.Exec(kAll, group_id)) sessions.push_back(SessionFrom(row));
  return sessions;
}

const db::Statement kInsert("group_session_insert", R"(
  INSERT INTO group_session
    (id, group_id, number, state, start_time, end_time, session_date, place, cancel_reason,
     log_revision, created_at, updated_at, appointment_seed)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, $9, $9, $10)
  ON CONFLICT DO NOTHING)");

bool InsertGroupSession(db::Tx& tx, const GroupSession& s) {
  return tx.ExecCount(kInsert, s.id, s.group_id, s.number, s.state, s.start, s.end, s.day(),
                      s.place, s.create_time, s.appointment_seed) == 1;
}

const db::Statement kSave("group_session_save", R"(
  UPDATE group_session
  SET state = $2, start_time = $3, end_time = $4, session_date = $5, cancel_reason = $6,
      log_revision = $7, updated_at = $8
  WHERE id = $1)");

void SaveGroupSession(db::Tx& tx, const GroupSession& s) {
  tx.ExecLater(kSave, s.id, s.state, s.start, s.end, s.day(), s.cancel_reason, s.log_revision,
               s.update_time);
}

namespace {

constexpr char kAttendanceColumns[] =
    "t.id, t.group_id, t.session_id, t.member_id, t.state, t.revision, t.record_id, t.recorded_at";
constexpr char kAttendanceViewColumns[] =
    "t.id, t.group_id, t.session_id, t.member_id, t.state, t.revision, t.record_id, t.recorded_at, "
    "m.person_id, s.session_date, a.version";
constexpr char kAttendanceFrom[] =
    "group_attendance t JOIN peer_group g ON g.id = t.group_id "
    "JOIN group_member m ON m.id = t.member_id JOIN group_session s ON s.id = t.session_id "
    "JOIN aggregate a ON a.id = t.group_id";

GroupAttendance AttendanceFrom(const db::Row& row) {
  GroupAttendance attendance;
  attendance.id = db::AsUuid(row[0]);
  attendance.group_id = db::AsUuid(row[1]);
  attendance.session_id = db::AsUuid(row[2]);
  attendance.member_id = db::AsUuid(row[3]);
  attendance.state = static_cast<v1::GroupAttendanceState>(row[4].as<int>());
  attendance.revision = row[5].as<int>();
  attendance.record_id = db::AsUuid(row[6]);
  attendance.record_time = db::AsTime(row[7]);
  return attendance;
}

GroupAttendanceView AttendanceViewFrom(const db::Row& row) {
  return {.attendance = AttendanceFrom(row),
          .person = db::AsOptionalUuid(row[8]),
          .session_day = db::AsDay(row[9]),
          .version = row[10].as<int64_t>()};
}

}  // namespace

const std::string kAttendancesSql =
    absl::StrCat("SELECT ", kAttendanceColumns,
                 " FROM group_attendance t WHERE t.session_id = $1 ORDER BY t.member_id");
const db::Statement kAttendances("group_attendance_of_session", kAttendancesSql.c_str());

std::vector<GroupAttendance> GroupAttendancesOf(db::Tx& tx, const base::Uuid& session_id) {
  std::vector<GroupAttendance> all;
  for (const auto& row : tx.Exec(kAttendances, session_id)) all.push_back(AttendanceFrom(row));
  return all;
}

const db::Statement kSaveAttendance("group_attendance_save", R"(
  INSERT INTO group_attendance AS known
    (id, group_id, session_id, member_id, state, revision, record_id, recorded_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
  ON CONFLICT (session_id, member_id) DO UPDATE
  SET state = EXCLUDED.state, revision = EXCLUDED.revision, record_id = EXCLUDED.record_id,
      recorded_at = EXCLUDED.recorded_at)");
const db::Statement kKeepRecord("group_attendance_keep", R"(
  INSERT INTO group_attendance_record (id, attendance_id, revision, state, recorded_at)
  VALUES ($1, $2, $3, $4, $5))");

void SaveGroupAttendance(db::Tx& tx, const GroupAttendance& t) {
  tx.ExecLater(kSaveAttendance, t.id, t.group_id, t.session_id, t.member_id, t.state, t.revision,
               t.record_id, t.record_time);
  tx.ExecLater(kKeepRecord, t.record_id, t.id, t.revision, t.state, t.record_time);
}

const std::string kReadSql =
    absl::StrCat("SELECT ", kColumns, " FROM ", kFrom, " WHERE s.id = $1", kReachedInGroup);
const db::Statement kRead("group_session_read", kReadSql.c_str());

std::optional<GroupSessionView> ReadGroupSession(db::Tx& tx, const Reach& reach,
                                                 const base::Uuid& group_id, const base::Uuid& id) {
  std::vector<db::Param> params = WithReach({id}, reach);
  params.emplace_back(group_id);
  const auto rows = tx.Run(kRead, params);
  if (rows.empty()) return std::nullopt;
  return ViewFrom(rows[0]);
}

const filter::ListSpec& GroupSessionList() {
  static const auto* spec = new filter::ListSpec{
      .columns = kColumns,
      .from = kFrom,
      .fields = {{"name", filter::Resource("s.id", "groups/{}/sessions/{}").NotNull()},
                 {"number", filter::Int("s.number").NotNull()},
                 {"state", filter::Enum<v1::GroupSessionState>("s.state").NotNull()},
                 {"start_time", filter::Timestamp("s.start_time").NotNull()},
                 {"session_date", filter::Date("s.session_date").NotNull()},
                 {"create_time", filter::Timestamp("s.created_at").NotNull()}},
      .key = "name",
      .centres = {"g.centre_id"}};
  return *spec;
}

filter::Cursor ListGroupSessions(db::Tx& tx, const filter::ListQuery& query,
                                 std::vector<GroupSessionView>* views) {
  views->clear();
  return query.Read(tx, [&](const db::Row& row) { views->push_back(ViewFrom(row)); });
}

const std::string kReadAttendanceSql =
    absl::StrCat("SELECT ", kAttendanceViewColumns, " FROM ", kAttendanceFrom, " WHERE t.id = $1",
                 kReachedInGroup);
const db::Statement kReadAttendance("group_attendance_read", kReadAttendanceSql.c_str());

std::optional<GroupAttendanceView> ReadGroupAttendance(db::Tx& tx, const Reach& reach,
                                                       const base::Uuid& group_id,
                                                       const base::Uuid& id) {
  std::vector<db::Param> params = WithReach({id}, reach);
  params.emplace_back(group_id);
  const auto rows = tx.Run(kReadAttendance, params);
  if (rows.empty()) return std::nullopt;
  return AttendanceViewFrom(rows[0]);
}

const filter::ListSpec& GroupAttendanceList() {
  static const auto* spec = new filter::ListSpec{
      .columns = kAttendanceViewColumns,
      .from = kAttendanceFrom,
      .fields = {{"name", filter::Resource("t.id", "groups/{}/attendances/{}").NotNull()},
                 {"session", filter::Resource("t.session_id", "groups/{}/sessions/{}").NotNull()},
                 {"member", filter::Resource("t.member_id", "groups/{}/members/{}").NotNull()},
                 {"state", filter::Enum<v1::GroupAttendanceState>("t.state").NotNull()},
                 {"session_date", filter::Date("s.session_date").NotNull()}},
      .key = "name",
      .centres = {"g.centre_id"}};
  return *spec;
}

filter::Cursor ListGroupAttendances(db::Tx& tx, const filter::ListQuery& query,
                                    std::vector<GroupAttendanceView>* views) {
  views->clear();
  return query.Read(tx, [&](const db::Row& row) { views->push_back(AttendanceViewFrom(row)); });
}

}  // namespace ieum::casemgmt
