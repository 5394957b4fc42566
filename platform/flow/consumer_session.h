// One consumer's work from the moment that it has the lease and knows its cursors until it has lost
// one of them: does what the consumer core decides. All calls on the consumer's thread.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "platform/broker/connection.h"
#include "platform/broker/puller.h"
#include "platform/flow/consumer_core.h"
#include "platform/flow/lanes.h"
#include "platform/flow/log_fetcher.h"
#include "platform/flow/mailbox.h"
#include "platform/flow/pull_window.h"
#include "platform/telemetry/metrics.h"

namespace ieum::flow {

struct ConsumerOptions {
  std::string producer;
  ledger::Ledger* ledger = nullptr;
  const Subscriptions* subscriptions = nullptr;
  LogReader log_reader;
  broker::Connection* connection = nullptr;
  telemetry::Metrics* metrics = nullptr;
  ConsumerLimits limits;
};

struct ConsumerMetrics {
  ConsumerMetrics(telemetry::Metrics& metrics, const std::string& producer);
  prometheus::Counter& consumed;
  prometheus::Counter& dead_letters;
  prometheus::Counter& repairs;
  prometheus::Counter& repeats;
  prometheus::Counter& undecodable;
  prometheus::Gauge& lag;
  prometheus::Gauge& stopped;
  prometheus::Counter& epochs;
  prometheus::Counter& vanished;
  prometheus::Histogram& process_seconds;
};

class ConsumerSession {
 public:
  // `mailbox` is the consumer's; what the session leaves in it is void when the session has ended.
  ConsumerSession(const ConsumerOptions& options, const ConsumerMetrics& metrics, Mailbox& mailbox,
                  const InboxState& state, const absl::flat_hash_set<base::Uuid>& parked);
  ~ConsumerSession();

  // Works until `go_on` says no, somebody else moved a cursor, or the producer has a new epoch.
  void Run(const std::function<bool()>& go_on);
  // The producer's new epoch that ended the work; 0 = none.
  int64_t new_epoch() const { return core_.stopped_epoch(); }
  void OnWatermark(const Watermark& mark);

 private:
  void MakeLanes(const InboxState& state, const absl::flat_hash_set<base::Uuid>& parked);
  void Tell(absl::Span<const CursorStep> steps);
  // False when nothing had come.
  bool Work();
  void WatchConnection();
  void OpenPull();
  absl::Status TryOpenPull();
  absl::StatusOr<broker::PullStart> StartOf(const PullPlan& plan) const;
  bool TakeArrivals();
  void OnDelivery(broker::Delivery delivery);
  void KeepPulling(Instant now);
  void ReadLedger(const ConsumerActions::LedgerQuestion& question);
  void OnLedgerAnswer(int shard, LogFetcher::Answer answer);
  void Housekeep(Instant now);
  void ShowState();

  const ConsumerOptions& options_;
  const ConsumerMetrics& metrics_;
  Mailbox& mailbox_;
  ConsumerCore core_;
  PullWindow window_;
  bool lost_ = false, told_behind_ = false;
  uint64_t generation_ = 0;  // of the connection, as the core knows it
  // What one pull has brought and nobody has looked at yet. Each pull has its own: what an earlier
  // one still brings is void.
  struct Arrivals {
    std::mutex mutex;
    std::vector<broker::Delivery> deliveries;
  };
  std::shared_ptr<Arrivals> arrivals_ = std::make_shared<Arrivals>();
  uint64_t saved_resume_ = 0;
  int64_t known_repairs_ = 0, known_repeats_ = 0;
  Instant next_housekeeping_;
  std::unique_ptr<LogFetcher> fetcher_;
  std::unique_ptr<Lanes> lanes_;
  std::unique_ptr<broker::Puller> puller_;
};

}  // namespace ieum::flow
