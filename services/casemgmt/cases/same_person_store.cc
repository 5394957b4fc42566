#include "services/casemgmt/cases/same_person_store.h"

#include "absl/strings/str_cat.h"

namespace ieum::casemgmt {
namespace {

std::vector<base::Uuid> IdsIn(const db::Rows& rows) {
  std::vector<base::Uuid> ids;
  for (const auto& row : rows) ids.push_back(db::AsUuid(row[0]));
  return ids;
}

// Open beside a case `c`: of the same person in the same edition. Her records are made an array
// first, so that the cases of each are looked up and not all cases asked whether they are hers.
constexpr char kBeside[] =
    "(SELECT ARRAY(SELECT person_ids(c.person_id)) AS ids OFFSET 0) AS records JOIN casefile o ON "
    "o.person_id = ANY (records.ids) AND o.programme = c.programme AND o.edition = c.edition AND "
    "o.state BETWEEN 1 AND 10 AND o.id <> c.id";

// 16 = SAME_PERSON, 1 = OPEN, as the index has it.
const std::string kAlone = absl::StrCat(
    "FROM case_task t JOIN casefile c ON c.id = t.case_id WHERE t.kind = 16 AND "
    "t.state = 1 AND NOT EXISTS (SELECT 1 FROM ",
    kBeside, ")");

}  // namespace

const db::Statement kOpenOf("case_open_of_persons", R"(
  SELECT DISTINCT c.id FROM unnest($1::uuid[]) AS person (id)
    CROSS JOIN LATERAL person_ids(person.id) AS record (id)
    JOIN casefile c ON c.person_id = record.id AND c.state BETWEEN 1 AND 10
  ORDER BY c.id)");

std::vector<base::Uuid> OpenCasesOf(db::Tx& tx, const std::vector<base::Uuid>& persons) {
  return IdsIn(tx.Exec(kOpenOf, db::ArrayOf(persons)));
}

const std::string kOthersSql = absl::StrCat(
    "SELECT o.id FROM casefile c CROSS JOIN LATERAL ", kBeside,
    " WHERE c.id = $1 AND c.state BETWEEN 1 AND 10 AND ", ReachSql("o", 2), " ORDER BY o.id");
const db::Statement kOthers("case_same_person_others", kOthersSql.c_str());

std::vector<base::Uuid> OthersOpen(db::Tx& tx, const Reach& reach, const base::Uuid& case_id) {
  return IdsIn(tx.Run(kOthers, WithReach({case_id}, reach)));
}

const std::string kAloneSql = absl::StrCat("SELECT t.id, t.case_id, t.updated_at ", kAlone,
                                           " ORDER BY t.created_at, t.id LIMIT $1");
const db::Statement kAloneTasks("case_same_person_alone", kAloneSql.c_str());
const std::string kCountAloneSql = absl::StrCat("SELECT count(*) ", kAlone);
const db::Statement kCountAlone("case_same_person_alone_count", kCountAloneSql.c_str());

std::vector<SamePersonTask> TasksWithoutAnother(db::Tx& tx, int limit) {
  std::vector<SamePersonTask> tasks;
  for (const auto& row : tx.Exec(kAloneTasks, limit)) {
    tasks.push_back({.id = db::AsUuid(row[0]),
                     .case_id = db::AsUuid(row[1]),
                     .update_time = db::AsTime(row[2])});
  }
  return tasks;
}

int64_t CountTasksWithoutAnother(db::Tx& tx) { return tx.Exec(kCountAlone)[0][0].as<int64_t>(); }

}  // namespace ieum::casemgmt
