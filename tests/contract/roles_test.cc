// Goal: the roles that ship fit the contracts: nothing is out of everybody's reach, and no word of
// the file is a leftover. Method: every permission of every contract against every role; and every
// rule of every request against the walker that has to check it.
#include "platform/rpc/roles.h"

#include <gtest/gtest.h>

#include <set>

#include "absl/strings/str_cat.h"
#include "ieum/platform/v1/options.pb.h"
#include "nlohmann/json.hpp"
#include "platform/rpc/validation.h"
#include "re2/re2.h"
#include "tests/contract/contracts.h"

namespace ieum::contract {
namespace {

std::string PermissionOf(const MethodDescriptor* method) {
  return method->options().GetExtension(platform::v1::permission);
}

nlohmann::json RolesFile() {
  return nlohmann::json::parse(ReadProjectFile("deploy/roles.json"))["roles"];
}

TEST(Role, HoldsEveryPermissionThatThereIs) {
  const rpc::Roles shipped = rpc::Roles::Shipped();
  const nlohmann::json roles = RolesFile();
  for (const MethodDescriptor* method : Methods()) {
    bool held = false;
    for (const auto& [role, patterns] : roles.items()) {
      held = held || shipped.Allow({role}, PermissionOf(method));
    }
    EXPECT_TRUE(held) << "nobody may call " << method->full_name();
  }
}

// Who keeps no case of a person sees lists and figures, not the person.
TEST(Role, GivesPersonalDataToThoseWhoKeepCasesOnly) {
  const rpc::Roles shipped = rpc::Roles::Shipped();
  // Case management tells a recipient who she is with whom she consented to share that, and keeps
  // nothing of it.
  const std::set<std::string> keepers = {"programme_manager", "supervisor", "case_manager",
                                         "service_casemgmt", rpc::kBreakGlassRole};
  const auto roles = RolesFile();  // items() does not keep what it walks over
  for (const auto& [role, patterns] : roles.items()) {
    EXPECT_EQ(shipped.Allow({role}, "registry.persons.get"), keepers.contains(role)) << role;
    EXPECT_EQ(shipped.Allow({role}, "registry.contacts.resolve"), role == "service_notify") << role;
  }
}

// What was written down about somebody is opened to the head of a centre with a reason only: by
// breaking the glass.
TEST(Role, OfACentreHeadSeesListsAndFigures) {
  const rpc::Roles shipped = rpc::Roles::Shipped();
  for (const MethodDescriptor* method : Methods()) {
    const std::string permission = PermissionOf(method);
    if (!shipped.Allow({"centre_head"}, permission)) continue;
    EXPECT_TRUE(RE2::FullMatch(permission, R"(.*\.(get|list|list_facts|explain|break_glass))"))
        << permission;
    EXPECT_FALSE(RE2::FullMatch(permission, R"(.*\.(persons|contacts|visits|applications)\..*)"))
        << permission;
  }
  EXPECT_TRUE(shipped.Allow({"centre_head"}, "casemgmt.engagements.list"));
  EXPECT_TRUE(shipped.Allow({"centre_head"}, "reporting.metrics.explain"));
}

// Permissions that methods ask for beside their own, in the row's centre.
const std::set<std::string>& AskedWithin() {
  static const auto* asked = new std::set<std::string>{
      "casemgmt.cases.see_codes", "casemgmt.cases.see_team",
      "casemgmt.session_notes.read_psychological", "notify.recipients.see"};
  return *asked;
}

TEST(Role, HasNoPatternThatMeansNothing) {
  const nlohmann::json roles = RolesFile();
  for (const auto& [role, patterns] : roles.items()) {
    for (const std::string pattern : patterns) {
      const std::string service = pattern.substr(0, pattern.find('.'));
      if (service != "*" && !HasService(service)) continue;
      const auto alone =
          rpc::Roles::FromJson(nlohmann::json{{"roles", {{"one", {pattern}}}}}.dump());
      bool means = AskedWithin().contains(pattern);
      for (const MethodDescriptor* method : Methods()) {
        means = means || alone.value().Allow({"one"}, PermissionOf(method));
      }
      EXPECT_TRUE(means) << role << ": " << pattern;
    }
  }
}

TEST(Request, HasOnlyRulesThatTheServerChecks) {
  for (const Descriptor* request : Requests()) {
    const absl::Status learnt = rpc::Validator().Learn(request);
    EXPECT_TRUE(learnt.ok()) << learnt;
  }
}

}  // namespace
}  // namespace ieum::contract
