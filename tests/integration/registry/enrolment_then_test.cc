// Goal: Get and List answer who took part, who waited and where, and to whom a seat was offered, as
// it was known at any instant. Method: random histories of one campaign over gRPC; what the list
// said after each step is what it says later when it looks back to then. row:R22
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>

#include "absl/strings/str_cat.h"
#include "services/registry/instants.h"
#include "tests/integration/registry/world.h"

namespace ieum::registry {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::map<std::string, std::string> ListOf(World& world, const std::string& campaign,
                                          const std::optional<absl::Time>& instant,
                                          const std::string& filter = "", int page_size = 500) {
  v1::ListEnrolmentsRequest request;
  request.set_parent(campaign);
  request.set_filter(filter);
  request.set_page_size(page_size);
  if (instant) *request.mutable_read_time() = ToTimestamp(*instant);
  std::map<std::string, std::string> all;
  do {
    const auto page =
        world.Call<v1::ListEnrolmentsResponse>("EnrolmentService/ListEnrolments", request);
    EXPECT_TRUE(page.ok()) << page.status();
    if (!page.ok()) return all;
    for (const auto& enrolment : page->enrolments()) {
      EXPECT_TRUE(all.emplace(enrolment.name(), enrolment.DebugString()).second);
    }
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return all;
}

absl::StatusOr<v1::Enrolment> GetThen(World& world, const std::string& name, absl::Time instant) {
  v1::GetEnrolmentRequest request;
  request.set_name(name);
  *request.mutable_read_time() = ToTimestamp(instant);
  return world.Call<v1::Enrolment>("EnrolmentService/GetEnrolment", request);
}

absl::StatusOr<v1::Enrolment> Withdraw(World& world, const std::string& name) {
  v1::WithdrawEnrolmentRequest request;
  request.set_name(name);
  request.set_reason(v1::WITHDRAWAL_REASON_REQUESTED);
  return world.Call<v1::Enrolment>("EnrolmentService/WithdrawEnrolment", request);
}

TEST(EnrolmentsThen, AnswerWhatWasKnownAndNothingBefore) {
  World world("2023-05-02 11:00");
  const std::string campaign = world.OpenCampaign([](auto* wanted) { wanted->set_capacity(1); });
  const std::string first = world.Enrol(campaign, world.Firm(1)).name();
  world.SetClock("2023-05-03 11:00");
  const std::string second = world.Enrol(campaign, world.Firm(2)).name();
  world.SetClock("2023-05-04 11:00");
  ASSERT_TRUE(Withdraw(world, first).ok());
  const auto at = [&](const std::string& name, const std::string& when) {
    return GetThen(world, name, Korea(when));
  };
  EXPECT_EQ(at(first, "2023-05-04 10:59")->state(), v1::ENROLMENT_STATE_CONFIRMED);
  EXPECT_EQ(at(first, "2023-05-04 10:59")->transitions_size(), 2);
  EXPECT_EQ(at(first, "2023-05-04 11:00")->state(), v1::ENROLMENT_STATE_WITHDRAWN);
  EXPECT_EQ(at(second, "2023-05-03 11:00")->waiting_position(), 1);
  EXPECT_EQ(at(second, "2023-05-04 11:00")->state(), v1::ENROLMENT_STATE_CONFIRMED);
  EXPECT_EQ(base::ReasonOf(at(second, "2023-05-03 10:59").status()), "NOT_FOUND");
  EXPECT_THAT(base::FieldsOf(at(second, "2023-05-04 11:01").status()), ElementsAre("read_time"));
  const std::string waits = "state = ENROLMENT_STATE_WAITING";
  EXPECT_EQ(ListOf(world, campaign, Korea("2023-05-04 10:59"), waits).size(), 1u);
  EXPECT_THAT(ListOf(world, campaign, Korea("2023-05-04 11:00"), waits), IsEmpty());
  EXPECT_EQ(ListOf(world, "campaigns/-", Korea("2023-05-04 11:00"), "", 1).size(), 2u);
}

// A random step; refusals are steps, too.
void Step(World& world, const std::string& campaign, const std::vector<std::string>& firms) {
  const int kind = *rc::gen::inRange(0, 6);
  if (kind < 3) {
    v1::CreateEnrolmentRequest request;
    request.set_parent(campaign);
    request.mutable_enrolment()->set_organization(*rc::gen::elementOf(firms));
    world.Call<v1::Enrolment>("EnrolmentService/CreateEnrolment", request).status().IgnoreError();
    return;
  }
  const auto all = world.Enrolments(campaign);
  if (all.empty()) return;
  const std::string name = (*rc::gen::elementOf(all)).name();
  if (kind == 3) {
    Withdraw(world, name).status().IgnoreError();
  } else if (kind == 4) {
    v1::AcceptOfferRequest request;
    request.set_name(name);
    world.Call<v1::Enrolment>("EnrolmentService/AcceptOffer", request).status().IgnoreError();
  } else {
    v1::ActivateEnrolmentRequest request;
    request.set_name(name);
    world.Call<v1::Enrolment>("EnrolmentService/ActivateEnrolment", request).status().IgnoreError();
  }
}

TEST(EnrolmentsThenProperty, IsWhatTheListSaidThen) {
  World world("2023-05-02 11:00");
  absl::Time now = Korea("2023-05-02 11:00");
  std::vector<std::string> firms;
  for (int n = 1; n <= 5; ++n) firms.push_back(world.Firm(n));
  EXPECT_TRUE(rc::check("as-of lists equal what was listed then", [&] {
    const int offer_hours = *rc::gen::elementOf(std::vector<int>{0, 24});
    const std::string campaign = world.OpenCampaign([&](v1::Campaign* wanted) {
      wanted->set_capacity(2);
      wanted->set_offer_hours(offer_hours);
    });
    std::map<absl::Time, std::map<std::string, std::string>> said;
    const int steps = *rc::gen::inRange(1, 10);
    for (int step = 0; step < steps; ++step) {
      now += absl::Seconds(1);
      RC_ASSERT(world.clock.Set(now).ok());
      Step(world, campaign, firms);
      said[now] = ListOf(world, campaign, std::nullopt);
    }
    for (const auto& [instant, then] : said) {
      RC_ASSERT(ListOf(world, campaign, instant) == then);
    }
  }));
}

}  // namespace
}  // namespace ieum::registry
