// Goal: an address leaves for what a basis or a consent covers at that instant, by the channel for
// which it does, and for nothing else. Method: the whole table of purposes, bases and states, and
// the minutes around the night.
#include "services/registry/people/contact_gate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/base/korea_time.h"

namespace ieum::registry {
namespace {

const absl::CivilDay kDay(2024, 9, 5);

absl::Time At(int hour, int minute = 0) { return base::KoreaInstant(kDay, hour, minute); }

ConsentHead Head(v1::ConsentPurpose purpose, v1::ConsentState state) {
  return {.matter = {purpose, std::nullopt},
          .consent_id = base::Uuid::NewV7(),
          .revision = 3,
          .state = state,
          .decided_at = At(0)};
}

v1::ContactRefusal Judge(std::optional<v1::LegalBasis> basis, v1::ContactPurpose purpose,
                         const std::vector<ConsentHead>& heads = {}) {
  return JudgeContact(basis, purpose, v1::CONTACT_CHANNEL_UNSPECIFIED, At(12), heads).refusal;
}

constexpr auto kGiven = v1::CONTACT_REFUSAL_UNSPECIFIED;
constexpr auto kNotCovered = v1::CONTACT_REFUSAL_PURPOSE_NOT_COVERED;

// law:L06 law:L07 law:L35
TEST(ContactGate, LetsABasisCoverWhatTheTableSays) {
  const struct {
    v1::ContactPurpose purpose;
    bool contract, duty;
  } rows[] = {{v1::CONTACT_PURPOSE_SERVICE_NOTICE, true, true},
              {v1::CONTACT_PURPOSE_PUBLIC_NOTICE, false, true},
              {v1::CONTACT_PURPOSE_SURVEY, false, true},
              {v1::CONTACT_PURPOSE_ADVERTISING, false, false},
              {v1::CONTACT_PURPOSE_UNSPECIFIED, false, false},
              {static_cast<v1::ContactPurpose>(77), false, false}};
  for (const auto& row : rows) {
    EXPECT_EQ(Judge(v1::LEGAL_BASIS_CONTRACT, row.purpose), row.contract ? kGiven : kNotCovered);
    EXPECT_EQ(Judge(v1::LEGAL_BASIS_DUTY, row.purpose), row.duty ? kGiven : kNotCovered);
    EXPECT_EQ(Judge(v1::LEGAL_BASIS_UNSPECIFIED, row.purpose), kNotCovered);
    EXPECT_EQ(Judge(std::nullopt, row.purpose), v1::CONTACT_REFUSAL_PERSON_UNKNOWN);
  }
}

// law:L06 law:L27 row:R19
TEST(ContactGate, LetsTheConsentOfAPurposeCoverThatPurposeOnly) {
  const struct {
    v1::ContactPurpose purpose;
    v1::ConsentPurpose needs;
  } rows[] = {{v1::CONTACT_PURPOSE_PUBLIC_NOTICE, v1::CONSENT_PURPOSE_COLLECTION},
              {v1::CONTACT_PURPOSE_SURVEY, v1::CONSENT_PURPOSE_COLLECTION},
              {v1::CONTACT_PURPOSE_ADVERTISING, v1::CONSENT_PURPOSE_ADVERTISING}};
  for (const auto& row : rows) {
    for (int number = v1::ConsentPurpose_MIN + 1; number <= v1::ConsentPurpose_MAX; ++number) {
      const auto purpose = static_cast<v1::ConsentPurpose>(number);
      const auto head = Head(purpose, v1::CONSENT_STATE_GIVEN);
      EXPECT_EQ(Judge(v1::LEGAL_BASIS_CONTRACT, row.purpose, {head}),
                purpose == row.needs ? kGiven : kNotCovered);
    }
  }
}

// law:L31 row:R18
TEST(ContactGate, SaysWhatBecameOfTheConsentThatIsMissing) {
  const std::pair<v1::ConsentState, v1::ContactRefusal> rows[] = {
      {v1::CONSENT_STATE_GIVEN, kGiven},
      {v1::CONSENT_STATE_REFUSED, v1::CONTACT_REFUSAL_CONSENT_REFUSED},
      {v1::CONSENT_STATE_WITHDRAWN, v1::CONTACT_REFUSAL_CONSENT_WITHDRAWN},
      {v1::CONSENT_STATE_EXPIRED, v1::CONTACT_REFUSAL_CONSENT_EXPIRED}};
  for (const auto& [state, refusal] : rows) {
    const ConsentHead head = Head(v1::CONSENT_PURPOSE_ADVERTISING, state);
    const ContactVerdict verdict =
        JudgeContact(v1::LEGAL_BASIS_DUTY, v1::CONTACT_PURPOSE_ADVERTISING,
                     v1::CONTACT_CHANNEL_EMAIL, At(12), {head});
    EXPECT_EQ(verdict.refusal, refusal);
    EXPECT_EQ(verdict.consent_id, head.consent_id) << "the receipt names it, allowing or not";
    EXPECT_EQ(verdict.consent_revision, 3);
  }
  ConsentHead over = Head(v1::CONSENT_PURPOSE_ADVERTISING, v1::CONSENT_STATE_GIVEN);
  over.expires_at = At(12);
  EXPECT_EQ(Judge(v1::LEGAL_BASIS_DUTY, v1::CONTACT_PURPOSE_ADVERTISING, {over}),
            v1::CONTACT_REFUSAL_CONSENT_EXPIRED);
}

// What a basis covers needs no consent, and a withdrawn one does not take the basis away.
TEST(ContactGate, LetsABasisStandWithoutAConsent) {
  const auto withdrawn = Head(v1::CONSENT_PURPOSE_COLLECTION, v1::CONSENT_STATE_WITHDRAWN);
  EXPECT_EQ(Judge(v1::LEGAL_BASIS_CONTRACT, v1::CONTACT_PURPOSE_SERVICE_NOTICE, {withdrawn}),
            kGiven);
  EXPECT_EQ(Judge(v1::LEGAL_BASIS_DUTY, v1::CONTACT_PURPOSE_PUBLIC_NOTICE, {withdrawn}), kGiven);
  EXPECT_FALSE(AsksConsent(v1::CONTACT_PURPOSE_SERVICE_NOTICE));
}

// law:L28
TEST(Night, BeginsAtNineAndEndsAtEight) {
  EXPECT_FALSE(IsNight(At(20, 59) + absl::Seconds(59)));
  EXPECT_TRUE(IsNight(At(21)));
  EXPECT_TRUE(IsNight(At(0)));
  EXPECT_TRUE(IsNight(At(7, 59) + absl::Seconds(59)));
  EXPECT_FALSE(IsNight(At(8)));
}

class NightGate : public ::testing::Test {
 protected:
  ContactVerdict Ask(v1::ContactChannel channel, absl::Time at) const {
    return JudgeContact(v1::LEGAL_BASIS_CONTRACT, v1::CONTACT_PURPOSE_ADVERTISING, channel, at,
                        heads_);
  }

