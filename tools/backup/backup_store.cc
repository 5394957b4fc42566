#include "tools/backup/backup_store.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/substitute.h"

namespace ieum::backup {
namespace {

// Read as text and not registered: this program works on databases that are not there yet.
// Consumers keep their place in inbox_cursor, a rebuild in rebuild_cursor, and move it in the
// transaction of what they apply.
constexpr char kCursorTables[] = R"(
  SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname LIKE '%\_cursor' ORDER BY 1)";

constexpr char kLedger[] = R"(
  SELECT shard, last_pos, (SELECT epoch FROM log_identity) FROM outbox_shard ORDER BY shard)";

constexpr char kCursors[] = "SELECT producer, shard, epoch, pos FROM inbox_cursor";

constexpr char kSchemas[] = "SELECT set_name, max(name) FROM schema_migration GROUP BY set_name";

constexpr char kHasApart[] = "SELECT to_regclass('public.person_key_apart') IS NOT NULL";

constexpr char kInUse[] =
    "SELECT person_id, wrapped, key_id, created_at FROM person_key WHERE wrapped <> ''";

constexpr char kApart[] =
    "SELECT person_id, wrapped, key_id, kept_at FROM person_key_apart WHERE has_key";

// $0 = the keys that are held.
constexpr char kSamples[] = R"(
  SELECT DISTINCT ON (key_id) person_id, wrapped, coalesce(key_id, '')
  FROM ($0) held ORDER BY key_id, created_at DESC)";

constexpr char kHasAttachments[] = "SELECT to_regclass('public.attachment') IS NOT NULL";

// STORED ones; a firm's papers have the key of their engagement. $0 = the keys that are held.
constexpr char kStoredFiles[] = R"(
  SELECT DISTINCT ON (t.file_id) t.file_id, coalesce(t.person_id, t.engagement_id),
         coalesce(k.wrapped, ''), t.sha256, t.size_bytes
  FROM attachment t LEFT JOIN ($0) k ON k.person_id = coalesce(t.person_id, t.engagement_id)
  WHERE t.state = 2 ORDER BY t.file_id, t.id)";

constexpr char kStillStored[] = R"(
  SELECT DISTINCT file_id FROM attachment WHERE state = 2 AND file_id = ANY($1::uuid[]))";

constexpr char kFilesOf[] =
    "SELECT DISTINCT file_id FROM attachment WHERE person_id = ANY($1::uuid[])";

constexpr char kTables[] = R"(
  SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'v', 'm', 'S'))";

constexpr char kHasLeases[] = "SELECT to_regclass('public.lease') IS NOT NULL";

constexpr char kWorking[] = R"(
  SELECT name || ' (' || owner || ')' FROM lease WHERE until > clock_timestamp()
  ORDER BY name LIMIT 1)";

constexpr char kEndLeases[] = R"(
  UPDATE lease SET until = clock_timestamp() - interval '1 second' WHERE until > clock_timestamp())";

constexpr char kEmpty[] = R"(
  SET LOCAL statement_timeout = 0;
  DROP SCHEMA public CASCADE;
  CREATE SCHEMA public AUTHORIZATION pg_database_owner;
  GRANT USAGE ON SCHEMA public TO PUBLIC)";

constexpr char kNote[] = R"(
  INSERT INTO sent_before (message_id) SELECT unnest($1::uuid[]) ON CONFLICT DO NOTHING)";

// Of persons in use, and of those whom another law keeps apart.
std::string OfHeldKeys(db::Tx& tx, const char* statement) {
  const bool apart = tx.RunDynamic(kHasApart, {})[0][0].as<bool>();
  return absl::Substitute(statement, apart ? absl::StrCat(kInUse, " UNION ALL ", kApart) : kInUse);
}

bool HasAttachments(db::Tx& tx) { return tx.RunDynamic(kHasAttachments, {})[0][0].as<bool>(); }

