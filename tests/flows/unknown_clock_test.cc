// Goal: a service that does not know the time writes and sends nothing, whatever is due by others'
// clocks. Method: real services without a SetClock, from the beginning and after a kill.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ieum/registry/v1/organization_service.pb.h"
#include "platform/base/status.h"
#include "platform/base/timestamp.h"
#include "tests/flows/played_year.h"
#include "tests/support/wait.h"

namespace ieum::testing {
namespace {

using ::testing::Each;

constexpr int kLooks = 100;  // at what must not change

absl::Status Register(Suite& suite) {
  registry::v1::CreateOrganizationRequest request;
  request.mutable_organization()->set_kind(registry::v1::ORGANIZATION_KIND_FIRM);
  request.mutable_organization()->set_display_name("동백어묵식품(주)");
  request.mutable_organization()->set_business_registration_number("999-86-00010");
  registry::v1::Organization response;
  return suite.driver("registry")
      .Call("/ieum.registry.v1.OrganizationService/CreateOrganization", request, &response);
}

absl::Status SetClock(Suite& suite, const std::string& service, const std::string& text) {
  absl::Time time;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, text, &time, nullptr));
  platform::v1::SetClockRequest request;
  *request.mutable_time() = base::ToTimestamp(time);
  platform::v1::SetClockResponse response;
  return suite.driver(service).Call("/ieum.platform.v1.OpsService/SetClock", request, &response);
}

TEST(UnknownClock, LetsServicesWriteNothing) {
  Suite suite;
  const absl::Status refused = Register(suite);
  EXPECT_TRUE(absl::IsUnavailable(refused)) << refused;
  EXPECT_EQ(base::ReasonOf(refused), "CLOCK_NOT_SET");
  for (const std::string& service : kServices) {
    const platform::v1::Progress progress = suite.Progress(service);
    EXPECT_EQ(progress.service(), service);
    EXPECT_FALSE(progress.has_business_time()) << service;
    EXPECT_THAT(progress.ledger_positions(), Each(0)) << service;
  }
  EXPECT_EQ(suite.Mails(), 0);
}

// G001's visit of 21 March is planned; its reminders are due on the 18th and the 20th.
TEST(UnknownClock, LetsNotifySendNothingAfterARestart) {
  PlayedYear year(BusanYearUntil("2023-03-10T18:00:00+09:00"));
  Suite& suite = year.suite();
  ASSERT_TRUE(year.Play());
  ASSERT_EQ(suite.Mails(), 0);
  suite.KillService("notify");
  suite.StartService("notify");
  for (const std::string& service : kServices) {
    if (service != "notify") {
      ASSERT_TRUE(SetClock(suite, service, "2023-03-18T09:00:00+09:00").ok());
    }
  }
  for (int look = 0; look < kLooks; ++look) {
    const platform::v1::Progress progress = suite.Progress("notify");
    ASSERT_FALSE(progress.has_business_time());
    ASSERT_EQ(suite.Mails(), 0);
  }
  ASSERT_TRUE(SetClock(suite, "notify", "2023-03-18T09:00:00+09:00").ok());
  EXPECT_TRUE(suite.WaitSettled());
  EXPECT_GE(suite.Mails(), 1);
}

}  // namespace
}  // namespace ieum::testing
