#include "tools/audit/stream_reader.h"

#include <condition_variable>
#include <deque>
#include <mutex>

#include "platform/base/status.h"
#include "platform/broker/puller.h"

namespace ieum::audit {
namespace {

using broker::Delivery;

constexpr broker::PullRequest kRequest = {
    .batch = 500, .max_bytes = 4 << 20, .expires = absl::Seconds(5), .heartbeat = absl::Seconds(1)};
constexpr auto kSilence = std::chrono::seconds(10);  // without any delivery: the broker is away

// What the library's thread hands over to ours.
class Box {
 public:
  void Put(Delivery delivery) {
    std::lock_guard lock(mutex_);
    deliveries_.push_back(std::move(delivery));
    changed_.notify_one();
  }
  absl::StatusOr<Delivery> Take() {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, kSilence, [&] { return !deliveries_.empty(); })) {
      return absl::UnavailableError("the broker stopped answering");
    }
    Delivery delivery = std::move(deliveries_.front());
    deliveries_.pop_front();
    return delivery;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Delivery> deliveries_;
};

}  // namespace

absl::StatusOr<broker::StreamState> EachMessage(
    broker::Connection& connection, std::string_view service,
    absl::FunctionRef<absl::Status(uint64_t seq, const broker::Message&)> each) {
  ASSIGN_OR_RETURN(const broker::StreamState state, broker::GetStreamState(connection, service));
  if (state.last_seq == 0 || state.first_seq > state.last_seq) return state;
  Box box;
  uint64_t pending = 0;
  ASSIGN_OR_RETURN(
      const auto puller,
      broker::Puller::Open(
          connection, service, {}, [&](Delivery got) { box.Put(std::move(got)); }, &pending));
  int expected = 0;  // of the request that is open
  for (uint64_t seq = 0; seq < state.last_seq;) {
    if (expected == 0) {
      RETURN_IF_ERROR(puller->Ask(kRequest).status());
      expected = kRequest.batch;
    }
    ASSIGN_OR_RETURN(const Delivery got, box.Take());
    if (got.kind == Delivery::Kind::kGone) {
      return absl::UnavailableError("the broker forgot its reader");
    }
    if (got.kind == Delivery::Kind::kEnd) expected = 0;
    if (got.kind != Delivery::Kind::kMessage) continue;
    --expected;
    seq = got.seq;
    RETURN_IF_ERROR(each(got.seq, got.message));
  }
  return state;
}

}  // namespace ieum::audit
