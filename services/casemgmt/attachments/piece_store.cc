#include "services/casemgmt/attachments/attachment_store.h"

namespace ieum::casemgmt {
namespace {

std::vector<base::Uuid> IdsIn(const db::Rows& rows) {
  std::vector<base::Uuid> ids;
  for (const auto& row : rows) ids.push_back(db::AsUuid(row[0]));
  return ids;
}

}  // namespace

const db::Statement kPieces("attachment_chunks", R"(
  SELECT number, digest FROM attachment_chunk WHERE attachment_id = $1 ORDER BY number)");

std::vector<AttachmentPiece> PiecesOf(db::Tx& tx, const base::Uuid& attachment) {
  std::vector<AttachmentPiece> pieces;
  for (const auto& row : tx.Exec(kPieces, attachment)) {
    pieces.push_back({.number = row[0].as<int>(), .digest = db::AsBytes(row[1])});
  }
  return pieces;
}

const db::Statement kInsertPiece("attachment_chunk_insert", R"(
  INSERT INTO attachment_chunk (attachment_id, number, digest) VALUES ($1, $2, $3)
  ON CONFLICT DO NOTHING)");

bool InsertPiece(db::Tx& tx, const base::Uuid& attachment, const AttachmentPiece& piece) {
  return tx.ExecCount(kInsertPiece, attachment, piece.number, db::Bytes(piece.digest)) == 1;
}

const db::Statement kDeletePieces("attachment_chunk_delete",
                                  "DELETE FROM attachment_chunk WHERE attachment_id = $1");

void DeletePieces(db::Tx& tx, const base::Uuid& attachment) { tx.Exec(kDeletePieces, attachment); }

const db::Statement kAskCleanup("attachment_cleanup_ask", R"(
  INSERT INTO attachment_cleanup (attachment_id, file_id, version, asked_at)
  VALUES ($1, $2, $3, $4)
  ON CONFLICT (attachment_id) DO UPDATE
  SET version = EXCLUDED.version, asked_at = EXCLUDED.asked_at)");

void AskCleanup(db::Tx& tx, const Cleanup& cleanup) {
  tx.Exec(kAskCleanup, cleanup.attachment, cleanup.file, cleanup.version, cleanup.asked);
}

const db::Statement kCleanups("attachment_cleanups", R"(
  SELECT attachment_id, file_id, version, asked_at FROM attachment_cleanup
  ORDER BY asked_at, attachment_id LIMIT $1)");

std::vector<Cleanup> Cleanups(db::Tx& tx, int limit) {
  std::vector<Cleanup> cleanups;
  for (const auto& row : tx.Exec(kCleanups, limit)) {
    cleanups.push_back({.attachment = db::AsUuid(row[0]),
                        .file = db::AsUuid(row[1]),
                        .version = row[2].as<int64_t>(),
                        .asked = db::AsTime(row[3])});
  }
  return cleanups;
}

const db::Statement kCountCleanups("attachment_cleanup_count",
                                   "SELECT count(*) FROM attachment_cleanup");

int64_t CountCleanups(db::Tx& tx) { return tx.Exec(kCountCleanups)[0][0].as<int64_t>(); }

const db::Statement kDeleteCleanup("attachment_cleanup_delete",
                                   "DELETE FROM attachment_cleanup WHERE attachment_id = $1");

void DeleteCleanup(db::Tx& tx, const base::Uuid& attachment) {
  tx.Exec(kDeleteCleanup, attachment);
}

const db::Statement kHoldFile(
    "attachment_hold_file",
    "SELECT pg_advisory_xact_lock_shared(hashtextextended('attachment/' || $1, 0))");
const db::Statement kTakeFile(
    "attachment_take_file",
    "SELECT pg_advisory_xact_lock(hashtextextended('attachment/' || $1, 0))");

void HoldFile(db::Tx& tx, const base::Uuid& file) { tx.Exec(kHoldFile, file); }
void TakeFile(db::Tx& tx, const base::Uuid& file) { tx.Exec(kTakeFile, file); }

const db::Statement kUnneeded("attachment_unneeded", R"(
  SELECT f.id FROM unnest($1::uuid[]) AS f (id)
  WHERE NOT EXISTS (SELECT FROM attachment t WHERE t.file_id = f.id AND t.state IN (1, 2)))");

std::vector<base::Uuid> Unneeded(db::Tx& tx, const std::vector<base::Uuid>& files) {
  return IdsIn(tx.Exec(kUnneeded, db::ArrayOf(files)));
}

const db::Statement kNotUploading("attachment_not_uploading", R"(
  SELECT f.id FROM unnest($1::uuid[]) AS f (id)
  WHERE NOT EXISTS (SELECT FROM attachment t WHERE t.id = f.id AND t.state = 1))");

std::vector<base::Uuid> NotUploading(db::Tx& tx, const std::vector<base::Uuid>& attachments) {
  return IdsIn(tx.Exec(kNotUploading, db::ArrayOf(attachments)));
}

}  // namespace ieum::casemgmt
