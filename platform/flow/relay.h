// Carries the ledger into the service's stream: does what the relay core decides. One thread; only
// the process that holds the lease publishes, the others pass the news of their commits on to it.
#pragma once

#include <array>
#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "ieum/platform/v1/ops.pb.h"
#include "platform/broker/connection.h"
#include "platform/broker/publisher.h"
#include "platform/flow/lease.h"
#include "platform/flow/mailbox.h"
#include "platform/flow/publish_watch.h"
#include "platform/flow/relay_core.h"
#include "platform/telemetry/metrics.h"

namespace ieum::flow {

struct RelayOptions {
  std::string service;
  db::Database* database = nullptr;
  broker::Connection* connection = nullptr;
  Lease* lease = nullptr;
  telemetry::Metrics* metrics = nullptr;
  RelayLimits limits;
  int64_t stream_max_bytes = 0;
};

class Relay {
 public:
  explicit Relay(RelayOptions options);
  ~Relay();

  void Start();
  // There may be news in the ledger. Any thread; does not block.
  void Wake();
  // The connection or the lease changed. Any thread; does not block.
  void Nudge() { mailbox_.Nudge(); }
  // Publishes what is committed, for at most `limit`, and ends.
  void Drain(absl::Duration limit);

  bool leading() const { return leading_; }
  // The ledger is behind the stream: it was restored, and nobody has declared its new epoch yet.
  bool stopped() const { return was_stopped_; }
  // Positions that are known to be in the stream; meaningful while leading.
  ShardPositions published() const;

 private:
  void Run();
  void TellCore();
  void Execute(const RelayActions& actions);
  absl::Status ReadStream();
  absl::StatusOr<StreamView> ViewOfStream();
  absl::Status ReadDoubts(TakeOver* read);
  absl::Status ReadLedger(const ShardPositions& from);
  absl::Status Publish(const RelayActions::Publication& publication);
  void TakeAnswers();
  void Housekeep(Instant now);
  void BroadcastWatermark();
  void ShowPublished();
  void ShowLag();
  void ShowTrouble();
  void ShowStopped();
  bool Drained(Instant now) const;

  const RelayOptions options_;
  RelayCore core_;
  Mailbox mailbox_;
  std::unique_ptr<broker::Publisher> publisher_;
  std::array<std::deque<platform::v1::LedgerEvent>, kShards> read_;  // from the ledger, to be sent
  uint64_t generation_ = 0;  // of the connection, as the core knows it
  Instant next_housekeeping_;
  Beliefs saved_{};
  int64_t known_losses_ = 0;

  bool draining_ = false;
  std::atomic<bool> woken_{false}, leading_{false}, was_stopped_{false};
  Instant drain_until_;
  mutable std::mutex mutex_;  // of published_
  ShardPositions published_{};

  PublishWatch watch_;
  prometheus::Counter& losses_;
  prometheus::Gauge& lag_events_;
  prometheus::Gauge& oldest_seconds_;
  prometheus::Gauge& stopped_;
  std::thread thread_;
};

}  // namespace ieum::flow
