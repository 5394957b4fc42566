// Goal: one pure function decides whether a message goes out, and its kept inputs give the same
// answer again. Method: tables around each boundary.
#include "services/notify/messages/decision.h"

#include <gtest/gtest.h>

#include "services/notify/messages/outcome.h"
#include "tests/unit/notify/scenario_rules.h"

namespace ieum::notify::testing {
namespace {

// Any channel but e-mail.
constexpr auto kText = v1::CHANNEL_SMS;

DecisionInputs Notice(const std::string& now) {
  return {v1::LAW_CLASS_SERVICE_NOTICE, v1::CHANNEL_EMAIL, At(now), At("2023-04-10 09:00"),
          ContactAnswer::kGiven};
}

TEST(Decision, SendsWhatIsUsefulToWhomRegistryGives) {
  EXPECT_EQ(Decide(Notice("2023-04-09 09:00")).verdict, Verdict::kSend);
  auto inputs = Notice("2023-04-09 09:00");
  inputs.contact = ContactAnswer::kNotAsked;
  EXPECT_EQ(Decide(inputs).verdict, Verdict::kAskContact);
}

// row:N19
TEST(Decision, ExpiresRightAfterTheUsefulTime) {
  EXPECT_EQ(Decide(Notice("2023-04-10 09:00")).verdict, Verdict::kSend);
  EXPECT_EQ(Decide(Notice("2023-04-10 09:01")).verdict, Verdict::kExpire);
}

// row:N29
TEST(Decision, SaysWhyNothingIsSent) {
  for (const auto& [answer, reason] :
       {std::pair(ContactAnswer::kRefused, v1::SUPPRESSION_REASON_CONTACT_REFUSED),
        std::pair(ContactAnswer::kUnknown, v1::SUPPRESSION_REASON_PERSON_UNKNOWN),
        std::pair(ContactAnswer::kNoAddress, v1::SUPPRESSION_REASON_NO_ADDRESS)}) {
    auto inputs = Notice("2023-04-09 09:00");
    inputs.contact = answer;
    EXPECT_EQ(Decide(inputs).verdict, Verdict::kSuppress);
    EXPECT_EQ(Decide(inputs).reason, reason);
  }
}

// law:L28
TEST(Decision, HoldsAdvertisingInQuietHoursButNotByMail) {
  auto inputs = Notice("2023-04-09 09:00");
  inputs.channel = kText;
  for (const v1::LawClass law_class : {v1::LAW_CLASS_UNSPECIFIED, v1::LAW_CLASS_ADVERTISING}) {
    inputs.law_class = law_class;
    for (const auto& [now, until] :
         {std::pair("2023-04-08 20:59", ""), std::pair("2023-04-08 21:00", "2023-04-09 08:00"),
          std::pair("2023-04-08 23:59", "2023-04-09 08:00"),
          std::pair("2023-04-09 07:59", "2023-04-09 08:00"), std::pair("2023-04-09 08:00", "")}) {
      inputs.now = At(now);
      const Decision decision = Decide(inputs);
      EXPECT_EQ(decision.verdict == Verdict::kHold, *until != '\0') << now;
      if (*until != '\0') {
        EXPECT_EQ(decision.hold_until, At(until)) << now;
      }
    }
  }
  inputs.now = At("2023-04-08 23:00");
  inputs.channel = v1::CHANNEL_EMAIL;
  EXPECT_EQ(Decide(inputs).verdict, Verdict::kSend);
}

// law:L34
TEST(Decision, LetsServiceNoticesGoAtNight) {
  auto inputs = Notice("2023-04-08 23:00");
  inputs.channel = kText;
  EXPECT_EQ(Decide(inputs).verdict, Verdict::kSend);
}

// law:L35
TEST(Decision, TakesAnUnknownLawClassForAdvertising) {
  EXPECT_EQ(PurposeOf(v1::LAW_CLASS_SERVICE_NOTICE), registry::v1::CONTACT_PURPOSE_SERVICE_NOTICE);
  EXPECT_EQ(PurposeOf(v1::LAW_CLASS_ADVERTISING), registry::v1::CONTACT_PURPOSE_ADVERTISING);
  EXPECT_EQ(PurposeOf(v1::LAW_CLASS_UNSPECIFIED), registry::v1::CONTACT_PURPOSE_ADVERTISING);
  EXPECT_EQ(PurposeOf(static_cast<v1::LawClass>(77)), registry::v1::CONTACT_PURPOSE_ADVERTISING);
}

// row:X9
TEST(Decision, IsTheSameWhenItsKeptInputsAreReplayed) {
  for (const char* now : {"2023-04-08 23:00", "2023-04-10 09:00", "2023-04-10 09:01"}) {
    for (int contact = 0; contact <= 4; ++contact) {
      auto inputs = Notice(now);
      inputs.contact = static_cast<ContactAnswer>(contact);
      const auto kept = DecisionInputsFrom(ToJson(inputs));
      ASSERT_TRUE(kept.has_value());
      EXPECT_EQ(*kept, inputs);
      EXPECT_EQ(Decide(*kept), Decide(inputs));
    }
  }
  EXPECT_FALSE(DecisionInputsFrom("{}").has_value());
  EXPECT_FALSE(DecisionInputsFrom("no").has_value());
}

TEST(RetryAfter, GrowsUpToALimit) {
  EXPECT_LT(RetryAfter(1), absl::Seconds(1));
  EXPECT_EQ(RetryAfter(2), RetryAfter(1) * 2);
  EXPECT_EQ(RetryAfter(1000), absl::Minutes(5));
}

}  // namespace
}  // namespace ieum::notify::testing
