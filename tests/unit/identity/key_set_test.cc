// Goal: only keys that we can rely on count, and what should not have been published is said.
#include "platform/identity/key_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/support/issuer.h"

namespace ieum::identity {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

json RsaKey() { return json::parse(Issuer::Get().rsa.PublicSet())["keys"][0]; }
json CurveKey() { return json::parse(Issuer::Get().curve.PublicSet())["keys"][0]; }

json With(json key, const json& changes) {
  key.update(changes);
  return key;
}

absl::StatusOr<KeySet> SetOf(const std::vector<json>& keys) {
  return KeySet::FromJson(json{{"keys", keys}}.dump());
}

TEST(KeySet, FindsKeysByName) {
  const auto set = SetOf({RsaKey(), CurveKey()});
  ASSERT_TRUE(set.ok()) << set.status();
  ASSERT_NE(set->Find("rsa-1"), nullptr);
  ASSERT_NE(set->Find("curve-1"), nullptr);
  EXPECT_EQ(set->Find("rsa"), nullptr);
  EXPECT_TRUE(set->Find("rsa-1")->Fits(Algorithm::kRs256));
  EXPECT_TRUE(set->Find("rsa-1")->Fits(Algorithm::kPs256));
  EXPECT_FALSE(set->Find("rsa-1")->Fits(Algorithm::kEs256));
  EXPECT_TRUE(set->Find("curve-1")->Fits(Algorithm::kEs256));
  EXPECT_FALSE(set->Find("curve-1")->Fits(Algorithm::kRs256));
}

TEST(KeySet, HoldsAKeyToItsOwnAlgorithm) {
  const auto set = SetOf({With(RsaKey(), {{"alg", "PS256"}})});
  EXPECT_TRUE(set->Find("rsa-1")->Fits(Algorithm::kPs256));
  EXPECT_FALSE(set->Find("rsa-1")->Fits(Algorithm::kRs256));
}

TEST(KeySet, PassesOverWhatItCannotUse) {
  json nameless = RsaKey();
  nameless.erase("kid");
  for (const json& key :
       {With(RsaKey(), {{"use", "enc"}}), With(RsaKey(), {{"key_ops", {"encrypt"}}}),
        With(RsaKey(), {{"alg", "RSA-OAEP"}}), With(RsaKey(), {{"n", "AQAB"}}),
        With(RsaKey(), {{"n", 7}}), With(CurveKey(), {{"crv", "P-521"}}),
        With(CurveKey(), {{"y", "AAAA"}}), With(CurveKey(), {{"kty", "OKP"}}), nameless}) {
    const auto set = SetOf({With(key, {{"kid", key.value("kid", "")}})});
    EXPECT_THAT(std::string(set.status().message()), HasSubstr("no key that can be used")) << key;
    const auto beside = SetOf({key, With(CurveKey(), {{"kid", "good"}})});
    ASSERT_TRUE(beside.ok()) << key;
    EXPECT_EQ(beside->size(), 1u) << key;
  }
}

TEST(KeySet, RefusesWhatNobodyShouldHavePublished) {
  const json secret = json::parse(Issuer::Get().curve.PrivateJson());
  for (const json& key :
       {secret, json{{"kty", "oct"}, {"kid", "shared"}, {"k", "c2VjcmV0LXNlY3JldA"}},
        With(RsaKey(), {{"d", "AQAB"}})}) {
    const absl::Status status = SetOf({RsaKey(), key}).status();
    EXPECT_THAT(std::string(status.message()), HasSubstr("private or symmetric"));
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr(secret["d"].get<std::string>())));
  }
}

TEST(KeySet, RefusesWhatIsNoSet) {
  const std::string two = json{{"keys", {RsaKey(), RsaKey()}}}.dump();
  const std::string many = json{{"keys", std::vector<json>(kMaxKeys + 1, RsaKey())}}.dump();
  const std::string long_text = "{\"keys\":[],\"x\":\"" + std::string(kMaxKeySetBytes, 'x') + "\"}";
  for (const std::string& text :
       {std::string(), std::string("<html>"), std::string("[]"), std::string("{}"),
        std::string(R"({"keys":{}})"), std::string(R"({"keys":[1]})"),
        std::string(R"({"keys":[],"keys":[]})"), two, many, long_text}) {
    EXPECT_EQ(KeySet::FromJson(text).status().code(), absl::StatusCode::kInvalidArgument)
        << text.substr(0, 80);
  }
}

TEST(SigningKey, ComesBackFromItsText) {
  const auto again = SigningKey::FromJson(Issuer::Get().curve.PrivateJson());
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->kid(), "curve-1");
  EXPECT_EQ(again->PublicSet(), Issuer::Get().curve.PublicSet());
  EXPECT_TRUE(Issuer::Get().Verify(again->Sign(Issuer::Get().Claims()).value()).ok());
  EXPECT_FALSE(SigningKey::FromJson(CurveKey().dump()).ok());
  EXPECT_FALSE(SigningKey::FromJson("{").ok());
}

}  // namespace
}  // namespace ieum::identity
