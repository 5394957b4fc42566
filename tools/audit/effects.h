// INV5: what was produced was taken, each event once: cursors stand at the end of the ledgers, what
// was taken on the way is what the ledger holds, every event had its effect or is a dead letter,
// and nothing had one twice.
//
// Three kinds of evidence:
//   * the running hash beside each cursor, over every event that it passed (kept by the platform
//     for any service, and at every 1,000th position, which locates a difference);
//   * effects that name their cause (effect_tables.h): each must be an event that the consumer has
//     passed and that is no dead letter, and none may be there twice;
//   * tables that keep one row an event: as many as were passed.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "tools/audit/inbox_reader.h"
#include "tools/audit/ledger_reader.h"
#include "tools/audit/subject.h"
#include "tools/audit/tally.h"

namespace ieum::audit {

// Pure: one consumer's cursors on one ledger.
void JudgeCursors(const std::string& consumer, const std::string& producer,
                  const LedgerState& ledger, const std::vector<Cursor>& cursors, bool at_rest,
                  Tally& tally);

// Pure: one shard of a ledger, read from its beginning, against what consumers say that they took.
class HashWalk {
 public:
  struct Claim {
    std::string consumer;
    int64_t pos = 0;
    uint64_t hash = 0;
  };
  // `claims` in the order of positions.
  HashWalk(std::string producer, int shard, std::vector<Claim> claims, Tally& tally);
  int64_t end() const { return claims_.empty() ? 0 : claims_.back().pos; }
  void Event(const platform::v1::LedgerEvent& event);

 private:
  const std::string producer_;
  const int shard_;
  const std::vector<Claim> claims_;
  Tally& tally_;
  size_t next_ = 0;
  uint64_t hash_ = 0;
  std::map<std::string, int64_t> agreed_;  // last position up to which a consumer agreed
  std::map<std::string, bool> broken_;     // told once a consumer
};

absl::Status CheckEffects(Subject& subject, Tally& tally);

}  // namespace ieum::audit
