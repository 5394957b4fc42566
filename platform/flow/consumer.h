// Listens to one producer. Of all processes of the service one is active, by lease; a second one
// that believes to be would do no harm, because cursors move only from where they stand.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include "platform/flow/consumer_session.h"
#include "platform/flow/lease.h"

namespace ieum::flow {

class Consumer {
 public:
  // `lease` outlives the consumer.
  Consumer(ConsumerOptions options, Lease* lease);
  ~Consumer();

  void Start();
  // Finishes the transactions that run, and ends.
  void Drain();
  // Any thread; does not block.
  void OnWatermark(const Watermark& mark);
  void Nudge() { mailbox_.Nudge(); }

  const std::string& producer() const { return options_.producer; }

 private:
  void Run();
  void RunSession(const InboxState& state, const absl::flat_hash_set<base::Uuid>& parked);
  int64_t NewEpochThere(const InboxState& state) const;
  absl::Status GoOver();
  bool Active() const { return !stopping_ && lease_->held(); }

  const ConsumerOptions options_;
  const ConsumerMetrics metrics_;
  Lease* const lease_;
  Mailbox mailbox_;
  // The following are used on the consumer's thread only.
  ConsumerSession* session_ = nullptr;
  int64_t new_epoch_ = 0;  // of the producer, to be gone over to; 0 = none
  std::string told_;       // why that could not be done yet
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace ieum::flow
