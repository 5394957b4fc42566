// Goal: the operator's door answers from the ledger and from the functions it was given.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>

#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "platform/rpc/ops_service.h"
#include "platform/rpc/peer.h"
#include "platform/rpc/server.h"
#include "platform/telemetry/metrics.h"
#include "tests/integration/rpc/thing_door.h"
#include "tests/support/postgres.h"

namespace ieum::rpc {
namespace {

using ::testing::ElementsAre;

constexpr char kAggregate[] = "01912345-6789-7abc-8def-0123456789ab";

class Ops : public ::testing::Test {
 protected:
  void Start(OpsFunctions functions) {
    door_.emplace(ledger_, std::move(functions), crypto::Key());
    door_->Serve(router_);
    things_.Serve(router_);
    server_.emplace(
        ServerOptions{.service = "sample"}, router_,
        Authenticator::FromTokens(
            R"([{"token": "op", "subject": "staff/op", "roles": ["operator", "all"]}])")
            .value(),
        Roles::FromJson(R"({"roles": {"operator": ["platform.*"], "all": ["sample.*"]}})").value(),
        metrics_);
    ASSERT_TRUE(server_->Start().ok());
    server_->SetServing(true);
    peer_.emplace(PeerOptions{"sample", absl::StrCat("127.0.0.1:", server_->grpc_port()), "op"});
  }

  absl::Status Call(const std::string& method, const google::protobuf::Message& request,
                    google::protobuf::Message* response) {
    return peer_->Call("/ieum.platform.v1.OpsService/" + method, request, response);
  }

