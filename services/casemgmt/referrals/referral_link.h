// The one-time link (일회용 링크) by which a body that does not work here hands in a result. Its
// token names the link and carries a secret of 32 random bytes; only the secret's hash is kept.
// Pure but for the random bytes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "platform/base/uuid.h"

namespace ieum::casemgmt {

// Days for which a link can be used when nobody says for how many.
inline constexpr int kLinkDays = 14;
// Wrong secrets shown with a link's name, after which the link is of no use to anybody.
inline constexpr int kWrongTries = 5;

// What a token says.
struct LinkToken {
  base::Uuid link;
  std::string secret;  // 32 bytes
};

struct ReferralLink {
  base::Uuid link, referral;
  std::string secret_hash;
  absl::Time expires_at;  // the first instant at which it cannot be used
  int wrong_count = 0;
  bool used = false;
};

LinkToken NewLinkToken(const base::Uuid& link);
std::string TokenText(const LinkToken& token);  // 64 characters that need no escaping in an address
std::optional<LinkToken> ParseLinkToken(std::string_view text);
std::string SecretHash(const LinkToken& token);

// Whether the token's secret is the link's; takes as long for a wrong one.
bool IsSecretOf(const LinkToken& token, const ReferralLink& link);
// REFERRAL_LINK_INVALID in the same words for whatever is wrong with it: no such link, another
// secret, used, too old, tried too often.
absl::Status CheckLink(const LinkToken& token, const std::optional<ReferralLink>& link,
                       absl::Time now);
absl::Status LinkInvalid();

}  // namespace ieum::casemgmt
