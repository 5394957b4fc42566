// Goal: pages of any order and filter, laid end to end, are the whole list once. Method: rows with
// many ties and absent values, walked in small pages against real PostgreSQL.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/integration/rpc/sample_server.h"

namespace ieum::rpc {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using Stub = SampleServer::Stub;

constexpr int kThings = 41;

class List : public ::testing::Test {
 protected:
  void SetUp() override {
    const absl::Status status =
        server_.test_database.database().Write("fill", [&](db::Tx& tx) -> absl::Status {
          for (int i = 0; i < kThings; ++i) InsertThing(tx, base::Uuid::NewV7(), Thing(i), start_);
          return absl::OkStatus();
        });
    ASSERT_TRUE(status.ok()) << status;
  }

  static sample::v1::Thing Thing(int i) {
    sample::v1::Thing thing = CreateRequest(i % 2 ? "나사" : "가위", i % 5).thing();
    if (i % 3) thing.set_note(i % 4 ? "a" : "b");
    if (i % 7 == 0) thing.set_state(sample::v1::THING_STATE_PUT_AWAY);
    return thing;
  }

  Result Page(const sample::v1::ListThingsRequest& request,
              sample::v1::ListThingsResponse* response) {
    return server_.Call(&Stub::ListThings, request, response, "reader");
  }

  // Names in order, through all pages.
  std::vector<std::string> Walk(sample::v1::ListThingsRequest request) {
    std::vector<std::string> names;
    do {
      sample::v1::ListThingsResponse response;
      const Result result = Page(request, &response);
      EXPECT_TRUE(result.status.ok()) << result.status.error_message();
      EXPECT_LE(response.things_size(), request.page_size());
      for (const auto& thing : response.things()) names.push_back(thing.name());
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty() && names.size() <= kThings);
    return names;
  }

  const absl::Time start_ = absl::FromUnixSeconds(1678752000);
  testing::TestDatabase database_{ThingMigrations()};
  SampleServer server_{{}, database_};
};

TEST_F(List, WalkedInPagesIsTheWholeListOnce) {
  for (const char* order : {"", "size", "size desc", "note", "note desc, size", "name desc",
                            "display_name desc, note", "note, due_time desc, size desc"}) {
    sample::v1::ListThingsRequest request;
    request.set_show_put_away(true);
    request.set_order_by(order);
    request.set_page_size(500);
    const std::vector<std::string> whole = Walk(request);
    EXPECT_THAT(whole, SizeIs(kThings)) << order;
    EXPECT_THAT(std::set<std::string>(whole.begin(), whole.end()), SizeIs(kThings));
    for (const int size : {1, 3, 40, 41}) {
      request.set_page_size(size);
      EXPECT_EQ(Walk(request), whole) << order << " in pages of " << size;
    }
  }
}

TEST_F(List, HoldsWhatTheFilterAndTheDoorSay) {
  sample::v1::ListThingsRequest request;
  request.set_page_size(4);
  request.set_filter("size = 1 OR size = 2 AND display_name = \"나*\"");
  int expected = 0;
  for (int i = 0; i < kThings; ++i) {
    const auto thing = Thing(i);
    expected += (thing.size() == 1 || thing.size() == 2) && thing.display_name() == "나사" &&
                thing.state() == sample::v1::THING_STATE_ACTIVE;
  }
  EXPECT_THAT(Walk(request), SizeIs(expected));
  EXPECT_GT(expected, 4);
}

TEST_F(List, RefusesThePageTokenOfAnotherQuery) {
  sample::v1::ListThingsRequest request;
  request.set_page_size(3);
  sample::v1::ListThingsResponse response;
  EXPECT_TRUE(Page(request, &response).status.ok());
  request.set_page_token(response.next_page_token());
  request.set_order_by("size");
  const Result result = Page(request, &response);
  EXPECT_EQ(result.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(result.reason, "PAGE_TOKEN_INVALID");
  EXPECT_THAT(result.fields, ElementsAre("page_token"));
}

TEST_F(List, RefusesUnknownFieldsAndNegativeSizes) {
  sample::v1::ListThingsRequest request;
  sample::v1::ListThingsResponse response;
  request.set_filter("colour = red");
  const Result unknown = Page(request, &response);
  EXPECT_EQ(unknown.reason, "FILTER_INVALID");
  EXPECT_THAT(unknown.fields, ElementsAre("filter"));
  EXPECT_THAT(unknown.status.error_message(), HasSubstr("colour"));
  request.clear_filter();
  request.set_page_size(-1);
  EXPECT_THAT(Page(request, &response).fields, ElementsAre("page_size"));
}

TEST_F(List, HasADefaultSize) {
  sample::v1::ListThingsResponse response;
  EXPECT_TRUE(Page({}, &response).status.ok());
  EXPECT_EQ(response.things_size(), 35);
  EXPECT_EQ(response.next_page_token(), "");
}

}  // namespace
}  // namespace ieum::rpc
