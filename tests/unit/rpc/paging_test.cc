// Goal: a page token goes on where the page ended, for the same query only.
#include "platform/rpc/paging.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ieum/sample/v1/sample_service.pb.h"
#include "platform/base/status.h"

namespace ieum::rpc {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

sample::v1::ListThingsRequest Request(const std::string& filter) {
  sample::v1::ListThingsRequest request;
  request.set_filter(filter);
  return request;
}

TEST(PageSize, HasADefaultAMaximumAndNoNegatives) {
  EXPECT_EQ(PageSize(0).value(), 50);
  EXPECT_EQ(PageSize(7).value(), 7);
  EXPECT_EQ(PageSize(500).value(), 500);
  EXPECT_EQ(PageSize(100000).value(), 500);
  EXPECT_THAT(base::FieldsOf(PageSize(-1).status()), ElementsAre("page_size"));
}

TEST(PageToken, BringsTheCursorBack) {
  const crypto::Key key;
  const filter::Cursor cursor = {"가", std::nullopt, "", "2023-03-14 00:00:00+00"};
  sample::v1::ListThingsRequest request = Request("size = 1");
  request.set_page_token(NextPageToken(request, cursor, key));
  EXPECT_EQ(OpenPageToken(request, key).value(), cursor);
  request.set_page_size(3);
  EXPECT_EQ(OpenPageToken(request, key).value(), cursor) << "page_size may change";
}

TEST(PageToken, IsOfTheCentresThatItWasMadeFor) {
  const crypto::Key key;
  const base::Scope one = base::Scope::Of({"0190c0de-0000-7000-8000-0000000000a0"});
  const base::Scope two = base::Scope::Of(
      {"0190c0de-0000-7000-8000-0000000000a0", "0190c0de-0000-7000-8000-0000000000b0"});
  sample::v1::ListThingsRequest request = Request("size = 1");
  request.set_page_token(NextPageToken(one, request, {"1"}, key));
  EXPECT_EQ(OpenPageToken(one, request, key).value(), filter::Cursor{"1"});
  for (const base::Scope& other : {two, base::Scope::Everywhere(), base::Scope()}) {
    EXPECT_EQ(base::ReasonOf(OpenPageToken(other, request, key).status()), "PAGE_TOKEN_INVALID");
  }
  EXPECT_EQ(base::ReasonOf(OpenPageToken(request, key).status()), "PAGE_TOKEN_INVALID");
}

TEST(PageToken, IsEmptyAtTheEndAndAtTheStart) {
  const crypto::Key key;
  EXPECT_EQ(NextPageToken(Request(""), {}, key), "");
  EXPECT_THAT(OpenPageToken(Request(""), key).value(), IsEmpty());
}

TEST(PageToken, IsRefusedForAnotherQueryAnotherKeyOrWhenDamaged) {
  const crypto::Key key, other;
  sample::v1::ListThingsRequest request = Request("size = 1");
  const std::string token = NextPageToken(request, {"1"}, key);
  const auto refused = [](const sample::v1::ListThingsRequest& with, const crypto::Key& by) {
    const absl::Status status = OpenPageToken(with, by).status();
    return base::ReasonOf(status) == "PAGE_TOKEN_INVALID" &&
           base::FieldsOf(status) == std::vector<std::string>{"page_token"};
  };
  request.set_page_token(token);
  EXPECT_TRUE(refused(request, other));
  request.set_filter("size = 2");
  EXPECT_TRUE(refused(request, key));
  request = Request("size = 1");
  request.set_page_token(token);
  request.set_show_put_away(true);
  EXPECT_TRUE(refused(request, key));
  request.set_show_put_away(false);
  for (size_t at = 0; at < token.size(); at += 7) {
    std::string damaged = token;
    damaged[at] = damaged[at] == 'A' ? 'B' : 'A';
    request.set_page_token(damaged);
    EXPECT_TRUE(refused(request, key)) << at;
  }
  request.set_page_token("not base64 %");
  EXPECT_TRUE(refused(request, key));
}

}  // namespace
}  // namespace ieum::rpc
