// Goal: one service calls another: reasons arrive, outages pass, deadlines and identity go along.
#include "platform/rpc/peer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "platform/rpc/deadline_scope.h"
#include "platform/telemetry/trace.h"
#include "tests/integration/rpc/sample_server.h"
#include "tests/support/process.h"
#include "tests/support/wait.h"

namespace ieum::rpc {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kCreate[] = "/ieum.sample.v1.SampleService/CreateThing";
constexpr char kHold[] = "/ieum.sample.v1.SampleService/HoldThing";

PeerOptions To(int port, telemetry::Metrics* metrics = nullptr) {
  return {"sample", absl::StrCat("127.0.0.1:", port), "all", metrics};
}

TEST(Peer, BringsAnswersAndRefusalsWithTheirReasons) {
  SampleServer server;
  telemetry::Metrics metrics("caller");
  Peer peer(To(server.server->grpc_port(), &metrics));
  sample::v1::Thing thing;
  ASSERT_TRUE(peer.Call(kCreate, CreateRequest("나사"), &thing).ok());
  EXPECT_EQ(thing.display_name(), "나사");
  const absl::Status refused = peer.Call(kCreate, CreateRequest("x", -1), &thing);
  EXPECT_EQ(refused.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(base::ReasonOf(refused), "INVALID_FIELD");
  EXPECT_THAT(base::FieldsOf(refused), ElementsAre("thing.display_name", "thing.size"));
  EXPECT_THAT(metrics.Render(), HasSubstr("rpc_client_call_duration_seconds_count{error_type="
                                          "\"INVALID_ARGUMENT\",rpc_method="
                                          "\"ieum.sample.v1.SampleService/CreateThing\","
                                          "rpc_status_code=\"INVALID_ARGUMENT\""));
}

TEST(Peer, TriesAgainWhatWasUnavailableWithOneRequestId) {
  testing::TestDatabase database(ThingMigrations());
  SampleServer server({}, database);
  std::atomic<int> attempts = 0;
  server.door.on_hold = [&](Call&, const std::string&) {
    return ++attempts < 3 ? base::Unavailable("not yet", absl::Milliseconds(1)) : absl::OkStatus();
  };
  Peer peer(To(server.server->grpc_port()));
  sample::v1::HoldThingResponse response;
  EXPECT_TRUE(peer.Call(kHold, sample::v1::HoldThingRequest(), &response).ok());
  EXPECT_EQ(attempts, 3);
  sample::v1::Thing thing;
  EXPECT_TRUE(peer.Call(kCreate, CreateRequest("one"), &thing).ok());
  EXPECT_EQ(server.test_database.Ask("SELECT count(*) FROM command_dedup"), "1");
}

TEST(Peer, DoesNotTryAgainWhatWasRefused) {
  SampleServer server;
  std::atomic<int> attempts = 0;
  server.door.on_hold = [&](Call&, const std::string&) {
    ++attempts;
    return base::Error(absl::StatusCode::kAborted, "STALE_ETAG", "read again");
  };
  Peer peer(To(server.server->grpc_port()));
  sample::v1::HoldThingResponse response;
  const absl::Status status = peer.Call(kHold, sample::v1::HoldThingRequest(), &response);
  EXPECT_EQ(base::ReasonOf(status), "STALE_ETAG");
  EXPECT_EQ(attempts, 1);
}

TEST(Peer, IsUnavailableWhileNobodyListensAndComesBack) {
  const int port = testing::FreePort();
  Peer peer(To(port));
  sample::v1::HoldThingResponse response;
  const sample::v1::HoldThingRequest request;
  EXPECT_EQ(base::ReasonOf(peer.Call(kHold, request, &response)), "UNAVAILABLE");
  SampleServer server({.grpc_port = port});
  server.gate.OpenAll();
  EXPECT_TRUE(testing::WaitFor([&] { return peer.Call(kHold, request, &response).ok(); }));
  server.server->SetServing(false);
  EXPECT_TRUE(testing::WaitFor([&] {
    return base::ReasonOf(peer.Call(kHold, request, &response)) == "UNAVAILABLE";
  })) << "a server that says NOT_SERVING is not called";
}

TEST(Peer, EndsWithTheCallThatItIsMadeFor) {
  SampleServer server;
  Peer peer(To(server.server->grpc_port()));
  sample::v1::HoldThingResponse response;
  sample::v1::HoldThingRequest request;
  request.set_word("forever");
  EXPECT_EQ(base::ReasonOf(peer.Call(kHold, request, &response, absl::Milliseconds(50))),
            "DEADLINE_EXCEEDED");
  const DeadlineScope scope(absl::Now() + absl::Milliseconds(50));
  EXPECT_EQ(base::ReasonOf(peer.Call(kHold, request, &response, absl::Hours(1))),
            "DEADLINE_EXCEEDED");
}

// A server that stops cancels what arrives too late; nobody here gave up.
TEST(Peer, HearsThatAStoppingServerIsUnavailable) {
  SampleServer server({.threads = 4});
  std::atomic<int> handled = 0, ok = 0, unavailable = 0, other = 0;
  std::atomic<bool> stop = false;
  server.door.on_hold = [&](Call&, const std::string&) {
    ++handled;
    return absl::OkStatus();
  };
  std::vector<std::thread> callers;
  for (int i = 0; i < 4; ++i) {
    callers.emplace_back([&] {
      Peer peer(To(server.server->grpc_port()));
      sample::v1::HoldThingResponse response;
      while (!stop) {
        const absl::Status status = peer.Call(kHold, sample::v1::HoldThingRequest(), &response);
        ++(status.ok() ? ok : base::ReasonOf(status) == "UNAVAILABLE" ? unavailable : other);
        const bool told = status.ok() || status.code() == absl::StatusCode::kUnavailable;
        EXPECT_TRUE(told) << status;
      }
    });
  }
  EXPECT_TRUE(testing::WaitFor([&] { return ok > 100; }));
  server.server->Drain();
  EXPECT_TRUE(testing::WaitFor([&] { return unavailable > 0; }));
  stop = true;
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(other, 0);
  EXPECT_EQ(handled, ok) << "what was done was answered";
}

TEST(Peer, CarriesTraceAndIdentity) {
  SampleServer server;
  std::mutex mutex;  // gRPC's own hand-over is hidden from ThreadSanitizer
  std::string trace_id, subject;
  server.door.on_hold = [&](Call& call, const std::string&) {
    const std::lock_guard lock(mutex);
    trace_id = telemetry::TraceContext::Parse(call.traceparent())->trace_id;
    subject = call.identity().subject;
    return absl::OkStatus();
  };
  Peer peer(To(server.server->grpc_port()));
  const telemetry::TraceContext trace = telemetry::TraceContext::New();
  const telemetry::TraceScope scope(trace);
  sample::v1::HoldThingResponse response;
  EXPECT_TRUE(peer.Call(kHold, sample::v1::HoldThingRequest(), &response).ok());
  const std::lock_guard lock(mutex);
  EXPECT_EQ(trace_id, trace.trace_id);
  EXPECT_EQ(subject, "staff/all");
}

}  // namespace
}  // namespace ieum::rpc
