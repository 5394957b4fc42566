// What becomes of publishes while they are on their way: how long the broker takes, and a span for
// each event that is traced.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "ieum/platform/v1/ops.pb.h"
#include "platform/telemetry/metrics.h"
#include "platform/telemetry/span.h"

namespace ieum::flow {

// Used by one thread. Tokens are never used twice.
class PublishWatch {
 public:
  PublishWatch(const std::string& service, telemetry::Metrics& metrics);

  void Sent(uint64_t token, const platform::v1::LedgerEvent& event);
  void Stored(uint64_t token, bool duplicate);
  // Nothing is heard any more of what was sent so far.
  void Forget();

 private:
  const std::string destination_, name_;
  prometheus::Counter& stored_;
  prometheus::Histogram& seconds_;
  // Of all that are on their way one at a time is timed: enough to know how long they take.
  uint64_t timed_ = 0;  // 0 = none
  absl::Time sent_at_;
  std::map<uint64_t, telemetry::Span> spans_;  // of those that are traced
};

}  // namespace ieum::flow
