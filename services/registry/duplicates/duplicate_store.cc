#include "services/registry/duplicates/duplicate_store.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"

namespace ieum::registry {
namespace {

#define PAIR_COLUMNS                                                                          \
  "d.id, d.person_id, d.other_person_id, d.score, array_to_string(d.matched, ','), d.state, " \
  "d.centre_id, d.created_at, d.decided_at, d.decider, a.version"

const db::Statement kInsertPair("duplicate_pair_insert", R"(
  INSERT INTO duplicate_pair (id, person_id, other_person_id, score, matched, state, centre_id,
                              created_at)
  VALUES ($1, $2, $3, $4, $5::smallint[], $6, $7, $8::timestamptz)
  ON CONFLICT DO NOTHING)");

const db::Statement kSaveDecision("duplicate_pair_decide", R"(
  UPDATE duplicate_pair SET state = $2, decided_at = $3::timestamptz, decider = $4
  WHERE id = $1 AND ($5::boolean OR centre_id = ANY($6::uuid[])))");

const db::Statement kKnownPairs("duplicate_pair_known",
                                "SELECT id FROM duplicate_pair WHERE id = ANY($1::uuid[])");

const db::Statement kFindPair("duplicate_pair_find", "SELECT " PAIR_COLUMNS R"(
  FROM duplicate_pair d JOIN aggregate a ON a.id = d.id
  WHERE d.id = $1 AND ($2::boolean OR d.centre_id = ANY($3::uuid[])))");

const db::Statement kOpenPairsOf("duplicate_pair_open_of", "SELECT " PAIR_COLUMNS R"(
  FROM duplicate_pair d JOIN aggregate a ON a.id = d.id
  WHERE d.id IN (SELECT id FROM duplicate_pair WHERE person_id = $1 AND state = 1
                 UNION ALL
                 SELECT id FROM duplicate_pair WHERE other_person_id = $1 AND state = 1))");

#define SCAN_COLUMNS \
  "s.id, s.state, s.last_person_id, s.scanned, s.persons, s.pairs, s.started_at, s.updated_at"

const db::Statement kInsertScan("duplicate_scan_insert", R"(
  INSERT INTO duplicate_scan (id, state, persons, started_at, updated_at)
  VALUES ($1, $2, $3, $4::timestamptz, $4::timestamptz) ON CONFLICT DO NOTHING)");

const db::Statement kSaveScan("duplicate_scan_save", R"(
  UPDATE duplicate_scan
  SET state = $2, last_person_id = $3, scanned = $4, pairs = $5, updated_at = $6::timestamptz
  WHERE id = $1)");

const db::Statement kRunningScan("duplicate_scan_running", "SELECT " SCAN_COLUMNS R"(
  FROM duplicate_scan s WHERE s.state = 1)");

const db::Statement kFindScan("duplicate_scan_find", "SELECT " SCAN_COLUMNS R"(, a.version
  FROM duplicate_scan s JOIN aggregate a ON a.id = s.id WHERE s.id = $1)");

const db::Statement kCountPersons("duplicate_scan_persons", "SELECT count(*) FROM person");

const db::Statement kPersonsBehind("duplicate_scan_next", R"(
  SELECT id, match_form FROM person WHERE id > $1::uuid ORDER BY id LIMIT $2)");

std::vector<v1::MatchField> FieldsIn(const std::string& numbers) {
  std::vector<v1::MatchField> fields;
  for (const auto word : absl::StrSplit(numbers, ',', absl::SkipEmpty())) {
    int number = 0;
    if (absl::SimpleAtoi(word, &number)) fields.push_back(static_cast<v1::MatchField>(number));
  }
  return fields;
}

DuplicateScan ReadScan(const db::Row& row) {
  DuplicateScan scan;
  scan.id = db::AsUuid(row[0]);
  scan.state = static_cast<v1::DuplicateScanState>(row[1].as<int>());
  scan.last_person = db::AsUuid(row[2]);
  scan.scanned = row[3].as<int64_t>();
  scan.persons = row[4].as<int64_t>();
  scan.pairs = row[5].as<int64_t>();
  scan.started_at = db::AsTime(row[6]);
  scan.updated_at = db::AsTime(row[7]);
  return scan;
}

}  // namespace

bool InsertPair(db::Tx& tx, const DuplicatePair& pair) {
  return tx.ExecOne(kInsertPair, pair.id, pair.person, pair.other, pair.score,
                    db::ArrayOf(pair.matched), pair.state, pair.centre, pair.created_at);
}

void SaveDecision(db::Tx& tx, const base::Scope& scope, const DuplicatePair& pair) {
  tx.Exec(kSaveDecision, pair.id, pair.state, pair.decided_at, pair.decider, scope.everywhere(),
          scope.AsArray());
}

std::vector<DuplicatePair> OpenPairsOf(db::Tx& tx, const base::Uuid& person) {
  std::vector<DuplicatePair> pairs;
  for (const auto& row : tx.Exec(kOpenPairsOf, person)) pairs.push_back(ReadPairView(row).pair);
  return pairs;
}

std::vector<base::Uuid> KnownPairs(db::Tx& tx, const std::vector<base::Uuid>& ids) {
  std::vector<base::Uuid> known;
  if (ids.empty()) return known;
  for (const auto& row : tx.Exec(kKnownPairs, db::ArrayOf(ids))) {
    known.push_back(db::AsUuid(row[0]));
  }
  return known;
}

std::optional<DuplicatePairView> FindPair(db::Tx& tx, const base::Scope& scope,
                                          const base::Uuid& id) {
  const auto row = tx.ExecOptional(kFindPair, id, scope.everywhere(), scope.AsArray());
  if (!row) return std::nullopt;
  return ReadPairView(*row);
}

const filter::ListSpec& DuplicatePairList() {
  static const auto* spec = new filter::ListSpec{
      .columns = PAIR_COLUMNS,
      .from = "duplicate_pair d JOIN aggregate a ON a.id = d.id",
      .fields = {{"name", filter::Uuid("d.id").NotNull()},
                 {"person", filter::Resource("d.person_id", "persons/{}").NotNull()},
                 {"other_person", filter::Resource("d.other_person_id", "persons/{}").NotNull()},
                 {"score", filter::Int("d.score").NotNull()},
                 {"state", filter::Enum<v1::DuplicatePairState>("d.state").NotNull()},
                 {"create_time", filter::Timestamp("d.created_at").NotNull()},
                 {"centre", filter::Resource("d.centre_id", "organizations/{}")}},
      .key = "name",
      .centres = {"d.centre_id"}};
  return *spec;
}

DuplicatePairView ReadPairView(const db::Row& row) {
  DuplicatePairView view;
  DuplicatePair& pair = view.pair;
  pair.id = db::AsUuid(row[0]);
  pair.person = db::AsUuid(row[1]);
  pair.other = db::AsUuid(row[2]);
  pair.score = row[3].as<int>();
  pair.matched = FieldsIn(db::AsText(row[4]));
  pair.state = static_cast<v1::DuplicatePairState>(row[5].as<int>());
  pair.centre = db::AsOptionalUuid(row[6]);
  pair.created_at = db::AsTime(row[7]);
  pair.decided_at = db::AsOptionalTime(row[8]);
  pair.decider = db::AsText(row[9]);
  view.version = row[10].as<int64_t>();
  return view;
}

bool InsertScan(db::Tx& tx, const DuplicateScan& scan) {
  return tx.ExecOne(kInsertScan, scan.id, scan.state, scan.persons, scan.started_at);
}

void SaveScan(db::Tx& tx, const DuplicateScan& scan) {
  tx.Exec(kSaveScan, scan.id, scan.state, scan.last_person, scan.scanned, scan.pairs,
          scan.updated_at);
}

std::optional<DuplicateScan> RunningScan(db::Tx& tx) {
  const auto row = tx.ExecOptional(kRunningScan);
  if (!row) return std::nullopt;
  return ReadScan(*row);
}

std::optional<DuplicateScanView> FindScan(db::Tx& tx, const base::Uuid& id) {
  const auto row = tx.ExecOptional(kFindScan, id);
  if (!row) return std::nullopt;
  return DuplicateScanView{ReadScan(*row), (*row)[8].as<int64_t>()};
}

int64_t CountPersons(db::Tx& tx) { return tx.Exec(kCountPersons)[0][0].as<int64_t>(); }

std::vector<PersonToScan> PersonsBehind(db::Tx& tx, const base::Uuid& last, int count) {
  std::vector<PersonToScan> persons;
  for (const auto& row : tx.Exec(kPersonsBehind, last, count)) {
    persons.push_back({db::AsUuid(row[0]), row[1].as<int>()});
  }
  return persons;
}

}  // namespace ieum::registry
