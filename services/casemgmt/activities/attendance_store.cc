#include "services/casemgmt/activities/attendance_store.h"

#include "absl/strings/str_cat.h"
#include "services/casemgmt/activities/training.h"

namespace ieum::casemgmt {
namespace {

constexpr char kColumns[] =
    "t.id, t.activity_id, t.person_id, t.organization_id, t.role, t.walk_in, t.answer, "
    "t.answered_at, t.checked_in_at, t.attended_date, t.anonymised, t.centre_id, t.created_at, "
    "t.updated_at, a.version, person_survivor(t.person_id), t.attended_duration, g.duration";
constexpr char kFrom[] =
    "attendance t JOIN aggregate a ON a.id = t.activity_id "
    "LEFT JOIN training g ON g.activity_id = t.activity_id";
constexpr int kVersionColumn = 14, kSurvivorColumn = 15, kTrainingColumn = 17;

Attendance AttendanceFrom(const db::Row& row) {
  Attendance attendance;
  attendance.id = db::AsUuid(row[0]);
  attendance.activity_id = db::AsUuid(row[1]);
  attendance.who.person = db::AsOptionalUuid(row[2]);
  attendance.who.organization = db::AsOptionalUuid(row[3]);
  attendance.role = static_cast<v1::AttendanceRole>(row[4].as<int>());
  attendance.walk_in = row[5].as<bool>();
  attendance.answer = static_cast<v1::InvitationAnswer>(row[6].as<int>());
  attendance.answer_time = db::AsOptionalTime(row[7]);
  attendance.check_in_time = db::AsOptionalTime(row[8]);
  attendance.attended_day = db::AsOptionalDay(row[9]);
  attendance.anonymised = row[10].as<bool>();
  attendance.centre = db::AsOptionalUuid(row[11]);
  attendance.create_time = db::AsTime(row[12]);
  attendance.update_time = db::AsTime(row[13]);
  attendance.attended_duration = row[16].as<int>();
  return attendance;
}

AttendanceView ViewFrom(const db::Row& row) {
  AttendanceView view{.attendance = AttendanceFrom(row),
                      .survivor = db::AsOptionalUuid(row[kSurvivorColumn]),
                      .version = row[kVersionColumn].as<int64_t>()};
  if (!row[kTrainingColumn].is_null()) {
    const Training training{.duration = row[kTrainingColumn].as<int>()};
    view.completed = CompletesTraining(training, view.attendance.attended_duration);
  }
  return view;
}

std::optional<Attendance> OneOf(const std::optional<db::Row>& row) {
  if (!row) return std::nullopt;
  return AttendanceFrom(*row);
}

std::vector<Attendance> AllOf(const db::Rows& rows) {
  std::vector<Attendance> all;
  for (const auto& row : rows) all.push_back(AttendanceFrom(row));
  return all;
}

}  // namespace

const std::string kFindSql = absl::StrCat("SELECT ", kColumns, " FROM ", kFrom,
                                          " WHERE t.activity_id = $1 AND t.id = $2"
                                          " AND ($3::boolean OR t.centre_id = ANY($4::uuid[]))");
const db::Statement kFind("attendance_find", kFindSql.c_str());

std::optional<Attendance> FindAttendance(db::Tx& tx, const base::Scope& scope,
                                         const base::Uuid& activity_id, const base::Uuid& id) {
  return OneOf(tx.ExecOptional(kFind, activity_id, id, scope.everywhere(), scope.AsArray()));
}

// Of two entries of a person whose records were merged, the one that came, then the older one.
const std::string kFindAttendeeSql =
    absl::StrCat("SELECT ", kColumns, " FROM ", kFrom,
                 " WHERE t.activity_id = $1 AND CASE WHEN $2::uuid IS NULL"
                 " THEN t.person_id IS NULL AND NOT t.anonymised AND t.organization_id = $3::uuid"
                 " ELSE t.person_id IN (SELECT person_ids($2::uuid)) END"
                 " AND ($4::boolean OR t.centre_id = ANY($5::uuid[]))"
                 " ORDER BY t.checked_in_at NULLS LAST, t.id LIMIT 1");
const db::Statement kFindAttendee("attendance_find_attendee", kFindAttendeeSql.c_str());

std::optional<Attendance> FindAttendee(db::Tx& tx, const base::Scope& scope,
                                       const base::Uuid& activity_id, const Attendee& who) {
  return OneOf(tx.ExecOptional(kFindAttendee, activity_id, who.person, who.organization,
                               scope.everywhere(), scope.AsArray()));
}

const db::Statement kInsert("attendance_insert", R"(
  INSERT INTO attendance (id, activity_id, person_id, organization_id, role, walk_in, answer,
                          checked_in_at, attended_date, centre_id, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)
  ON CONFLICT DO NOTHING)");

bool InsertAttendance(db::Tx& tx, const Attendance& t) {
  return tx.ExecCount(kInsert, t.id, t.activity_id, t.who.person, t.who.organization, t.role,
                      t.walk_in, t.answer, t.check_in_time, t.attended_day, t.centre,
                      t.create_time) == 1;
}

const db::Statement kSave("attendance_save", R"(
  UPDATE attendance
  SET person_id = $2, answer = $3, answered_at = $4, checked_in_at = $5, attended_date = $6,
      anonymised = $7, attended_duration = $8, updated_at = $9
  WHERE id = $1 AND ($10::boolean OR centre_id = ANY($11::uuid[])))");

void SaveAttendance(db::Tx& tx, const base::Scope& scope, const Attendance& t) {
  tx.Exec(kSave, t.id, t.who.person, t.answer, t.answer_time, t.check_in_time, t.attended_day,
          t.anonymised, t.attended_duration, t.update_time, scope.everywhere(), scope.AsArray());
}

const db::Statement kCount("attendance_count", R"(
  SELECT count(*), count(*) FILTER (WHERE t.answer = 1),
         count(*) FILTER (WHERE t.checked_in_at IS NOT NULL),
         count(DISTINCT coalesce(person_survivor(t.person_id), t.id))
           FILTER (WHERE t.checked_in_at IS NOT NULL AND (t.person_id IS NOT NULL OR t.anonymised)),
         count(DISTINCT t.organization_id) FILTER (WHERE t.checked_in_at IS NOT NULL)
  FROM attendance t
  WHERE t.activity_id = $1 AND ($2::boolean OR t.centre_id = ANY($3::uuid[])))");

ListCounts CountList(db::Tx& tx, const base::Scope& scope, const base::Uuid& activity_id) {
  const auto row = tx.Exec(kCount, activity_id, scope.everywhere(), scope.AsArray())[0];
  return {.listed = row[0].as<int>(),
          .yes = row[1].as<int>(),
          .attended = row[2].as<int>(),
          .persons = row[3].as<int>(),
          .organizations = row[4].as<int>()};
}

// Answer 2 is no.
const std::string kExpectedSql =
    absl::StrCat("SELECT ", kColumns, " FROM ", kFrom,
                 " WHERE t.activity_id = $1 AND t.answer <> 2 AND t.checked_in_at IS NULL"
                 " AND NOT t.walk_in AND NOT t.anonymised"
                 " AND ($2::boolean OR t.centre_id = ANY($3::uuid[])) ORDER BY t.id");
const db::Statement kExpected("attendance_expected", kExpectedSql.c_str());

std::vector<Attendance> ExpectedAt(db::Tx& tx, const base::Scope& scope,
                                   const base::Uuid& activity_id) {
  return AllOf(tx.Exec(kExpected, activity_id, scope.everywhere(), scope.AsArray()));
}

const db::Statement kMoveList("attendance_move_list", R"(
  UPDATE attendance SET centre_id = $2
  WHERE activity_id = $1 AND centre_id IS DISTINCT FROM $2
    AND ($3::boolean OR centre_id = ANY($4::uuid[])))");

void MoveList(db::Tx& tx, const base::Scope& scope, const base::Uuid& activity_id,
              const std::optional<base::Uuid>& centre) {
  tx.Exec(kMoveList, activity_id, centre, scope.everywhere(), scope.AsArray());
}

const std::string kEntriesSql =
    absl::StrCat("SELECT ", kColumns, " FROM ", kFrom, " WHERE t.person_id = $1 ORDER BY t.id");
const db::Statement kEntries("attendance_of_erased", kEntriesSql.c_str());

std::vector<Attendance> EntriesOf(db::Tx& tx, const base::Uuid& person) {
  return AllOf(tx.Exec(kEntries, person));
}

const db::Statement kErased("attendance_person_erased",
                            "SELECT 1 FROM person_erasure WHERE person_id = $1");

const db::Statement kHoldPerson(
    "attendance_hold_person",
    "SELECT pg_advisory_xact_lock_shared(hashtextextended('attendance/' || $1, 0))");
const db::Statement kTakePerson(
    "attendance_take_person",
    "SELECT pg_advisory_xact_lock(hashtextextended('attendance/' || $1, 0))");

bool WasErased(db::Tx& tx, const base::Uuid& person) {
  tx.Exec(kHoldPerson, person);
  return tx.ExecOptional(kErased, person).has_value();
}

void WaitForWriters(db::Tx& tx, const base::Uuid& person) { tx.Exec(kTakePerson, person); }

const db::Statement kKeepMerge("person_alias_merged", R"(
  INSERT INTO person_alias AS known (merge_id, survivor_id, duplicate_id, merged_shard, merged_pos)
  VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (merge_id) DO UPDATE
  SET merged_shard = EXCLUDED.merged_shard, merged_pos = EXCLUDED.merged_pos)");
const db::Statement kKeepUndone("person_alias_undone", R"(
  INSERT INTO person_alias AS known (merge_id, survivor_id, duplicate_id, undone_shard, undone_pos)
  VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (merge_id) DO UPDATE
  SET undone_shard = EXCLUDED.undone_shard, undone_pos = EXCLUDED.undone_pos)");
const db::Statement kForgetMerged("person_alias_forget_merged", R"(
  UPDATE person_alias SET merged_shard = NULL, merged_pos = NULL
  WHERE merged_shard = $1 AND merged_pos > $2)");
const db::Statement kForgetUndone("person_alias_forget_undone", R"(
  UPDATE person_alias SET undone_shard = NULL, undone_pos = NULL
  WHERE undone_shard = $1 AND undone_pos > $2)");

void KeepMerge(db::Tx& tx, const Merge& merge, const HeardAt& at) {
  tx.Exec(kKeepMerge, merge.id, merge.survivor, merge.duplicate, at.shard, at.position);
}

void KeepUndoneMerge(db::Tx& tx, const Merge& merge, const HeardAt& at) {
  tx.Exec(kKeepUndone, merge.id, merge.survivor, merge.duplicate, at.shard, at.position);
}

void ForgetMergesBehind(db::Tx& tx, const HeardAt& kept) {
  tx.Exec(kForgetMerged, kept.shard, kept.position);
  tx.Exec(kForgetUndone, kept.shard, kept.position);
}

std::optional<AttendanceView> ReadAttendance(db::Tx& tx, const base::Scope& scope,
                                             const base::Uuid& activity_id, const base::Uuid& id) {
  const auto row = tx.ExecOptional(kFind, activity_id, id, scope.everywhere(), scope.AsArray());
  if (!row) return std::nullopt;
  return ViewFrom(*row);
}

const filter::ListSpec& AttendanceList() {
  static const auto* spec = new filter::ListSpec{
      .columns = kColumns,
      .from = kFrom,
      .fields = {{"name", filter::Resource("t.id", "activities/{}/attendances/{}").NotNull()},
                 {"person", filter::Resource("t.person_id", "persons/{}")},
                 {"organization", filter::Resource("t.organization_id", "organizations/{}")},
                 {"role", filter::Enum<v1::AttendanceRole>("t.role").NotNull()},
                 {"walk_in", filter::Bool("t.walk_in").NotNull()},
                 {"answer", filter::Enum<v1::InvitationAnswer>("t.answer").NotNull()},
                 {"check_in_time", filter::Timestamp("t.checked_in_at")},
                 {"create_time", filter::Timestamp("t.created_at").NotNull()}},
      .key = "name",
      .centres = {"t.centre_id"}};
  return *spec;
}

filter::Cursor ListAttendances(db::Tx& tx, const filter::ListQuery& query,
                               std::vector<AttendanceView>* views) {
  views->clear();
  return query.Read(tx, [&](const db::Row& row) { views->push_back(ViewFrom(row)); });
}

}  // namespace ieum::casemgmt
