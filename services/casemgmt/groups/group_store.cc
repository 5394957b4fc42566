#include "services/casemgmt/groups/group_store.h"

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"

namespace ieum::casemgmt {
namespace {

constexpr char kColumns[] =
    "g.id, g.code, g.label, g.programme, g.edition, g.line_code, g.centre_id, g.job_code, "
    "g.need_codes, g.coach_person_id, g.coach_subject, g.maker_subject, g.state, g.min_members, "
    "g.max_members, g.completion_percent, g.formed_date, g.opened_date, g.started_date, "
    "g.ended_date, g.cancel_reason, g.merged_into, g.created_at, g.updated_at, a.version";
constexpr char kFrom[] = "peer_group g JOIN aggregate a ON a.id = g.id";
constexpr int kVersionColumn = 24;

// Parameters of WithReach behind the first one: the team's centres, or one's own groups.
constexpr char kReached[] =
    " (($2::boolean OR g.centre_id = ANY($3::uuid[]))"
    " OR ($4::uuid IN (g.coach_subject, g.maker_subject)"
    " AND ($5::boolean OR g.centre_id = ANY($6::uuid[]))))";

std::vector<std::string> AsTexts(const pqxx::field& field) {
  std::vector<std::string> texts;
  auto elements = field.as_array();
  for (auto next = elements.get_next(); next.first != pqxx::array_parser::done;
       next = elements.get_next()) {
    if (next.first == pqxx::array_parser::string_value) texts.push_back(next.second);
  }
  return texts;
}

Group GroupFrom(const db::Row& row) {
  Group group;
  group.id = db::AsUuid(row[0]);
  group.code = db::AsText(row[1]);
  group.label = db::AsText(row[2]);
  group.programme = db::AsText(row[3]);
  group.edition = db::AsText(row[4]);
  group.line_code = db::AsText(row[5]);
  group.centre = db::AsOptionalUuid(row[6]);
  group.job_code = db::AsText(row[7]);
  group.needs = AsTexts(row[8]);
  group.coach = db::AsOptionalUuid(row[9]);
  group.coach_subject = db::AsOptionalUuid(row[10]);
  group.maker_subject = db::AsOptionalUuid(row[11]);
  group.state = static_cast<v1::GroupState>(row[12].as<int>());
  group.min_members = row[13].as<int>();
  group.max_members = row[14].as<int>();
  group.completion_percent = row[15].as<int>();
  group.formed_day = db::AsDay(row[16]);
  group.opened_day = db::AsOptionalDay(row[17]);
  group.started_day = db::AsOptionalDay(row[18]);
  group.ended_day = db::AsOptionalDay(row[19]);
  group.cancel_reason = static_cast<v1::GroupCancelReason>(row[20].as<int>());
  group.merged_into = db::AsOptionalUuid(row[21]);
  group.create_time = db::AsTime(row[22]);
  group.update_time = db::AsTime(row[23]);
  return group;
}

GroupView ViewFrom(const db::Row& row) {
  return {.group = GroupFrom(row), .version = row[kVersionColumn].as<int64_t>()};
}

}  // namespace

const std::string kFindSql =
    absl::StrCat("SELECT ", kColumns, " FROM ", kFrom, " WHERE g.id = $1 AND", kReached);
const db::Statement kFind("peer_group_find", kFindSql.c_str());

std::optional<Group> FindGroup(db::Tx& tx, const Reach& reach, const base::Uuid& id) {
  const auto rows = tx.Run(kFind, WithReach({id}, reach));
  if (rows.empty()) return std::nullopt;
  return GroupFrom(rows[0]);
}

const db::Statement kInsert("peer_group_insert", R"(
  INSERT INTO peer_group
    (id, code, label, programme, edition, line_code, centre_id, job_code, need_codes,
     coach_person_id, coach_subject, maker_subject, state, min_members, max_members,
     completion_percent, formed_date, cancel_reason, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 0, $18, $18)
  ON CONFLICT DO NOTHING)");
// Of a group that could not be inserted: an id is taken in every centre.
const db::Statement kIdTaken("peer_group_id_taken", "SELECT 1 FROM aggregate WHERE id = $1");

GroupInserted InsertGroup(db::Tx& tx, const Group& g) {
  const std::vector<db::Param> values = {g.id,
                                         g.code,
                                         g.label,
                                         g.programme,
                                         g.edition,
                                         g.line_code,
                                         g.centre,
                                         g.job_code,
                                         db::ArrayOf(g.needs),
                                         g.coach,
                                         g.coach_subject,
                                         g.maker_subject,
                                         g.state,
                                         g.min_members,
                                         g.max_members,
                                         g.completion_percent,
                                         g.formed_day,
                                         g.create_time};
  if (tx.Run(kInsert, values).affected_rows() == 1) return GroupInserted::kYes;
  const bool id_taken = g.code.empty() || tx.ExecOptional(kIdTaken, g.id).has_value();
  return id_taken ? GroupInserted::kIdTaken : GroupInserted::kCodeTaken;
}

// A group that was found in reach.
const db::Statement kSave("peer_group_save", R"(
  UPDATE peer_group
  SET label = $2, job_code = $3, need_codes = $4, coach_person_id = $5, coach_subject = $6,
      state = $7, min_members = $8, max_members = $9, opened_date = $10, started_date = $11,
      ended_date = $12, cancel_reason = $13, merged_into = $14, updated_at = $15
  WHERE id = $1)");

void SaveGroup(db::Tx& tx, const Group& g) {
  tx.ExecLater(kSave, g.id, g.label, g.job_code, db::ArrayOf(g.needs), g.coach, g.coach_subject,
               g.state, g.min_members, g.max_members, g.opened_day, g.started_day, g.ended_day,
               g.cancel_reason, g.merged_into, g.update_time);
}

// INVITED 1, ACTIVE 2, COMPLETED 3; PLANNED 1, HELD 2, CANCELLED 3.
const db::Statement kCounts("peer_group_counts", R"(
  SELECT wanted.id,
         count(*) FILTER (WHERE kind = 1 AND state = 1),
         count(*) FILTER (WHERE kind = 1 AND state = 2),
         count(*) FILTER (WHERE kind = 1 AND state = 3),
         count(*) FILTER (WHERE kind = 2 AND state = 1),
         count(*) FILTER (WHERE kind = 2 AND state = 2),
         count(*) FILTER (WHERE kind = 2 AND state = 3)
  FROM unnest($1::uuid[]) AS wanted (id)
  CROSS JOIN LATERAL (
    SELECT 1 AS kind, m.state FROM group_member m WHERE m.group_id = wanted.id
    UNION ALL
    SELECT 2, s.state FROM group_session s WHERE s.group_id = wanted.id) AS part
  GROUP BY wanted.id)");

namespace {

void AddCounts(db::Tx& tx, std::vector<GroupView>* views) {
  std::vector<base::Uuid> ids;
  absl::flat_hash_map<base::Uuid, GroupView*> by_id;
  for (GroupView& view : *views) {
    ids.push_back(view.group.id);
    by_id[view.group.id] = &view;
  }
  if (ids.empty()) return;
  for (const auto& row : tx.Exec(kCounts, db::ArrayOf(ids))) {
    by_id[db::AsUuid(row[0])]->counts = {.invited = row[1].as<int>(),
                                         .active = row[2].as<int>(),
                                         .completed = row[3].as<int>(),
                                         .planned_sessions = row[4].as<int>(),
                                         .held_sessions = row[5].as<int>(),
                                         .cancelled_sessions = row[6].as<int>()};
  }
}

}  // namespace

GroupCounts CountsOf(db::Tx& tx, const base::Uuid& group_id) {
  std::vector<GroupView> views(1);
  views.front().group.id = group_id;
  AddCounts(tx, &views);
  return views.front().counts;
}

std::optional<GroupView> ReadGroup(db::Tx& tx, const Reach& reach, const base::Uuid& id) {
  const auto rows = tx.Run(kFind, WithReach({id}, reach));
  if (rows.empty()) return std::nullopt;
  std::vector<GroupView> views = {ViewFrom(rows[0])};
  AddCounts(tx, &views);
  return views.front();
}

const filter::ListSpec& GroupList() {
  static const auto* spec = new filter::ListSpec{
      .columns = kColumns,
      .from = kFrom,
      .fields = {{"name", filter::Resource("g.id", "groups/{}").NotNull()},
                 {"code", filter::Text("g.code").NotNull()},
                 {"programme", filter::Text("g.programme").NotNull()},
                 {"edition", filter::Text("g.edition").NotNull()},
                 {"line_code", filter::Text("g.line_code").NotNull()},
                 {"centre", filter::Resource("g.centre_id", "organizations/{}")},
                 {"job_code", filter::Text("g.job_code").NotNull()},
                 {"coach", filter::Resource("g.coach_person_id", "persons/{}")},
                 {"state", filter::Enum<v1::GroupState>("g.state").NotNull()},
                 {"formed_date", filter::Date("g.formed_date").NotNull()},
                 {"started_date", filter::Date("g.started_date")},
                 {"ended_date", filter::Date("g.ended_date")},
                 {"create_time", filter::Timestamp("g.created_at").NotNull()}},
      .key = "name",
      .centres = {"g.centre_id"}};
  return *spec;
}

filter::Cursor ListGroups(db::Tx& tx, const filter::ListQuery& query,
                          std::vector<GroupView>* views) {
  views->clear();
  filter::Cursor next =
      query.Read(tx, [&](const db::Row& row) { views->push_back(ViewFrom(row)); });
  AddCounts(tx, views);
  return next;
}

void WhereGroupReach(filter::ListQuery& query, const Reach& reach) {
  const std::string subject = reach.subject.ToString();
  // Of who sees all that the list holds nothing more is asked, and an index pages it.
  if (reach.team == reach.own_in) return;
  query.Where(
      "(({}::boolean OR g.centre_id = ANY({}::uuid[])) OR g.coach_subject = {}::uuid"
      " OR g.maker_subject = {}::uuid)",
      {reach.team.everywhere() ? "t" : "f", reach.team.AsArray(), subject, subject});
}

}  // namespace ieum::casemgmt
