#include "services/casemgmt/referrals/referral_link.h"

#include <algorithm>
#include <array>

#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/status.h"
#include "platform/crypto/seal.h"

namespace ieum::casemgmt {
namespace {

constexpr size_t kIdBytes = 16;

// No early end: how far two hashes agree is nobody's business.
bool Equal(std::string_view one, std::string_view other) {
  if (one.size() != other.size()) return false;
  unsigned char difference = 0;
  for (size_t at = 0; at < one.size(); ++at) {
    difference = static_cast<unsigned char>(difference | (one[at] ^ other[at]));
  }
  return difference == 0;
}

}  // namespace

LinkToken NewLinkToken(const base::Uuid& link) {
  return {link, std::string(crypto::Key().bytes())};
}

std::string TokenText(const LinkToken& token) {
  const auto& id = token.link.bytes();
  return crypto::Base64Url(std::string(id.begin(), id.end()) + token.secret);
}

std::optional<LinkToken> ParseLinkToken(std::string_view text) {
  const auto bytes = crypto::FromBase64Url(text);
  if (!bytes.ok() || bytes->size() != kIdBytes + crypto::Key::kBytes) return std::nullopt;
  std::array<uint8_t, kIdBytes> id;
  std::copy_n(bytes->begin(), kIdBytes, id.begin());
  return LinkToken{base::Uuid(id), bytes->substr(kIdBytes)};
}

std::string SecretHash(const LinkToken& token) { return crypto::Hash(token.secret); }

bool IsSecretOf(const LinkToken& token, const ReferralLink& link) {
  return Equal(SecretHash(token), link.secret_hash);
}

absl::Status CheckLink(const LinkToken& token, const std::optional<ReferralLink>& link,
                       absl::Time now) {
  if (!link || !IsSecretOf(token, *link)) return LinkInvalid();
  if (link->used || now >= link->expires_at || link->wrong_count >= kWrongTries) {
    return LinkInvalid();
  }
  return absl::OkStatus();
}

absl::Status LinkInvalid() {
  return base::Error(absl::StatusCode::kPermissionDenied, v1::ERROR_REASON_REFERRAL_LINK_INVALID,
                     "the link is of no use (any more); ask whoever sent it for another one");
}

}  // namespace ieum::casemgmt
