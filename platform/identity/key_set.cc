#include "platform/identity/key_set.h"

#include <cjose/cjose.h>

#include <algorithm>
#include <initializer_list>

#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "platform/identity/strict_json.h"

namespace ieum::identity {
namespace {

using nlohmann::json;

constexpr std::pair<std::string_view, Algorithm> kAlgorithms[] = {
    {"RS256", Algorithm::kRs256}, {"PS256", Algorithm::kPs256}, {"ES256", Algorithm::kEs256}};

absl::Status Bad(std::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("key set: ", absl::string_view(what.data(), what.size())));
}

std::string TextAt(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

// Members that only a private or a symmetric key has.
bool HoldsSecret(const json& jwk) {
  constexpr const char* kSecrets[] = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"};
  return TextAt(jwk, "kty") == "oct" ||
         std::any_of(std::begin(kSecrets), std::end(kSecrets),
                     [&](const char* name) { return jwk.contains(name); });
}

bool IsForSignatures(const json& jwk) {
  if (jwk.contains("use") && TextAt(jwk, "use") != "sig") return false;
  if (!jwk.contains("key_ops")) return true;
  const json& operations = jwk["key_ops"];
  return operations.is_array() &&
         std::find(operations.begin(), operations.end(), "verify") != operations.end();
}

// Of a JWK no more is handed on than what makes the key.
std::shared_ptr<void> Import(const json& jwk, std::initializer_list<const char*> members) {
  json bare;
  for (const char* name : members) bare[name] = TextAt(jwk, name);
  const std::string text = bare.dump();
  cjose_err error;
  cjose_jwk_t* key = cjose_jwk_import(text.data(), text.size(), &error);
  if (key == nullptr) return nullptr;
  return {key, [](cjose_jwk_t* dropped) { cjose_jwk_release(dropped); }};
}

bool HasFitSize(const std::shared_ptr<void>& rsa) {
  cjose_err error;
  const auto bits = cjose_jwk_get_keysize(static_cast<cjose_jwk_t*>(rsa.get()), &error);
  return bits >= static_cast<size_t>(kMinRsaBits) && bits <= static_cast<size_t>(kMaxRsaBits);
}

}  // namespace

std::optional<Algorithm> AlgorithmOf(std::string_view word) {
  for (const auto& [name, algorithm] : kAlgorithms) {
    if (name == word) return algorithm;
  }
  return std::nullopt;
}

bool IsKid(std::string_view kid) {
  return !kid.empty() && kid.size() <= kMaxKidBytes &&
         std::all_of(kid.begin(), kid.end(), [](char c) { return c >= 0x21 && c <= 0x7e; });
}

std::optional<PublicKey> PublicKey::FromJwk(const json& jwk) {
  PublicKey key;
  if (!IsForSignatures(jwk)) return std::nullopt;
  if (jwk.contains("alg")) {
    key.only_ = AlgorithmOf(TextAt(jwk, "alg"));
    if (!key.only_) return std::nullopt;
  }
  const std::string kind = TextAt(jwk, "kty");
  if (kind == "RSA") {
    key.rsa_ = true;
    key.handle_ = Import(jwk, {"kty", "n", "e"});
    if (key.handle_ == nullptr || !HasFitSize(key.handle_)) return std::nullopt;
  } else if (kind == "EC" && TextAt(jwk, "crv") == "P-256") {
    key.handle_ = Import(jwk, {"kty", "crv", "x", "y"});
  }
  if (key.handle_ == nullptr) return std::nullopt;
  return key;
}

bool PublicKey::Fits(Algorithm algorithm) const {
  if (only_ && *only_ != algorithm) return false;
  return rsa_ == (algorithm != Algorithm::kEs256);
}

bool PublicKey::Signed(std::string_view compact) const {
  cjose_err error;
  const std::unique_ptr<cjose_jws_t, void (*)(cjose_jws_t*)> jws(
      cjose_jws_import(compact.data(), compact.size(), &error), cjose_jws_release);
  return jws != nullptr &&
         cjose_jws_verify(jws.get(), static_cast<cjose_jwk_t*>(handle_.get()), &error);
}

absl::StatusOr<KeySet> KeySet::FromJson(std::string_view text) {
  if (text.size() > kMaxKeySetBytes) return Bad("is larger than 64 KiB");
  const auto root = ReadObject(text);
  if (!root || !root->contains("keys") || !(*root)["keys"].is_array()) {
    return Bad("is no JSON object with a list of `keys`");
  }
  const json& entries = (*root)["keys"];
  if (entries.size() > kMaxKeys) return Bad("holds more than 32 keys");
  KeySet set;
  for (const json& jwk : entries) {
    if (!jwk.is_object()) return Bad("holds something that is no key");
    if (HoldsSecret(jwk)) return Bad("holds a private or symmetric key");
    const std::string kid = TextAt(jwk, "kid");
    auto key = PublicKey::FromJwk(jwk);
    if (!key || !IsKid(kid)) continue;
    if (!set.keys_.emplace(kid, *std::move(key)).second) return Bad("names a `kid` twice");
  }
  if (set.keys_.empty()) return Bad("holds no key that can be used");
  return set;
}

const PublicKey* KeySet::Find(std::string_view kid) const {
  const auto found = keys_.find(kid);
  return found == keys_.end() ? nullptr : &found->second;
}

}  // namespace ieum::identity
