// Goal: a drain ends, whatever is open; what was accepted is finished, one way or the other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "tests/integration/rpc/sample_server.h"
#include "tests/support/wait.h"

namespace ieum::rpc {
namespace {

TEST(Drain, LetsFinishWhatRunsAndWhatWaits) {
  SampleServer server({.threads = 1});
  HeldCall running(server, "running");
  server.gate.WaitUntilEntered("running");
  HeldCall waiting(server, "waiting");
  ASSERT_TRUE(Waiting(server, 1));
  std::thread drain([&] { server.server->Drain(); });
  server.gate.OpenAll();
  EXPECT_TRUE(running.Wait().status.ok()) << running.Wait().status.error_message();
  EXPECT_TRUE(waiting.Wait().status.ok()) << waiting.Wait().status.error_message();
  drain.join();
}

TEST(Drain, AnswersEveryCallWhenTheTimeIsUp) {
  SampleServer server({.threads = 1, .drain_timeout = absl::Milliseconds(100)});
  HeldCall running(server, "running");
  server.gate.WaitUntilEntered("running");
  HeldCall waiting(server, "waiting");
  ASSERT_TRUE(Waiting(server, 1));
  std::thread drain([&] { server.server->Drain(); });
  EXPECT_FALSE(running.Wait().status.ok()) << "answered although its handler does not return";
  EXPECT_FALSE(waiting.Wait().status.ok());
  ASSERT_TRUE(Waiting(server, 0)) << "the queue hears of it a little later";
  server.gate.OpenAll();
  drain.join();
  EXPECT_FALSE(server.gate.Entered("waiting"));
}

TEST(Drain, TakesNoNewCalls) {
  SampleServer server;
  EXPECT_TRUE((server.gate.OpenAll(), server.Hold("before").status.ok()));
  server.server->Drain();
  EXPECT_EQ(server.Hold("after").status.error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST(Drain, IsDoneOnceByManyCallers) {
  SampleServer server;
  std::vector<std::thread> callers;
  for (int i = 0; i < 4; ++i) callers.emplace_back([&] { server.server->Drain(); });
  for (std::thread& caller : callers) caller.join();
}

TEST(Drain, UnderLoadLosesNoAnswer) {
  SampleServer server({.threads = 4});
  std::atomic<int> handled = 0, ok = 0, refused = 0;
  std::atomic<bool> stop = false;
  server.door.on_hold = [&](Call&, const std::string&) {
    ++handled;
    return absl::OkStatus();
  };
  std::vector<std::thread> clients;
  for (int i = 0; i < 4; ++i) {
    clients.emplace_back([&] {
      while (!stop) ++(server.Hold("x").status.ok() ? ok : refused);
    });
  }
  EXPECT_TRUE(testing::WaitFor([&] { return ok > 100; }));
  server.server->Drain();
  EXPECT_TRUE(testing::WaitFor([&] { return refused > 0; }));
  stop = true;
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(handled, ok) << "what was done was answered";
}

}  // namespace
}  // namespace ieum::rpc
