// Metrics of one process, named after the OpenTelemetry conventions in their Prometheus spelling.
// Labels are bounded words (method, code, operation), never ids.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "prometheus/counter.h"
#include "prometheus/gauge.h"
#include "prometheus/histogram.h"
#include "prometheus/registry.h"

namespace ieum::telemetry {

using Labels = std::map<std::string, std::string>;

// Thread-safe. References stay valid as long as the Metrics.
class Metrics {
 public:
  explicit Metrics(std::string_view service);
  prometheus::Counter& Counter(const std::string& name, const std::string& help,
                               const Labels& labels = {});
  prometheus::Gauge& Gauge(const std::string& name, const std::string& help,
                           const Labels& labels = {});
  // Seconds, buckets 1 ms … 10 s.
  prometheus::Histogram& Seconds(const std::string& name, const std::string& help,
                                 const Labels& labels = {});
  // Called right before each scrape, to set gauges that are read and not counted.
  void OnScrape(std::function<void()> refresh);
  // The text of `/metrics`.
  std::string Render() const;

 private:
  std::shared_ptr<prometheus::Registry> registry_;
  mutable std::mutex mutex_;
  std::vector<std::function<void()>> refreshers_;
};

}  // namespace ieum::telemetry
