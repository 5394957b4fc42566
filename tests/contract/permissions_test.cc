// Goal: nothing is served without a permission. Method: every method of every contract.
#include <gtest/gtest.h>

#include <map>

#include "google/protobuf/descriptor.h"
#include "ieum/platform/v1/options.pb.h"
#include "re2/re2.h"
#include "tests/contract/contracts.h"

namespace ieum::contract {
namespace {

TEST(Permission, EveryMethodNamesOneOfItsOwnService) {
  static const RE2 shape("([a-z]+)\\.[a-z_]+\\.[a-z_]+");
  ASSERT_FALSE(Methods().empty());
  for (const MethodDescriptor* method : Methods()) {
    const std::string& permission = method->options().GetExtension(platform::v1::permission);
    std::string owner;
    EXPECT_TRUE(RE2::FullMatch(permission, shape, &owner))
        << method->full_name() << " needs option (ieum.platform.v1.permission) = "
        << "\"<service>.<resources>.<verb>\", has \"" << permission << "\"";
    EXPECT_EQ(owner, ServiceOf(method->file())) << method->full_name();
  }
}

// One permission that both reads and writes would give writers' power to every reader.
TEST(Permission, NoneBothReadsAndWrites) {
  std::map<std::string, std::string> verb_of;
  for (const MethodDescriptor* method : Methods()) {
    const std::string& permission = method->options().GetExtension(platform::v1::permission);
    const std::string verb = HttpOf(method).verb == "get" ? "reads" : "writes";
    const auto [known, added] = verb_of.emplace(permission, verb);
    EXPECT_TRUE(added || known->second == verb) << method->full_name() << ": " << permission;
  }
}

}  // namespace
}  // namespace ieum::contract
