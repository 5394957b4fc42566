// Goal: what a person said under two records counts together: the last word on each matter, and
// nothing is done on a consent that she took back under the other one. Method: gates over gRPC.
// row:R4 row:X14 law:L11 law:L31
#include <gmock/gmock.h>

#include "services/registry/erasures/retention_sweep.h"
#include "tests/integration/registry/merge_world.h"

namespace ieum::registry {
namespace {

using ::testing::SizeIs;

constexpr auto kAdvertising = v1::CONSENT_PURPOSE_ADVERTISING;
constexpr auto kByMail = v1::CONTACT_CHANNEL_EMAIL;

class MergedConsents : public ::testing::Test {
 protected:
  v1::ContactRefusal Asked(const std::string& person) {
    const auto answer = consents_.Resolve(person, v1::CONTACT_PURPOSE_ADVERTISING, kByMail);
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.ok() ? answer->refusal() : v1::CONTACT_REFUSAL_UNSPECIFIED;
  }
  void Later() { world_.SetClock(absl::StrCat("2023-05-02 11:", 10 + ++minutes_)); }

  MergeWorld merges_;
  ConsentWorld& consents_ = merges_.consents;
  World& world_ = merges_.world;
  const std::string survivor_ = consents_.Person(), duplicate_ = consents_.Person();
  const std::string text_ = consents_.Text(kAdvertising);
  int minutes_ = 0;
};

TEST_F(MergedConsents, AWithdrawalUnderEitherRecordBeatsAnEarlierConsent) {
  ASSERT_TRUE(consents_.Say(survivor_, kAdvertising, text_).ok());
  ASSERT_TRUE(consents_.Say(duplicate_, kAdvertising, text_).ok());
  Later();
  ASSERT_TRUE(consents_.Withdraw(duplicate_).ok());
  EXPECT_EQ(Asked(survivor_), v1::CONTACT_REFUSAL_UNSPECIFIED) << "two persons, as far as is known";
  const auto merged = merges_.Merge(survivor_, duplicate_);
  ASSERT_TRUE(merged.ok()) << merged.status();
  EXPECT_EQ(Asked(survivor_), v1::CONTACT_REFUSAL_CONSENT_WITHDRAWN);
  EXPECT_EQ(Asked(duplicate_), v1::CONTACT_REFUSAL_CONSENT_WITHDRAWN);
  Later();
  ASSERT_TRUE(consents_.Say(survivor_, kAdvertising, text_).ok());
  EXPECT_EQ(Asked(duplicate_), v1::CONTACT_REFUSAL_UNSPECIFIED) << "a later consent stands";
  EXPECT_THAT(consents_.List(survivor_), SizeIs(4));
  EXPECT_THAT(consents_.List(duplicate_), SizeIs(4));
}

TEST_F(MergedConsents, AddressesAndReceiptsAreTheSurvivors) {
  ASSERT_TRUE(consents_.Say(duplicate_, kAdvertising, text_).ok());
  ASSERT_TRUE(merges_.Merge(survivor_, duplicate_).ok());
  const auto answer = consents_.Resolve(duplicate_, v1::CONTACT_PURPOSE_ADVERTISING, kByMail);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->person(), duplicate_) << "who asks knows her by that";
  EXPECT_EQ(answer->contact().email(), merges_.Known(survivor_).email());
  EXPECT_EQ(world_.Ask("SELECT person_id FROM contact_receipt"), IdOf(survivor_));
}

TEST_F(MergedConsents, AWithdrawalTakesBackWhatWasSaidUnderEitherRecordAndStaysWithBoth) {
  ASSERT_TRUE(consents_.Say(survivor_, kAdvertising, text_).ok());
  ASSERT_TRUE(consents_.Say(duplicate_, kAdvertising, text_).ok());
  const auto merged = merges_.Merge(survivor_, duplicate_);
  ASSERT_TRUE(merged.ok());
  Later();
  const auto withdrawn = consents_.Withdraw(duplicate_);
  ASSERT_TRUE(withdrawn.ok()) << "nobody is sent away who withdraws: " << withdrawn.status();
  EXPECT_THAT(withdrawn->consents(), SizeIs(2));
  EXPECT_EQ(Asked(survivor_), v1::CONTACT_REFUSAL_CONSENT_WITHDRAWN);
  ASSERT_TRUE(merges_.Undo(merged->name()).ok());
  EXPECT_EQ(Asked(survivor_), v1::CONTACT_REFUSAL_CONSENT_WITHDRAWN);
  EXPECT_EQ(Asked(duplicate_), v1::CONTACT_REFUSAL_CONSENT_WITHDRAWN)
      << "whose word it was is not known: neither is written to";
}

TEST_F(MergedConsents, ProvisionAndPublicationAreDecidedByBoth) {
  constexpr auto kPortrait = v1::CONSENT_PURPOSE_PORTRAIT_PUBLICATION;
  const std::string text = consents_.Text(kPortrait);
  ASSERT_TRUE(consents_.Say(duplicate_, kPortrait, text).ok());
  ASSERT_TRUE(merges_.Merge(survivor_, duplicate_).ok());
  for (const std::string& asked : {survivor_, duplicate_}) {
    const auto receipt = consents_.AskPublication(asked, v1::PUBLICATION_KIND_PHOTO);
    ASSERT_TRUE(receipt.ok()) << receipt.status();
    EXPECT_TRUE(receipt->allowed());
    EXPECT_EQ(receipt->name().find(survivor_), 0U);
  }
  Later();
  ASSERT_TRUE(consents_.Withdraw(survivor_).ok());
  EXPECT_FALSE(consents_.AskPublication(duplicate_, v1::PUBLICATION_KIND_PHOTO)->allowed());
}

// row:R25
TEST_F(MergedConsents, AConsentUnderEitherRecordKeepsHerData) {
  constexpr auto kCollection = v1::CONSENT_PURPOSE_COLLECTION;
  const std::string text = consents_.Text(kCollection);
  ASSERT_TRUE(consents_.Say(survivor_, kCollection, text).ok());
  ASSERT_TRUE(consents_.Withdraw(survivor_).ok());
  Later();
  ASSERT_TRUE(consents_.Say(duplicate_, kCollection, text).ok());
  ASSERT_TRUE(merges_.Merge(survivor_, duplicate_).ok());
  world_.SetClock("2023-05-12 11:00");
  world_.DoDue(RetentionSweep(world_.ledger, world_.vault()));
  EXPECT_EQ(merges_.Known(survivor_).state(), v1::PERSON_STATE_ACTIVE);
  ASSERT_TRUE(consents_.Withdraw(duplicate_).ok());
  world_.SetClock("2023-05-19 11:00");
  world_.DoDue(RetentionSweep(world_.ledger, world_.vault()));
  EXPECT_EQ(merges_.Known(survivor_).state(), v1::PERSON_STATE_ERASED);
}

// row:R25 law:L12
TEST_F(MergedConsents, WhatWasSaidUnderTheOtherRecordAloneEndsHerData) {
  constexpr auto kCollection = v1::CONSENT_PURPOSE_COLLECTION;
  ASSERT_TRUE(consents_.Say(duplicate_, kCollection, consents_.Text(kCollection)).ok());
  ASSERT_TRUE(merges_.Merge(survivor_, duplicate_).ok());
  Later();
  ASSERT_TRUE(consents_.Withdraw(survivor_).ok());
  world_.SetClock("2023-05-06 23:59");
  world_.DoDue(RetentionSweep(world_.ledger, world_.vault()));
  EXPECT_EQ(merges_.Known(survivor_).state(), v1::PERSON_STATE_ACTIVE);
  world_.SetClock("2023-05-07 00:00");
  world_.DoDue(RetentionSweep(world_.ledger, world_.vault()));
  EXPECT_EQ(merges_.Known(survivor_).state(), v1::PERSON_STATE_ERASED);
}

TEST_F(MergedConsents, NothingIsToBeConfirmedThatDoesNotCount) {
  ASSERT_TRUE(consents_.Say(duplicate_, kAdvertising, text_).ok());
  Later();
  ASSERT_TRUE(consents_.Say(survivor_, kAdvertising, text_, v1::CONSENT_STATE_REFUSED).ok());
  ASSERT_TRUE(merges_.Merge(survivor_, duplicate_).ok());
  world_.SetClock("2025-04-20 11:00");
  consents_.Settle();
  EXPECT_THAT(world_.EventTypes(duplicate_),
              ::testing::Not(::testing::Contains("ConsentReconfirmationDue")));
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM consent_head WHERE due_at < '2025-04-20'"), "0");
}

}  // namespace
}  // namespace ieum::registry
