// Goal: what was said last counts, from its instant on and not before, and the days that
// advertising asks for are the law's. Method: tables; random histories against the plainest reading
// of them.
#include "services/registry/consents/consent.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/registry/instants.h"

namespace ieum::registry {
namespace {

using base::FieldsOf;
using base::ReasonOf;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

const absl::CivilDay kDay(2024, 9, 5);

absl::Time At(absl::CivilDay day, int hour = 12) { return base::KoreaInstant(day, hour); }

v1::Consent Said(v1::ConsentState state, absl::Time when) {
  v1::Consent said;
  said.set_purpose(v1::CONSENT_PURPOSE_COLLECTION);
  said.set_state(state);
  said.set_consent_text("consentTexts/0190b0c0-0000-7000-8000-000000000001");
  said.set_channel(v1::CONSENT_CHANNEL_PAPER);
  *said.mutable_decide_time() = ToTimestamp(when);
  return said;
}

ConsentHead Head(v1::ConsentPurpose purpose, v1::ConsentState state, absl::Time when) {
  return {.matter = {purpose, std::nullopt}, .revision = 1, .state = state, .decided_at = when};
}

absl::Status Take(const v1::Consent& said) {
  Consent entry;
  return TakeDecision(said, At(kDay), &entry);
}

// law:L01
TEST(Consent, WithoutAPartOfWhatTheLawAsksForIsNone) {
  EXPECT_TRUE(Take(Said(v1::CONSENT_STATE_GIVEN, At(kDay))).ok());
  v1::Consent said = Said(v1::CONSENT_STATE_GIVEN, At(kDay));
  said.clear_channel();
  said.clear_decide_time();
  said.clear_consent_text();
  const absl::Status refused = Take(said);
  EXPECT_EQ(ReasonOf(refused), "CONSENT_INCOMPLETE");
  EXPECT_THAT(FieldsOf(refused), UnorderedElementsAre("consent.consent_text", "consent.channel",
                                                      "consent.decide_time"));
}

TEST(Consent, IsGivenOrRefusedInThePast) {
  EXPECT_TRUE(Take(Said(v1::CONSENT_STATE_REFUSED, At(kDay))).ok());
  for (auto state :
       {v1::CONSENT_STATE_UNSPECIFIED, v1::CONSENT_STATE_WITHDRAWN, v1::CONSENT_STATE_EXPIRED}) {
    EXPECT_THAT(FieldsOf(Take(Said(state, At(kDay)))), ElementsAre("consent.state"));
  }
  EXPECT_EQ(ReasonOf(Take(Said(v1::CONSENT_STATE_GIVEN, At(kDay, 13)))), "DATE_INVALID");
  const absl::Time long_ago = At(absl::CivilDay(1899, 12, 31));
  EXPECT_EQ(ReasonOf(Take(Said(v1::CONSENT_STATE_GIVEN, long_ago))), "DATE_INVALID");
  EXPECT_EQ(FieldsOf(CheckDecideTime(long_ago, At(kDay), "decide_time")),
            std::vector<std::string>{"decide_time"});
}

TEST(Consent, EndsAfterItBegan) {
  v1::Consent said = Said(v1::CONSENT_STATE_GIVEN, At(kDay));
  *said.mutable_expire_time() = ToTimestamp(At(kDay));
  EXPECT_EQ(ReasonOf(Take(said)), "DATE_ORDER");
  *said.mutable_expire_time() = ToTimestamp(At(kDay + 1));
  EXPECT_TRUE(Take(said).ok());
  said.mutable_expire_time()->set_seconds(int64_t{1} << 60);
  EXPECT_EQ(ReasonOf(Take(said)), "DATE_INVALID");
  *said.mutable_expire_time() = ToTimestamp(At(kDay + 1));
  said.set_state(v1::CONSENT_STATE_REFUSED);
  EXPECT_THAT(FieldsOf(Take(said)), ElementsAre("consent.expire_time"));
}

TEST(Consent, EndsAtItsInstantWhetherOrNotThatIsWrittenDown) {
  ConsentHead head = Head(v1::CONSENT_PURPOSE_COLLECTION, v1::CONSENT_STATE_GIVEN, At(kDay));
  head.expires_at = At(kDay + 10);
  EXPECT_EQ(StateAt(head, At(kDay + 10) - absl::Microseconds(1)), v1::CONSENT_STATE_GIVEN);
  EXPECT_EQ(StateAt(head, At(kDay + 10)), v1::CONSENT_STATE_EXPIRED);
  head.state = v1::CONSENT_STATE_WITHDRAWN;
  EXPECT_EQ(StateAt(head, At(kDay + 11)), v1::CONSENT_STATE_WITHDRAWN);
}

TEST(Consent, SaysWhyItDoesNotCover) {
  EXPECT_EQ(RefusalOf(v1::CONSENT_STATE_UNSPECIFIED), v1::CONSENT_REFUSAL_MISSING);
  EXPECT_EQ(RefusalOf(v1::CONSENT_STATE_GIVEN), v1::CONSENT_REFUSAL_UNSPECIFIED);
  EXPECT_EQ(RefusalOf(v1::CONSENT_STATE_REFUSED), v1::CONSENT_REFUSAL_REFUSED);
  EXPECT_EQ(RefusalOf(v1::CONSENT_STATE_WITHDRAWN), v1::CONSENT_REFUSAL_WITHDRAWN);
  EXPECT_EQ(RefusalOf(v1::CONSENT_STATE_EXPIRED), v1::CONSENT_REFUSAL_EXPIRED);
}

// A paper that turns up late does not undo what was said after it was signed.
TEST(Consent, IsNotSaidBeforeWhatWasSaidLast) {
  const ConsentHead withdrawn =
      Head(v1::CONSENT_PURPOSE_ADVERTISING, v1::CONSENT_STATE_WITHDRAWN, At(kDay));
  Consent entry;
  entry.decided_at = At(kDay, 11);
  const absl::Status refused = Succeed(&withdrawn, &entry);
  EXPECT_EQ(ReasonOf(refused), "DATE_ORDER");
  EXPECT_THAT(FieldsOf(refused), ElementsAre("consent.decide_time"));
  entry.decided_at = At(kDay);
  EXPECT_TRUE(Succeed(&withdrawn, &entry).ok());
  EXPECT_EQ(entry.revision, 2);
  EXPECT_TRUE(Succeed(nullptr, &entry).ok());
  EXPECT_EQ(entry.revision, 1);
}

// Random histories, as the commands would let them be written: at any instant the head of that time
// says what a reader of the whole history says.
TEST(Consent, HasTheStateOfItsHistoryAtEveryInstant) {
  EXPECT_TRUE(rc::check([] {
    const absl::Time at = At(kDay) + absl::Hours(*rc::gen::inRange(0, 300));
    std::optional<ConsentHead> head;
    auto expected = v1::CONSENT_STATE_UNSPECIFIED;
    absl::Time when = At(kDay);
    for (int revision = 1; revision <= 12; ++revision) {
      Consent entry;
      entry.state = static_cast<v1::ConsentState>(*rc::gen::inRange(1, 5));
      entry.decided_at = when;
      if (entry.state == v1::CONSENT_STATE_GIVEN && *rc::gen::arbitrary<bool>()) {
        entry.expires_at = when + absl::Hours(*rc::gen::inRange(1, 60));
      }
      RC_ASSERT(Succeed(head ? &*head : nullptr, &entry).ok());
      RC_ASSERT(entry.revision == revision);
      const bool over = entry.expires_at && *entry.expires_at <= at;
      expected = over ? v1::CONSENT_STATE_EXPIRED : entry.state;
      head = HeadOf(entry);
      when += absl::Hours(*rc::gen::inRange(0, 50));
      if (when > at) break;
    }
    RC_ASSERT(StateAt(*head, at) == expected);
  }));
}

// law:L32
TEST(Result, IsToldWithinFourteenDays) {
  EXPECT_EQ(ResultDueDay(kDay), absl::CivilDay(2024, 9, 19));
  EXPECT_TRUE(IsAdvertising(v1::CONSENT_PURPOSE_ADVERTISING));
  EXPECT_TRUE(IsAdvertising(v1::CONSENT_PURPOSE_NIGHT_ADVERTISING));
  EXPECT_FALSE(IsAdvertising(v1::CONSENT_PURPOSE_COLLECTION));
}

// law:L33
TEST(Reconfirmation, IsDueBeforeTheSameDayOfEverySecondYear) {
  EXPECT_EQ(ReconfirmDay(kDay, 1), absl::CivilDay(2026, 9, 5));
  EXPECT_EQ(ReconfirmDay(kDay, 2), absl::CivilDay(2028, 9, 5));
  const absl::CivilDay leap(2024, 2, 29);
  EXPECT_EQ(ReconfirmDay(leap, 1), absl::CivilDay(2026, 2, 28));
  EXPECT_EQ(ReconfirmDay(leap, 2), absl::CivilDay(2028, 2, 29)) << "the day itself is not lost";
}

// law:L33
TEST(Reconfirmation, IsCalledForWhileALetterCanStillBeWritten) {
  ConsentHead head = Head(v1::CONSENT_PURPOSE_ADVERTISING, v1::CONSENT_STATE_GIVEN, At(kDay));
  EXPECT_EQ(DueAt(head), base::KoreaInstant(absl::CivilDay(2026, 8, 6), 9));
  head.confirmations = 1;
  EXPECT_EQ(DueAt(head), base::KoreaInstant(absl::CivilDay(2028, 8, 6), 9));
  head.expires_at = At(absl::CivilDay(2027, 1, 1));
  EXPECT_EQ(DueAt(head), head.expires_at);
  head.state = v1::CONSENT_STATE_WITHDRAWN;
  EXPECT_EQ(DueAt(head), std::nullopt);
  EXPECT_EQ(DueAt(Head(v1::CONSENT_PURPOSE_SENSITIVE, v1::CONSENT_STATE_GIVEN, At(kDay))),
            std::nullopt);
}

class Withdrawing : public ::testing::Test {
 protected:
  static constexpr char kRecipient[] = "0190c0de-0000-7000-8000-0000000000a0";

