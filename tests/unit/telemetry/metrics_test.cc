// Goal: a scrape shows what was counted. Method: the text of `/metrics` is compared line by line.
#include "platform/telemetry/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <sstream>
#include <thread>

namespace ieum::telemetry {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;

std::vector<std::string> LinesOf(const Metrics& metrics) {
  std::istringstream text(metrics.Render());
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

TEST(Metrics, NameTheirProcess) {
  const Metrics metrics("registry");
  EXPECT_THAT(LinesOf(metrics),
              Contains(MatchesRegex("target_info.service_instance_id=\"[0-9a-f-]+\",service_name="
                                    "\"registry\",service_version=\"[0-9.]+\". 1")));
}

TEST(Metrics, ShowCountersAndGaugesWithTheirLabels) {
  Metrics metrics("registry");
  metrics.Counter("rpc_server_requests_total", "Requests", {{"rpc_method", "CreateX"}})
      .Increment(3);
  metrics.Gauge("relay_lag_events", "Events not yet published").Set(-2);
  const auto lines = LinesOf(metrics);
  EXPECT_THAT(lines, Contains("# HELP rpc_server_requests_total Requests"));
  EXPECT_THAT(lines, Contains("# TYPE rpc_server_requests_total counter"));
  EXPECT_THAT(lines, Contains("rpc_server_requests_total{rpc_method=\"CreateX\"} 3"));
  EXPECT_THAT(lines, Contains("# TYPE relay_lag_events gauge"));
  EXPECT_THAT(lines, Contains("relay_lag_events -2"));
}

TEST(Metrics, AskedForAgainAreTheSame) {
  Metrics metrics("registry");
  auto& first = metrics.Counter("things_total", "Things", {{"kind", "a"}});
  auto& again = metrics.Counter("things_total", "Things", {{"kind", "a"}});
  auto& other = metrics.Counter("things_total", "Things", {{"kind", "b"}});
  EXPECT_EQ(&first, &again);
  EXPECT_NE(&first, &other);
}

TEST(Metrics, PutDurationsIntoBucketsFromAMillisecondToTenSeconds) {
  Metrics metrics("registry");
  auto& seconds = metrics.Seconds("wait_seconds", "Waiting", {{"db_operation_name", "read"}});
  for (const double value : {0.0005, 0.02, 30.0}) seconds.Observe(value);
  const auto lines = LinesOf(metrics);
  const auto bucket = [](const char* bound, int count) {
    return std::string("wait_seconds_bucket{db_operation_name=\"read\",le=\"") + bound + "\"} " +
           std::to_string(count);
  };
  EXPECT_THAT(lines, Contains(bucket("0.001", 1)));
  EXPECT_THAT(lines, Contains(bucket("0.025", 2)));
  EXPECT_THAT(lines, Contains(bucket("10", 2)));
  EXPECT_THAT(lines, Contains(bucket("+Inf", 3)));
  EXPECT_THAT(lines, Contains("wait_seconds_count{db_operation_name=\"read\"} 3"));
}

TEST(Metrics, CannotBeForgedByALabel) {
  Metrics metrics("registry");
  metrics.Counter("things_total", "Things", {{"kind", "a\"} 1\nforged_total 7"}}).Increment();
  for (const std::string& line : LinesOf(metrics)) EXPECT_NE(line.rfind("forged", 0), 0u) << line;
}

TEST(Metrics, AreRefreshedBeforeEachScrape) {
  Metrics metrics("registry");
  auto& gauge = metrics.Gauge("depth", "Depth");
  int scrapes = 0;
  metrics.OnScrape([&] { gauge.Set(++scrapes); });
  EXPECT_THAT(metrics.Render(), HasSubstr("\ndepth 1\n"));
  EXPECT_THAT(metrics.Render(), HasSubstr("\ndepth 2\n"));
}

TEST(Metrics, AreCountedMadeAndScrapedAtOnce) {
  Metrics metrics("registry");
  std::atomic<int> refreshed = 0;
  metrics.OnScrape([&] { ++refreshed; });
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 500; ++i) {
        metrics.Counter("busy_total", "Busy", {{"thread", std::to_string(t)}}).Increment();
        metrics.Seconds("busy_seconds", "Busy").Observe(0.001 * i);
        if (i % 100 == 0) metrics.Render();
      }
    });
  }
  for (auto& thread : threads) thread.join();
  const auto lines = LinesOf(metrics);
  for (int t = 0; t < 4; ++t) {
    EXPECT_THAT(lines, Contains("busy_total{thread=\"" + std::to_string(t) + "\"} 500"));
  }
  EXPECT_THAT(lines, Contains("busy_seconds_count 2000"));
  EXPECT_EQ(refreshed, 4 * 5 + 1);
}

}  // namespace
}  // namespace ieum::telemetry
