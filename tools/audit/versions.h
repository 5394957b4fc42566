// INV3: an aggregate's events carry its versions 1…n in the order of their positions, n is the
// version that the service keeps, and no client was told a version that real time forbids.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "tools/audit/ledger_reader.h"
#include "tools/audit/subject.h"
#include "tools/audit/tally.h"

namespace ieum::audit {

// Pure: walks the events of one ledger by aggregate and version, beside the aggregates by id.
class VersionWalk {
 public:
  VersionWalk(std::string service, Tally& tally) : service_(std::move(service)), tally_(tally) {}

  void Event(const EventKey& key);
  // Ends with the last event; `aggregates` are all that the service keeps, in the order of ids.
  void Finish();
  void Aggregate(const AggregateVersion& aggregate);
  void FinishAggregates();

 private:
  struct Last {
    base::Uuid id;
    int64_t version = 0;
    int shard = 0;
    int64_t pos = 0;
  };
  void Breach(const EventKey& key, std::string what);
  void BreachOf(const Last& last, std::string what);

  const std::string service_;
  Tally& tally_;
  std::optional<Last> last_;
  std::vector<Last> ends_;  // of every aggregate, in the order of ids
  size_t next_end_ = 0;
};

// What a client was told about one aggregate.
struct Sighting {
  base::Uuid aggregate;
  int64_t version = 0;
  bool write = false;    // made this version; else only saw it
  int64_t begin_ns = 0;  // asked
  int64_t end_ns = 0;    // was told
  std::string service;
  std::string who;  // request or attempt
};

// Pure: each aggregate behaves like one thing in one place. Versions make it a matter of sorting:
// what has the smaller version must not have been asked for after the greater one was told.
void JudgeRealTime(std::vector<Sighting> sightings, Tally& tally);

absl::Status CheckVersions(Subject& subject, Tally& tally);

}  // namespace ieum::audit
