// Where services keep what events did to them, as data: one line a table. A new service adds its
// lines to the list in effect_tables.cc, or none when its reactions only append events.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "tools/audit/inbox_reader.h"
#include "tools/audit/subject.h"
#include "tools/audit/tally.h"

namespace ieum::audit {

// Effects that name the event that caused them.
struct CauseTable {
  const char* service;  // "" = every service
  const char* what;     // of one row: "a reminder"
  const char* sql;      // → event id (uuid) of the cause, each once
};
const std::vector<CauseTable>& CauseTables();

// Rows that must not be there twice.
struct OnceTable {
  const char* service;
  const char* what;
  const char* sql;  // → key (text), shard, pos of the second one; empty when all is well
};
const std::vector<OnceTable>& OnceTables();

// Tables that keep one row an event.
struct RowPerEvent {
  const char* service;
  const char* what;
  // ($1 producer, $2 shard, $3 last position passed, $4 positions without an effect) → first
  // position without a row; and → first row behind the last position.
  const char* missing_sql;
  const char* beyond_sql;  // ($1, $2, $3)
};
const std::vector<RowPerEvent>& RowPerEventTables();

// All of them for one consumer.
absl::Status CheckEffectTables(const Subject& subject, const Service& consumer, const Inbox& inbox,
                               Tally& tally);

}  // namespace ieum::audit
