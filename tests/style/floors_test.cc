// Goal: the floors hold in the whole tree. Method: a made-up file for each floor shows that a
// breach is seen; then every file of the tree is asked.
#include "tests/style/floors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace ieum::style {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> Including(const std::string& path, const std::string& include) {
  return FloorFaults({path, "#pragma once\n#include \"" + include + "\"\n"}, false);
}

void ExpectBreach(const std::string& path, const std::string& include, const std::string& said) {
  EXPECT_THAT(Including(path, include), ElementsAre(HasSubstr(path + ":2: " + said)));
}

TEST(Floors, KeepDatabaseBrokerAndWireInTheirPlaces) {
  ExpectBreach("services/registry/campaign/campaign_commands.cc", "pqxx/pqxx", "pqxx belongs");
  ExpectBreach("platform/flow/relay.cc", "nats/nats.h", "nats.h belongs");
  ExpectBreach("services/registry/campaign/campaign.cc", "grpcpp/grpcpp.h", "gRPC belongs");
  ExpectBreach("services/notify/sender.cc", "ieum/registry/v1/person.grpc.pb.h", "gRPC belongs");
  EXPECT_THAT(Including("services/registry/campaign/campaign_store.cc", "pqxx/pqxx"), IsEmpty());
  EXPECT_THAT(Including("platform/broker/stream.cc", "nats/nats.h"), IsEmpty());
  EXPECT_THAT(Including("services/registry/campaign/campaign_service.h", "grpcpp/grpcpp.h"),
              IsEmpty());
}

TEST(Floors, KeepThePlatformFreeOfServices) {
  ExpectBreach("platform/rpc/call.cc", "services/registry/x.h", "platform knows no service");
  ExpectBreach("platform/flow/lane.cc", "ieum/casemgmt/v1/events.pb.h",
               "platform knows no service's");
  EXPECT_THAT(Including("platform/flow/lane.cc", "ieum/platform/v1/ops.pb.h"), IsEmpty());
}

TEST(Floors, LetArrowsOnlyGoDownInsideThePlatform) {
  ExpectBreach("platform/db/tx.cc", "platform/ledger/ledger.h", "db does not stand above ledger");
  ExpectBreach("platform/ledger/ledger.cc", "platform/broker/broker.h",
               "ledger does not stand above");
  ExpectBreach("platform/new/thing.h", "platform/base/clock.h", "a module without a floor");
  EXPECT_THAT(Including("platform/flow/relay.cc", "platform/broker/broker.h"), IsEmpty());
}

TEST(Floors, LetServicesMeetOnlyInContracts) {
  ExpectBreach("services/notify/plan/plan.cc", "services/registry/a/a.h",
               "notify meets registry only");
  EXPECT_THAT(Including("services/notify/reactions.cc", "ieum/registry/v1/events.pb.h"), IsEmpty());
}

TEST(Floors, OrderTheRolesOfARoom) {
  ExpectBreach("services/registry/a/a_store.cc", "services/registry/a/a_commands.h",
               "a store stands");
  ExpectBreach("services/registry/a/a_commands.h", "services/registry/a/a_service.h",
               "only main.cc");
  ExpectBreach("services/registry/a/a_commands.h", "platform/rpc/call.h",
               "a use case does not know");
  EXPECT_THAT(Including("services/registry/a/a_commands.cc", "platform/rpc/masks.h"), IsEmpty());
  EXPECT_THAT(Including("services/registry/main.cc", "services/registry/a/a_service.h"), IsEmpty());
  EXPECT_THAT(FloorFaults({"services/registry/a/a.h", "#include \"platform/db/tx.h\"\n"}, true),
              ElementsAre(HasSubstr("rules are pure")));
}

// x.{h,cc} is a room's rules when x_store.h stands beside it.
bool IsRoomRules(const SourceFile& file, const std::set<std::string>& paths) {
  const std::string folder = file.path.substr(0, file.path.rfind('/') + 1);
  return file.Under("services") && paths.contains(folder + std::string(file.stem()) + "_store.h");
}

TEST(Floors, HoldInTheWholeTree) {
  std::set<std::string> paths;
  for (const SourceFile& file : Tree()) paths.insert(file.path);
  std::vector<std::string> faults;
  for (const SourceFile& file : Tree()) {
    if (!file.IsCode()) continue;
    for (auto& fault : FloorFaults(file, IsRoomRules(file, paths)))
      faults.push_back(std::move(fault));
  }
  EXPECT_THAT(faults, IsEmpty());
}

}  // namespace
}  // namespace ieum::style
