#include "services/registry/imports/import_store.h"

namespace ieum::registry {
namespace {

#define JOB_COLUMNS                                                                     \
  "i.id, i.kind, i.policy, i.centre_id, i.source, i.content_hash, i.state, i.creator, " \
  "i.created_at, i.completed_at"
constexpr int kJobColumns = 10;

// What has come of `import_job i`. The chunks are looked through only where one is missing.
#define VIEW_COLUMNS                                                                     \
  JOB_COLUMNS                                                                            \
  ", t.row_count, t.created, t.linked, t.unchanged, t.review, t.refused, t.chunks, "     \
  "CASE WHEN t.chunks = t.last THEN t.chunks + 1 WHEN t.lowest > 1 THEN 1 ELSE (SELECT " \
  "n.number + 1 FROM import_chunk n WHERE n.import_id = i.id AND NOT EXISTS (SELECT "    \
  "FROM import_chunk d WHERE d.import_id = i.id AND d.number = n.number + 1) "           \
  "ORDER BY n.number LIMIT 1) END, a.version"
#define VIEW_JOINS                                                                       \
  " JOIN aggregate a ON a.id = i.id CROSS JOIN LATERAL (SELECT "                         \
  "coalesce(sum(c.row_count), 0) AS row_count, coalesce(sum(c.created), 0) AS created, " \
  "coalesce(sum(c.linked), 0) AS linked, coalesce(sum(c.unchanged), 0) AS unchanged, "   \
  "coalesce(sum(c.review), 0) AS review, coalesce(sum(c.refused), 0) AS refused, "       \
  "count(*) AS chunks, coalesce(max(c.number), 0) AS last, coalesce(min(c.number), 0) "  \
  "AS lowest FROM import_chunk c WHERE c.import_id = i.id) t"

const db::Statement kInsert("import_insert", R"(
  INSERT INTO import_job (id, kind, policy, centre_id, source, content_hash, state, creator,
                          created_at)
  VALUES ($1, $2, $3, $4, $5, $6::bytea, $7, $8, $9::timestamptz) ON CONFLICT DO NOTHING)");

const db::Statement kFindRunning("import_find_running", R"(
  SELECT id FROM import_job WHERE content_hash = $1::bytea AND kind = $2 AND policy = $3
    AND centre_id IS NOT DISTINCT FROM $4::uuid AND state = 1)");

const db::Statement kHold("import_hold", "SELECT " JOB_COLUMNS R"( FROM import_job i
  WHERE i.id = $1 AND ($2::boolean OR i.centre_id = ANY($3::uuid[])) FOR SHARE OF i)");

const db::Statement kHoldAlone("import_hold_alone", "SELECT " JOB_COLUMNS R"( FROM import_job i
  WHERE i.id = $1 AND ($2::boolean OR i.centre_id = ANY($3::uuid[])) FOR UPDATE OF i)");

const db::Statement kSaveState("import_save_state", R"(
  UPDATE import_job SET state = $2, completed_at = $3::timestamptz
  WHERE id = $1 AND ($4::boolean OR centre_id = ANY($5::uuid[])))");

const db::Statement kFind("import_find", "SELECT " VIEW_COLUMNS " FROM import_job i" VIEW_JOINS R"(
  WHERE i.id = $1 AND ($2::boolean OR i.centre_id = ANY($3::uuid[])))");

const db::Statement kFindChunk("import_find_chunk", R"(
  SELECT number, rows_hash, row_count, created, linked, unchanged, review, refused
  FROM import_chunk WHERE import_id = $1 AND number = $2)");

const db::Statement kInsertChunk("import_insert_chunk", R"(
  INSERT INTO import_chunk (import_id, number, rows_hash, row_count, created, linked, unchanged,
                            review, refused)
  VALUES ($1, $2, $3::bytea, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING)");

const db::Statement kHaveCome("import_rows_have_come", R"(
  SELECT 1 FROM import_row WHERE import_id = $1 AND number = ANY($2::bigint[]) LIMIT 1)");

const db::Statement kInsertRows("import_insert_rows", R"(
  INSERT INTO import_row (import_id, number, outcome, field, error_reason, organization_id,
                          person_id)
  SELECT $1::uuid, r.* FROM unnest($2::bigint[], $3::smallint[], $4::text[], $5::text[], $6::uuid[],
                                   $7::uuid[]) AS r
  ON CONFLICT DO NOTHING)");

// Whose data are kept apart is told like one who was erased.
const db::Statement kFindIdentities("import_find_identities", R"(
  SELECT i.hash, CASE WHEN a.person_id IS NULL THEN i.person_id END
  FROM import_identity i LEFT JOIN person_apart a ON a.person_id = i.person_id
  WHERE i.hash = ANY($1::bytea[]))");

const db::Statement kInsertIdentities("import_insert_identities", R"(
  INSERT INTO import_identity (hash, person_id)
  SELECT i.hash, i.person_id FROM unnest($1::bytea[], $2::uuid[]) AS i(hash, person_id)
  ORDER BY i.hash ON CONFLICT DO NOTHING)");

ImportJob ReadJob(const db::Row& row) {
  ImportJob job;
  job.id = db::AsUuid(row[0]);
  job.kind = static_cast<v1::ImportKind>(row[1].as<int>());
  job.policy = static_cast<v1::DuplicatePolicy>(row[2].as<int>());
  job.centre = db::AsOptionalUuid(row[3]);
  job.source = db::AsText(row[4]);
  job.content_hash = db::AsBytes(row[5]);
  job.state = static_cast<v1::ImportState>(row[6].as<int>());
  job.creator = db::AsText(row[7]);
  job.created_at = db::AsTime(row[8]);
  job.completed_at = db::AsOptionalTime(row[9]);
  return job;
}

Tally ReadTally(const db::Row& row, int at) {
  return {row[at].as<int64_t>(),     row[at + 1].as<int64_t>(), row[at + 2].as<int64_t>(),
          row[at + 3].as<int64_t>(), row[at + 4].as<int64_t>(), row[at + 5].as<int64_t>()};
}

std::optional<std::string> NullIfEmpty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

}  // namespace

bool InsertImport(db::Tx& tx, const ImportJob& job) {
  return tx.ExecOne(kInsert, job.id, job.kind, job.policy, job.centre, job.source,
                    db::Bytes(job.content_hash), job.state, job.creator, job.created_at);
}

std::optional<base::Uuid> FindRunningImport(db::Tx& tx, const ImportJob& like) {
  const auto row = tx.ExecOptional(kFindRunning, db::Bytes(like.content_hash), like.kind,
                                   like.policy, like.centre);
  if (!row) return std::nullopt;
  return db::AsUuid((*row)[0]);
}

std::optional<ImportJob> HoldImport(db::Tx& tx, const base::Scope& scope, const base::Uuid& id) {
  const auto row = tx.ExecOptional(kHold, id, scope.everywhere(), scope.AsArray());
  if (!row) return std::nullopt;
  return ReadJob(*row);
}

std::optional<ImportJob> HoldImportAlone(db::Tx& tx, const base::Scope& scope,
                                         const base::Uuid& id) {
  const auto row = tx.ExecOptional(kHoldAlone, id, scope.everywhere(), scope.AsArray());
  if (!row) return std::nullopt;
  return ReadJob(*row);
}

void SaveImportState(db::Tx& tx, const base::Scope& scope, const ImportJob& job) {
  tx.ExecLater(kSaveState, job.id, job.state, job.completed_at, scope.everywhere(),
               scope.AsArray());
}

std::optional<ImportView> FindImport(db::Tx& tx, const base::Scope& scope, const base::Uuid& id) {
  const auto row = tx.ExecOptional(kFind, id, scope.everywhere(), scope.AsArray());
  if (!row) return std::nullopt;
  return ReadImportView(*row);
}

const filter::ListSpec& ImportList() {
  static const auto* spec = new filter::ListSpec{
      .columns = VIEW_COLUMNS,
      .from = "import_job i" VIEW_JOINS,
      .fields = {{"name", filter::Uuid("i.id").NotNull()},
                 {"kind", filter::Enum<v1::ImportKind>("i.kind").NotNull()},
                 {"state", filter::Enum<v1::ImportState>("i.state").NotNull()},
                 {"content_hash", filter::Text("encode(i.content_hash, 'hex')").NotNull()},
                 {"centre", filter::Resource("i.centre_id", "organizations/{}")},
                 {"create_time", filter::Timestamp("i.created_at").NotNull()}},
      .key = "name",
      .centres = {"i.centre_id"}};
  return *spec;
}

ImportView ReadImportView(const db::Row& row) {
  ImportView view;
  view.job = ReadJob(row);
  view.tally = ReadTally(row, kJobColumns);
  view.chunks = row[kJobColumns + 6].as<int>();
  view.next_chunk = row[kJobColumns + 7].as<int>();
  view.version = row[kJobColumns + 8].as<int64_t>();
  return view;
}

std::optional<ImportChunk> FindChunk(db::Tx& tx, const base::Uuid& import, int number) {
  const auto row = tx.ExecOptional(kFindChunk, import, number);
  if (!row) return std::nullopt;
  return ImportChunk{(*row)[0].as<int>(), db::AsBytes((*row)[1]), ReadTally(*row, 2)};
}

void InsertChunk(db::Tx& tx, const base::Uuid& import, const ImportChunk& chunk) {
  const Tally& tally = chunk.tally;
  if (tx.ExecCount(kInsertChunk, import, chunk.number, db::Bytes(chunk.rows_hash), tally.rows,
                   tally.created, tally.linked, tally.unchanged, tally.review,
                   tally.refused) != 1) {
    db::Conflict();
  }
}

bool HaveCome(db::Tx& tx, const base::Uuid& import, const std::vector<int64_t>& numbers) {
  return !tx.Exec(kHaveCome, import, db::ArrayOf(numbers)).empty();
}

void InsertRows(db::Tx& tx, const base::Uuid& import, const std::vector<RowResult>& rows) {
  std::vector<db::Param> numbers, outcomes, fields, reasons, organizations, persons;
  for (const RowResult& row : rows) {
    numbers.emplace_back(row.number);
    outcomes.emplace_back(row.outcome);
    fields.emplace_back(NullIfEmpty(row.field));
    reasons.emplace_back(NullIfEmpty(row.error_reason));
    organizations.emplace_back(row.organization);
    persons.emplace_back(row.person);
  }
  if (tx.ExecCount(kInsertRows, import, db::Array(numbers), db::Array(outcomes), db::Array(fields),
                   db::Array(reasons), db::Array(organizations),
                   db::Array(persons)) != static_cast<int64_t>(rows.size())) {
    db::Conflict();
  }
}

const filter::ListSpec& ImportRowList() {
  static const auto* spec = new filter::ListSpec{
      .columns = "r.number, r.outcome, r.field, r.error_reason, r.organization_id, r.person_id",
      .from = "import_row r",
      .fields = {{"number", filter::Int("r.number").NotNull()},
                 {"outcome", filter::Enum<v1::ImportOutcome>("r.outcome").NotNull()},
                 {"field", filter::Text("r.field")},
                 {"error_reason", filter::Text("r.error_reason")}},
      .key = "number"};
  return *spec;
}

RowResult ReadImportRow(const db::Row& row) {
  RowResult result;
  result.number = row[0].as<int64_t>();
  result.outcome = static_cast<v1::ImportOutcome>(row[1].as<int>());
  result.field = db::AsText(row[2]);
  result.error_reason = db::AsText(row[3]);
  result.organization = db::AsOptionalUuid(row[4]);
  result.person = db::AsOptionalUuid(row[5]);
  return result;
}

std::map<std::string, std::optional<base::Uuid>> FindIdentities(
    db::Tx& tx, const std::vector<std::string>& hashes) {
  std::map<std::string, std::optional<base::Uuid>> found;
  if (hashes.empty()) return found;
  std::vector<db::Param> wanted;
  for (const std::string& hash : hashes) wanted.push_back(db::Bytes(hash));
  for (const auto& row : tx.Exec(kFindIdentities, db::Array(wanted))) {
    found.emplace(db::AsBytes(row[0]), db::AsOptionalUuid(row[1]));
  }
  return found;
}

void InsertIdentities(db::Tx& tx, const std::vector<ImportIdentity>& identities) {
  if (identities.empty()) return;
  std::vector<db::Param> hashes, persons;
  for (const auto& [hash, person] : identities) {
    hashes.push_back(db::Bytes(hash));
    persons.emplace_back(person);
  }
  if (tx.ExecCount(kInsertIdentities, db::Array(hashes), db::Array(persons)) !=
      static_cast<int64_t>(identities.size())) {
    db::Conflict();
  }
}

}  // namespace ieum::registry
