#include "tests/flows/sightings.h"

#include "tests/flows/admin.h"

namespace ieum::testing {

void Sightings::Note(const std::string& service) {
  const std::string metrics = suite_.Metrics(service);
  std::lock_guard<std::mutex> lock(mutex_);
  consumed_ += SumOf(metrics, "messaging_client_consumed_messages_total");
  repeats_ += SumOf(metrics, "ieum_inbox_repeats_total");
  repairs_ += SumOf(metrics, "ieum_inbox_repairs_total");
}

}  // namespace ieum::testing
