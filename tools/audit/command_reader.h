// What journal and ledgers tell of commands, brought together request by request.
#pragma once

#include <optional>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "tools/audit/commands.h"
#include "tools/audit/ledger_reader.h"

namespace ieum::audit {

// An answer that a ledger keeps, with the event that it names.
struct KeptAnswer {
  base::Uuid request_id;
  StoredAnswer answer;
  std::optional<EventKey> event;  // nullopt: there is none at that place
};
absl::Status EachKeptAnswer(const Service& service,
                            absl::FunctionRef<void(const KeptAnswer&)> each);

// Events that a caller caused and whose command's answer is not kept, although it is not old enough
// to have been forgotten. An event that a caller caused names its request as correlation.
absl::Status EachEventWithoutAnswer(const Service& service,
                                    absl::FunctionRef<void(const EventKey&)> each);

// The story of every request in the journal, a bounded number of them in memory at a time. Attempts
// without a request id are left out. Breaches are told to `tally` when a journal names a service
// that is not audited.
absl::Status EachStory(Subject& subject, Tally& tally,
                       absl::FunctionRef<void(const CommandStory&)> each);

}  // namespace ieum::audit
