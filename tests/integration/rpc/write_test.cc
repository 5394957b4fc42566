// Goal: a write is done once however often it is asked for, says where it stands, and is refused
// when it is based on something old.
#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <thread>

#include "platform/base/uuid.h"
#include "tests/integration/rpc/sample_server.h"

namespace ieum::rpc {
namespace {

using google::protobuf::util::MessageDifferencer;
using ::testing::ElementsAre;
using ::testing::MatchesRegex;
using Stub = SampleServer::Stub;

class Write : public ::testing::Test {
 protected:
  Result Create(const sample::v1::CreateThingRequest& request, sample::v1::Thing* thing) {
    return server_.Call(&Stub::CreateThing, request, thing);
  }
  Result Update(const sample::v1::UpdateThingRequest& request, sample::v1::Thing* thing) {
    return server_.Call(&Stub::UpdateThing, request, thing);
  }
  std::string Count(const std::string& table) {
    return server_.test_database.Ask("SELECT count(*) FROM " + table);
  }

  testing::TestDatabase database_{ThingMigrations()};
  SampleServer server_{{}, database_};
};

TEST_F(Write, SaysItsEtagAndWhereItStands) {
  sample::v1::Thing thing;
  const Result result = Create(CreateRequest("나사"), &thing);
  ASSERT_TRUE(result.status.ok()) << result.status.error_message();
  EXPECT_EQ(result.Header("ieum-etag"), "\"1\"");
  EXPECT_THAT(result.Header("ieum-position"), MatchesRegex("sample/[0-9]+/1"));
  EXPECT_EQ(thing.etag(), "\"1\"");
  EXPECT_EQ(server_.test_database.Ask("SELECT actor FROM event_log"), "staff/all");
}

TEST_F(Write, IsDoneOnceForOneRequestId) {
  sample::v1::CreateThingRequest request = CreateRequest("once");
  request.set_request_id(base::Uuid::NewV7().ToString());
  sample::v1::Thing first, again;
  const Result one = Create(request, &first), two = Create(request, &again);
  EXPECT_TRUE(MessageDifferencer::Equals(first, again));
  EXPECT_EQ(one.Header("ieum-position"), two.Header("ieum-position"));
  EXPECT_EQ(Count("thing"), "1");
}

TEST_F(Write, IsDoneOnceForTwentyCallersWithOneRequestId) {
  sample::v1::CreateThingRequest request = CreateRequest("storm");
  request.set_request_id(base::Uuid::NewV7().ToString());
  std::vector<sample::v1::Thing> things(20);
  std::vector<std::thread> callers;
  for (auto& thing : things) {
    callers.emplace_back([&] { EXPECT_TRUE(Create(request, &thing).status.ok()); });
  }
  for (std::thread& caller : callers) caller.join();
  for (const auto& thing : things) EXPECT_EQ(thing.name(), things[0].name());
  EXPECT_EQ(Count("thing"), "1");
  EXPECT_EQ(Count("event_log"), "1");
}

TEST_F(Write, IsRefusedForARequestIdWithAnotherBody) {
  sample::v1::CreateThingRequest request = CreateRequest("one body");
  request.set_request_id(base::Uuid::NewV7().ToString());
  sample::v1::Thing thing;
  EXPECT_TRUE(Create(request, &thing).status.ok());
  request.mutable_thing()->set_display_name("another body");
  const Result result = Create(request, &thing);
  EXPECT_EQ(result.status.error_code(), grpc::StatusCode::ALREADY_EXISTS);
  EXPECT_EQ(result.reason, "REQUEST_ID_REUSED");
  EXPECT_EQ(Count("thing"), "1");
}

TEST_F(Write, IsRefusedForAStaleEtag) {
  sample::v1::UpdateThingRequest request;
  Create(CreateRequest("before"), request.mutable_thing());
  request.mutable_thing()->set_display_name("after");
  request.mutable_update_mask()->add_paths("display_name");
  sample::v1::Thing thing;
  EXPECT_EQ(Update(request, &thing).Header("ieum-etag"), "\"2\"");
  request.mutable_thing()->set_display_name("too late");
  const Result stale = Update(request, &thing);
  EXPECT_EQ(stale.status.error_code(), grpc::StatusCode::ABORTED);
  EXPECT_EQ(stale.reason, "STALE_ETAG");
  request.mutable_thing()->clear_etag();
  EXPECT_TRUE(Update(request, &thing).status.ok());
  EXPECT_EQ(thing.display_name(), "too late");
}

TEST_F(Write, IsRefusedForAMaskThatNamesAFixedField) {
  sample::v1::UpdateThingRequest request;
  Create(CreateRequest("fixed"), request.mutable_thing());
  request.mutable_update_mask()->add_paths("state");
  sample::v1::Thing thing;
  const Result result = Update(request, &thing);
  EXPECT_EQ(result.reason, "UPDATE_MASK_INVALID");
  EXPECT_THAT(result.fields, ElementsAre("update_mask"));
}

TEST_F(Write, OnlyRehearsedLeavesNothing) {
  sample::v1::CreateThingRequest request = CreateRequest("rehearsal");
  request.set_request_id(base::Uuid::NewV7().ToString());
  request.set_validate_only(true);
  sample::v1::Thing thing;
  const Result rehearsed = Create(request, &thing);
  EXPECT_TRUE(rehearsed.status.ok()) << rehearsed.status.error_message();
  EXPECT_EQ(rehearsed.Header("ieum-position"), "");
  EXPECT_EQ(Count("thing"), "0");
  EXPECT_EQ(Count("command_dedup"), "0");
  request.set_validate_only(false);
  EXPECT_TRUE(Create(request, &thing).status.ok());
  EXPECT_EQ(Count("thing"), "1");
}

}  // namespace
}  // namespace ieum::rpc
