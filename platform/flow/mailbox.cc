#include "platform/flow/mailbox.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace ieum::flow {
namespace {

constexpr absl::Duration kLongestWait = absl::Hours(1);

}  // namespace

void Mailbox::Post(Letter letter) {
  bool first = false;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    first = letters_.empty();
    letters_.push_back(std::move(letter));
  }
  if (first) posted_.notify_one();
}

void Mailbox::Nudge() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (std::exchange(nudged_, true)) return;
  }
  posted_.notify_one();
}

std::vector<Mailbox::Letter> Mailbox::Take(absl::Duration limit) {
  std::unique_lock<std::mutex> lock(mutex_);
  if (limit > absl::ZeroDuration()) {
    posted_.wait_for(lock, absl::ToChronoNanoseconds(std::min(limit, kLongestWait)),
                     [this] { return nudged_ || !letters_.empty(); });
  }
  nudged_ = false;
  return std::exchange(letters_, {});
}

void Mailbox::Rest(absl::Duration limit) {
  std::unique_lock<std::mutex> lock(mutex_);
  posted_.wait_for(lock, absl::ToChronoNanoseconds(std::min(limit, kLongestWait)),
                   [this] { return !letters_.empty(); });
}

}  // namespace ieum::flow