  testing::TestDatabase database_{ThingMigrations()};
  base::SystemClock clock_;
  ledger::Ledger ledger_{database_.database(), clock_, "sample"};
  ThingDoor things_{database_.database(), ledger_, crypto::Key()};
  telemetry::Metrics metrics_{"sample"};
  std::optional<OpsDoor> door_;
  Router router_;
  std::optional<Server> server_;
  std::optional<Peer> peer_;
};

TEST_F(Ops, ReadsTheLogWithoutAHole) {
  Start({});
  sample::v1::CreateThingRequest create;
  create.mutable_thing()->set_display_name("나사");
  sample::v1::Thing thing;
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(peer_->Call("/ieum.sample.v1.SampleService/CreateThing", create, &thing).ok());
  }
  int events = 0;
  for (int shard = 0; shard < base::Uuid::kShards; ++shard) {
    platform::v1::ReadLogRequest request;
    request.set_shard(shard);
    request.set_from_position(1);
    platform::v1::ReadLogResponse response;
    ASSERT_TRUE(Call("ReadLog", request, &response).ok());
    EXPECT_EQ(response.events_size(), response.last_position());
    for (int at = 0; at < response.events_size(); ++at) {
      EXPECT_EQ(response.events(at).position(), at + 1);
      EXPECT_EQ(response.events(at).type(), "ieum.sample.v1.Renamed");
    }
    events += response.events_size();
  }
  EXPECT_EQ(events, 5);
}

TEST_F(Ops, RefusesAShardThatThereIsNot) {
  Start({});
  platform::v1::ReadLogRequest request;
  request.set_shard(16);
  platform::v1::ReadLogResponse response;
  EXPECT_THAT(base::FieldsOf(Call("ReadLog", request, &response)),
              ElementsAre("shard", "from_position"));
}

TEST_F(Ops, MovesTheSimulatedClockForwardOnly) {
  base::SimulatedClock simulated;
  Start({.clock = &simulated});
  platform::v1::SetClockRequest request;
  platform::v1::SetClockResponse response;
  request.mutable_time()->set_seconds(1678752000);
  EXPECT_TRUE(Call("SetClock", request, &response).ok());
  EXPECT_EQ(response.time().seconds(), 1678752000);
  EXPECT_EQ(simulated.Now().value(), absl::FromUnixSeconds(1678752000));
  request.mutable_time()->set_seconds(1678751999);
  EXPECT_EQ(base::ReasonOf(Call("SetClock", request, &response)), "CLOCK_WOULD_GO_BACK");
}

TEST_F(Ops, RefusesToSetASystemClock) {
  Start({});
  platform::v1::SetClockRequest request;
  request.mutable_time()->set_seconds(1678752000);
  platform::v1::SetClockResponse response;
  EXPECT_EQ(base::ReasonOf(Call("SetClock", request, &response)), "CLOCK_NOT_SIMULATED");
}

TEST_F(Ops, PagesThroughDeadLetters) {
  Start({.list_dead_letters = [](int page_size, const filter::Cursor& after) {
    DeadLetterPage page;
    int from = after.empty() ? 0 : std::stoi(*after[0]);
    for (; from < 5 && static_cast<int>(page.dead_letters.size()) < page_size; ++from) {
      page.dead_letters.emplace_back().set_error(absl::StrCat("E", from));
    }
    if (from < 5) page.next = {absl::StrCat(from)};
    return absl::StatusOr<DeadLetterPage>(page);
  }});
  platform::v1::ListDeadLettersRequest request;
  request.set_page_size(2);
  std::vector<std::string> errors;
  do {
    platform::v1::ListDeadLettersResponse response;
    ASSERT_TRUE(Call("ListDeadLetters", request, &response).ok());
    for (const auto& letter : response.dead_letters()) errors.push_back(letter.error());
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(errors, ElementsAre("E0", "E1", "E2", "E3", "E4"));
}

TEST_F(Ops, HandsDecisionsOnWithTheirActor) {
  std::mutex mutex;  // gRPC's own hand-over is hidden from ThreadSanitizer
  std::vector<std::string> words;
  const auto hear = [&](std::vector<std::string> heard) {
    const std::lock_guard lock(mutex);
    words = std::move(heard);
  };
  const auto heard = [&] {
    const std::lock_guard lock(mutex);
    return words;
  };
  OpsFunctions functions;
  functions.replay = [&](const std::string& producer, const base::Uuid& aggregate,
                         const std::string& actor) -> absl::StatusOr<int> {
    hear({producer, aggregate.ToString(), actor});
    return 3;
  };
  functions.discard = [&](const std::string& producer, const base::Uuid&, const std::string& reason,
                          const std::string& actor) -> absl::StatusOr<int> {
    hear({producer, reason, actor});
    return base::Error(absl::StatusCode::kNotFound, "DEAD_LETTER_NOT_FOUND", "there is none");
  };
  functions.progress = [] {
    platform::v1::Progress progress;
    progress.set_due_timers(4);
    return absl::StatusOr<platform::v1::Progress>(progress);
  };
  Start(std::move(functions));
  platform::v1::ReplayDeadLettersRequest replay;
  replay.set_producer("other");
  replay.set_aggregate_id(kAggregate);
  platform::v1::ReplayDeadLettersResponse replayed;
  EXPECT_TRUE(Call("ReplayDeadLetters", replay, &replayed).ok());
  EXPECT_EQ(replayed.replayed(), 3);
  EXPECT_THAT(heard(), ElementsAre("other", kAggregate, "staff/op"));
  platform::v1::DiscardDeadLettersRequest discard;
  discard.set_producer("other");
  discard.set_aggregate_id(kAggregate);
  discard.set_reason("entered twice");
  platform::v1::DiscardDeadLettersResponse discarded;
  EXPECT_EQ(base::ReasonOf(Call("DiscardDeadLetters", discard, &discarded)),
            "DEAD_LETTER_NOT_FOUND");
  EXPECT_THAT(heard(), ElementsAre("other", "entered twice", "staff/op"));
  platform::v1::Progress progress;
  EXPECT_TRUE(Call("GetProgress", platform::v1::GetProgressRequest(), &progress).ok());
  EXPECT_EQ(progress.due_timers(), 4);
}

}  // namespace
}  // namespace ieum::rpc
