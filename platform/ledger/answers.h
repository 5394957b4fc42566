// Stored answers: what a command was answered, under its request id. Inside of platform/ledger.
#pragma once

#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "platform/ledger/ledger.h"

namespace ieum::ledger {

// ALREADY_EXISTS (REQUEST_ID_REUSED) when the id came with another hash.
absl::StatusOr<std::optional<Answer>> FindAnswer(db::Tx& tx, const Command& command);
// The same for several commands in one statement; those without an answer are left out.
absl::flat_hash_map<base::Uuid, absl::StatusOr<Answer>> FindAnswers(
    db::Tx& tx, absl::Span<const Command* const> commands);

struct NewAnswer {
  const Command* command;
  Answer answer;
};
// False when one of them had been answered meanwhile: the transaction is then to be run again.
bool StoreAnswers(db::Tx& tx, std::vector<NewAnswer> answers);

// What a use case said when it ran, and how the aggregate stood then.
struct Outcome {
  Done done;
  int64_t etag = 0;
};
// The use case as a part; `outcome` is set when it has run well.
Part PartOf(const Command& command, Ledger::UseCase use_case, Outcome* outcome);
// Once the unit's events have positions.
Answer AnswerOf(const Outcome& outcome, const UnitOfWork& unit);

}  // namespace ieum::ledger
