// The rows of dead letters, parked aggregates and what operators decided.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "ieum/platform/v1/ops.pb.h"
#include "platform/base/uuid.h"
#include "platform/db/tx.h"

namespace ieum::flow {

// Place of a dead letter in the list, oldest first.
struct DeadLetterKey {
  int64_t parked_us = 0;  // microseconds since 1970
  std::string producer;
  int64_t epoch = 0;
  int shard = -1;
  int64_t pos = 0;
};

struct DeadLetterRow {
  DeadLetterKey key;
  platform::v1::DeadLetter letter;
};

// At most `limit` behind `after`.
std::vector<DeadLetterRow> ReadDeadLetters(db::Tx& tx, const DeadLetterKey& after, int limit);

// The dead letters of one aggregate in their order; its consumer waits until the transaction ends.
// Empty when it has none.
std::vector<DeadLetterRow> LockDeadLetters(db::Tx& tx, const std::string& producer,
                                           const base::Uuid& aggregate);

// Keeps the decision ("REPLAYED", "DISCARDED") for each of these, removes them, and unparks the
// aggregate unless another one has come that nobody has looked at.
void SettleDeadLetters(db::Tx& tx, const std::string& producer, const base::Uuid& aggregate,
                       const std::vector<DeadLetterRow>& letters, std::string_view decision,
                       std::string_view reason, std::string_view actor);

}  // namespace ieum::flow
