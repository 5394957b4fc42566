#include "services/reporting/rebuilds/rebuild.h"

#include <gtest/gtest.h>

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
