#include "platform/telemetry/span_exporter.h"

#include <algorithm>

#include "absl/time/clock.h"
#include "platform/telemetry/log.h"

namespace ieum::telemetry {
namespace {

prometheus::Counter& Dropped(Metrics& metrics, const char* reason) {
  return metrics.Counter("ieum_trace_spans_dropped_total", "Spans that no collector has, by why",
                         {{"reason", reason}});
}

std::chrono::nanoseconds Nanos(absl::Duration duration) {
  return absl::ToChronoNanoseconds(std::clamp(duration, absl::ZeroDuration(), absl::Hours(1)));
}

bool WorthAnotherTry(int code) {
  return code == 0 || code == 429 || code == 502 || code == 503 || code == 504;
}

}  // namespace

SpanExporter::SpanExporter(Resource resource, telemetry::Post post, Metrics& metrics,
                           ExporterLimits limits)
    : resource_(std::move(resource)),
      post_(std::move(post)),
      limits_(limits),
      exported_(metrics.Counter("ieum_trace_spans_exported_total", "Spans that a collector took")),
      queue_full_(Dropped(metrics, "queue_full")),
      refused_(Dropped(metrics, "refused")),
      unreachable_(Dropped(metrics, "unreachable")),
      waiting_(metrics.Gauge("ieum_trace_spans_waiting", "Spans that wait to be exported")),
      thread_([this] { Run(); }) {}

SpanExporter::~SpanExporter() { Drain(absl::ZeroDuration()); }

void SpanExporter::Take(SpanRecord span) {
  bool full_batch = false;
  {
    std::lock_guard lock(mutex_);
    if (draining_ || queue_.size() >= limits_.queue) {
      queue_full_.Increment();
      return;
    }
    queue_.push_back(std::move(span));
    full_batch = queue_.size() == limits_.batch;
    waiting_.Set(static_cast<double>(queue_.size()));
  }
  if (full_batch) changed_.notify_one();
}

void SpanExporter::Drain(absl::Duration limit) {
  Lock lock(mutex_);
  draining_ = true;
  changed_.notify_all();
  if (!thread_.joinable()) return;
  ended_.wait_for(lock, Nanos(limit), [this] { return has_ended_; });
  stop_ = true;
  changed_.notify_all();
  std::thread thread = std::move(thread_);
  lock.unlock();
  thread.join();
}

// Empty when there is nothing to send and nothing will come.
std::vector<SpanRecord> SpanExporter::NextBatch(Lock& lock) {
  while (queue_.empty() && !draining_) {
    changed_.wait_for(lock, Nanos(limits_.rest),
                      [this] { return draining_ || queue_.size() >= limits_.batch; });
  }
  std::vector<SpanRecord> batch;
  if (queue_.size() <= limits_.batch) {
    batch.swap(queue_);
  } else {
    const auto end = queue_.begin() + static_cast<ptrdiff_t>(limits_.batch);
    batch.assign(std::make_move_iterator(queue_.begin()), std::make_move_iterator(end));
    queue_.erase(queue_.begin(), end);
  }
  waiting_.Set(static_cast<double>(queue_.size()));
  return batch;
}

void SpanExporter::Run() {
  Lock lock(mutex_);
  while (true) {
    const std::vector<SpanRecord> batch = NextBatch(lock);
    if (batch.empty()) break;
    lock.unlock();
    Send(batch);
    lock.lock();
    if (queue_.size() < limits_.batch && !draining_) {
      changed_.wait_for(lock, Nanos(limits_.rest),
                        [this] { return draining_ || queue_.size() >= limits_.batch; });
    }
  }
  has_ended_ = true;
  ended_.notify_all();
}

// False when it is time to stop.
bool SpanExporter::Pause(absl::Duration duration) {
  Lock lock(mutex_);
  return !changed_.wait_for(lock, Nanos(duration), [this] { return stop_.load(); });
}

bool SpanExporter::Post(const std::string& body, double spans, int* code) {
  const absl::Time began = absl::Now();
  absl::Duration pause = limits_.retry_min;
  while (!stop_) {
    const PostAnswer answer = post_(body, stop_);
    *code = answer.code;
    if (answer.code >= 200 && answer.code < 300) {
      const double refused = std::min(spans, static_cast<double>(RefusedSpans(answer.body)));
      refused_.Increment(refused);
      exported_.Increment(spans - refused);
      return true;
    }
    if (!WorthAnotherTry(answer.code)) {
      refused_.Increment(spans);
      return false;
    }
    const absl::Duration wait = std::min(std::max(pause, answer.retry_after), limits_.retry_max);
    if (absl::Now() - began + wait > limits_.keep_trying || !Pause(wait)) break;
    pause = std::min(pause * 2, limits_.retry_max);
  }
  unreachable_.Increment(spans);
  return false;
}

// A collector that stays away is said once, and once that it is back.
void SpanExporter::Send(const std::vector<SpanRecord>& batch) {
  int code = 0;
  const bool taken = Post(OtlpJson(resource_, batch), static_cast<double>(batch.size()), &code);
  if (taken == !failing_) return;
  failing_ = !taken;
  if (taken) return Info("the collector of traces takes spans again");
  Warn("the collector of traces does not take spans; they are dropped", {{"http_code", code}});
}

}  // namespace ieum::telemetry
