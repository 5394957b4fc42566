// Goal: every statement of the registry fits its schema.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/registry/world.h"
#include "tests/support/statements.h"

namespace ieum::registry {
namespace {

TEST(Schema, PreparesEveryStatement) {
  testing::TestDatabase database(registry_migrations());
  EXPECT_THAT(testing::UnpreparableStatements(database), ::testing::IsEmpty());
}

TEST(Schema, ServesEveryMethodOfItsContract) {
  World world;
  v1::GetOrganizationRequest request;
  request.set_name("organizations/" + base::Uuid::NewV7().ToString());
  const auto missing = world.Call<v1::Organization>("OrganizationService/GetOrganization", request);
  EXPECT_EQ(base::ReasonOf(missing.status()), "NOT_FOUND");
}

}  // namespace
}  // namespace ieum::registry
