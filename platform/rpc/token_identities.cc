#include "platform/rpc/token_identities.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "ieum/platform/v1/errors.pb.h"
#include "nlohmann/json.hpp"
#include "platform/base/status.h"
#include "platform/crypto/seal.h"
#include "platform/telemetry/metrics.h"

namespace ieum::rpc {
namespace {

using identity::Refusal;
using nlohmann::json;

constexpr size_t kMaxKnown = 4096;  // tokens; some 300 bytes each
constexpr size_t kMaxWordBytes = 64;
constexpr absl::Duration kRetryWithoutKeys = absl::Seconds(1);

// Null when there is none.
const json* ClaimAt(const json& claims, const std::string& path) {
  if (path[0] != '/') {
    const auto found = claims.find(path);
    return found == claims.end() ? nullptr : &*found;
  }
  const json* at = &claims;
  for (const std::string& name : std::vector<std::string>(absl::StrSplit(path.substr(1), '/'))) {
    if (!at->is_object() || !at->contains(name)) return nullptr;
    at = &at->at(name);
  }
  return at;
}

// A list of texts, or one text with spaces between (as `scope` of OAuth).
absl::StatusOr<std::vector<std::string>> TextsAt(const json& claims, const std::string& path) {
  std::vector<std::string> texts;
  const json* claim = ClaimAt(claims, path);
  if (claim == nullptr) return texts;
  if (claim->is_string()) {
    return std::vector<std::string>(
        absl::StrSplit(claim->get<std::string>(), ' ', absl::SkipEmpty()));
  }
  if (!claim->is_array()) return identity::Refused(Refusal::kClaims);
  for (const json& one : *claim) {
    if (!one.is_string()) return identity::Refused(Refusal::kClaims);
    texts.push_back(one.get<std::string>());
  }
  return texts;
}

bool IsWord(const std::string& text) {
  return !text.empty() && text.size() <= kMaxWordBytes &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-';
         });
}

std::vector<std::string> RolesOf(const TokenIdentityOptions& options,
                                 const std::vector<std::string>& words) {
  std::vector<std::string> roles;
  for (const std::string& word : words) {
    const auto ours = options.role_names.find(word);
    if (!options.role_names.empty() && ours == options.role_names.end()) continue;
    const std::string& role = options.role_names.empty() ? word : ours->second;
    if (!IsWord(role) || IsReservedRole(role)) continue;
    if (options.claimed_roles && !options.claimed_roles->contains(role)) continue;
    if (std::find(roles.begin(), roles.end(), role) == roles.end()) roles.push_back(role);
  }
  return roles;
}

absl::Status Unknown(std::string_view what) {
  return base::Error(absl::StatusCode::kUnauthenticated, platform::v1::ERROR_REASON_UNAUTHENTICATED,
                     what);
}

absl::Status WithoutKeys() {
  return base::Unavailable("the issuer's keys are being fetched", kRetryWithoutKeys);
}

}  // namespace

absl::StatusOr<Identity> IdentityOf(const TokenIdentityOptions& options,
                                    const identity::Token& token) {
  ASSIGN_OR_RETURN(const std::vector<std::string> words,
                   TextsAt(token.claims, options.roles_claim));
  ASSIGN_OR_RETURN(std::vector<std::string> centres, TextsAt(token.claims, options.centres_claim));
  std::erase_if(centres,
                [](const std::string& centre) { return centre != kEverywhere && !IsWord(centre); });
  return Identity{token.subject, EveryPair(RolesOf(options, words), centres)};
}

TokenIdentities::TokenIdentities(TokenIdentityOptions options,
                                 std::shared_ptr<identity::KeySource> keys,
                                 telemetry::Metrics& metrics)
    : options_(std::move(options)), keys_(std::move(keys)), metrics_(metrics) {}

absl::StatusOr<Identity> TokenIdentities::Identify(std::string_view token) {
  const Keys keys = keys_->Keys();
  if (keys == nullptr) {
    Count("no_keys");
    return WithoutKeys();
  }
  Identity identity;
  const std::string hash = crypto::Hash(token);
  if (Recall(keys, hash, &identity)) return identity;
  auto verified = Verify(*keys, token, hash);
  Count(verified.ok() ? "ok" : identity::WordOf(identity::RefusalOf(verified.status())));
  if (!verified.ok()) return Answer(verified.status());
  return verified;
}

absl::StatusOr<Identity> TokenIdentities::Verify(const identity::KeySet& keys,
                                                 std::string_view token, const std::string& hash) {
  ASSIGN_OR_RETURN(const identity::Token verified,
                   identity::VerifyToken(options_.rules, keys, token, options_.now()));
  ASSIGN_OR_RETURN(Identity identity, IdentityOf(options_, verified));
  std::lock_guard lock(mutex_);
  if (known_.size() >= kMaxKnown) known_.clear();
  if (known_under_.get() == &keys) known_[hash] = {identity, verified.expires};
  return identity;
}

bool TokenIdentities::Recall(const Keys& keys, const std::string& hash, Identity* identity) {
  std::lock_guard lock(mutex_);
  if (known_under_ != keys) {
    known_.clear();  // a key that was withdrawn takes its tokens along
    known_under_ = keys;
  }
  const auto found = known_.find(hash);
  if (found == known_.end()) return false;
  if (options_.now() < found->second.expires) {
    *identity = found->second.identity;
    return true;
  }
  known_.erase(found);
  return false;
}

absl::Status TokenIdentities::Answer(const absl::Status& refusal) {
  const Refusal why = identity::RefusalOf(refusal);
  if (why == Refusal::kUnknownKey && keys_->Missed()) return WithoutKeys();
  return Unknown(why == Refusal::kExpired ? "the token has expired; get a new one"
                                          : "the token is not known");
}

void TokenIdentities::Count(std::string_view outcome) {
  metrics_
      .Counter("rpc_server_signed_tokens_total",
               "Signed tokens looked at (not those recalled), by outcome",
               {{"outcome", std::string(outcome)}})
      .Increment();
}

}  // namespace ieum::rpc
