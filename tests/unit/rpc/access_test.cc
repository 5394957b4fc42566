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
using ::testing::Not;

constexpr char kTokens[] = R"([
  {"token": "k-1", "subject": "staff/kim", "roles": ["manager", "auditor"], "centres": ["*"]},
  {"token": "s-1", "subject": "service/sample"}])";

TEST(Authenticator, KnowsWhomATokenNames) {
  const Authenticator known = Authenticator::FromTokens(kTokens).value();
  const Identity kim = known.Identify("Bearer k-1").value();
  EXPECT_EQ(kim.subject, "staff/kim");
  EXPECT_THAT(kim.roles, ElementsAre("manager", "auditor"));
  EXPECT_THAT(kim.centres, ElementsAre("*"));
  EXPECT_EQ(known.Identify("bearer s-1")->subject, "service/sample");
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

TEST(Roles, RefuseAFileThatIsNone) {
  for (const char* text : {"", "[]", "{}", R"({"roles": []})", R"({"roles": {"a": "b"}})",
                           R"({"roles": {"a": [1]}})"}) {
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
