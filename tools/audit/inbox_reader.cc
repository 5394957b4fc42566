#include "tools/audit/inbox_reader.h"

#include "ieum/platform/v1/ops.pb.h"
#include "platform/base/status.h"

namespace ieum::audit {
namespace {

const db::Statement kCursors("audit_cursors", R"(
  SELECT producer, shard, epoch, pos, check_hash FROM inbox_cursor ORDER BY producer, shard)");

const db::Statement kCheckPoints("audit_check_points", R"(
  SELECT producer, shard, epoch, pos, check_hash FROM inbox_check
  ORDER BY producer, shard, epoch, pos)");

const db::Statement kDead("audit_dead_letters", R"(
  SELECT d.producer, d.epoch, d.shard, d.pos, d.aggregate_id, d.event,
         EXISTS (SELECT 1 FROM parked p
                 WHERE p.producer = d.producer AND p.aggregate_id = d.aggregate_id)
  FROM dead_letter d ORDER BY d.producer, d.epoch, d.shard, d.pos)");

const db::Statement kDiscarded("audit_discarded", R"(
  SELECT producer, epoch, shard, pos FROM dead_letter_decision WHERE decision = 'DISCARDED'
  ORDER BY producer, epoch, shard, pos)");

std::vector<Cursor> CursorsOf(const db::Rows& rows) {
  std::vector<Cursor> cursors;
  for (const auto& row : rows) {
    cursors.push_back({db::AsText(row[0]), row[1].as<int>(), row[2].as<int64_t>(),
                       row[3].as<int64_t>(), static_cast<uint64_t>(row[4].as<int64_t>())});
  }
  return cursors;
}

DeadLetter DeadOf(const db::Row& row) {
  DeadLetter dead{db::AsText(row[0]), row[1].as<int64_t>(),
                  row[2].as<int>(),   row[3].as<int64_t>(),
                  db::AsUuid(row[4]), "",
                  row[6].as<bool>(),  false};
  platform::v1::LedgerEvent event;
  if (event.ParseFromString(db::AsBytes(row[5]))) dead.event_id = event.event_id();
  return dead;
}

}  // namespace

absl::StatusOr<Inbox> ReadInbox(db::Database& database) {
  Inbox inbox;
  RETURN_IF_ERROR(database.Read("audit_inbox", [&](db::Tx& tx) {
    inbox.cursors = CursorsOf(tx.Exec(kCursors));
    inbox.check_points = CursorsOf(tx.Exec(kCheckPoints));
    for (const auto& row : tx.Exec(kDead)) inbox.dead.push_back(DeadOf(row));
    for (const auto& row : tx.Exec(kDiscarded)) {
      DeadLetter dead{db::AsText(row[0]),
                      row[1].as<int64_t>(),
                      row[2].as<int>(),
                      row[3].as<int64_t>(),
                      {},
                      "",
                      true,
                      true};
      inbox.dead.push_back(std::move(dead));
    }
    return absl::OkStatus();
  }));
  return inbox;
}

}  // namespace ieum::audit
