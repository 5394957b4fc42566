// Goal: an operator and a supervisor get true answers on the admin port. Method: real HTTP on
// loopback, ports given by the kernel.
#include "platform/telemetry/admin_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <atomic>
#include <thread>

#include "platform/telemetry/metrics.h"

namespace ieum::telemetry {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr char kLoopback[] = "127.0.0.1";

absl::Status Ready() { return absl::OkStatus(); }

class AdminServerTest : public ::testing::Test {
 protected:
  httplib::Result Get(int port, const char* path) {
    httplib::Client client(kLoopback, port);
    return client.Get(path);
  }
  Metrics metrics_{"registry"};
};

TEST_F(AdminServerTest, ServesMetrics) {
  auto& counter = metrics_.Counter("things_total", "Things");
  AdminServer server(metrics_, Ready);
  const int port = server.Start(kLoopback, 0).value();
  EXPECT_GT(port, 0);
  counter.Increment(7);
  const auto answer = Get(port, "/metrics");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_THAT(answer->get_header_value("Content-Type"), StartsWith("text/plain; version=0.0.4"));
  EXPECT_THAT(answer->body, HasSubstr("\nthings_total 7\n"));
}

TEST_F(AdminServerTest, LivesEvenWhenItIsNotReady) {
  std::atomic<bool> up = false;
  AdminServer server(metrics_, [&] {
    return up ? absl::OkStatus() : absl::UnavailableError("the database does not answer");
  });
  const int port = server.Start(kLoopback, 0).value();
  auto ready = Get(port, "/readyz");
  ASSERT_TRUE(ready);
  EXPECT_EQ(ready->status, 503);
  EXPECT_THAT(ready->body, HasSubstr("the database does not answer"));
  EXPECT_EQ(Get(port, "/livez")->status, 200);
  up = true;
  EXPECT_EQ(Get(port, "/readyz")->status, 200);
}

TEST_F(AdminServerTest, KnowsNothingElse) {
  AdminServer server(metrics_, Ready);
  const int port = server.Start(kLoopback, 0).value();
  EXPECT_EQ(Get(port, "/")->status, 404);
  EXPECT_EQ(Get(port, "/metrics/../../etc/passwd")->status, 404);
  httplib::Client client(kLoopback, port);
  EXPECT_EQ(client.Post("/metrics", "x", "text/plain")->status, 404);
}

TEST_F(AdminServerTest, SaysThatAPortIsInUse) {
  AdminServer first(metrics_, Ready), second(metrics_, Ready);
  const int port = first.Start(kLoopback, 0).value();
  const absl::Status status = second.Start(kLoopback, port).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr(std::to_string(port)));
  EXPECT_EQ(Get(port, "/livez")->status, 200) << "the first still serves";
}

TEST_F(AdminServerTest, TakesTheGivenPortAgainAfterAStop) {
  AdminServer first(metrics_, Ready);
  const int port = first.Start(kLoopback, 0).value();
  EXPECT_EQ(Get(port, "/livez")->status, 200);
  first.Stop();
  EXPECT_FALSE(Get(port, "/livez"));
  first.Stop();
  AdminServer second(metrics_, Ready);
  ASSERT_TRUE(second.Start(kLoopback, port).ok());
  EXPECT_EQ(Get(port, "/livez")->status, 200);
}

TEST_F(AdminServerTest, StopsRightAfterItStarted) {
  for (int i = 0; i < 100; ++i) {
    AdminServer server(metrics_, Ready);
    ASSERT_TRUE(server.Start(kLoopback, 0).ok());
  }
  AdminServer never_started(metrics_, Ready);
}

TEST_F(AdminServerTest, AnswersManyAtOnce) {
  AdminServer server(metrics_, Ready);
  const int port = server.Start(kLoopback, 0).value();
  std::atomic<int> good = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 10; ++i) {
        const auto answer = Get(port, i % 2 ? "/metrics" : "/readyz");
        if (answer && answer->status == 200) ++good;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(good, 80);
}

}  // namespace
}  // namespace ieum::telemetry
