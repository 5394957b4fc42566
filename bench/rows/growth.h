// How much longer a call takes among many rows than among few.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "bench/harness/bench.h"

namespace ieum::bench {

class Growth {
 public:
  // Measures `call` of the load client, whose name in the table is `words`, among `size` rows; the
  // smallest size comes first. A few clients: what is measured is the call and not its queue.
  void Measure(Bench& bench, Suite& suite, const std::string& call, const std::string& words,
               int64_t size, const std::string& names_file);
  // p99 at each size beyond the first, beside p99 at the first: at most twice of it is wanted.
  std::vector<Line> Lines() const;

 private:
  struct Seen {
    int64_t size = 0;
    double p50_ms = 0, p99_ms = 0, echo_p99_ms = 0;
  };
  std::map<std::string, std::vector<Seen>> by_words_;
};

}  // namespace ieum::bench