std::vector<base::Uuid> IdsIn(const db::Rows& rows) {
  std::vector<base::Uuid> ids;
  for (const auto& row : rows) ids.push_back(db::AsUuid(row[0]));
  return ids;
}

}  // namespace

void StopConsumers(db::Tx& tx) {
  std::vector<std::string> tables;
  for (const auto& row : tx.RunDynamic(kCursorTables, {})) tables.push_back(db::AsText(row[0]));
  tx.RunScript(absl::StrCat("LOCK TABLE ", absl::StrJoin(tables, ", "), " IN SHARE MODE"));
}

std::string ExportSnapshot(db::Tx& tx) {
  return db::AsText(tx.RunDynamic("SELECT pg_export_snapshot()", {})[0][0]);
}

void ImportSnapshot(db::Tx& tx, const std::string& snapshot) {
  tx.RunScript(absl::StrCat("SET TRANSACTION SNAPSHOT '", snapshot, "'"));
}

ServicePoint ReadPoint(db::Tx& tx) {
  ServicePoint point;
  for (const auto& row : tx.RunDynamic(kLedger, {})) {
    point.ledger[row[0].as<size_t>()] = row[1].as<int64_t>();
    point.epoch = row[2].as<int64_t>();
  }
  for (const auto& row : tx.RunDynamic(kCursors, {})) {
    Cursor& cursor = point.cursors[db::AsText(row[0])];
    cursor.epoch = std::max(cursor.epoch, row[2].as<int64_t>());
    cursor.positions[row[1].as<size_t>()] = row[3].as<int64_t>();
  }
  for (const auto& row : tx.RunDynamic(kSchemas, {})) {
    point.schemas[db::AsText(row[0])] = db::AsText(row[1]);
  }
  return point;
}

std::vector<WrappedSample> ReadSamples(db::Tx& tx) {
  std::vector<WrappedSample> samples;
  for (const auto& row : tx.RunDynamic(OfHeldKeys(tx, kSamples), {})) {
    samples.push_back({db::AsUuid(row[0]), db::AsBytes(row[1]), db::AsText(row[2])});
  }
  return samples;
}

std::vector<StoredFile> ReadStoredFiles(db::Tx& tx) {
  std::vector<StoredFile> files;
  if (!HasAttachments(tx)) return files;
  for (const auto& row : tx.RunDynamic(OfHeldKeys(tx, kStoredFiles), {})) {
    files.push_back({db::AsUuid(row[0]), db::AsUuid(row[1]), db::AsBytes(row[2]),
                     db::AsBytes(row[3]), row[4].as<int64_t>()});
  }
  return files;
}

std::vector<base::Uuid> StillStored(db::Tx& tx, const std::vector<base::Uuid>& files) {
  return IdsIn(tx.RunDynamic(kStillStored, {db::ArrayOf(files)}));
}

std::vector<base::Uuid> FilesOf(db::Tx& tx, const std::vector<base::Uuid>& persons) {
  if (!HasAttachments(tx)) return {};
  return IdsIn(tx.RunDynamic(kFilesOf, {db::ArrayOf(persons)}));
}

int64_t CountTables(db::Tx& tx) { return tx.RunDynamic(kTables, {})[0][0].as<int64_t>(); }

std::string WorkingProcess(db::Tx& tx) {
  if (!tx.RunDynamic(kHasLeases, {})[0][0].as<bool>()) return "";
  const auto rows = tx.RunDynamic(kWorking, {});
  return rows.empty() ? "" : db::AsText(rows[0][0]);
}

void EndLeases(db::Tx& tx) {
  if (tx.RunDynamic(kHasLeases, {})[0][0].as<bool>()) tx.RunScript(kEndLeases);
}

void EmptyDatabase(db::Tx& tx) { tx.RunScript(kEmpty); }

int64_t NoteSent(db::Tx& tx, const std::vector<base::Uuid>& messages) {
  return static_cast<int64_t>(tx.RunDynamic(kNote, {db::ArrayOf(messages)}).affected_rows());
}

}  // namespace ieum::backup
