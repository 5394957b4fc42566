#include "services/casemgmt/groups/group_member_store.h"

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"

namespace ieum::casemgmt {
namespace {

constexpr char kColumns[] =
    "m.id, m.group_id, m.participant_id, m.person_id, m.state, m.joins, m.invited_date, "
    "m.join_date, m.leave_date, m.leave_reason, m.completed_date, m.from_group_id, "
    "m.brought_attended, m.brought_held, m.counts_from, m.alerted_session, m.created_at, "
    "m.updated_at, a.version, person_survivor(m.person_id)";
constexpr char kFrom[] =
    "group_member m JOIN peer_group g ON g.id = m.group_id JOIN aggregate a ON a.id = m.group_id";
constexpr int kVersionColumn = 18, kSurvivorColumn = 19;

constexpr char kOwnColumns[] =
    "m.id, m.group_id, m.participant_id, m.person_id, m.state, m.joins, m.invited_date, "
    "m.join_date, m.leave_date, m.leave_reason, m.completed_date, m.from_group_id, "
    "m.brought_attended, m.brought_held, m.counts_from, m.alerted_session, m.created_at, "
    "m.updated_at";

GroupMember MemberFrom(const db::Row& row) {
  GroupMember member;
  member.id = db::AsUuid(row[0]);
  member.group_id = db::AsUuid(row[1]);
  member.participant = db::AsUuid(row[2]);
  member.person = db::AsOptionalUuid(row[3]);
  member.state = static_cast<v1::GroupMemberState>(row[4].as<int>());
  member.joins = row[5].as<int>();
  member.invited_day = db::AsDay(row[6]);
  member.join_day = db::AsOptionalDay(row[7]);
  member.leave_day = db::AsOptionalDay(row[8]);
  member.leave_reason = static_cast<v1::GroupLeaveReason>(row[9].as<int>());
  member.completed_day = db::AsOptionalDay(row[10]);
  member.from_group = db::AsOptionalUuid(row[11]);
  member.brought = {.attended = row[12].as<int>(), .held = row[13].as<int>()};
  member.counts_from = db::AsOptionalDay(row[14]);
  member.alerted_session = db::AsOptionalUuid(row[15]);
  member.create_time = db::AsTime(row[16]);
  member.update_time = db::AsTime(row[17]);
  return member;
}

GroupMemberView ViewFrom(const db::Row& row) {
  return {.member = MemberFrom(row),
          .survivor = db::AsOptionalUuid(row[kSurvivorColumn]),
          .version = row[kVersionColumn].as<int64_t>()};
}

std::vector<GroupMember> AllOf(const db::Rows& rows) {
  std::vector<GroupMember> members;
  for (const auto& row : rows) members.push_back(MemberFrom(row));
  return members;
}

std::optional<GroupMember> OneOf(const std::optional<db::Row>& row) {
  if (!row) return std::nullopt;
  return MemberFrom(*row);
}

}  // namespace

const std::string kFindSql = absl::StrCat(
    "SELECT ", kOwnColumns, " FROM group_member m WHERE m.group_id = $1 AND m.id = $2");
const db::Statement kFind("group_member_find", kFindSql.c_str());

std::optional<GroupMember> FindGroupMember(db::Tx& tx, const base::Uuid& group_id,
                                           const base::Uuid& id) {
  return OneOf(tx.ExecOptional(kFind, group_id, id));
}

const std::string kFindPersonSql =
    absl::StrCat("SELECT ", kOwnColumns,
                 " FROM group_member m WHERE m.group_id = $1"
                 " AND m.person_id IN (SELECT person_ids($2::uuid))"
                 " ORDER BY m.state = 2 DESC, m.state = 1 DESC, m.id LIMIT 1");
const db::Statement kFindPerson("group_member_find_person", kFindPersonSql.c_str());

std::optional<GroupMember> FindGroupMemberOf(db::Tx& tx, const base::Uuid& group_id,
                                             const base::Uuid& person) {
  return OneOf(tx.ExecOptional(kFindPerson, group_id, person));
}

const std::string kAllSql = absl::StrCat(
    "SELECT ", kOwnColumns, " FROM group_member m WHERE m.group_id = $1 ORDER BY m.id");
const db::Statement kAll("group_member_all", kAllSql.c_str());

std::vector<GroupMember> GroupMembersOf(db::Tx& tx, const base::Uuid& group_id) {
  return AllOf(tx.Exec(kAll, group_id));
}

const db::Statement kInsert("group_member_insert", R"(
  INSERT INTO group_member
    (id, group_id, participant_id, person_id, state, joins, invited_date, join_date, leave_reason,
     from_group_id, brought_attended, brought_held, counts_from, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $10, $11, $12, $13, $13)
  ON CONFLICT DO NOTHING)");

bool InsertGroupMember(db::Tx& tx, const GroupMember& m) {
  return tx.ExecCount(kInsert, m.id, m.group_id, m.participant, m.person, m.state, m.joins,
                      m.invited_day, m.join_day, m.from_group, m.brought.attended, m.brought.held,
                      m.counts_from, m.create_time) == 1;
}

const db::Statement kSave("group_member_save", R"(
  UPDATE group_member
  SET person_id = $2, state = $3, joins = $4, invited_date = $5, join_date = $6, leave_date = $7,
      leave_reason = $8, completed_date = $9, from_group_id = $10, brought_attended = $11,
      brought_held = $12, counts_from = $13, alerted_session = $14, updated_at = $15
  WHERE id = $1)");

void SaveGroupMember(db::Tx& tx, const GroupMember& m) {
  tx.ExecLater(kSave, m.id, m.person, m.state, m.joins, m.invited_day, m.join_day, m.leave_day,
               m.leave_reason, m.completed_day, m.from_group, m.brought.attended, m.brought.held,
               m.counts_from, m.alerted_session, m.update_time);
}

const std::string kOfPersonSql = absl::StrCat(
    "SELECT ", kOwnColumns, " FROM group_member m WHERE m.person_id = $1 ORDER BY m.id");
const db::Statement kOfPerson("group_member_of_erased", kOfPersonSql.c_str());

std::vector<GroupMember> GroupMembershipsOf(db::Tx& tx, const base::Uuid& person) {
  return AllOf(tx.Exec(kOfPerson, person));
}

const db::Statement kTimes("group_member_times", R"(
  SELECT t.member_id, t.joins, t.join_date, t.leave_date
  FROM group_member_time t JOIN group_member m ON m.id = t.member_id
  WHERE m.group_id = $1 ORDER BY t.member_id, t.joins)");

std::map<base::Uuid, std::vector<GroupTime>> EarlierTimesIn(db::Tx& tx,
                                                            const base::Uuid& group_id) {
  std::map<base::Uuid, std::vector<GroupTime>> times;
  for (const auto& row : tx.Exec(kTimes, group_id)) {
    times[db::AsUuid(row[0])].push_back(
        {.joins = row[1].as<int>(), .join_day = db::AsDay(row[2]), .leave_day = db::AsDay(row[3])});
  }
  return times;
}

// State 2 is HELD. Sessions are looked up for each member: a page of all groups has few of each.
const db::Statement kHeld("group_member_held_sessions", R"(
  SELECT m.id, s.id, s.session_date, coalesce(t.state, 0)
  FROM group_member m
  JOIN group_session s ON s.group_id = m.group_id AND s.state = 2
  LEFT JOIN group_attendance t ON t.session_id = s.id AND t.member_id = m.id
  WHERE m.id = ANY($1::uuid[])
  ORDER BY m.id, s.start_time, s.number)");

std::vector<MemberSessions> HeldSessionsOf(db::Tx& tx, const std::vector<base::Uuid>& member_ids) {
  std::vector<MemberSessions> all;
  for (const auto& row : tx.Exec(kHeld, db::ArrayOf(member_ids))) {
    const base::Uuid member = db::AsUuid(row[0]);
    if (all.empty() || all.back().member_id != member) all.push_back({.member_id = member});
    all.back().held.push_back(
        {.session_id = db::AsUuid(row[1]),
         .day = db::AsDay(row[2]),
         .attendance = static_cast<v1::GroupAttendanceState>(row[3].as<int>())});
  }
  return all;
}

namespace {

void AddFigures(db::Tx& tx, std::vector<GroupMemberView>* views) {
  std::vector<base::Uuid> members;
  absl::flat_hash_map<base::Uuid, GroupMemberView*> by_id;
  for (GroupMemberView& view : *views) {
    view.attended = view.member.brought;
    by_id[view.member.id] = &view;
    members.push_back(view.member.id);
  }
  if (members.empty()) return;
  for (const MemberSessions& each : HeldSessionsOf(tx, members)) {
    GroupMemberView& view = *by_id.at(each.member_id);
    view.attended = AttendedBy(view.member, each.held);
    view.absences_in_a_row = AbsencesInARow(each.held);
  }
}

}  // namespace

const std::string kReadSql =
    absl::StrCat("SELECT ", kColumns, " FROM ", kFrom,
                 " WHERE m.id = $1"
                 " AND (($2::boolean OR g.centre_id = ANY($3::uuid[]))"
                 " OR ($4::uuid IN (g.coach_subject, g.maker_subject)"
                 " AND ($5::boolean OR g.centre_id = ANY($6::uuid[])))) AND m.group_id = $7");
const db::Statement kRead("group_member_read", kReadSql.c_str());

std::optional<GroupMemberView> ReadGroupMember(db::Tx& tx, const Reach& reach,
                                               const base::Uuid& group_id, const base::Uuid& id) {
  std::vector<db::Param> params = WithReach({id}, reach);
  params.emplace_back(group_id);
  const auto rows = tx.Run(kRead, params);
  if (rows.empty()) return std::nullopt;
  std::vector<GroupMemberView> views = {ViewFrom(rows[0])};
  AddFigures(tx, &views);
  return views.front();
}

const filter::ListSpec& GroupMemberList() {
  static const auto* spec = new filter::ListSpec{
      .columns = kColumns,
      .from = kFrom,
      .fields = {{"name", filter::Resource("m.id", "groups/{}/members/{}").NotNull()},
                 {"state", filter::Enum<v1::GroupMemberState>("m.state").NotNull()},
                 {"invited_date", filter::Date("m.invited_date").NotNull()},
                 {"join_date", filter::Date("m.join_date")},
                 {"leave_date", filter::Date("m.leave_date")},
                 {"create_time", filter::Timestamp("m.created_at").NotNull()}},
      .key = "name",
      .centres = {"g.centre_id"}};
  return *spec;
}

filter::Cursor ListGroupMembers(db::Tx& tx, const filter::ListQuery& query,
                                std::vector<GroupMemberView>* views) {
  views->clear();
  filter::Cursor next =
      query.Read(tx, [&](const db::Row& row) { views->push_back(ViewFrom(row)); });
  AddFigures(tx, views);
  return next;
}

}  // namespace ieum::casemgmt
