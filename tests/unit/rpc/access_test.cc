// Goal: who calls and what that allows; everything else is denied.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/base/status.h"
#include "platform/rpc/authenticator.h"
#include "platform/rpc/roles.h"

namespace ieum::rpc {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kTokens[] = R"([
  {"token": "k-1", "subject": "staff/kim", "roles": ["manager", "auditor"], "centres": ["*"]},
  {"token": "s-1", "subject": "service/sample"}])";

TEST(Authenticator, KnowsWhomATokenNames) {
  const Authenticator known = Authenticator::FromTokens(kTokens).value();
  const Identity kim = known.Identify("Bearer k-1").value();
  EXPECT_EQ(kim.subject, "staff/kim");
  EXPECT_THAT(kim.grants, ElementsAre(Grant{"manager", "*"}, Grant{"auditor", "*"}));
  EXPECT_EQ(known.Identify("bearer s-1")->subject, "service/sample");
}

TEST(Authenticator, GivesEachRoleInEachCentreAndEverywhereWithoutCentres) {
  const Authenticator known = Authenticator::FromTokens(R"([
    {"token": "a", "subject": "x", "roles": ["r", "s"], "centres": ["c", "d"]},
    {"token": "b", "subject": "x", "roles": ["r"]},
    {"token": "c", "subject": "x", "roles": ["r"], "centres": []}])")
                                  .value();
  EXPECT_THAT(known.Identify("Bearer a")->grants,
              ElementsAre(Grant{"r", "c"}, Grant{"r", "d"}, Grant{"s", "c"}, Grant{"s", "d"}));
  EXPECT_THAT(known.Identify("Bearer b")->grants, ElementsAre(Grant{"r", "*"}));
  EXPECT_THAT(known.Identify("Bearer c")->grants, IsEmpty());
}

TEST(Authenticator, GivesAServiceItsOwnRoleBesideThatOfServices) {
  const Authenticator known = Authenticator::FromTokens(R"([
    {"token": "a", "subject": "service/notify", "roles": ["service"]},
    {"token": "b", "subject": "staff/kim", "roles": ["service"]}])")
                                  .value();
  EXPECT_THAT(known.Identify("Bearer a")->grants,
              ElementsAre(Grant{"service", "*"}, Grant{"service_notify", "*"}));
  EXPECT_EQ(known.Identify("Bearer a")->grants, ServiceIdentity("notify").grants);
  EXPECT_THAT(known.Identify("Bearer b")->grants, ElementsAre(Grant{"service", "*"}));
}

TEST(Authenticator, ReadsOneObjectALineToo) {
  const auto known = Authenticator::FromTokens(
      "{\"token\":\"a\",\"subject\":\"x\"}\n\n{\"token\":\"b\",\"subject\":\"y\"}\n");
  EXPECT_EQ(known.value().Identify("Bearer b")->subject, "y");
}

TEST(Authenticator, RefusesEverythingElse) {
  const Authenticator known = Authenticator::FromTokens(kTokens).value();
  for (const char* value :
       {"", "k-1", "Basic k-1", "Bearer", "Bearer ", "Bearer k-2", "Bearer K-1", "Bearer k-1 x"}) {
    const absl::Status status = known.Identify(value).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kUnauthenticated) << value;
    EXPECT_EQ(base::ReasonOf(status), "UNAUTHENTICATED");
  }
  EXPECT_FALSE(Authenticator().Identify("Bearer k-1").ok());
}

TEST(Authenticator, SaysWhichEntryIsWrongAndNeverTheToken) {
  for (const char* text :
       {R"([{"token": "secret-1", "subject": "x"}, {"token": "secret-1", "subject": "y"}])",
        R"([{"token": "a", "subject": "x"}, {"token": "secret-1"}])",
        R"([{"token": "a", "subject": "x"}, {"subject": "secret-1"}])",
        R"([{"token": "a", "subject": "x"}, {"token": "secret-1", "subject": "y", "roles": "z"}])",
        "{\"token\": \"a\", \"subject\": \"x\"}\nsecret-1"}) {
    const absl::Status status = Authenticator::FromTokens(text).status();
    EXPECT_THAT(std::string(status.message()), HasSubstr("entry 2")) << text;
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr("secret-1")));
  }
}

