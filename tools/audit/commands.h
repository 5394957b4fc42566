// INV1: a command that was answered OK made exactly its events, once, and is answered the same for
// ever; one that was refused made none; of one whose answer never came all happened or nothing.
//
// Who asked what and heard what is told by the journal. What happened is told by the ledger: an
// event's id follows from its request, so the events of every request can be named before they are
// looked for.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "platform/base/uuid.h"
#include "tools/audit/subject.h"
#include "tools/audit/tally.h"
#include "tools/journal/journal.h"

namespace ieum::audit {

// One attempt with its answer.
struct Told {
  journal::Attempt attempt;
  std::optional<journal::Answer> answer;  // nullopt: none came

  std::string code() const { return answer ? answer->code : ""; }
};

// The answer that a ledger keeps for a request.
struct StoredAnswer {
  std::string request_hash;  // hex
  int64_t etag = 0;
  int shard = 0;
  int64_t pos = 0;  // 0 = nothing was changed
};

struct FoundEvent {
  int shard = 0;
  int64_t pos = 0;
  int64_t version = 0;
  base::Uuid event_id;
  base::Uuid aggregate;
};

// Everything that is known of one request.
struct CommandStory {
  std::string service;
  base::Uuid request_id;
  std::vector<Told> told;  // in the order of the journal
  std::optional<StoredAnswer> stored;
  std::multimap<int, FoundEvent> events;  // by their number
  bool may_be_pruned = false;             // so old that the ledger may have forgotten its answer
  bool vanished = false;                  // a restore took its events away, as declared
};

// Pure.
void JudgeCommand(const CommandStory& story, Tally& tally);

absl::Status CheckCommands(Subject& subject, Tally& tally);

}  // namespace ieum::audit
