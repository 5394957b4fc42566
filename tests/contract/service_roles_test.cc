// Goal: a service may call what it calls and nothing else. Method: the methods that its sources
// name against the permissions of its role; what the platform's sources name, every service calls.
#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "ieum/platform/v1/options.pb.h"
#include "platform/rpc/roles.h"
#include "re2/re2.h"
#include "tests/contract/contracts.h"

namespace ieum::contract {
namespace {

namespace fs = std::filesystem;

std::string PermissionOf(const MethodDescriptor* method) {
  return method->options().GetExtension(platform::v1::permission);
}

// Permissions of the methods that sources below `folder` call: "/ieum.registry.v1.X/Y".
std::set<std::string> CalledIn(const std::string& folder) {
  static const RE2 path(R"re("/(ieum\.[a-z]+\.v1\.\w+/\w+)")re");
  std::set<std::string> called, permissions;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(IEUM_SOURCE_DIR) / folder)) {
    if (entry.path().extension() != ".cc") continue;
    const std::string text = ReadProjectFile(fs::relative(entry.path(), IEUM_SOURCE_DIR).string());
    re2::StringPiece rest(text);
    std::string method;
    while (RE2::FindAndConsume(&rest, path, &method)) {
      called.insert(absl::StrReplaceAll(method, {{"/", "."}}));
    }
  }
  for (const MethodDescriptor* method : Methods()) {
    if (called.erase(method->full_name()) > 0) permissions.insert(PermissionOf(method));
  }
  EXPECT_TRUE(called.empty()) << folder << " calls what is no method: " << *called.begin();
  return permissions;
}

std::set<std::string> AllowedBy(const std::string& role) {
  const rpc::Roles shipped = rpc::Roles::Shipped();
  EXPECT_TRUE(shipped.Knows(role)) << role;
  std::set<std::string> permissions;
  for (const MethodDescriptor* method : Methods()) {
    if (shipped.Allow({role}, PermissionOf(method))) permissions.insert(PermissionOf(method));
  }
  return permissions;
}

TEST(ServiceRole, AllowsWhatTheServiceCallsAndNothingElse) {
  for (const auto& entry : fs::directory_iterator(fs::path(IEUM_SOURCE_DIR) / "services")) {
    if (!entry.is_directory()) continue;
    const std::string service = entry.path().filename().string();
    EXPECT_EQ(AllowedBy(rpc::RoleOfService(service)), CalledIn("services/" + service)) << service;
  }
}

TEST(ServiceRole, OfAllServicesAllowsWhatThePlatformCalls) {
  EXPECT_EQ(AllowedBy(rpc::kServiceRole), CalledIn("platform"));
}

// row:X11
TEST(ServiceRole, OfNotifyAloneGetsAddresses) {
  for (const char* service : {"registry", "casemgmt", "reporting"}) {
    EXPECT_FALSE(AllowedBy(rpc::RoleOfService(service)).contains("registry.contacts.resolve"));
  }
  EXPECT_TRUE(AllowedBy(rpc::RoleOfService("notify")).contains("registry.contacts.resolve"));
}

}  // namespace
}  // namespace ieum::contract