TEST(Roles, AllowWhatAPatternCovers) {
  const Roles roles = Roles::FromJson(R"({"roles": {
    "exact": ["a.b.read"], "reader": ["*.*.read"], "all_of_a": ["a.*"], "nothing": []}})")
                          .value();
  EXPECT_TRUE(roles.Allow({"exact"}, "a.b.read"));
  EXPECT_FALSE(roles.Allow({"exact"}, "a.b.write"));
  EXPECT_TRUE(roles.Allow({"reader"}, "x.y.read"));
  EXPECT_FALSE(roles.Allow({"reader"}, "x.read"));
  EXPECT_FALSE(roles.Allow({"reader"}, "x.y.z.read"));
  EXPECT_TRUE(roles.Allow({"all_of_a"}, "a.b.write"));
  EXPECT_FALSE(roles.Allow({"all_of_a"}, "ab.b.write"));
  EXPECT_FALSE(roles.Allow({"all_of_a"}, "a"));
  EXPECT_FALSE(roles.Allow({"nothing", "unknown"}, "a.b.read"));
  EXPECT_FALSE(roles.Allow({}, "a.b.read"));
  EXPECT_TRUE(roles.Allow({"unknown", "exact"}, "a.b.read"));
}

constexpr char kHere[] = "0190b0c0-0000-7000-8000-00000000000a";
constexpr char kThere[] = "0190b0c0-0000-7000-8000-00000000000b";

TEST(Roles, HoldAPermissionInTheCentresOfTheGrantsThatCarryIt) {
  const Roles roles = Roles::FromJson(R"({"roles": {
    "reader": ["a.b.read"], "writer": ["a.b.write"]}})")
                          .value();
  const std::vector<Grant> grants = {
      {"reader", kHere}, {"reader", kThere}, {"writer", kThere}, {"unknown", "*"}};
  EXPECT_EQ(roles.ScopeOf(grants, "a.b.read"), Scope::Of({kHere, kThere}));
  EXPECT_EQ(roles.ScopeOf(grants, "a.b.write"), Scope::Of({kThere}));
  EXPECT_TRUE(roles.ScopeOf(grants, "a.b.erase").empty());
  EXPECT_TRUE(roles.ScopeOf({}, "a.b.read").empty());
  EXPECT_EQ(roles.ScopeOf({{"reader", kHere}, {"reader", "*"}}, "a.b.read"), Scope::Everywhere());
}

// Each of two roles allows one half: nobody does the whole by holding both. row:C36
TEST(Roles, HoldTwoPermissionsTogetherWhereOneGrantCarriesBoth) {
  const Roles roles = Roles::FromJson(R"({"roles": {
    "head": ["a.b.list", "a.b.all"], "keeper": ["a.b.list", "a.b.read"], "chief": ["a.b.*"]},
    "everywhere_only": ["a.b.suite"]})")
                          .value();
  const std::vector<Grant> both = {{"head", kHere}, {"keeper", kHere}};
  EXPECT_TRUE(roles.ScopeOfAll(both, {"a.b.read", "a.b.all"}).empty());
  EXPECT_EQ(roles.ScopeOfAll(both, {"a.b.list", "a.b.all"}), Scope::Of({kHere}));
  EXPECT_TRUE(
      roles.ScopeOfAll({{"head", "*"}, {"keeper", kHere}}, {"a.b.read", "a.b.all"}).empty());
  EXPECT_TRUE(
      roles.ScopeOfAll({{"head", kHere}, {"keeper", "*"}}, {"a.b.read", "a.b.all"}).empty());
  EXPECT_EQ(roles.ScopeOfAll({{"head", "*"}, {"chief", kThere}}, {"a.b.read", "a.b.all"}),
            Scope::Of({kThere}));
  EXPECT_EQ(roles.ScopeOfAll({{"chief", "*"}}, {"a.b.read", "a.b.suite"}), Scope::Everywhere());
  EXPECT_TRUE(roles.ScopeOfAll({{"chief", kHere}}, {"a.b.read", "a.b.suite"}).empty());
}

