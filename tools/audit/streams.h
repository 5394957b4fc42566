// INV4: every message of a stream equals its row in the ledger, headers and payload, and the first
// occurrences of a shard's positions follow each other without a hole. A message may come twice.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "ieum/platform/v1/ops.pb.h"
#include "platform/broker/event_codec.h"
#include "platform/broker/message.h"
#include "tools/audit/ledger_reader.h"
#include "tools/audit/subject.h"
#include "tools/audit/tally.h"

namespace ieum::audit {

// Pure: in what the message differs from the row that the ledger holds at its place; empty when
// in nothing. What the relay adds for the broker alone (its chain) is not compared.
std::string DifferenceFrom(const platform::v1::LedgerEvent& row, const broker::Message& message,
                           const broker::Origin& origin);

// Pure: the order of one stream's positions, shard by shard.
class StreamOrder {
 public:
  // A sentence when this message leaves a hole behind the one before it; empty otherwise.
  std::string Next(int shard, int64_t pos);
  int64_t first(int shard) const { return shards_[shard].first; }  // 0: none came
  int64_t last(int shard) const { return shards_[shard].last; }
  int64_t repeats() const { return repeats_; }

 private:
  struct Shard {
    int64_t first = 0;
    int64_t last = 0;
  };
  std::array<Shard, base::Uuid::kShards> shards_;
  int64_t repeats_ = 0;
};

absl::Status CheckStreams(Subject& subject, Tally& tally);

}  // namespace ieum::audit
