// Goal: no call lasts longer than it may, whoever forgot to say so.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/rpc/sample_server.h"

namespace ieum::rpc {
namespace {

using ::testing::HasSubstr;

TEST(Deadline, IsTheServersWhenTheCallerSetNone) {
  SampleServer server({.max_deadline = absl::Milliseconds(100)});
  const Result result = server.Hold("forever", absl::InfiniteDuration());
  EXPECT_EQ(result.status.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_EQ(result.reason, "DEADLINE_EXCEEDED");
  EXPECT_THAT(server.metrics.Render(), HasSubstr("rpc_server_missing_deadlines_total 1"));
}

TEST(Deadline, IsCappedWhenTheCallerSetALongOne) {
  SampleServer server({.max_deadline = absl::Milliseconds(100)});
  const Result result = server.Hold("forever", absl::Hours(1));
  EXPECT_EQ(result.reason, "DEADLINE_EXCEEDED");
  EXPECT_THAT(server.metrics.Render(), HasSubstr("rpc_server_missing_deadlines_total 0"));
}

TEST(Deadline, EndsACallThatStillWaitsForAThread) {
  SampleServer server({.threads = 1, .max_deadline = absl::Milliseconds(100)});
  HeldCall first(server, "first");
  server.gate.WaitUntilEntered("first");
  EXPECT_EQ(server.Hold("second", absl::InfiniteDuration()).reason, "DEADLINE_EXCEEDED");
  server.gate.OpenAll();
  first.Wait();
  server.server->Drain();
  EXPECT_FALSE(server.gate.Entered("second"));
}

TEST(Deadline, IsShownToTheHandler) {
  SampleServer server;
  absl::Time seen;
  server.door.on_hold = [&](Call& call, const std::string&) {
    seen = call.deadline();
    return absl::OkStatus();
  };
  const absl::Time before = absl::Now();
  EXPECT_TRUE(server.Hold("x", absl::Seconds(7)).status.ok());
  EXPECT_NEAR(absl::ToDoubleSeconds(seen - before), 7, 1);
}

}  // namespace
}  // namespace ieum::rpc
