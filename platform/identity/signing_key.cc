#include "platform/identity/signing_key.h"

#include <cjose/cjose.h>

#include "nlohmann/json.hpp"
#include "platform/base/status.h"
#include "platform/identity/strict_json.h"

namespace ieum::identity {
namespace {

using nlohmann::json;

constexpr uint8_t kExponent[] = {1, 0, 1};

absl::Status Failed(const cjose_err& error) {
  return absl::InvalidArgumentError(absl::StrCat("signing key: ", error.message));
}

cjose_jwk_t* Raw(const std::shared_ptr<void>& handle) {
  return static_cast<cjose_jwk_t*>(handle.get());
}

std::shared_ptr<void> Owned(cjose_jwk_t* key) {
  return {key, [](cjose_jwk_t* dropped) { cjose_jwk_release(dropped); }};
}

}  // namespace

absl::StatusOr<SigningKey> SigningKey::Make(Kind kind, const std::string& kid) {
  if (!IsKid(kid)) return absl::InvalidArgumentError("signing key: that is no `kid`");
  SigningKey made;
  made.kid_ = kid;
  made.rsa_ = kind == Kind::kRsa;
  cjose_err error{};
  cjose_jwk_t* raw =
      made.rsa_ ? cjose_jwk_create_RSA_random(kMinRsaBits, kExponent, sizeof(kExponent), &error)
                : cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_256, &error);
  if (raw == nullptr) return Failed(error);
  made.handle_ = Owned(raw);
  if (!cjose_jwk_set_kid(raw, kid.data(), kid.size(), &error)) return Failed(error);
  return made;
}

absl::StatusOr<SigningKey> SigningKey::FromJson(std::string_view text) {
  const auto jwk = ReadObject(text);
  if (!jwk || !jwk->contains("d") || !jwk->contains("kid") || !(*jwk)["kid"].is_string()) {
    return absl::InvalidArgumentError("signing key: the text is no private JWK with a `kid`");
  }
  SigningKey read;
  cjose_err error{};
  cjose_jwk_t* raw = cjose_jwk_import(text.data(), text.size(), &error);
  if (raw == nullptr) return Failed(error);
  read.handle_ = Owned(raw);
  read.kid_ = (*jwk)["kid"].get<std::string>();
  read.rsa_ = cjose_jwk_get_kty(raw, &error) == CJOSE_JWK_KTY_RSA;
  return read;
}

std::string SigningKey::Json(bool with_private) const {
  cjose_err error{};
  char* text = cjose_jwk_to_json(Raw(handle_), with_private, &error);
  if (text == nullptr) return "";
  std::string copy(text);
  cjose_get_dealloc()(text);
  return copy;
}

std::string SigningKey::PrivateJson() const { return Json(true); }

std::string SigningKey::PublicSet() const {
  json jwk = json::parse(Json(false), nullptr, /*allow_exceptions=*/false);
  jwk["use"] = "sig";
  return json{{"keys", json::array({jwk})}}.dump(2);
}

absl::StatusOr<std::string> SigningKey::Sign(const json& claims) const {
  return SignRaw({{"alg", rsa_ ? "RS256" : "ES256"}, {"typ", "JWT"}, {"kid", kid_}}, claims.dump());
}

absl::StatusOr<std::string> SigningKey::SignRaw(const json& header,
                                                std::string_view payload) const {
  cjose_err error{};
  const std::unique_ptr<cjose_header_t, void (*)(cjose_header_t*)> raw(cjose_header_new(&error),
                                                                       cjose_header_release);
  if (raw == nullptr) return Failed(error);
  for (const auto& [name, value] : header.items()) {
    const bool set =
        value.is_string()
            ? cjose_header_set(raw.get(), name.c_str(), value.get<std::string>().c_str(), &error)
            : cjose_header_set_raw(raw.get(), name.c_str(), value.dump().c_str(), &error);
    if (!set) return Failed(error);
  }
  const std::unique_ptr<cjose_jws_t, void (*)(cjose_jws_t*)> jws(
      cjose_jws_sign(Raw(handle_), raw.get(), reinterpret_cast<const uint8_t*>(payload.data()),
                     payload.size(), &error),
      cjose_jws_release);
  const char* compact = nullptr;  // the JWS keeps it
  if (jws == nullptr || !cjose_jws_export(jws.get(), &compact, &error)) return Failed(error);
  return std::string(compact);
}

}  // namespace ieum::identity
