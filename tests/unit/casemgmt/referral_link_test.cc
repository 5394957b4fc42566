// Goal: a link hands in one result, for whoever holds its token, and says nothing to anybody else.
// Method: tokens that are right, wrong in each part, and late. row:C13
#include "services/casemgmt/referrals/referral_link.h"

#include <gtest/gtest.h>

#include <set>

#include "platform/base/status.h"

namespace ieum::casemgmt {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1709600000);

ReferralLink LinkOf(const LinkToken& token) {
  return {.link = token.link,
          .referral = base::Uuid::NewV7(),
          .secret_hash = SecretHash(token),
          .expires_at = kNow + absl::Hours(1)};
}

TEST(ReferralLink, ReadsBackItsToken) {
  const LinkToken token = NewLinkToken(base::Uuid::NewV7());
  const std::string text = TokenText(token);
  EXPECT_EQ(text.size(), 64u);
  const auto read = ParseLinkToken(text);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->link, token.link);
  EXPECT_EQ(read->secret, token.secret);
  EXPECT_EQ(SecretHash(token).find(token.secret), std::string::npos);
}

TEST(ReferralLink, MakesNoSecretTwice) {
  const base::Uuid link = base::Uuid::NewV7();
  std::set<std::string> secrets;
  for (int at = 0; at < 100; ++at) secrets.insert(NewLinkToken(link).secret);
  EXPECT_EQ(secrets.size(), 100u);
}

TEST(ReferralLink, ReadsNothingElse) {
  const std::string text = TokenText(NewLinkToken(base::Uuid::NewV7()));
  for (const std::string& other : {std::string(), text.substr(1), text + "A", text.substr(0, 62),
                                   "!" + text.substr(1), std::string(64, ' ')}) {
    EXPECT_FALSE(ParseLinkToken(other).has_value()) << other;
  }
}

TEST(ReferralLink, RefusesWhateverIsWrongInTheSameWords) {
  const LinkToken token = NewLinkToken(base::Uuid::NewV7());
  const ReferralLink link = LinkOf(token);
  EXPECT_TRUE(CheckLink(token, link, kNow).ok());
  EXPECT_TRUE(CheckLink(token, link, link.expires_at - absl::Microseconds(1)).ok());
  LinkToken wrong = token;
  wrong.secret.back() = static_cast<char>(wrong.secret.back() ^ 1);
  ReferralLink used = link, tried = link;
  used.used = true;
  tried.wrong_count = kWrongTries;
  const absl::Status refusals[] = {CheckLink(token, std::nullopt, kNow),
                                   CheckLink(wrong, link, kNow),
                                   CheckLink(token, link, link.expires_at),
                                   CheckLink(token, used, kNow), CheckLink(token, tried, kNow)};
  for (const absl::Status& refused : refusals) {
    EXPECT_EQ(refused, LinkInvalid());
    EXPECT_EQ(base::ReasonOf(refused), "REFERRAL_LINK_INVALID");
  }
  tried.wrong_count = kWrongTries - 1;
  EXPECT_TRUE(CheckLink(token, tried, kNow).ok());
}

}  // namespace
}  // namespace ieum::casemgmt
