#include "platform/flow/dead_letters.h"

#include <charconv>
#include <optional>

#include "absl/strings/str_split.h"
#include "fmt/format.h"
#include "platform/base/status.h"
#include "platform/flow/applier.h"
#include "platform/flow/dead_letter_store.h"
#include "platform/flow/task.h"

namespace ieum::flow {
namespace {

constexpr char kReplayed[] = "REPLAYED";
constexpr char kDiscarded[] = "DISCARDED";

std::string WriteKey(const DeadLetterKey& key) {
  return fmt::format("{}/{}/{}/{}/{}", key.parked_us, key.epoch, key.shard, key.pos, key.producer);
}

template <class Integer>
bool ReadNumber(const std::string& text, Integer* value) {
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, *value);
  return error == std::errc() && stop == end;
}

absl::StatusOr<DeadLetterKey> ReadKey(std::string_view text) {
  DeadLetterKey key;
  if (text.empty()) return key;
  const std::vector<std::string> words = absl::StrSplit(std::string(text), absl::MaxSplits('/', 4));
  if (words.size() != 5 || !ReadNumber(words[0], &key.parked_us) ||
      !ReadNumber(words[1], &key.epoch) || !ReadNumber(words[2], &key.shard) ||
      !ReadNumber(words[3], &key.pos)) {
    return base::InvalidField("PAGE_TOKEN_INVALID", "page_token", "is not one of this list");
  }
  key.producer = words[4];
  return key;
}

absl::Status NothingThere(const std::string& producer, const base::Uuid& aggregate) {
  return base::Error(absl::StatusCode::kNotFound, "DEAD_LETTER_NOT_FOUND",
                     "there is no dead letter for that aggregate",
                     {{"producer", producer}, {"aggregate_id", aggregate.ToString()}});
}

absl::Status ReplayFailed(const ReceivedEvent& event, std::string_view word) {
  return base::Forbidden(
      "REPLAY_FAILED", "an event failed again; nothing was changed",
      {{"event_id", event.envelope.event_id()}, {"type", event.envelope.type()}, {"error", word}});
}

ReceivedEvent EventOf(const DeadLetterRow& row) {
  ReceivedEvent event;
  event.producer = row.letter.producer();
  event.epoch = row.letter.epoch();
  event.envelope = row.letter.event();
  return event;
}

// One event with its effect; transient errors come back as they are.
absl::Status ApplyAgain(const Subscriptions& subscriptions, ledger::Ledger& ledger, db::Tx& tx,
                        ReceivedEvent event, bool* appended) {
  const Task task = TaskFor(subscriptions, &event);
  if (task.kind == Task::Kind::kSkip) return absl::OkStatus();  // nobody listens any more
  if (task.kind == Task::Kind::kPark) return ReplayFailed(event, task.refusal);
  const absl::Status status =
      ApplyAll(absl::MakeConstSpan(&task, 1), absl::MakeConstSpan(&event, 1), ledger, tx, appended);
  if (status.ok() || db::IsTransient(status)) return status;
  return ReplayFailed(event, ErrorWord(status));
}

}  // namespace

DeadLetters::DeadLetters(ledger::Ledger& ledger, const Subscriptions& subscriptions)
    : ledger_(ledger), subscriptions_(subscriptions) {}

absl::StatusOr<DeadLetterPage> DeadLetters::List(int page_size, std::string_view after) {
  ASSIGN_OR_RETURN(const DeadLetterKey key, ReadKey(after));
  std::vector<DeadLetterRow> rows;
  RETURN_IF_ERROR(ledger_.database().Read("list_dead_letters", [&](db::Tx& tx) {
    rows = ReadDeadLetters(tx, key, page_size + 1);  // one more tells whether there is a next page
    return absl::OkStatus();
  }));
  DeadLetterPage page;
  if (static_cast<int>(rows.size()) > page_size) {
    rows.resize(static_cast<size_t>(page_size));
    page.next = WriteKey(rows.back().key);
  }
  for (DeadLetterRow& row : rows) page.dead_letters.push_back(std::move(row.letter));
  return page;
}

absl::StatusOr<int> DeadLetters::Replay(const std::string& producer, const base::Uuid& aggregate,
                                        std::string_view actor) {
  int replayed = 0;
  bool appended = false;
  std::optional<ReceivedEvent> trying;
  const absl::Status status =
      ledger_.database().Write("replay_dead_letters", [&](db::Tx& tx) -> absl::Status {
        appended = false;
        const auto rows = LockDeadLetters(tx, producer, aggregate);
        if (rows.empty()) return NothingThere(producer, aggregate);
        for (const DeadLetterRow& row : rows) {
          trying = EventOf(row);
          RETURN_IF_ERROR(ApplyAgain(subscriptions_, ledger_, tx, *trying, &appended));
        }
        SettleDeadLetters(tx, producer, aggregate, rows, kReplayed, "", actor);
        replayed = static_cast<int>(rows.size());
        return absl::OkStatus();
      });
  // A statement of the effect that the database refuses ends the whole transaction.
  if (absl::IsInternal(status) && trying) return ReplayFailed(*trying, ErrorWord(status));
  RETURN_IF_ERROR(status);
  if (appended) ledger_.Committed();
  return replayed;
}

absl::StatusOr<int> DeadLetters::Discard(const std::string& producer, const base::Uuid& aggregate,
                                         std::string_view reason, std::string_view actor) {
  int discarded = 0;
  RETURN_IF_ERROR(ledger_.database().Write("discard_dead_letters", [&](db::Tx& tx) -> absl::Status {
    const auto rows = LockDeadLetters(tx, producer, aggregate);
    if (rows.empty()) return NothingThere(producer, aggregate);
    SettleDeadLetters(tx, producer, aggregate, rows, kDiscarded, reason, actor);
    discarded = static_cast<int>(rows.size());
    return absl::OkStatus();
  }));
  return discarded;
}

}  // namespace ieum::flow
