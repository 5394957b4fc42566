#include "tests/support/issuer.h"

#include "platform/crypto/seal.h"

namespace ieum::identity {
namespace {

using nlohmann::json;

std::string BothSets(const SigningKey& one, const SigningKey& other) {
  json set = json::parse(one.PublicSet());
  set["keys"].push_back(json::parse(other.PublicSet())["keys"][0]);
  return set.dump();
}

}  // namespace

Issuer::Issuer()
    : now(absl::FromUnixSeconds(1'700'000'000)),
      rsa(SigningKey::Make(SigningKey::Kind::kRsa, "rsa-1").value()),
      curve(SigningKey::Make(SigningKey::Kind::kP256, "curve-1").value()),
      stranger(SigningKey::Make(SigningKey::Kind::kRsa, "rsa-1").value()),
      public_set(BothSets(rsa, curve)),
      keys(KeySet::FromJson(public_set).value()) {}

const Issuer& Issuer::Get() {
  static const Issuer* issuer = new Issuer;
  return *issuer;
}

json Issuer::Claims() const {
  const int64_t seconds = absl::ToUnixSeconds(now);
  return {{"iss", "https://login.example/realm"},
          {"aud", "ieum"},
          {"sub", "staff/kim"},
          {"iat", seconds},
          {"nbf", seconds},
          {"exp", seconds + 3600},
          {"roles", {"case_manager"}},
          {"centres", {"*"}}};
}

std::string Issuer::Token(const json& claims) const {
  return Token({{"alg", "RS256"}, {"kid", "rsa-1"}, {"typ", "JWT"}}, claims);
}

std::string Issuer::Token(const json& header, const json& claims) const {
  const SigningKey& key = header.value("kid", "") == "curve-1" ? curve : rsa;
  return key.SignRaw(header, claims.dump()).value();
}

TokenRules Issuer::Rules() const {
  TokenRules rules;
  rules.issuer = "https://login.example/realm";
  rules.audience = "ieum";
  return rules;
}

absl::StatusOr<Token> Issuer::Verify(std::string_view token) const {
  return VerifyToken(Rules(), keys, token, now);
}

std::string Unsigned(std::string_view header, std::string_view payload) {
  return crypto::Base64Url(header) + "." + crypto::Base64Url(payload);
}

}  // namespace ieum::identity
