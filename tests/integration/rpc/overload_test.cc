// Goal: more than can be done is refused at once, and what nobody waits for any more is not done.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/rpc/sample_server.h"
#include "tests/support/wait.h"

namespace ieum::rpc {
namespace {

using ::testing::HasSubstr;

TEST(Overload, IsSaidAtOnceWithAHintWhenToComeBack) {
  SampleServer server({.threads = 1, .queue_limit = 1});
  HeldCall running(server, "running");
  server.gate.WaitUntilEntered("running");
  HeldCall waiting(server, "waiting");
  ASSERT_TRUE(Waiting(server, 1));
  const Result refused = server.Hold("refused");
  EXPECT_EQ(refused.status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(refused.reason, "OVERLOADED");
  EXPECT_EQ(refused.trailing.count("grpc-retry-pushback-ms"), 1u);
  EXPECT_THAT(refused.status.error_details(), HasSubstr("google.rpc.RetryInfo"));
  EXPECT_THAT(server.metrics.Render(), HasSubstr("rpc_server_overload_refusals_total 1"));
  server.gate.OpenAll();
  EXPECT_TRUE(running.Wait().status.ok());
  EXPECT_TRUE(waiting.Wait().status.ok());
  EXPECT_TRUE(server.Hold("later").status.ok());
  EXPECT_FALSE(server.gate.Entered("refused"));
}

TEST(Overload, DoesNotRunWhatWasCancelledInTheQueue) {
  SampleServer server({.threads = 1});
  HeldCall running(server, "running");
  server.gate.WaitUntilEntered("running");
  HeldCall waiting(server, "waiting");
  ASSERT_TRUE(Waiting(server, 1));
  waiting.Cancel();
  EXPECT_EQ(waiting.Wait().status.error_code(), grpc::StatusCode::CANCELLED);
  ASSERT_TRUE(Waiting(server, 0)) << "the server hears of it a little later";
  server.gate.OpenAll();
  EXPECT_TRUE(running.Wait().status.ok());
  server.server->Drain();
  EXPECT_FALSE(server.gate.Entered("waiting"));
}

TEST(Overload, FinishesACallWhoseCallerLeftWhileItRuns) {
  SampleServer server({.threads = 1});
  HeldCall leaving(server, "leaving");
  server.gate.WaitUntilEntered("leaving");
  leaving.Cancel();
  EXPECT_EQ(leaving.Wait().status.error_code(), grpc::StatusCode::CANCELLED);
  EXPECT_TRUE(testing::WaitFor([&] {
    return server.metrics.Render().find("rpc_status_code=\"CANCELLED\"") != std::string::npos;
  }));
  server.gate.OpenAll();
  EXPECT_TRUE(server.Hold("next").status.ok());
}

// A storm of callers that wait one millisecond: the rest is served.
TEST(Overload, OutlivesAStormOfDeadlines) {
  SampleServer server({.threads = 2, .queue_limit = 64});
  server.gate.OpenAll();
  std::vector<std::unique_ptr<HeldCall>> storm;
  int served = 0;
  for (int round = 0; round < 20; ++round) {
    for (int i = 0; i < 20; ++i) {
      storm.push_back(std::make_unique<HeldCall>(server, "storm", absl::Milliseconds(1)));
    }
    served += server.Hold("patient").status.ok() ? 1 : 0;
    storm.clear();
  }
  EXPECT_GE(served, 18);
  EXPECT_TRUE(server.Hold("after").status.ok());
}

}  // namespace
}  // namespace ieum::rpc
