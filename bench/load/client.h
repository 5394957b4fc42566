// A gRPC client that loads one server from one thread: closed loop (each client sends again when it
// was answered) or open loop (calls start by the clock, whether answers come or not; latency counts
// from when a call should have started, so a slow server cannot hide by slowing its caller).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "bench/load/calls.h"

namespace ieum::bench {

struct LoadPlan {
  std::string target;  // host:port
  std::string token;   // bearer
  int clients = 8;     // calls under way at once; open loop: at most
  double rate = 0;     // calls a second of an open loop; 0 = closed loop
  absl::Duration warm = absl::Seconds(1);
  absl::Duration measured = absl::Seconds(5);
  absl::Duration deadline = absl::Seconds(10);  // of each call
};

struct LoadCounts {
  int64_t ok = 0;                         // answered well in the measured time
  std::map<std::string, int64_t> failed;  // by status code
  std::vector<uint32_t> micros;           // of each good answer
  double seconds = 0;                     // measured
  double started_unix = 0;                // when measuring began
};

LoadCounts RunLoad(const LoadPlan& plan, CallMaker& calls);

}  // namespace ieum::bench
