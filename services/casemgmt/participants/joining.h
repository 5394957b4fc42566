// Which tokens are one person, after merges of records and their undoing.
#pragma once

#include <functional>
#include <vector>

#include "absl/status/status.h"
#include "platform/base/uuid.h"
#include "platform/ledger/unit_of_work.h"

namespace ieum::casemgmt {

// Keeps what was heard of these two records (`keep` writes it), then lets tokens stand for each
// other as the records do: ParticipantsJoined and ParticipantsParted of what changed, nothing of
// what did not. Locks every token that may change, and `besides`.
absl::Status KeepAndJoin(ledger::UnitOfWork& work, const std::vector<base::Uuid>& records,
                         const std::vector<base::Uuid>& besides,
                         const std::function<void(db::Tx&)>& keep);

}  // namespace ieum::casemgmt
