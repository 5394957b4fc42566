// Every statement of the access log fits the schema.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/statements.h"

namespace ieum::access_log {
namespace {

TEST(AccessLogSchema, KnowsEveryStatement) {
  const testing::TestDatabase database;
  EXPECT_THAT(testing::UnpreparableStatements(database), ::testing::IsEmpty());
}

}  // namespace
}  // namespace ieum::access_log