  Withdrawing() {
    for (int purpose = 1; purpose <= 7; ++purpose) {
      heads_.push_back(
          Head(static_cast<v1::ConsentPurpose>(purpose), v1::CONSENT_STATE_GIVEN, At(kDay)));
    }
    heads_[1].matter.recipient = base::Uuid::Parse(kRecipient);
    heads_.push_back(heads_[1]);
    heads_.back().matter.recipient = base::Uuid::NewV7();
  }
  std::vector<int> Back(const Withdrawal& withdrawal) const {
    std::vector<int> purposes;
    for (const ConsentHead& head : TakenBack(heads_, withdrawal)) {
      purposes.push_back(head.matter.purpose);
    }
    return purposes;
  }

  Withdrawal now_{.channel = v1::CONSENT_CHANNEL_PHONE, .decided_at = At(kDay + 1)};
  std::vector<ConsentHead> heads_;
};

// law:L11
TEST_F(Withdrawing, TakesBackEverythingAtOnce) {
  EXPECT_THAT(Back(now_), ElementsAre(1, 2, 3, 4, 5, 6, 7, 2));
  heads_[0].state = v1::CONSENT_STATE_REFUSED;
  heads_[2].state = v1::CONSENT_STATE_WITHDRAWN;
  heads_[3].expires_at = At(kDay + 1);
  heads_[4].decided_at = At(kDay + 2);
  EXPECT_THAT(Back(now_), ElementsAre(2, 6, 7, 2))
      << "what is not given any more, or was given later, is not taken back";
}

TEST_F(Withdrawing, TakesBackOnePurpose) {
  now_.purpose = v1::CONSENT_PURPOSE_SENSITIVE;
  EXPECT_THAT(Back(now_), ElementsAre(4));
  now_.purpose = v1::CONSENT_PURPOSE_THIRD_PARTY_PROVISION;
  EXPECT_THAT(Back(now_), ElementsAre(2, 2));
  now_.recipient = base::Uuid::Parse(kRecipient);
  EXPECT_THAT(Back(now_), ElementsAre(2));
  now_.recipient = base::Uuid::NewV7();
  EXPECT_THAT(Back(now_), IsEmpty());
}

// law:L28 law:L31
TEST_F(Withdrawing, OfAdvertisingTakesTheNightWithIt) {
  now_.purpose = v1::CONSENT_PURPOSE_ADVERTISING;
  EXPECT_THAT(Back(now_), ElementsAre(5, 6));
  now_.purpose = v1::CONSENT_PURPOSE_NIGHT_ADVERTISING;
  EXPECT_THAT(Back(now_), ElementsAre(6));
}

}  // namespace
}  // namespace ieum::registry