TEST(Roles, GiveWhatTheFileSaysAndNothingElse) {
  const Roles roles = Roles::FromJson(R"({"roles": {"chief": [], "keeper": ["a.b.read"]},
                                          "gives": {"chief": ["keeper"]}})")
                          .value();
  EXPECT_TRUE(roles.Give({"chief"}, "keeper"));
  EXPECT_FALSE(roles.Cover({"chief"}, "keeper"));
  EXPECT_FALSE(roles.Give({"keeper"}, "keeper"));
  EXPECT_FALSE(roles.Give({"keeper"}, "chief"));
  EXPECT_FALSE(roles.Give({}, "keeper"));
  for (const char* text :
       {R"({"roles": {}, "gives": []})", R"({"roles": {}, "gives": {"a": ["b"]}})",
        R"({"roles": {"a": []}, "gives": {"a": ["b"]}})",
        R"({"roles": {"a": []}, "gives": {"a": "a"}})"}) {
    EXPECT_EQ(Roles::FromJson(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

TEST(Roles, TakeNoWordForACentreThatIsNoId) {
  const Roles roles = Roles::FromJson(R"({"roles": {"reader": ["a.b.read"]}})").value();
  for (const char* word : {"", "incheon", "**", "0190b0c0-0000-7000-8000-00000000000", "{}",
                           "0190b0c0-0000-7000-8000-00000000000a,0190b0c0-0000-7000-8000"}) {
    EXPECT_TRUE(roles.ScopeOf({{"reader", word}}, "a.b.read").empty()) << word;
  }
  EXPECT_EQ(roles.ScopeOf({{"reader", "0190B0C0-0000-7000-8000-00000000000A"}}, "a.b.read"),
            Scope::Of({kHere}));
}

TEST(Roles, DoNotCarryTheSuitesPermissionsInOneCentre) {
  const Roles roles = Roles::FromJson(R"({"roles": {"chief": ["a.*", "platform.*"]},
                                          "everywhere_only": ["a.rules.*"]})")
                          .value();
  for (const char* permission : {"a.rules.update", "platform.log.read"}) {
    EXPECT_TRUE(roles.ScopeOf({{"chief", kHere}}, permission).empty()) << permission;
    EXPECT_EQ(roles.ScopeOf({{"chief", "*"}}, permission), Scope::Everywhere()) << permission;
  }
  EXPECT_EQ(roles.ScopeOf({{"chief", kHere}}, "a.rows.update"), Scope::Of({kHere}));
}

TEST(Roles, CoverARoleWhenTheyAllowAllOfItWhateverComesLater) {
  const Roles roles = Roles::FromJson(R"({"roles": {
    "all": ["a.*"], "two": ["*.*.read", "a.b.write"], "one": ["a.b.read"], "any": ["a.*.read"],
    "star": ["*"], "nothing": []}})")
                          .value();
  EXPECT_TRUE(roles.Cover({"all"}, "one"));
  EXPECT_TRUE(roles.Cover({"all"}, "any"));
  EXPECT_TRUE(roles.Cover({"two"}, "any"));
  EXPECT_TRUE(roles.Cover({"two", "all"}, "all"));
  EXPECT_FALSE(roles.Cover({"two"}, "all"));
  EXPECT_FALSE(roles.Cover({"all"}, "two"));
  EXPECT_FALSE(roles.Cover({"one"}, "any"));
  EXPECT_FALSE(roles.Cover({"two"}, "star"));
  EXPECT_FALSE(roles.Cover({"star"}, "unknown"));
  EXPECT_TRUE(roles.Cover({}, "nothing"));
}

TEST(Roles, RefuseAFileThatIsNone) {
  for (const char* text :
       {"", "[]", "{}", R"({"roles": []})", R"({"roles": {"a": "b"}})", R"({"roles": {"a": [1]}})",
        R"({"roles": {}, "everywhere_only": "a"})"}) {
    EXPECT_EQ(Roles::FromJson(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

TEST(Roles, AreShippedWithTheBuild) {
  const Roles roles = Roles::Shipped();
  EXPECT_TRUE(roles.Allow({"operator"}, "platform.clock.set"));
  EXPECT_TRUE(roles.Allow({"service"}, "platform.log.read"));
  EXPECT_FALSE(roles.Allow({"service"}, "platform.clock.set"));
  EXPECT_FALSE(roles.Allow({"auditor"}, "platform.dead_letters.discard"));
  EXPECT_TRUE(roles.Knows("consultant"));
}

}  // namespace
}  // namespace ieum::rpc
