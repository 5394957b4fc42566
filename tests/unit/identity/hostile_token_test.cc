// Goal: nothing but a whole, fresh token of our issuer, made for us, gets anybody in. Method: a
// table of forgeries, each refused for its own reason and not by accident for another.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sodium.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "platform/crypto/seal.h"
#include "tests/support/issuer.h"

namespace ieum::identity {
namespace {

using nlohmann::json;

const Issuer& Known() { return Issuer::Get(); }

struct Forgery {
  std::string name, token;
  Refusal refusal;
};

// The good header with something added or changed.
json Header(const json& changes) {
  json header = {{"alg", "RS256"}, {"kid", "rsa-1"}, {"typ", "JWT"}};
  header.update(changes);
  return header;
}

Forgery WithHeader(const std::string& name, const json& changes, Refusal refusal) {
  return {name, Known().Token(Header(changes), Known().Claims()), refusal};
}

// A header that libcjose would not sign; the signature is of another token and not looked at.
Forgery WithRawHeader(const std::string& name, const std::string& header, Refusal refusal) {
  const std::string good = Known().Token(Known().Claims());
  return {name, Unsigned(header, Known().Claims().dump()) + good.substr(good.rfind('.')), refusal};
}

// Signed as it stands.
Forgery WithClaims(const std::string& name, const json& changes, Refusal refusal) {
  json claims = Known().Claims();
  for (const auto& [member, value] : changes.items()) {
    if (value.is_null()) {
      claims.erase(member);
    } else {
      claims[member] = value;
    }
  }
  return {name, Known().Token(claims), refusal};
}

// Signed as it stands, also when it is no JSON object.
Forgery WithPayload(const std::string& name, const std::string& payload, Refusal refusal) {
  return {name, Known().rsa.SignRaw(Header(json::object()), payload).value(), refusal};
}

// The oldest trick: the public key, which everybody has, taken for a shared secret.
std::string SignedWithThePublicKey() {
  const std::string text =
      Unsigned(R"({"alg":"HS256","kid":"rsa-1","typ":"JWT"})", Known().Claims().dump());
  const std::string secret = Known().public_set;
  crypto_auth_hmacsha256_state state;
  unsigned char mac[crypto_auth_hmacsha256_BYTES];
  crypto_auth_hmacsha256_init(&state, reinterpret_cast<const unsigned char*>(secret.data()),
                              secret.size());
  crypto_auth_hmacsha256_update(&state, reinterpret_cast<const unsigned char*>(text.data()),
                                text.size());
  crypto_auth_hmacsha256_final(&state, mac);
  return text + "." + crypto::Base64Url({reinterpret_cast<const char*>(mac), sizeof(mac)});
}

std::vector<Forgery> Algorithms() {
  return {
      {"none", Unsigned(R"({"alg":"none","kid":"rsa-1"})", Known().Claims().dump()) + ".",
       Refusal::kAlgorithm},
      WithRawHeader("none, in other letters", R"({"alg":"nOnE","kid":"rsa-1"})",
                    Refusal::kAlgorithm),
      WithRawHeader("no algorithm", R"({"kid":"rsa-1"})", Refusal::kAlgorithm),
      WithRawHeader("an algorithm that is a list", R"({"alg":["RS256"],"kid":"rsa-1"})",
                    Refusal::kAlgorithm),
      {"HS256 with the public key", SignedWithThePublicKey(), Refusal::kAlgorithm},
      WithHeader("RS512, which is not on the list", {{"alg", "RS512"}}, Refusal::kAlgorithm),
      WithRawHeader("EdDSA", R"({"alg":"EdDSA","kid":"rsa-1"})", Refusal::kAlgorithm),
      WithRawHeader("ES256 with the kid of an RSA key", R"({"alg":"ES256","kid":"rsa-1"})",
                    Refusal::kAlgorithm),
      {"RS256 with the kid of a curve's key",
       Known().rsa.SignRaw({{"alg", "RS256"}, {"kid", "curve-1"}}, Known().Claims().dump()).value(),
       Refusal::kAlgorithm}};
}

std::vector<Forgery> Headers() {
  const json own_key = json::parse(Known().stranger.PublicSet())["keys"][0];
  return {WithHeader("crit", {{"crit", {"exp"}}}, Refusal::kHeader),
          WithHeader("an empty crit", {{"crit", json::array()}}, Refusal::kHeader),
          WithHeader("its own key", {{"jwk", own_key}}, Refusal::kHeader),
          WithHeader("an address of keys", {{"jku", "https://evil.example/k"}}, Refusal::kHeader),
          WithHeader("an address of certificates", {{"x5u", "https://evil.example/c"}},
                     Refusal::kHeader),
          WithHeader("its own certificates", {{"x5c", {"MIIB"}}}, Refusal::kHeader),
          WithRawHeader("unencoded payload", R"({"alg":"RS256","kid":"rsa-1","b64":false})",
                        Refusal::kHeader),
          WithHeader("a token for something else", {{"typ", "secevent+jwt"}}, Refusal::kHeader),
          WithRawHeader("a type that is no text", R"({"alg":"RS256","kid":"rsa-1","typ":1})",
                        Refusal::kHeader),
          WithRawHeader("an algorithm twice", R"({"alg":"none","alg":"RS256","kid":"rsa-1"})",
                        Refusal::kMalformed),
          WithRawHeader("a header that is a list", R"(["RS256","rsa-1"])", Refusal::kMalformed)};
}

std::vector<Forgery> Keys() {
  const std::string claims = Known().Claims().dump();
  return {
      WithRawHeader("no kid", R"({"alg":"RS256"})", Refusal::kHeader),
      WithRawHeader("an empty kid", R"({"alg":"RS256","kid":""})", Refusal::kHeader),
      WithRawHeader("a kid that is a number", R"({"alg":"RS256","kid":1})", Refusal::kHeader),
      WithHeader("a long kid", {{"kid", std::string(129, 'a')}}, Refusal::kHeader),
      WithHeader("a kid with a line break", {{"kid", "rsa-1\n"}}, Refusal::kHeader),
      WithHeader("an unknown kid", {{"kid", "rsa-2"}}, Refusal::kUnknownKey),
      WithHeader("a kid that is a path", {{"kid", "../../../../dev/null"}}, Refusal::kUnknownKey),
      WithHeader("a kid that is SQL", {{"kid", "x'/**/UNION/**/SELECT'secret"}},
                 Refusal::kUnknownKey),
      {"another key under a known kid",
       Known().stranger.SignRaw(Header(json::object()), claims).value(), Refusal::kSignature}};
}

std::vector<Forgery> Claims() {
  const int64_t now = absl::ToUnixSeconds(Known().now);
  const auto with = [](const char* name, const char* member, const json& value, Refusal refusal) {
    return WithClaims(name, {{member, value}}, refusal);
  };
  return {
      with("expired", "exp", now - 31, Refusal::kExpired),
      with("no end", "exp", nullptr, Refusal::kClaims),
      with("an end that is a text", "exp", "never", Refusal::kClaims),
      with("an end before all time", "exp", -1, Refusal::kClaims),
      with("an end beyond all time", "exp", 1e300, Refusal::kClaims),
      with("not yet", "nbf", now + 31, Refusal::kNotYet),
      with("issued tomorrow", "iat", now + 86400, Refusal::kNotYet),
      with("no audience", "aud", nullptr, Refusal::kAudience),
      with("another audience", "aud", "payroll", Refusal::kAudience),
      with("other audiences", "aud", {"payroll", "ieum2"}, Refusal::kAudience),
      with("no audiences", "aud", json::array(), Refusal::kAudience),
      with("audiences of several kinds", "aud", {"ieum", 7}, Refusal::kClaims),
      with("no issuer", "iss", nullptr, Refusal::kIssuer),
      with("an issuer with a slash more", "iss", "https://login.example/realm/", Refusal::kIssuer),
      with("issuers as a list", "iss", {"https://login.example/realm"}, Refusal::kIssuer),
      with("no subject", "sub", nullptr, Refusal::kSubject),
      with("an empty subject", "sub", "", Refusal::kSubject),
      with("a subject that is a number", "sub", 7, Refusal::kSubject),
      with("a long subject", "sub", std::string(129, 'a'), Refusal::kSubject),
      with("a subject with a line break", "sub", "kim\nroot", Refusal::kSubject),
      with("a subject that is markup", "sub", "<b>kim</b>", Refusal::kSubject),
      with("a service's name", "sub", "service/registry", Refusal::kSubject)};
}

std::vector<Forgery> Shapes() {
  const std::string good = Known().Token(Known().Claims());
  const std::string body = good.substr(0, good.rfind('.'));
  const std::string signature = good.substr(good.rfind('.'));
  const std::string curve = Known().Token({{"alg", "ES256"}, {"kid", "curve-1"}}, Known().Claims());
  json huge = Known().Claims();
  huge["padding"] = std::string(kMaxTokenBytes, 'x');
  std::string twice = Known().Claims().dump();
  twice.insert(1, R"("sub":"staff/root",)");
  std::string other = Known().Claims().dump();
  other = absl::StrReplaceAll(other, {{"kim", "lee"}});
  return {
      {"nothing", "", Refusal::kMalformed},
      {"two parts", body, Refusal::kMalformed},
      {"four parts", good + ".x", Refusal::kMalformed},
      {"an encrypted token of five parts", good + ".a.b", Refusal::kMalformed},
      {"encrypted for somebody",
       Unsigned(R"({"alg":"RSA-OAEP","enc":"A256GCM","kid":"rsa-1"})", "key") + ".aXY",
       Refusal::kAlgorithm},
      {"huge", Known().Token(huge), Refusal::kMalformed},
      {"another alphabet", absl::StrReplaceAll(body, {{".", "+."}}) + signature,
       Refusal::kMalformed},
      {"padding", good + "==", Refusal::kMalformed},
      {"a space at its end", good + " ", Refusal::kMalformed},
      {"no signature", body + ".", Refusal::kSignature},
      {"half a signature", body + signature.substr(0, 173), Refusal::kSignature},
      {"half a signature of a curve", curve.substr(0, curve.rfind('.') + 41), Refusal::kSignature},
      {"another payload under a good signature",
       body.substr(0, body.find('.') + 1) + crypto::Base64Url(other) + signature,
       Refusal::kSignature},
      WithPayload("a member twice", twice, Refusal::kMalformed),
      WithPayload("claims that are a list", "[1]", Refusal::kMalformed),
      WithPayload("claims that are no JSON", "{", Refusal::kMalformed),
      WithPayload("claims that are no UTF-8", "{\"sub\":\"\xff\"}", Refusal::kMalformed)};
}

class HostileToken : public ::testing::TestWithParam<std::vector<Forgery> (*)()> {};

TEST_P(HostileToken, IsRefusedForItsOwnReason) {
  ASSERT_TRUE(Known().Verify(Known().Token(Known().Claims())).ok());
  for (const Forgery& forgery : GetParam()()) {
    const absl::Status status = Known().Verify(forgery.token).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kUnauthenticated) << forgery.name;
    EXPECT_EQ(WordOf(RefusalOf(status)), WordOf(forgery.refusal)) << forgery.name;
  }
}

INSTANTIATE_TEST_SUITE_P(In, HostileToken,
                         ::testing::Values(Algorithms, Headers, Keys, Claims, Shapes));

}  // namespace
}  // namespace ieum::identity
