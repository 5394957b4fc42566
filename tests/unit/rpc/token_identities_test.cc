// Goal: roles and centres come from where the settings say, and from nowhere else.
#include "platform/rpc/token_identities.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "nlohmann/json.hpp"

namespace ieum::rpc {
namespace {

using identity::Refusal;
using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

identity::Token TokenOf(const json& claims) {
  return {"staff/kim", absl::InfiniteFuture(), claims};
}

TEST(TokenIdentities, TakesRolesAndCentresFromTheirClaims) {
  const Identity kim =
      IdentityOf({},
                 TokenOf({{"roles", {"judge", "auditor", "judge"}}, {"centres", {"019a-1", "*"}}}))
          .value();
  EXPECT_EQ(kim.subject, "staff/kim");
  EXPECT_THAT(kim.grants, ElementsAre(Grant{"judge", "019a-1"}, Grant{"judge", "*"},
                                      Grant{"auditor", "019a-1"}, Grant{"auditor", "*"}));
}

TEST(TokenIdentities, HoldsNothingWithoutClaims) {
  const Identity kim = IdentityOf({}, TokenOf(json::object())).value();
  EXPECT_THAT(kim.grants, IsEmpty());
  EXPECT_THAT(IdentityOf({}, TokenOf({{"roles", {"judge"}}}))->grants, IsEmpty());
}

TEST(TokenIdentities, FindsClaimsWithinOthersAndUnderAddresses) {
  TokenIdentityOptions options;
  options.roles_claim = "/realm_access/roles";
  options.centres_claim = "https://ieum.example/centres";
  const Identity kim = IdentityOf(options, TokenOf({{"realm_access", {{"roles", {"judge"}}}},
                                                    {"roles", {"operator"}},
                                                    {"https://ieum.example/centres", "c1 c2"}}))
                           .value();
  EXPECT_THAT(kim.grants, ElementsAre(Grant{"judge", "c1"}, Grant{"judge", "c2"}));
}

TEST(TokenIdentities, TranslatesTheIssuersWordsAndDropsOthers) {
  TokenIdentityOptions options;
  options.role_names = {{"IEUM Richter", "judge"}, {"g-17", "auditor"}, {"g-18", "service"}};
  const auto kim = IdentityOf(
      options,
      TokenOf({{"roles", {"g-17", "IEUM Richter", "operator", "g-18"}}, {"centres", "*"}}));
  EXPECT_THAT(kim->grants, ElementsAre(Grant{"auditor", "*"}, Grant{"judge", "*"}));
}

TEST(TokenIdentities, IsNeverAServiceNorAnEmergency) {
  const auto kim =
      IdentityOf({}, TokenOf({{"roles", {"service", "service_notify", "break_glass", "judge"}},
                              {"centres", "*"}}));
  EXPECT_THAT(kim->grants, ElementsAre(Grant{"judge", "*"}));
}

TEST(TokenIdentities, TakesOnlyTheRolesThatTokensMayGive) {
  const auto token = TokenOf({{"roles", {"judge", "auditor"}}, {"centres", "*"}});
  TokenIdentityOptions options;
  options.claimed_roles.emplace();
  EXPECT_THAT(IdentityOf(options, token)->grants, IsEmpty());
  options.claimed_roles->insert("auditor");
  EXPECT_THAT(IdentityOf(options, token)->grants, ElementsAre(Grant{"auditor", "*"}));
}

TEST(TokenIdentities, LeavesOutWhatIsNoWord) {
  const auto kim =
      IdentityOf({}, TokenOf({{"roles", {"", "a b", "x\n", std::string(65, 'a'), "ok"}},
                              {"centres", {"**", "a'; --", "c-1"}}}));
  EXPECT_THAT(kim->grants, ElementsAre(Grant{"ok", "c-1"}));
}

TEST(TokenIdentities, RefusesClaimsOfAnotherType) {
  for (const json& claims : {json{{"roles", 7}}, json{{"roles", {1}}}, json{{"roles", {{"a", 1}}}},
                             json{{"centres", true}}}) {
    const auto refused = IdentityOf({}, TokenOf(claims));
    EXPECT_EQ(identity::RefusalOf(refused.status()), Refusal::kClaims) << claims;
  }
}

}  // namespace
}  // namespace ieum::rpc
