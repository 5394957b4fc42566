// Carries spans to a collector, in batches, on a thread of its own. Whoever ends a span only puts
// it into a bounded queue; when that is full the span is dropped and counted.
//
// Batches go one after the other. An answer that asks to come again (429, 502, 503, 504) and no
// answer at all are tried again after a growing pause, up to `keep_trying`; then, and after any
// other answer, the batch is dropped and counted.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/time/time.h"
#include "platform/telemetry/metrics.h"
#include "platform/telemetry/otlp_json.h"
#include "platform/telemetry/otlp_post.h"
#include "platform/telemetry/span.h"

namespace ieum::telemetry {

struct ExporterLimits {
  size_t queue = 8192;                     // spans; some 8 MiB
  size_t batch = 512;                      // of one POST
  absl::Duration rest = absl::Seconds(1);  // a batch that is not full goes after so long
  absl::Duration retry_min = absl::Milliseconds(200);
  absl::Duration retry_max = absl::Seconds(5);
  absl::Duration keep_trying = absl::Seconds(10);  // with one batch
};

// Thread-safe.
class SpanExporter final : public SpanTaker {
 public:
  SpanExporter(Resource resource, telemetry::Post post, Metrics& metrics,
               ExporterLimits limits = {});
  // Drops what is left.
  ~SpanExporter() override;

  void Take(SpanRecord span) override;
  // Sends what waits, for at most about `limit`; drops the rest. Nothing is taken afterwards.
  void Drain(absl::Duration limit);

 private:
  using Lock = std::unique_lock<std::mutex>;
  void Run();
  std::vector<SpanRecord> NextBatch(Lock& lock);
  void Send(const std::vector<SpanRecord>& batch);
  // False when it was dropped; `code` of the last answer.
  bool Post(const std::string& body, double spans, int* code);
  bool Pause(absl::Duration duration);

  const Resource resource_;
  const telemetry::Post post_;
  const ExporterLimits limits_;
  prometheus::Counter& exported_;
  prometheus::Counter& queue_full_;
  prometheus::Counter& refused_;
  prometheus::Counter& unreachable_;
  prometheus::Gauge& waiting_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<SpanRecord> queue_;
  bool draining_ = false;          // nothing is taken any more
  std::atomic<bool> stop_{false};  // what is under way is given up
  std::condition_variable ended_;
  bool has_ended_ = false;
  bool failing_ = false;  // of the thread
  std::thread thread_;
};

}  // namespace ieum::telemetry
