#include "platform/rpc/authenticator.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "ieum/platform/v1/errors.pb.h"
#include "nlohmann/json.hpp"
#include "platform/base/status.h"
#include "platform/crypto/seal.h"
#include "platform/rpc/token_identities.h"

namespace ieum::rpc {
namespace {

using nlohmann::json;

absl::Status Bad(size_t entry, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("tokens: entry ", entry + 1, " ", what));
}

absl::StatusOr<std::vector<json>> EntriesOf(std::string_view text) {
  const json whole = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (whole.is_array()) return std::vector<json>(whole.begin(), whole.end());
  std::vector<json> entries;
  for (absl::string_view line : absl::StrSplit(absl::string_view(text.data(), text.size()), '\n')) {
    if (absl::StripAsciiWhitespace(line).empty()) continue;
    const std::string_view one(line.data(), line.size());
    entries.push_back(json::parse(one, nullptr, /*allow_exceptions=*/false));
    if (!entries.back().is_object()) return Bad(entries.size() - 1, "is no JSON object");
  }
  return entries;
}

bool ReadTexts(const json& entry, const char* key, std::vector<std::string>* texts) {
  if (!entry.contains(key)) return true;
  if (!entry[key].is_array()) return false;
  for (const json& text : entry[key]) {
    if (!text.is_string()) return false;
    texts->push_back(text.get<std::string>());
  }
  return true;
}

bool HasText(const json& entry, const char* key) {
  return entry.is_object() && entry.contains(key) && entry[key].is_string() &&
         !entry[key].get<std::string>().empty();
}

// Who has the role of services has that of his own service, too.
std::vector<std::string> WithOwnRole(const json& entry, std::vector<std::string> roles) {
  const std::string subject = entry["subject"].get<std::string>();
  const bool serves = std::find(roles.begin(), roles.end(), kServiceRole) != roles.end();
  if (serves && IsService(subject)) {
    roles.push_back(RoleOfService(subject.substr(std::string_view(kServiceSubjects).size())));
  }
  return roles;
}

absl::Status Unknown(absl::string_view what) {
  return base::Error(absl::StatusCode::kUnauthenticated, platform::v1::ERROR_REASON_UNAUTHENTICATED,
                     std::string_view(what.data(), what.size()));
}

}  // namespace

absl::StatusOr<Authenticator> Authenticator::FromTokens(std::string_view text) {
  ASSIGN_OR_RETURN(const std::vector<json> entries, EntriesOf(text));
  Authenticator authenticator;
  for (size_t at = 0; at < entries.size(); ++at) {
    const json& entry = entries[at];
    if (!HasText(entry, "token")) return Bad(at, "has no token");
    if (!HasText(entry, "subject")) return Bad(at, "has no subject");
    std::vector<std::string> roles, centres;
    if (!ReadTexts(entry, "roles", &roles)) return Bad(at, "has roles that are no list");
    if (!ReadTexts(entry, "centres", &centres)) return Bad(at, "has centres that are no list");
    if (!entry.contains("centres")) centres.push_back(kEverywhere);
    Identity identity{entry["subject"].get<std::string>(),
                      EveryPair(WithOwnRole(entry, roles), centres)};
    const std::string hash = crypto::Hash(entry["token"].get<std::string>());
    if (!authenticator.by_hash_.emplace(hash, std::move(identity)).second) {
      return Bad(at, "repeats a token");
    }
  }
  return authenticator;
}

void Authenticator::AlsoAccept(std::shared_ptr<TokenIdentities> signed_tokens) {
  signed_tokens_ = std::move(signed_tokens);
}

absl::StatusOr<Identity> Authenticator::Identify(std::string_view authorization) const {
  constexpr absl::string_view kScheme = "bearer ";
  const absl::string_view value(authorization.data(), authorization.size());
  if (!absl::StartsWithIgnoreCase(value, kScheme)) {
    return Unknown("send metadata `authorization: Bearer <token>`");
  }
  const absl::string_view token = absl::StripAsciiWhitespace(value.substr(kScheme.size()));
  // Looking up the hash takes the same time for every wrong token.
  const std::string_view presented(token.data(), token.size());
  const auto found = by_hash_.find(crypto::Hash(presented));
  if (found != by_hash_.end()) return found->second;
  if (signed_tokens_ != nullptr) return signed_tokens_->Identify(presented);
  return Unknown("the token is not known");
}

}  // namespace ieum::rpc
