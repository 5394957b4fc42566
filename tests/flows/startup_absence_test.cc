// Goal: the order in which servers come up does not matter. Method: the four real processes are
// started while PostgreSQL or the broker is not there, looked at, and then it comes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <list>

#include "ieum/platform/v1/ops.pb.h"
#include "ieum/registry/v1/organization_service.pb.h"
#include "platform/broker/stream.h"
#include "tests/flows/newcomer.h"
#include "tests/flows/suite.h"
#include "tests/support/wait.h"

namespace ieum::testing {
namespace {

using ::testing::HasSubstr;

// All four, their databases migrated, none of them started.
class StartupAbsence : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const std::string& service : kServices) {
      pqxx::connection admin(postgres_.conninfo() + " dbname=postgres");
      pqxx::nontransaction(admin).exec("CREATE DATABASE " + service + " TEMPLATE template0");
      newcomers_.emplace_back(service, postgres_.conninfo() + " dbname=" + service, nats_.url());
      ASSERT_EQ(newcomers_.back().Run("migrate"), 0) << newcomers_.back().Output();
    }
  }

  // Whether the broker has the stream of this service; nothing while it is away.
  absl::StatusOr<broker::StreamState> Stream(const std::string& service) {
    auto connection = broker::Connection::Open({.url = nats_.url(), .name = "look"});
    if (!connection.ok()) return connection.status();
    return broker::GetStreamState(**connection, service);
  }

  PostgresCluster postgres_;
  NatsServer nats_{NatsServer::Begin::kStopped};
  std::list<Newcomer> newcomers_;
};

void ExpectProgress(Newcomer& newcomer) {
  platform::v1::Progress progress;
  const absl::Status answer = newcomer.Driver().Call("/ieum.platform.v1.OpsService/GetProgress",
                                                     platform::v1::GetProgressRequest(), &progress);
  EXPECT_TRUE(answer.ok()) << answer;
  EXPECT_EQ(progress.service(), newcomer.service());
}

TEST_F(StartupAbsence, OfPostgresIsWaitedForAndSaid) {
  nats_.Start();
  postgres_.KillNine();
  for (Newcomer& newcomer : newcomers_) newcomer.Start();
  for (Newcomer& newcomer : newcomers_) {
    EXPECT_TRUE(newcomer.Says("waiting for PostgreSQL")) << newcomer.Output();
    EXPECT_EQ(newcomer.Admin("/livez").status, 200);
    const AdminAnswer ready = newcomer.Admin("/readyz");
    EXPECT_EQ(ready.status, 503);
    EXPECT_THAT(ready.text, HasSubstr("waiting for PostgreSQL"));
  }
  postgres_.StartAgain();
  for (Newcomer& newcomer : newcomers_) {
    EXPECT_TRUE(newcomer.BecomesReady()) << newcomer.Output();
    ExpectProgress(newcomer);
    newcomer.Terminate();
    EXPECT_EQ(newcomer.ExitCode(), 0) << newcomer.Output();
  }
}

TEST_F(StartupAbsence, OfPostgresDoesNotKeepAProcessFromEnding) {
  postgres_.KillNine();
  Newcomer& newcomer = newcomers_.front();
  newcomer.Start();
  ASSERT_TRUE(newcomer.Says("waiting for PostgreSQL")) << newcomer.Output();
  newcomer.Terminate();
  EXPECT_EQ(newcomer.ExitCode(), 0) << newcomer.Output();
}

// Calls are served without a broker; the ledger keeps what it will be told.
TEST_F(StartupAbsence, OfTheBrokerIsSaidAndNothingWaitsForItButEvents) {
  for (Newcomer& newcomer : newcomers_) newcomer.Start();
  for (Newcomer& newcomer : newcomers_) {
    EXPECT_TRUE(newcomer.Says("broker does not answer yet; trying on")) << newcomer.Output();
    EXPECT_TRUE(newcomer.BecomesReady()) << newcomer.Output();
    ExpectProgress(newcomer);
  }
  registry::v1::CreateOrganizationRequest request;
  request.mutable_organization()->set_kind(registry::v1::ORGANIZATION_KIND_FIRM);
  request.mutable_organization()->set_display_name("동백어묵식품(주)");
  request.mutable_organization()->set_business_registration_number("999-86-00010");
  registry::v1::Organization organization;
  const absl::Status created = newcomers_.front().Driver().Call(
      "/ieum.registry.v1.OrganizationService/CreateOrganization", request, &organization);
  EXPECT_TRUE(created.ok()) << created;
  nats_.Start();
  EXPECT_TRUE(WaitFor([&] {
    const auto stream = Stream("registry");
    return stream.ok() && stream->last_seq > 0;
  })) << newcomers_.front().Output();
  for (Newcomer& newcomer : newcomers_) {
    EXPECT_TRUE(WaitFor([&] { return Stream(newcomer.service()).ok(); })) << newcomer.Output();
    EXPECT_TRUE(newcomer.Says("broker answers")) << newcomer.Output();
  }
}

}  // namespace
}  // namespace ieum::testing
