#include "tools/audit/effect_tables.h"

#include <algorithm>
#include <map>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "tools/audit/ledger_reader.h"

namespace ieum::audit {

const std::vector<CauseTable>& CauseTables() {
  static const auto* tables = new std::vector<CauseTable>{
      {"", "an event",
       "SELECT DISTINCT causation_id::uuid FROM event_log WHERE causation_id <> ''"},
      {"notify", "a reminder", "SELECT DISTINCT cause_event_id FROM reminder"},
      {"notify", "a signal", "SELECT DISTINCT event_id FROM reminder_signal"},
      {"notify", "a change notice", "SELECT DISTINCT event_id FROM change_notice"},
      {"notify", "a message", "SELECT DISTINCT cause_event_id FROM message"},
      {"reporting", "a fact",
       "SELECT DISTINCT event_id FROM fact JOIN projection_live USING (generation)"},
  };
  return *tables;
}

const std::vector<OnceTable>& OnceTables() {
  static const auto* tables = new std::vector<OnceTable>{
      {"", "event", R"(
        SELECT event_id::text, shard, pos FROM (
          SELECT event_id, shard, pos, row_number() OVER (
            PARTITION BY event_id ORDER BY recorded_at, shard, pos) AS place FROM event_log) e
        WHERE place > 1 ORDER BY shard, pos)"},
      {"reporting", "fact of event", R"(
        SELECT event_id::text, shard, pos FROM (
          SELECT event_id, shard, pos, row_number() OVER (
            PARTITION BY event_id ORDER BY producer, shard, pos) AS place
          FROM fact JOIN projection_live USING (generation)) f
        WHERE place > 1 ORDER BY shard, pos)"},
      {"notify", "message of a reminder to one person", R"(
        SELECT id::text, -1, 0 FROM (
          SELECT id, row_number() OVER (
            PARTITION BY reminder_id, person_id, channel ORDER BY recorded_at, id) AS place
          FROM message WHERE kind = 1) m
        WHERE place > 1 ORDER BY id)"},
      {"notify", "notice of a move to one person", R"(
        SELECT id::text, -1, 0 FROM (
          SELECT id, row_number() OVER (
            PARTITION BY template_code, cause_event_id, person_id, channel
            ORDER BY recorded_at, id) AS place
          FROM message WHERE kind = 2) m
        WHERE place > 1 ORDER BY id)"},
  };
  return *tables;
}

const std::vector<RowPerEvent>& RowPerEventTables() {
  static const auto* tables = new std::vector<RowPerEvent>{
      {"reporting", "fact", R"(
        SELECT p FROM generate_series(1::bigint, $3::bigint) p
        WHERE p <> ALL($4::bigint[]) AND NOT EXISTS (
          SELECT 1 FROM fact JOIN projection_live USING (generation)
          WHERE producer = $1 AND shard = $2::smallint AND pos = p)
        ORDER BY p LIMIT 1)",
       R"(
        SELECT pos FROM fact JOIN projection_live USING (generation)
        WHERE producer = $1 AND shard = $2::smallint AND pos > $3::bigint ORDER BY pos LIMIT 1)"},
  };
  return *tables;
}

