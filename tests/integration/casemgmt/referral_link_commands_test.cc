// Goal: a result comes back by a link once, from a body that does not work here, and a link that
// was tried too often is of use to nobody. Method: tokens that are right, replaced, wrong and used,
// on a real database. row:C13
#include <gmock/gmock.h>

#include <algorithm>

#include "absl/strings/escaping.h"
#include "tests/integration/casemgmt/referral_world.h"

namespace ieum::casemgmt::testing {
namespace {

class ReferralLinks : public ReferralWorld {
 protected:
  int Count(const base::Uuid& id, const std::string& type) {
    const auto types = TypesOf(id);
    return static_cast<int>(std::count(types.begin(), types.end(), type));
  }
  ReferralResult Provided(const std::string& text = "") {
    return {.outcome = v1::REFERRAL_OUTCOME_PROVIDED, .text = text};
  }
};

TEST_F(ReferralLinks, ComeBackByALinkOnceAndFromABodyThatNobodyKnows) {
  const base::Uuid id = CaseOfA();
  SendReferralInput input = ToB(id);
  input.recipient.reset();
  input.outside_body = "planted words: 마음상담의원";
  input.parts.clear();
  input.items.clear();
  input.provision.reset();
  const base::Uuid referral = IdOf(Send(input));
  const auto make = [&] {
    const LinkToken token = NewLinkToken(base::Uuid::NewV7());
    IdOf(AsA(
        [&](auto& work) { return MakeReferralLink(work, At(id, referral, kCentreA), token, 0); }));
    return token;
  };
  const auto use = [&](const LinkToken& token) {
    return Reason(world_.Do([&](auto& work) {
      return TakeResultByLink(work, cases_.keys(), token, Provided("planted words: she came"));
    }));
  };
  const LinkToken replaced = make(), token = make();
  EXPECT_EQ(use(replaced), "REFERRAL_LINK_INVALID");
  LinkToken wrong = token;
  wrong.secret[0] = static_cast<char>(wrong.secret[0] ^ 1);
  EXPECT_EQ(use(wrong), "REFERRAL_LINK_INVALID");
  EXPECT_EQ(use(token), "");
  EXPECT_EQ(use(token), "REFERRAL_LINK_INVALID") << "it was used";
  EXPECT_EQ(Read(id, referral).state, v1::REFERRAL_STATE_DONE);
  EXPECT_EQ(Count(id, "ReferralAccepted"), 1) << "who hands in a result had taken it on";
  EXPECT_EQ(Count(id, "ReferralCompleted"), 1);
  EXPECT_EQ(world_.LastOf(id).As<v1::ReferralCompleted>().way(), v1::REFERRAL_ANSWER_WAY_LINK);
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM referral_link WHERE position(decode('" +
                       absl::BytesToHexString(token.secret) + "', 'hex') IN secret_hash) > 0"),
            "0");
}

TEST_F(ReferralLinks, ShutALinkThatWasTriedTooOften) {
  const base::Uuid id = CaseOfA();
  SendReferralInput input = ToB(id);
  input.recipient = agency_;
  const base::Uuid referral = IdOf(Send(input));
  const LinkToken token = NewLinkToken(base::Uuid::NewV7());
  IdOf(AsA(
      [&](auto& work) { return MakeReferralLink(work, At(id, referral, kCentreA), token, 3); }));
  LinkToken wrong = token;
  wrong.secret = NewLinkToken(token.link).secret;
  for (int at = 0; at < kWrongTries; ++at) {
    IdOf(world_.Do([&](auto& work) { return CountWrongSecret(work, wrong); }));
  }
  EXPECT_EQ(Reason(world_.Do([&](auto& work) {
              return TakeResultByLink(work, cases_.keys(), token, Provided());
            })),
            "REFERRAL_LINK_INVALID");
  // The right secret is never counted, and what is no link leaves nothing.
  EXPECT_EQ(Reason(world_.Do([&](auto& work) { return CountWrongSecret(work, token); })),
            "REFERRAL_LINK_INVALID");
  EXPECT_EQ(Reason(world_.Do([&](auto& work) {
              return CountWrongSecret(work, NewLinkToken(base::Uuid::NewV7()));
            })),
            "REFERRAL_LINK_INVALID");
}

}  // namespace
}  // namespace ieum::casemgmt::testing
