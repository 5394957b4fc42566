// A run: the suite comes up, clients work, faults strike one after the other and are healed, and in
// the end everything is at rest and audited.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/faults/load.h"
#include "tests/faults/schedule.h"

namespace ieum::faults {

struct RunOptions {
  uint64_t seed = 1;
  absl::Duration length = absl::Minutes(2);
  Wishes wishes;
  int clients = 6;
  std::string keep;  // folder that journal and logs are copied to when something broke
};

// How one kind of fault went.
struct FaultTally {
  int struck = 0;
  std::vector<std::string> skipped;       // reasons
  std::vector<absl::Duration> recovered;  // from healing until everybody had caught up
};

struct Result {
  RunOptions options;
  absl::Time began;
  absl::Duration took;
  std::map<std::string, FaultTally> faults;  // by id
  Tallies tallies;
  int64_t events = 0;
  std::map<std::string, int64_t> messages;  // by state
  int64_t mails = 0;                        // that the mail server received
  int64_t restarts = 0;                     // of processes, by the supervisor
  int64_t republished = 0;                  // incarnations beyond the first, over all streams
  std::vector<std::string> killed_at;       // failpoints
  World::Footprints before, after;          // of the services, before and after all faults
  std::vector<std::string> laws;            // a line each
  std::vector<std::string> breaches;
};

// Not OK when the run could not be made; breaches are in the result.
absl::StatusOr<Result> Run(const RunOptions& options);

}  // namespace ieum::faults
