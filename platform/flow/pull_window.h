// How many pull requests stand open at the broker, and whether it has fallen silent. Pure.
#pragma once

#include <cstdint>
#include <deque>

#include "platform/broker/puller.h"
#include "platform/flow/flow_limits.h"
#include "platform/flow/instant.h"

namespace ieum::flow {

class PullWindow {
 public:
  explicit PullWindow(const ConsumerLimits& limits) : limits_(limits) {}

  // A new pull was opened: nothing is asked for yet.
  void Opened(Instant now);
  // Requests to make now, so that neither broker nor queue runs dry and the queue never overflows.
  int Wanted(int queued, Instant now);
  void Asked(uint64_t number, Instant now);
  void OnDelivery(const broker::Delivery& delivery, Instant now);
  // The broker owes at least heartbeats and sent none.
  bool Silent(Instant now) const;

 private:
  struct Request {
    uint64_t number;
    int left;
    Instant asked;
  };
  const ConsumerLimits limits_;
  std::deque<Request> open_;
  Instant heard_;
};

}  // namespace ieum::flow
