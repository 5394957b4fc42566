// What the consumers of all services have seen, over their deaths: their own counters, read before
// each kill and at the end.
#pragma once

#include <mutex>
#include <string>

#include "tests/flows/suite.h"

namespace ieum::testing {

// Thread-safe.
class Sightings {
 public:
  explicit Sightings(Suite& suite) : suite_(suite) {}

  // Right before the process goes; its counters go with it.
  void Note(const std::string& service);

  double consumed() const { return consumed_; }  // events applied, once for each consumer
  double repeats() const { return repeats_; }    // deliveries of events that were known
  double repairs() const { return repairs_; }    // holes filled from a producer's ledger

 private:
  Suite& suite_;
  std::mutex mutex_;
  double consumed_ = 0, repeats_ = 0, repairs_ = 0;
};

}  // namespace ieum::testing
