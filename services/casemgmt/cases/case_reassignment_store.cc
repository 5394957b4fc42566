#include "absl/strings/str_cat.h"
#include "services/casemgmt/cases/case_reassignment.h"

namespace ieum::casemgmt {
namespace {

constexpr char kColumns[] =
    "r.id, r.centre_id, r.everywhere, r.from_subject, r.to_subject, r.to_person, r.case_count, "
    "r.given_count, r.left_count, r.created_at, r.finished_at, a.version";
constexpr char kFrom[] = "case_reassignment r JOIN aggregate a ON a.id = r.id";

CaseReassignmentView ViewFrom(const db::Row& row) {
  return {.r = {.id = db::AsUuid(row[0]),
                .centre = db::AsOptionalUuid(row[1]),
                .everywhere = row[2].as<bool>(),
                .from = db::AsUuid(row[3]),
                .to = db::AsUuid(row[4]),
                .to_person = db::AsUuid(row[5]),
                .case_count = row[6].as<int>(),
                .given_count = row[7].as<int>(),
                .left_count = row[8].as<int>(),
                .create_time = db::AsTime(row[9]),
                .finish_time = db::AsOptionalTime(row[10])},
          .version = row[11].as<int64_t>()};
}

}  // namespace

const std::string kReadSql =
    absl::StrCat("SELECT ", kColumns, " FROM ", kFrom,
                 " WHERE r.id = $1 AND ($2::boolean OR r.centre_id = ANY($3::uuid[]))");
const db::Statement kRead("case_reassignment_read", kReadSql.c_str());

std::optional<CaseReassignmentView> ReadReassignment(db::Tx& tx, const base::Scope& scope,
                                                     const base::Uuid& id) {
  const auto row = tx.ExecOptional(kRead, id, scope.everywhere(), scope.AsArray());
  if (!row) return std::nullopt;
  return ViewFrom(*row);
}

const filter::ListSpec& ReassignmentList() {
  static const auto* spec = new filter::ListSpec{
      .columns = kColumns,
      .from = kFrom,
      .fields = {{"name", filter::Resource("r.id", "caseReassignments/{}").NotNull()},
                 {"from_manager", filter::Resource("r.from_subject", "subjects/{}").NotNull()},
                 {"to_manager", filter::Resource("r.to_subject", "subjects/{}").NotNull()},
                 {"finished", filter::Bool("(r.finished_at IS NOT NULL)").NotNull()},
                 {"create_time", filter::Timestamp("r.created_at").NotNull()}},
      .key = "name",
      .centres = {"r.centre_id"}};
  return *spec;
}

filter::Cursor ListReassignments(db::Tx& tx, const filter::ListQuery& query,
                                 std::vector<CaseReassignmentView>* views) {
  views->clear();
  return query.Read(tx, [&](const db::Row& row) { views->push_back(ViewFrom(row)); });
}

const db::Statement kInsert("case_reassignment_insert", R"(
  INSERT INTO case_reassignment (id, centre_id, everywhere, from_subject, to_subject, to_person,
    case_count, given_count, left_count, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, $8) ON CONFLICT DO NOTHING)");

bool InsertReassignment(db::Tx& tx, const CaseReassignment& r) {
  return tx.Exec(kInsert, r.id, r.centre, r.everywhere, r.from, r.to, r.to_person, r.case_count,
                 r.create_time)
             .affected_rows() == 1;
}

const db::Statement kNote("case_reassignment_note", R"(
  INSERT INTO case_reassignment_item (reassignment_id, case_id)
  SELECT $1, c.id FROM casefile c
  WHERE c.manager_subject = $2 AND (c.state BETWEEN 1 AND 10 OR c.state = 12)
    AND ($3::boolean OR c.centre_id = ANY($4::uuid[])))");

const db::Statement kCountCases("case_reassignment_count_cases", R"(
  SELECT count(*) FROM casefile c
  WHERE c.manager_subject = $1 AND (c.state BETWEEN 1 AND 10 OR c.state = 12)
    AND ($2::boolean OR c.centre_id = ANY($3::uuid[])))");

int CountCasesOf(db::Tx& tx, const base::Scope& scope, const base::Uuid& from) {
  return tx.Exec(kCountCases, from, scope.everywhere(), scope.AsArray())[0][0].as<int>();
}

void NoteCases(db::Tx& tx, const base::Scope& scope, const base::Uuid& id, const base::Uuid& from) {
  tx.Exec(kNote, id, from, scope.everywhere(), scope.AsArray());
}

const db::Statement kNext("case_reassignment_next", R"(
  SELECT case_id FROM case_reassignment_item WHERE reassignment_id = $1
  ORDER BY case_id LIMIT $2)");

std::vector<base::Uuid> NextNoted(db::Tx& tx, const base::Uuid& id, int limit) {
  std::vector<base::Uuid> cases;
  for (const auto& row : tx.Exec(kNext, id, limit)) cases.push_back(db::AsUuid(row[0]));
  return cases;
}

const db::Statement kStrikeOff("case_reassignment_strike_off", R"(
  DELETE FROM case_reassignment_item WHERE reassignment_id = $1 AND case_id = ANY($2::uuid[]))");

void StrikeOff(db::Tx& tx, const base::Uuid& id, const std::vector<base::Uuid>& cases) {
  tx.Exec(kStrikeOff, id, db::ArrayOf(cases));
}

const db::Statement kSave("case_reassignment_save", R"(
  UPDATE case_reassignment SET given_count = $2, left_count = $3, finished_at = $4 WHERE id = $1)");

void SaveReassignment(db::Tx& tx, const CaseReassignment& r) {
  tx.Exec(kSave, r.id, r.given_count, r.left_count, r.finish_time);
}

const db::Statement kOpen("case_reassignment_open", R"(
  SELECT r.id, (SELECT i.case_id FROM case_reassignment_item i WHERE i.reassignment_id = r.id
                ORDER BY i.case_id LIMIT 1)
  FROM case_reassignment r WHERE r.finished_at IS NULL ORDER BY r.created_at, r.id LIMIT $1)");
const db::Statement kCountOpen("case_reassignment_count_open", R"(
  SELECT count(*) FROM case_reassignment WHERE finished_at IS NULL)");

std::vector<OpenReassignment> OpenReassignments(db::Tx& tx, int limit) {
  std::vector<OpenReassignment> all;
  for (const auto& row : tx.Exec(kOpen, limit)) {
    all.push_back({.id = db::AsUuid(row[0]), .next_case = db::AsOptionalUuid(row[1])});
  }
  return all;
}

int64_t CountOpenReassignments(db::Tx& tx) { return tx.Exec(kCountOpen)[0][0].as<int64_t>(); }

}  // namespace ieum::casemgmt
