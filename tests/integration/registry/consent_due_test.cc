// Goal: the end of a consent is written down when its time comes, and advertising is confirmed
// every two years, silence keeping it. Method: the due work over a real PostgreSQL under a moved
// clock. row:R19
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "services/registry/consents/due.h"
#include "services/registry/instants.h"
#include "tests/integration/registry/consent_world.h"

namespace ieum::registry {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

constexpr auto kAdvertising = v1::CONSENT_PURPOSE_ADVERTISING;

class DueConsents : public ::testing::Test {
 protected:
  std::vector<Told> Since(size_t before) {
    auto events = consents_.world.Events(person_);
    events.erase(events.begin(), events.begin() + std::min(before, events.size()));
    return events;
  }
  size_t Heard() { return consents_.world.Events(person_).size(); }
  int64_t Due() {
    return ConsentsDue(consents_.world.ledger)
        .count_due(consents_.world.clock.Now().value())
        .value();
  }

  ConsentWorld consents_{"2024-09-05 11:00"};
  const std::string person_ = consents_.Person();
};

TEST_F(DueConsents, WriteTheEndDownOnce) {
  const auto purpose = v1::CONSENT_PURPOSE_SENSITIVE;
  v1::RecordConsentRequest request = consents_.Saying(person_, purpose, consents_.Text(purpose));
  *request.mutable_consent()->mutable_expire_time() = ToTimestamp(Korea("2024-12-01 00:00"));
  ASSERT_TRUE(consents_.Call<v1::Consent>("RecordConsent", request).ok());
  const size_t before = Heard();
  consents_.world.SetClock("2024-11-30 23:59");
  EXPECT_EQ(Due(), 0);
  consents_.Settle();
  EXPECT_THAT(Since(before), SizeIs(0));
  consents_.world.SetClock("2024-12-01 00:00");
  EXPECT_EQ(Due(), 1);
  for (int turn = 0; turn < 2; ++turn) consents_.Settle();
  ASSERT_THAT(Since(before), SizeIs(1));
  const auto told = Since(before)[0].As<v1::ConsentExpired>();
  EXPECT_EQ(Since(before)[0].type, "ConsentExpired");
  EXPECT_EQ(told.expired_date(), "2024-11-30") << "its last day";
  EXPECT_EQ(told.revision(), 2);
  const auto current = consents_.List(person_, "current = true");
  ASSERT_THAT(current, SizeIs(1));
  EXPECT_EQ(current[0].state(), v1::CONSENT_STATE_EXPIRED);
  EXPECT_EQ(current[0].recorder(), "service/registry");
}

// law:L33
TEST_F(DueConsents, CallForTheConfirmationBeforeTheSameDayOfEverySecondYear) {
  const std::string text = consents_.Text(kAdvertising);
  ASSERT_TRUE(consents_.Say(person_, kAdvertising, text).ok());
  const size_t before = Heard();
  consents_.world.SetClock("2026-08-06 08:59");
  consents_.Settle();
  EXPECT_THAT(Since(before), SizeIs(0));
  consents_.world.SetClock("2026-08-06 09:00");
  for (int turn = 0; turn < 2; ++turn) consents_.Settle();
  ASSERT_THAT(Since(before), SizeIs(1));
  const auto told = Since(before)[0].As<v1::ConsentReconfirmationDue>();
  EXPECT_EQ(Since(before)[0].type, "ConsentReconfirmationDue");
  EXPECT_EQ(told.decided_date(), "2024-09-05");
  EXPECT_EQ(told.reconfirm_date(), "2026-09-05");
  consents_.world.SetClock("2026-10-01 09:00");
  consents_.Settle();
  EXPECT_TRUE(consents_.Resolve(person_, v1::CONTACT_PURPOSE_ADVERTISING)->has_contact())
      << "silence keeps it";
  consents_.world.SetClock("2028-08-06 09:00");
  consents_.Settle();
  ASSERT_THAT(Since(before), SizeIs(2));
  EXPECT_EQ(Since(before)[1].As<v1::ConsentReconfirmationDue>().reconfirm_date(), "2028-09-05");
}

TEST_F(DueConsents, BeginAnewWhenThePersonSaysItAgain) {
  const std::string text = consents_.Text(kAdvertising);
  ASSERT_TRUE(consents_.Say(person_, kAdvertising, text).ok());
  consents_.world.SetClock("2026-08-20 10:00");
  consents_.Settle();
  ASSERT_TRUE(consents_.Say(person_, kAdvertising, text).ok());
  const size_t before = Heard();
  consents_.world.SetClock("2028-07-21 08:59");
  consents_.Settle();
  EXPECT_THAT(Since(before), SizeIs(0));
  consents_.world.SetClock("2028-07-21 09:00");
  consents_.Settle();
  EXPECT_THAT(Since(before), SizeIs(1));
}

// A paper that is entered years later is called for once, not for each round that has passed.
TEST_F(DueConsents, CallOnceForRoundsThatHavePassed) {
  v1::RecordConsentRequest request =
      consents_.Saying(person_, kAdvertising, consents_.Text(kAdvertising));
  *request.mutable_consent()->mutable_decide_time() = ToTimestamp(Korea("2019-01-10 10:00"));
  ASSERT_TRUE(consents_.Call<v1::Consent>("RecordConsent", request).ok());
  const size_t before = Heard();
  consents_.Settle();
  ASSERT_THAT(Since(before), SizeIs(1));
  EXPECT_EQ(Since(before)[0].As<v1::ConsentReconfirmationDue>().reconfirm_date(), "2023-01-10");
}

TEST_F(DueConsents, LeaveAloneWhatWasWithdrawn) {
  ASSERT_TRUE(consents_.Say(person_, kAdvertising, consents_.Text(kAdvertising)).ok());
  ASSERT_TRUE(consents_.Withdraw(person_).ok());
  const size_t before = Heard();
  consents_.world.SetClock("2026-08-20 10:00");
  EXPECT_EQ(Due(), 0);
  consents_.Settle();
  EXPECT_THAT(Since(before), SizeIs(0));
}

}  // namespace
}  // namespace ieum::registry
