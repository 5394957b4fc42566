#include "services/reporting/rebuilds/rebuild.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace ieum::reporting {
namespace {

v1::ProducerPosition At(const std::string& producer, std::vector<int64_t> positions) {
  v1::ProducerPosition position;
  position.set_producer(producer);
  for (int64_t p : positions) position.add_positions(p);
  return position;
}

TEST(ReadAsFar, HoldsOnlyWhenNoShardIsBehind) {
  EXPECT_TRUE(ReadAsFar({At("registry", {3, 5})}, {At("registry", {3, 4})}));
  EXPECT_FALSE(ReadAsFar({At("registry", {3, 3})}, {At("registry", {3, 4})}));
  EXPECT_FALSE(ReadAsFar({At("registry", {9, 9})}, {At("casemgmt", {1, 0})}));
  EXPECT_TRUE(ReadAsFar({}, {}));
}

TEST(NextRun, GoesThroughAllPositionsInBoundedRunsAndKnowsTheEnd) {
  const std::vector<v1::ProducerPosition> wanted = {At("casemgmt", {0, 5}), At("registry", {2, 0})};
  Compared compared;
  std::vector<std::string> told;
  while (const auto run = NextRun(compared, wanted, 2)) {
    told.push_back(absl::StrCat(run->producer, "/", run->shard, " ", run->after, "-", run->up_to));
    compared[{run->producer, run->shard}] = run->up_to;
  }
  EXPECT_EQ(absl::StrJoin(told, ", "),
            "casemgmt/1 0-2, casemgmt/1 2-4, casemgmt/1 4-5, registry/0 0-2");
  EXPECT_EQ(NextRun(compared, {At("registry", {3, 0})}, 2)->after, 2);
}

TEST(AllEqual, IsSpoiledByOneTable) {
  v1::Rebuild result;
  auto& table = *result.add_tables();
  table.set_live_rows(2);
  table.set_rebuilt_rows(2);
  table.set_live_hash("17");
  table.set_rebuilt_hash("17");
  EXPECT_TRUE(AllEqual(result));
  table.set_rebuilt_hash("18");
  EXPECT_FALSE(AllEqual(result));
}

}  // namespace
}  // namespace ieum::reporting
