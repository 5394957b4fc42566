#include "services/casemgmt/activities/activity_store.h"

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"

namespace ieum::casemgmt {
namespace {

constexpr char kColumns[] =
    "y.id, y.parent_id, y.kind, y.state, y.programme, y.edition, y.line_code, y.activity_key, "
    "y.task, y.start_date, y.end_date, y.label, y.label_en, y.place, y.capacity, y.manager_id, "
    "y.centre_id, y.plan_version, y.plan_start_date, y.plan_end_date, y.date_by_hand, "
    "y.manager_by_hand, y.cancel_reason, y.held_date, y.headcount_revision, y.minutes_revision, "
    "y.created_at, y.updated_at, a.version, g.engagement_id, g.organization_id, g.duration, "
    "g.result_id, g.attendee_count, g.completer_count";
constexpr char kFrom[] =
    "activity y JOIN aggregate a ON a.id = y.id LEFT JOIN training g ON g.activity_id = y.id";
constexpr int kVersionColumn = 28;

template <class E>
E AsEnum(const pqxx::field& field) {
  return static_cast<E>(field.as<int>());
}

void ReadPlan(const db::Row& row, Activity* activity) {
  if (row[17].is_null()) return;
  activity->plan = PlanLink{
      .version = row[17].as<int64_t>(), .start = db::AsDay(row[18]), .end = db::AsDay(row[19])};
}

void ReadTraining(const db::Row& row, Activity* activity) {
  if (row[29].is_null()) return;
  activity->training =
      Training{.engagement = db::AsUuid(row[29]),
               .organization = db::AsUuid(row[30]),
               .duration = row[31].as<int>(),
               .result = db::AsOptionalUuid(row[32]),
               .counts = {.attendees = row[33].as<int>(), .completers = row[34].as<int>()}};
}

Activity ActivityFrom(const db::Row& row) {
  Activity activity;
  activity.id = db::AsUuid(row[0]);
  activity.parent = db::AsOptionalUuid(row[1]);
  activity.kind = AsEnum<v1::ActivityKind>(row[2]);
  activity.state = AsEnum<v1::ActivityState>(row[3]);
  activity.programme = db::AsText(row[4]);
  activity.edition = db::AsText(row[5]);
  activity.line_code = db::AsText(row[6]);
  activity.key = db::AsText(row[7]);
  activity.task = AsEnum<registry::v1::TaskKind>(row[8]);
  activity.start = db::AsDay(row[9]);
  activity.end = db::AsDay(row[10]);
  activity.label = db::AsText(row[11]);
  activity.label_en = db::AsText(row[12]);
  activity.place = db::AsText(row[13]);
  activity.capacity = row[14].as<int>();
  activity.manager = db::AsOptionalUuid(row[15]);
  activity.centre = db::AsOptionalUuid(row[16]);
  ReadPlan(row, &activity);
  activity.date_by_hand = row[20].as<bool>();
  activity.manager_by_hand = row[21].as<bool>();
  activity.cancel_reason = AsEnum<v1::ActivityCancelReason>(row[22]);
  activity.held_day = db::AsOptionalDay(row[23]);
  activity.headcount_revision = row[24].as<int>();
  activity.minutes_revision = row[25].as<int>();
  activity.create_time = db::AsTime(row[26]);
  activity.update_time = db::AsTime(row[27]);
  ReadTraining(row, &activity);
  return activity;
}

ActivityView ViewFrom(const db::Row& row) {
  ActivityView view;
  view.activity = ActivityFrom(row);
  view.version = row[kVersionColumn].as<int64_t>();
  return view;
}

Minutes MinutesFrom(const db::Row& row) {
  return {.activity_id = db::AsUuid(row[0]),
          .revision = row[1].as<int>(),
          .text = db::AsText(row[2]),
          .published_day = db::AsDay(row[3]),
          .record_time = db::AsTime(row[4])};
}

}  // namespace

const std::string kFindSql =
    absl::StrCat("SELECT ", kColumns, " FROM ", kFrom,
                 " WHERE y.id = $1 AND ($2::boolean OR y.centre_id = ANY($3::uuid[]))");
const db::Statement kFind("activity_find", kFindSql.c_str());

std::optional<Activity> FindActivity(db::Tx& tx, const base::Scope& scope, const base::Uuid& id) {
  const auto row = tx.ExecOptional(kFind, id, scope.everywhere(), scope.AsArray());
  if (!row) return std::nullopt;
  return ActivityFrom(*row);
}

const db::Statement kInsert("activity_insert", R"(
  INSERT INTO activity
    (id, parent_id, kind, state, programme, edition, line_code, activity_key, task, start_date,
     end_date, label, label_en, place, capacity, manager_id, centre_id, plan_version,
     plan_start_date, plan_end_date, date_by_hand, manager_by_hand, cancel_reason, created_at,
     updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
          $20, $21, $22, $23, $24, $24)
  ON CONFLICT DO NOTHING)");

namespace {

// What follows the plan, as parameters: its version and days.
void AddPlan(const std::optional<PlanLink>& plan, std::vector<db::Param>* values) {
  if (plan) {
    values->insert(values->end(), {plan->version, plan->start, plan->end});
  } else {
    const db::Param null(std::nullopt);
    values->insert(values->end(), {null, null, null});
  }
}

}  // namespace

bool InsertActivity(db::Tx& tx, const Activity& y) {
  std::vector<db::Param> values = {
      y.id,    y.parent, y.kind,  y.state,    y.programme, y.edition,  y.line_code, y.key,   y.task,
      y.start, y.end,    y.label, y.label_en, y.place,     y.capacity, y.manager,   y.centre};
  AddPlan(y.plan, &values);
  values.insert(values.end(), {y.date_by_hand, y.manager_by_hand, y.cancel_reason, y.create_time});
  return tx.Run(kInsert, values).affected_rows() == 1;
}

const db::Statement kSave("activity_save", R"(
  UPDATE activity
  SET kind = $2, state = $3, programme = $4, edition = $5, line_code = $6, activity_key = $7,
      task = $8, start_date = $9, end_date = $10, label = $11, label_en = $12, place = $13,
      capacity = $14, manager_id = $15, centre_id = $16, plan_version = $17, plan_start_date = $18,
      plan_end_date = $19, date_by_hand = $20, manager_by_hand = $21, cancel_reason = $22,
      held_date = $23, headcount_revision = $24, minutes_revision = $25, updated_at = $26
  WHERE id = $1 AND ($27::boolean OR centre_id = ANY($28::uuid[])))");

void SaveActivity(db::Tx& tx, const base::Scope& scope, const Activity& y) {
  std::vector<db::Param> values = {
      y.id,    y.kind, y.state, y.programme, y.edition, y.line_code, y.key,     y.task,
      y.start, y.end,  y.label, y.label_en,  y.place,   y.capacity,  y.manager, y.centre};
  AddPlan(y.plan, &values);
  values.insert(values.end(), {y.date_by_hand, y.manager_by_hand, y.cancel_reason, y.held_day,
                               y.headcount_revision, y.minutes_revision, y.update_time,
                               scope.everywhere(), scope.AsArray()});
  tx.Run(kSave, values);
}

// PLANNED, OPEN_FOR_RSVP, CONFIRMED, POSTPONED.
const db::Statement kOpenParts("activity_open_parts", R"(
  SELECT id FROM activity
  WHERE parent_id = $1 AND state IN (1, 2, 3, 6)
    AND ($2::boolean OR centre_id = ANY($3::uuid[]))
  ORDER BY id)");

std::vector<base::Uuid> OpenParts(db::Tx& tx, const base::Scope& scope, const base::Uuid& id) {
  std::vector<base::Uuid> parts;
  for (const auto& row : tx.Exec(kOpenParts, id, scope.everywhere(), scope.AsArray())) {
    parts.push_back(db::AsUuid(row[0]));
  }
  return parts;
}

const db::Statement kInsertHeadcounts("headcount_insert", R"(
  INSERT INTO headcount (activity_id, revision, kind, count, recorded_at)
  SELECT $1, $2, kind, count, $5::timestamptz
  FROM unnest($3::smallint[], $4::int[]) AS counted (kind, count))");

void InsertHeadcounts(db::Tx& tx, const base::Uuid& activity_id, int revision,
                      const std::vector<Headcount>& counts, absl::Time recorded) {
  std::vector<db::Param> kinds, numbers;
  for (const Headcount& each : counts) {
    kinds.emplace_back(each.kind);
    numbers.emplace_back(each.count);
  }
  tx.Exec(kInsertHeadcounts, activity_id, revision, db::Array(kinds), db::Array(numbers), recorded);
}

const db::Statement kHeadcounts("headcount_newest", R"(
  SELECT h.activity_id, h.kind, h.count
  FROM activity y JOIN headcount h ON h.activity_id = y.id AND h.revision = y.headcount_revision
  WHERE y.id = ANY($1::uuid[]) AND ($2::boolean OR y.centre_id = ANY($3::uuid[]))
  ORDER BY h.activity_id, h.kind)");

std::vector<Headcount> HeadcountsOf(db::Tx& tx, const Activity& activity) {
  const base::Scope everywhere = base::Scope::Everywhere();
  std::vector<Headcount> counts;
  for (const auto& row : tx.Exec(kHeadcounts, db::ArrayOf(std::vector<base::Uuid>{activity.id}),
                                 everywhere.everywhere(), everywhere.AsArray())) {
    counts.push_back({AsEnum<v1::HeadcountKind>(row[1]), row[2].as<int>()});
  }
  return counts;
}

const db::Statement kInsertMinutes("activity_minutes_insert", R"(
  INSERT INTO activity_minutes (activity_id, revision, minutes, published_date, recorded_at)
  VALUES ($1, $2, $3, $4, $5))");

void InsertMinutes(db::Tx& tx, const Minutes& minutes) {
  tx.Exec(kInsertMinutes, minutes.activity_id, minutes.revision, minutes.text,
          minutes.published_day, minutes.record_time);
}

constexpr char kMinutesColumns[] =
    "m.activity_id, m.revision, m.minutes, m.published_date, m.recorded_at";
constexpr char kMinutesFrom[] = "activity_minutes m JOIN activity y ON y.id = m.activity_id";
const std::string kFindMinutesSql =
    absl::StrCat("SELECT ", kMinutesColumns, " FROM ", kMinutesFrom,
                 " WHERE m.activity_id = $1 AND m.revision = $2"
                 " AND ($3::boolean OR y.centre_id = ANY($4::uuid[]))");
const db::Statement kFindMinutes("activity_minutes_find", kFindMinutesSql.c_str());

std::optional<Minutes> ReadMinutes(db::Tx& tx, const base::Scope& scope,
                                   const base::Uuid& activity_id, int revision) {
  const auto row =
      tx.ExecOptional(kFindMinutes, activity_id, revision, scope.everywhere(), scope.AsArray());
  if (!row) return std::nullopt;
  return MinutesFrom(*row);
}

const db::Statement kForgetPlanVersions("activity_forget_plan_versions", R"(
  UPDATE activity SET plan_version = 0 WHERE plan_version IS NOT NULL)");

void ForgetPlanVersions(db::Tx& tx) { tx.Exec(kForgetPlanVersions); }

namespace {

// A person whose records were merged is one; whoever was erased is one for each entry of hers.
const db::Statement kCounts("attendance_counts_of", R"(
  SELECT t.activity_id, count(*), count(*) FILTER (WHERE t.answer = 1),
         count(*) FILTER (WHERE t.checked_in_at IS NOT NULL),
         count(DISTINCT coalesce(person_survivor(t.person_id), t.id))
           FILTER (WHERE t.checked_in_at IS NOT NULL AND (t.person_id IS NOT NULL OR t.anonymised)),
         count(DISTINCT t.organization_id) FILTER (WHERE t.checked_in_at IS NOT NULL)
  FROM attendance t
  WHERE t.activity_id = ANY($1::uuid[]) AND ($2::boolean OR t.centre_id = ANY($3::uuid[]))
  GROUP BY t.activity_id)");

// The ids were found in the caller's scope.
void AddCounts(db::Tx& tx, std::vector<ActivityView>* views) {
  const base::Scope everywhere = base::Scope::Everywhere();
  std::vector<base::Uuid> ids;
  absl::flat_hash_map<base::Uuid, ActivityView*> by_id;
  for (ActivityView& view : *views) {
    ids.push_back(view.activity.id);
    by_id[view.activity.id] = &view;
  }
  if (ids.empty()) return;
  for (const auto& row :
       tx.Exec(kCounts, db::ArrayOf(ids), everywhere.everywhere(), everywhere.AsArray())) {
    by_id[db::AsUuid(row[0])]->counts = {.listed = row[1].as<int>(),
                                         .yes = row[2].as<int>(),
                                         .attended = row[3].as<int>(),
                                         .persons = row[4].as<int>(),
                                         .organizations = row[5].as<int>()};
  }
  for (const auto& row :
       tx.Exec(kHeadcounts, db::ArrayOf(ids), everywhere.everywhere(), everywhere.AsArray())) {
    by_id[db::AsUuid(row[0])]->headcounts.push_back(
        {AsEnum<v1::HeadcountKind>(row[1]), row[2].as<int>()});
  }
}

}  // namespace

std::optional<ActivityView> ReadActivity(db::Tx& tx, const base::Scope& scope,
                                         const base::Uuid& id) {
  const auto row = tx.ExecOptional(kFind, id, scope.everywhere(), scope.AsArray());
  if (!row) return std::nullopt;
  std::vector<ActivityView> views = {ViewFrom(*row)};
  AddCounts(tx, &views);
  return views.front();
}

const filter::ListSpec& ActivityList() {
  static const auto* spec = new filter::ListSpec{
      .columns = kColumns,
      .from = kFrom,
      .fields = {{"name", filter::Resource("y.id", "activities/{}").NotNull()},
                 {"parent", filter::Resource("y.parent_id", "activities/{}")},
                 {"kind", filter::Enum<v1::ActivityKind>("y.kind").NotNull()},
                 {"state", filter::Enum<v1::ActivityState>("y.state").NotNull()},
                 {"programme", filter::Text("y.programme").NotNull()},
                 {"edition", filter::Text("y.edition").NotNull()},
                 {"line_code", filter::Text("y.line_code").NotNull()},
                 {"task", filter::Enum<registry::v1::TaskKind>("y.task").NotNull()},
                 {"start_date", filter::Date("y.start_date").NotNull()},
                 {"end_date", filter::Date("y.end_date").NotNull()},
                 {"manager", filter::Resource("y.manager_id", "persons/{}")},
                 {"centre", filter::Resource("y.centre_id", "organizations/{}")},
                 {"create_time", filter::Timestamp("y.created_at").NotNull()},
                 {"engagement", filter::Resource("g.engagement_id", "engagements/{}")},
                 {"organization", filter::Resource("g.organization_id", "organizations/{}")}},
      .key = "name",
      .centres = {"y.centre_id"}};
  return *spec;
}

filter::Cursor ListActivities(db::Tx& tx, const filter::ListQuery& query,
                              std::vector<ActivityView>* views) {
  views->clear();
  filter::Cursor next =
      query.Read(tx, [&](const db::Row& row) { views->push_back(ViewFrom(row)); });
  AddCounts(tx, views);
  return next;
}

const filter::ListSpec& MinutesList() {
  static const auto* spec = new filter::ListSpec{
      .columns = kMinutesColumns,
      .from = kMinutesFrom,
      .fields = {{"revision", filter::Int("m.revision").NotNull()},
                 {"published_date", filter::Date("m.published_date").NotNull()}},
      .key = "revision",  // of one activity
      .centres = {"y.centre_id"}};
  return *spec;
}

filter::Cursor ListMinutes(db::Tx& tx, const filter::ListQuery& query,
                           std::vector<Minutes>* minutes) {
  minutes->clear();
  return query.Read(tx, [&](const db::Row& row) { minutes->push_back(MinutesFrom(row)); });
}

}  // namespace ieum::casemgmt