  std::vector<ConsentHead> heads_ = {
      Head(v1::CONSENT_PURPOSE_ADVERTISING, v1::CONSENT_STATE_GIVEN)};
};

// law:L28
TEST_F(NightGate, ClosesForAdvertisingByTextMessageAndCallButNotByMail) {
  for (auto channel : {v1::CONTACT_CHANNEL_SMS, v1::CONTACT_CHANNEL_CALL}) {
    EXPECT_EQ(Ask(channel, At(20, 59)).refusal, kGiven);
    EXPECT_EQ(Ask(channel, At(20, 59)).addresses, kPhoneAddress);
    EXPECT_EQ(Ask(channel, At(21)).refusal, v1::CONTACT_REFUSAL_NIGHT_CONSENT_MISSING);
    EXPECT_EQ(Ask(channel, At(21)).addresses, 0);
    EXPECT_EQ(Ask(channel, At(8)).refusal, kGiven);
  }
  EXPECT_EQ(Ask(v1::CONTACT_CHANNEL_EMAIL, At(21, 30)).refusal, kGiven);
  EXPECT_EQ(Ask(v1::CONTACT_CHANNEL_EMAIL, At(21, 30)).addresses, kEmailAddress);
}

// law:L28
TEST_F(NightGate, OpensWithAConsentOfItsOwnBesidesTheOneForAdvertising) {
  heads_.push_back(Head(v1::CONSENT_PURPOSE_NIGHT_ADVERTISING, v1::CONSENT_STATE_GIVEN));
  EXPECT_EQ(Ask(v1::CONTACT_CHANNEL_SMS, At(23)).refusal, kGiven);
  EXPECT_EQ(Ask(v1::CONTACT_CHANNEL_SMS, At(23)).consent_id, heads_[1].consent_id);
  EXPECT_EQ(Ask(v1::CONTACT_CHANNEL_SMS, At(12)).consent_id, heads_[0].consent_id);
  heads_[1].state = v1::CONSENT_STATE_WITHDRAWN;
  EXPECT_EQ(Ask(v1::CONTACT_CHANNEL_SMS, At(23)).refusal,
            v1::CONTACT_REFUSAL_NIGHT_CONSENT_MISSING);
  heads_[1].state = v1::CONSENT_STATE_GIVEN;
  heads_[0].state = v1::CONSENT_STATE_WITHDRAWN;
  EXPECT_EQ(Ask(v1::CONTACT_CHANNEL_SMS, At(23)).refusal, v1::CONTACT_REFUSAL_CONSENT_WITHDRAWN)
      << "the night alone allows nothing";
}

// Who does not say the channel hears which address may be used now.
TEST_F(NightGate, GivesTheMailAddressOnlyToWhoDoesNotSayTheChannel) {
  EXPECT_EQ(Ask(v1::CONTACT_CHANNEL_UNSPECIFIED, At(12)).addresses, kEmailAddress | kPhoneAddress);
  EXPECT_EQ(Ask(v1::CONTACT_CHANNEL_UNSPECIFIED, At(22)).addresses, kEmailAddress);
  heads_.push_back(Head(v1::CONSENT_PURPOSE_NIGHT_ADVERTISING, v1::CONSENT_STATE_GIVEN));
  EXPECT_EQ(Ask(v1::CONTACT_CHANNEL_UNSPECIFIED, At(22)).addresses, kEmailAddress | kPhoneAddress);
}

// law:L34
TEST_F(NightGate, IsOpenForWhatIsNoAdvertising) {
  heads_ = {Head(v1::CONSENT_PURPOSE_COLLECTION, v1::CONSENT_STATE_GIVEN)};
  for (auto purpose : {v1::CONTACT_PURPOSE_PUBLIC_NOTICE, v1::CONTACT_PURPOSE_SURVEY,
                       v1::CONTACT_PURPOSE_SERVICE_NOTICE}) {
    EXPECT_EQ(
        JudgeContact(v1::LEGAL_BASIS_CONTRACT, purpose, v1::CONTACT_CHANNEL_SMS, At(23), heads_)
            .refusal,
        kGiven);
  }
}

// law:L36
TEST_F(NightGate, GivesNoAdvertisingToAlimTalkAtAnyHour) {
  for (const int hour : {3, 12, 22}) {
    EXPECT_EQ(Ask(v1::CONTACT_CHANNEL_ALIMTALK, At(hour)).refusal,
              v1::CONTACT_REFUSAL_CHANNEL_NOT_ALLOWED);
  }
  EXPECT_EQ(JudgeContact(v1::LEGAL_BASIS_CONTRACT, v1::CONTACT_PURPOSE_SERVICE_NOTICE,
                         v1::CONTACT_CHANNEL_ALIMTALK, At(22), {})
                .refusal,
            kGiven);
}

}  // namespace
}  // namespace ieum::registry
