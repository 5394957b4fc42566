#include "tools/play/settled.h"

#include <algorithm>
#include <map>
#include <numeric>

namespace ieum::play {
namespace {

using platform::v1::ConsumerProgress;
using platform::v1::Progress;

using Positions = google::protobuf::RepeatedField<int64_t>;

bool Same(const Positions& a, const Positions& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

int64_t Sum(const Positions& positions) {
  return std::accumulate(positions.begin(), positions.end(), int64_t{0});
}

std::string WordsOf(const Progress& service, const std::map<std::string, Positions>& ledgers) {
  if (!service.has_business_time())
    return fmt::format("{} does not know the time", service.service());
  if (service.due_timers() > 0) {
    return fmt::format("{} has {} due", service.service(), service.due_timers());
  }
  for (const ConsumerProgress& consumer : service.consumers()) {
    const auto producer = ledgers.find(consumer.producer());
    if (producer == ledgers.end()) {
      return fmt::format("{} listens to {}, who is not there", service.service(),
                         consumer.producer());
    }
    if (!Same(consumer.positions(), producer->second)) {
      return fmt::format("{} has taken {} of {} events of {}", service.service(),
                         Sum(consumer.positions()), Sum(producer->second), consumer.producer());
    }
  }
  return "";
}

}  // namespace

absl::StatusOr<Missing> WhatIsMissing(const std::vector<Progress>& services) {
  std::map<std::string, Positions> ledgers;
  for (const Progress& service : services) {
    ledgers[service.service()] = service.ledger_positions();
    if (service.dead_letters() > 0) {
      return absl::FailedPreconditionError(
          fmt::format("{} could not apply {} events; see ListDeadLetters", service.service(),
                      service.dead_letters()));
    }
  }
  for (const Progress& service : services) {
    if (std::string words = WordsOf(service, ledgers); !words.empty()) {
      return Missing{service.service(), std::move(words)};
    }
  }
  return Missing{};
}

int64_t EventsOf(const std::vector<Progress>& services) {
  int64_t events = 0;
  for (const Progress& service : services) events += Sum(service.ledger_positions());
  return events;
}

}  // namespace ieum::play