namespace {

constexpr size_t kCausesAtOnce = 500'000;

bool IsOf(const char* service, const Service& consumer) {
  return *service == '\0' || consumer.name == service;
}

// Where an event that is somebody's cause stands; position 0: a restore took it away, and what was
// decided on it stays.
struct Spot {
  std::string producer;
  int shard = 0;
  int64_t pos = 0;
};

int64_t PassedOn(const Inbox& inbox, const std::string& producer, int shard) {
  for (const Cursor& cursor : inbox.cursors) {
    if (cursor.producer == producer && cursor.shard == shard) return cursor.pos;
  }
  return 0;
}

bool IsDead(const Inbox& inbox, const Spot& spot) {
  return std::any_of(inbox.dead.begin(), inbox.dead.end(), [&](const DeadLetter& dead) {
    return dead.producer == spot.producer && dead.shard == spot.shard && dead.pos == spot.pos;
  });
}

void JudgeCause(const CauseTable& table, const Service& consumer, const Inbox& inbox,
                const base::Uuid& id, const Spot* spot, Tally& tally) {
  tally.Checked();
  Offender offender{.service = consumer.name, .event_id = id.ToString()};
  if (spot == nullptr) {
    offender.what = absl::StrCat("is the cause of ", table.what, ", but no ledger holds it");
    return tally.Breach(std::move(offender));
  }
  offender.service = spot->producer;
  offender.shard = spot->shard;
  offender.pos = spot->pos;
  // Of its own nothing is taken.
  if (spot->producer == consumer.name || spot->pos == 0) return;
  if (IsDead(inbox, *spot)) {
    offender.what = absl::StrCat(consumer.name, " keeps ", table.what, " of it and put it aside");
    tally.Breach(std::move(offender));
  } else if (spot->pos > PassedOn(inbox, spot->producer, spot->shard)) {
    offender.what = absl::StrCat(consumer.name, " keeps ", table.what,
                                 " of it, but its cursor has not passed it");
    tally.Breach(std::move(offender));
  }
}

absl::StatusOr<absl::flat_hash_map<base::Uuid, Spot>> FindEvents(
    const Subject& subject, const std::vector<base::Uuid>& ids) {
  const absl::flat_hash_set<base::Uuid> wanted(ids.begin(), ids.end());
  absl::flat_hash_map<base::Uuid, Spot> spots;
  for (const Service& producer : subject.services()) {
    RETURN_IF_ERROR(EachKey(*producer.database, [&](const EventKey& key) {
      if (wanted.contains(key.event_id)) {
        spots.try_emplace(key.event_id, Spot{producer.name, key.shard, key.pos});
      }
    }));
    RETURN_IF_ERROR(EachVanished(*producer.database, [&](const base::Uuid& id) {
      if (wanted.contains(id)) spots.try_emplace(id, Spot{producer.name, 0, 0});
    }));
  }
  return spots;
}

absl::StatusOr<std::vector<base::Uuid>> CausesAfter(const CauseTable& table,
                                                    const Service& consumer,
                                                    const std::optional<base::Uuid>& last) {
  std::vector<base::Uuid> ids;
  const std::string sql =
      absl::StrCat("SELECT id FROM (", table.sql, ") AS causes(id) ",
                   "WHERE $1::uuid IS NULL OR id > $1::uuid ORDER BY id LIMIT ", kCausesAtOnce);
  RETURN_IF_ERROR(consumer.database->Read("audit_causes", [&](db::Tx& tx) {
    ids.clear();
    for (const auto& row : tx.RunDynamic(sql, {last})) ids.push_back(db::AsUuid(row[0]));
    return absl::OkStatus();
  }));
  return ids;
}

absl::Status CheckCauses(const Subject& subject, const CauseTable& table, const Service& consumer,
                         const Inbox& inbox, Tally& tally) {
  std::optional<base::Uuid> last;
  while (true) {
    ASSIGN_OR_RETURN(const auto ids, CausesAfter(table, consumer, last));
    if (ids.empty()) return absl::OkStatus();
    ASSIGN_OR_RETURN(const auto spots, FindEvents(subject, ids));
    for (const base::Uuid& id : ids) {
      const auto found = spots.find(id);
      JudgeCause(table, consumer, inbox, id, found == spots.end() ? nullptr : &found->second,
                 tally);
    }
    if (ids.size() < kCausesAtOnce) return absl::OkStatus();
    last = ids.back();
  }
}

absl::Status CheckOnce(const OnceTable& table, const Service& consumer, Tally& tally) {
  return consumer.database->Read("audit_once", [&](db::Tx& tx) {
    for (const auto& row : tx.RunDynamic(table.sql, {})) {
      tally.Breach({.service = consumer.name,
                    .shard = row[1].as<int>(),
                    .pos = row[2].as<int64_t>(),
                    .what = absl::StrCat(table.what, " ", db::AsText(row[0]), " is there twice")});
    }
    return absl::OkStatus();
  });
}

// What an operator gave up has no effect, nor has what waits for one.
db::Param WithoutEffect(const Inbox& inbox, const Cursor& cursor) {
  std::vector<db::Param> positions;
  for (const DeadLetter& dead : inbox.dead) {
    if (dead.producer == cursor.producer && dead.shard == cursor.shard) {
      positions.emplace_back(dead.pos);
    }
  }
  return db::Array(positions);
}

absl::Status CheckRows(const RowPerEvent& table, const Service& consumer, const Inbox& inbox,
                       Tally& tally) {
  return consumer.database->Read("audit_row_per_event", [&](db::Tx& tx) {
    for (const Cursor& cursor : inbox.cursors) {
      tally.Checked(cursor.pos);
      const auto missing =
          tx.RunDynamic(table.missing_sql,
                        {cursor.producer, cursor.shard, cursor.pos, WithoutEffect(inbox, cursor)});
      if (!missing.empty()) {
        tally.Breach({.service = cursor.producer,
                      .shard = cursor.shard,
                      .pos = missing[0][0].as<int64_t>(),
                      .what = absl::StrCat(consumer.name, " passed it and keeps no ", table.what)});
      }
      // Rows of a snapshot that is younger than the cursors are no breach.
      const auto now =
          tx.RunDynamic("SELECT pos FROM inbox_cursor WHERE producer = $1 AND shard = $2::smallint",
                        {cursor.producer, cursor.shard});
      const auto beyond =
          tx.RunDynamic(table.beyond_sql, {cursor.producer, cursor.shard, now[0][0].as<int64_t>()});
      if (!beyond.empty()) {
        tally.Breach({.service = cursor.producer,
                      .shard = cursor.shard,
                      .pos = beyond[0][0].as<int64_t>(),
                      .what = absl::StrCat(consumer.name, " keeps a ", table.what,
                                           " of what its cursor has not passed")});
      }
    }
    return absl::OkStatus();
  });
}

}  // namespace

absl::Status CheckEffectTables(const Subject& subject, const Service& consumer, const Inbox& inbox,
                               Tally& tally) {
  for (const CauseTable& table : CauseTables()) {
    if (!IsOf(table.service, consumer)) continue;
    RETURN_IF_ERROR(CheckCauses(subject, table, consumer, inbox, tally));
  }
  for (const OnceTable& table : OnceTables()) {
    if (IsOf(table.service, consumer)) RETURN_IF_ERROR(CheckOnce(table, consumer, tally));
  }
  for (const RowPerEvent& table : RowPerEventTables()) {
    if (IsOf(table.service, consumer)) RETURN_IF_ERROR(CheckRows(table, consumer, inbox, tally));
  }
  return absl::OkStatus();
}

}  // namespace ieum::audit
