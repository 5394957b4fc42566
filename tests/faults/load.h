// Clients that work with the suite while it is tormented. Each command has a request id; one whose
// outcome is not known is sent again with the same id after a while, until it is known. All that is
// asked and answered goes into a journal.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "tests/faults/client.h"
#include "tests/faults/world.h"
#include "tools/journal/journal.h"

namespace ieum::faults {

struct LoadOptions {
  uint64_t seed = 0;
  int clients = 6;
  absl::Duration think = absl::Milliseconds(40);  // of each client between two calls, on average
};

// Thread-safe.
class Load {
 public:
  // `writer` and `world` outlive it.
  Load(World& world, journal::Writer& writer, const LoadOptions& options);
  ~Load();

  // Gives no new commands, asks for all outcomes that are not known yet, for at most `limit`, and
  // ends the clients. DEADLINE_EXCEEDED when some stayed unknown.
  absl::Status Finish(absl::Duration limit);
  Tallies tallies() const;

 private:
  Stop stop_;
  std::vector<std::unique_ptr<Client>> clients_;
  std::vector<std::thread> threads_;
};

}  // namespace ieum::faults
