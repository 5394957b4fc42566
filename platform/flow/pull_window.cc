#include "platform/flow/pull_window.h"

#include <algorithm>

namespace ieum::flow {

void PullWindow::Opened(Instant now) {
  open_.clear();
  heard_ = now;
}

int PullWindow::Wanted(int queued, Instant now) {
  // A request whose end got lost would stand here for ever.
  const Instant too_old = now - 2 * limits_.pull_expires;
  while (!open_.empty() && open_.front().asked < too_old) open_.pop_front();
  int coming = 0;
  for (const Request& request : open_) coming += request.left;
  const int room = (limits_.queue_max - queued - coming) / limits_.pull_batch;
  const int missing = limits_.pulls_outstanding - static_cast<int>(open_.size());
  return std::max(0, std::min(room, missing));
}

void PullWindow::Asked(uint64_t number, Instant now) {
  if (open_.empty()) heard_ = now;
  open_.push_back({number, limits_.pull_batch, now});
}

// Messages do not say which request they answer; the broker serves the oldest first.
void PullWindow::OnDelivery(const broker::Delivery& delivery, Instant now) {
  heard_ = now;
  if (delivery.kind == broker::Delivery::Kind::kMessage) {
    if (!open_.empty() && --open_.front().left == 0) open_.pop_front();
  } else if (delivery.kind == broker::Delivery::Kind::kEnd) {
    std::erase_if(open_,
                  [&](const Request& request) { return request.number == delivery.request; });
  }
}

bool PullWindow::Silent(Instant now) const {
  return !open_.empty() && now - heard_ > limits_.pull_heartbeats_missed * limits_.pull_heartbeat;
}

}  // namespace ieum::flow
