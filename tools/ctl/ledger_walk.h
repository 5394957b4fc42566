// Reading ledgers through their services' doors, and events as people read them.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "ieum/platform/v1/ops.pb.h"
#include "tools/ctl/doors.h"

namespace ieum::ctl {

inline constexpr int kShards = 16;

struct Told {
  std::string service;  // the producer
  platform::v1::LedgerEvent event;
};

// "registry/7/1234"
std::string PlaceOf(const Told& told);
struct Place {
  std::string service;
  int shard = 0;
  int64_t position = 0;
};
// INVALID_ARGUMENT that says how one looks.
absl::StatusOr<Place> ParsePlace(const std::string& text);

// Where the next events of each shard begin.
using Cursors = std::map<std::string, std::array<int64_t, kShards>>;

// Events of one shard from `from` on, at most `max`; what the answer was cut at is read on.
absl::Status ReadShard(Doors& doors, const std::string& service, int shard, int64_t from,
                       int64_t max, absl::FunctionRef<void(Told)> each);
// Everything that came since `cursors`, which it moves; in the order of business time.
absl::StatusOr<std::vector<Told>> ReadOn(Doors& doors, Cursors* cursors);
// The event of this id, looked for from the end of each ledger backwards; nullopt when none has it.
absl::StatusOr<std::optional<Told>> FindEvent(Doors& doors, const std::string& event_id);

// A CloudEvent as one JSON line; what is in it is told where this program knows its type.
std::string CloudEventJson(const Told& told);
// The same for people, over many lines.
std::string Description(const Told& told);

}  // namespace ieum::ctl
