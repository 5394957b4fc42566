// Goal: a page fits into what clients accept, and is asked for as rarely as that takes. Method:
// pages of things of a known size.
#include "platform/rpc/page_fit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ieum/sample/v1/sample_service.pb.h"

namespace ieum::rpc {
namespace {

using ::testing::ElementsAre;

struct Asked {
  std::vector<int> sizes;

  // Pages of things of so many bytes each.
  absl::StatusOr<sample::v1::ListThingsResponse> Page(const sample::v1::ListThingsRequest& request,
                                                      size_t bytes) {
    const int size = PageSize(request.page_size()).value();
    sizes.push_back(size);
    sample::v1::ListThingsResponse page;
    for (int at = 0; at < size; ++at) page.add_things()->set_note(std::string(bytes, 'x'));
    return page;
  }
};

TEST(FittingPage, IsTheOneAskedForWhereThatFits) {
  Asked asked;
  sample::v1::ListThingsRequest request;
  const auto page = FittingPage(request, [&](const auto& r) { return asked.Page(r, 1000); });
  ASSERT_TRUE(page.ok());
  EXPECT_EQ(page->things_size(), kDefaultPageSize);
  EXPECT_THAT(asked.sizes, ElementsAre(kDefaultPageSize));
}

TEST(FittingPage, IsHalvedUntilItFits) {
  Asked asked;
  sample::v1::ListThingsRequest request;
  request.set_page_size(500);
  const auto page = FittingPage(request, [&](const auto& r) { return asked.Page(r, 20'000); });
  ASSERT_TRUE(page.ok());
  EXPECT_LE(page->ByteSizeLong(), kMaxPageBytes);
  EXPECT_THAT(asked.sizes, ElementsAre(500, 250, 125));
}

TEST(FittingPage, HasOneRowHoweverLargeThatIs) {
  Asked asked;
  sample::v1::ListThingsRequest request;
  request.set_page_size(2);
  const auto page =
      FittingPage(request, [&](const auto& r) { return asked.Page(r, kMaxPageBytes + 1); });
  ASSERT_TRUE(page.ok());
  EXPECT_EQ(page->things_size(), 1);
}

TEST(FittingPage, HandsRefusalsOn) {
  const auto page = FittingPage(sample::v1::ListThingsRequest(), [](const auto&) {
    return absl::StatusOr<sample::v1::ListThingsResponse>(absl::NotFoundError("nothing"));
  });
  EXPECT_TRUE(absl::IsNotFound(page.status()));
  sample::v1::ListThingsRequest negative;
  negative.set_page_size(-1);
  Asked asked;
  EXPECT_FALSE(FittingPage(negative, [&](const auto& r) { return asked.Page(r, 1); }).ok());
  EXPECT_TRUE(asked.sizes.empty());
}

}  // namespace
}  // namespace ieum::rpc
