// Goal: a referral goes from its sender to one end, once, and its recipient reads what is shared
// only in between. Method: every state with every step; the first and last day of each limit.
// row:C11 row:C13
#include "services/casemgmt/referrals/referral.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <functional>

#include "platform/base/korea_time.h"
#include "platform/base/status.h"

namespace ieum::casemgmt {
namespace {

const absl::CivilDay kSent(2024, 3, 5);  // a Tuesday
const absl::Time kNow = base::KoreaInstant(kSent, 11);

Referral Sent() {
  Referral referral;
  referral.id = base::Uuid::NewV7();
  referral.case_id = base::Uuid::NewV7();
  referral.service = v1::REFERRAL_SERVICE_KIND_PSYCHOLOGICAL;
  referral.recipient = base::Uuid::NewV7();
  referral.parts = {v1::SHARED_PART_IDENTITY, v1::SHARED_PART_PLAN};
  referral.items = {"성명"};
  referral.sent_day = kSent;
  referral.answer_due = absl::CivilDay(2024, 3, 8);
  referral.end_day = absl::CivilDay(2024, 6, 3);
  return referral;
}

Referral In(v1::ReferralState state) {
  Referral referral = Sent();
  referral.state = state;
  return referral;
}

struct Step {
  const char* name;
  std::function<absl::Status(Referral*)> take;
  std::vector<v1::ReferralState> from;  // where it is allowed
  v1::ReferralState to;
};

absl::Status CompleteBy(Referral* referral, v1::ReferralAnswerWay way) {
  bool accepted_now = false;
  return Complete(referral, way, v1::REFERRAL_OUTCOME_PROVIDED, kSent, kNow, &accepted_now);
}

std::vector<Step> Steps() {
  const std::vector<v1::ReferralState> sent = {v1::REFERRAL_STATE_SENT},
                                       accepted = {v1::REFERRAL_STATE_ACCEPTED},
                                       open = {v1::REFERRAL_STATE_SENT,
                                               v1::REFERRAL_STATE_ACCEPTED};
  return {
      {"accept",
       [](Referral* r) { return Accept(r, v1::REFERRAL_ANSWER_WAY_RECIPIENT, kSent, kSent); }, sent,
       v1::REFERRAL_STATE_ACCEPTED},
      {"reject",
       [](Referral* r) {
         return Reject(r, v1::REFERRAL_ANSWER_WAY_RECIPIENT, v1::REFERRAL_REJECT_REASON_NOT_OURS,
                       kSent, kNow);
       },
       sent, v1::REFERRAL_STATE_REJECTED},
      {"complete by the recipient",
       [](Referral* r) { return CompleteBy(r, v1::REFERRAL_ANSWER_WAY_RECIPIENT); }, accepted,
       v1::REFERRAL_STATE_DONE},
      {"complete by a record",
       [](Referral* r) { return CompleteBy(r, v1::REFERRAL_ANSWER_WAY_RECORDED); }, open,
       v1::REFERRAL_STATE_DONE},
      {"complete by a link",
       [](Referral* r) { return CompleteBy(r, v1::REFERRAL_ANSWER_WAY_LINK); }, open,
       v1::REFERRAL_STATE_DONE},
      {"revoke", [](Referral* r) { return Revoke(r, v1::REFERRAL_REVOKE_REASON_NOT_NEEDED, kNow); },
       open, v1::REFERRAL_STATE_REVOKED},
      {"expire", [](Referral* r) { return Expire(r); }, open, v1::REFERRAL_STATE_EXPIRED}};
}

TEST(Referral, TakesEachStepWhereItIsAllowedAndNowhereElse) {
  for (const Step& step : Steps()) {
    for (int state = v1::REFERRAL_STATE_SENT; state <= v1::ReferralState_MAX; ++state) {
      Referral referral = In(static_cast<v1::ReferralState>(state));
      const bool allowed =
          std::find(step.from.begin(), step.from.end(), referral.state) != step.from.end();
      const std::string before = ReferralFactsOf(referral).SerializeAsString();
      const absl::Status taken = step.take(&referral);
      const std::string what = std::string(step.name) + " in " + v1::ReferralState_Name(state);
      if (allowed) {
        EXPECT_TRUE(taken.ok()) << what;
        EXPECT_EQ(referral.state, step.to) << what;
        EXPECT_EQ(referral.ended_at.has_value(), !IsOpen(referral.state)) << what;
      } else {
        EXPECT_EQ(base::ReasonOf(taken), "REFERRAL_STATE") << what;
        EXPECT_EQ(ReferralFactsOf(referral).SerializeAsString(), before) << what;
        EXPECT_FALSE(referral.ended_at.has_value()) << what;
      }
    }
  }
}

TEST(Referral, IsTakenOnByWhoHandsInItsResult) {
  Referral referral = Sent();
  bool accepted_now = false;
  ASSERT_TRUE(Complete(&referral, v1::REFERRAL_ANSWER_WAY_LINK, v1::REFERRAL_OUTCOME_PROVIDED,
                       kSent + 4, kNow, &accepted_now)
                  .ok());
  EXPECT_TRUE(accepted_now);
  EXPECT_EQ(referral.answer_day, kSent + 4);
  EXPECT_EQ(referral.answer_way, v1::REFERRAL_ANSWER_WAY_LINK);
}

// law:L02
TEST(Referral, IsReadFromItsAcceptanceToItsLastDay) {
  Referral referral = Sent();
  EXPECT_EQ(base::ReasonOf(CheckShared(referral, kNow)), "REFERRAL_SHARING_ENDED") << "not yet";
  referral.state = v1::REFERRAL_STATE_ACCEPTED;
  EXPECT_TRUE(CheckShared(referral, kNow).ok());
  const absl::Time end = base::KoreaInstant(absl::CivilDay(2024, 6, 4), 0);
  EXPECT_TRUE(CheckShared(referral, end - absl::Microseconds(1)).ok());
  EXPECT_EQ(base::ReasonOf(CheckShared(referral, end)), "REFERRAL_SHARING_ENDED");
  referral.consent_lost = true;
  EXPECT_EQ(base::ReasonOf(CheckShared(referral, kNow)), "REFERRAL_SHARING_ENDED");
  for (int state = v1::REFERRAL_STATE_REJECTED; state <= v1::ReferralState_MAX; ++state) {
    EXPECT_FALSE(CheckShared(In(static_cast<v1::ReferralState>(state)), kNow).ok());
  }
}

TEST(Referral, IsNotTakenOnWhenItsTimeIsOverOrItsConsentGone) {
  Referral late = Sent();
  const auto take = [](Referral* referral, absl::CivilDay today) {
    return base::ReasonOf(Accept(referral, v1::REFERRAL_ANSWER_WAY_RECIPIENT, today, today));
  };
  EXPECT_EQ(take(&late, late.end_day + 1), "REFERRAL_STATE");
  EXPECT_EQ(take(&late, late.end_day), "");
  Referral lost = Sent();
  lost.consent_lost = true;
  EXPECT_EQ(take(&lost, kSent), "REFERRAL_STATE");
}

TEST(Referral, IsAnsweredWithinThreeBusinessDays) {
  const base::BusinessCalendar calendar(
      {absl::CivilDay(2024, 3, 1), absl::CivilDay(2024, 4, 10), absl::CivilDay(2025, 1, 1)});
  EXPECT_EQ(*AnswerDue(absl::CivilDay(2024, 3, 5), calendar), absl::CivilDay(2024, 3, 8));
  EXPECT_EQ(*AnswerDue(absl::CivilDay(2024, 3, 7), calendar), absl::CivilDay(2024, 3, 12))
      << "a weekend does not count";
  EXPECT_EQ(*AnswerDue(absl::CivilDay(2024, 4, 8), calendar), absl::CivilDay(2024, 4, 12))
      << "an election day does not count";
  EXPECT_EQ(base::ReasonOf(AnswerDue(absl::CivilDay(2031, 3, 5), calendar).status()),
            "DATE_INVALID");
}

TEST(Referral, IsToldToBeOverdueOnceAndNotOnItsLastDay) {
  Referral referral = Sent();
  EXPECT_FALSE(TellOverdue(&referral, referral.answer_due));
  EXPECT_TRUE(TellOverdue(&referral, referral.answer_due + 1));
  EXPECT_FALSE(TellOverdue(&referral, referral.answer_due + 2));
  Referral answered = In(v1::REFERRAL_STATE_ACCEPTED);
  EXPECT_FALSE(TellOverdue(&answered, answered.answer_due + 1));
}

TEST(Referral, SharesNothingWithABodyThatRegistryDoesNotKnow) {
  Referral outside = Sent();
  outside.recipient.reset();
  outside.parts.clear();
  EXPECT_TRUE(CheckSharing(outside, true).ok());
  outside.parts = {v1::SHARED_PART_NEEDS};
  EXPECT_EQ(base::FieldsOf(CheckSharing(outside, true)), std::vector<std::string>{"parts"});
  Referral both = Sent();
  EXPECT_EQ(base::FieldsOf(CheckSharing(both, true)),
            (std::vector<std::string>{"recipient", "parts"}));
  Referral neither = outside;
  neither.parts.clear();
  EXPECT_EQ(base::FieldsOf(CheckSharing(neither, false)), std::vector<std::string>{"recipient"});
}

TEST(Referral, NamesWhatItProvidesAndUntilWhen) {
  Referral referral = Sent();
  EXPECT_TRUE(CheckSharing(referral, false).ok());
  referral.items.clear();
  EXPECT_EQ(base::FieldsOf(CheckSharing(referral, false)), std::vector<std::string>{"items"});
  Referral over = Sent();
  over.end_day = kSent - 1;
  EXPECT_EQ(base::ReasonOf(CheckSharing(over, false)), "DATE_INVALID");
  over.end_day = kSent + kGrantDaysMax;
  EXPECT_TRUE(CheckSharing(over, false).ok());
  over.end_day = kSent + kGrantDaysMax + 1;
  EXPECT_EQ(base::ReasonOf(CheckSharing(over, false)), "DATE_INVALID");
}

TEST(Referral, GoesToNoEmployerAndNotToItself) {
  OrganizationReference body{.id = base::Uuid::NewV7()};
  const auto check = [&](registry::v1::OrganizationKind kind) {
    body.kind = kind;
    return base::ReasonOf(CheckRecipient(body, std::nullopt, kSent, "recipient"));
  };
  EXPECT_EQ(check(registry::v1::ORGANIZATION_KIND_CENTRE), "");
  EXPECT_EQ(check(registry::v1::ORGANIZATION_KIND_AGENCY), "");
  EXPECT_EQ(check(registry::v1::ORGANIZATION_KIND_FIRM), "INVALID_FIELD");
  body.kind = registry::v1::ORGANIZATION_KIND_CENTRE;
  EXPECT_EQ(base::ReasonOf(CheckRecipient(body, body.id, kSent, "recipient")), "INVALID_FIELD");
  EXPECT_EQ(base::ReasonOf(CheckRecipient(std::nullopt, body.id, kSent, "recipient")),
            "ORGANIZATION_UNKNOWN");
  body.inactive_from = kSent;
  EXPECT_EQ(base::ReasonOf(CheckRecipient(body, std::nullopt, kSent, "recipient")),
            "ORGANIZATION_INACTIVE");
}

// Whatever is done in whatever order: there is one end, and after it nothing is shared or changed.
TEST(ReferralProperties, EndOnce) {
  const bool held = rc::check([] {
    Referral referral = Sent();
    const auto steps = Steps();
    int ends = 0;
    for (const int at : *rc::gen::container<std::vector<int>>(
             rc::gen::inRange(0, static_cast<int>(steps.size())))) {
      const bool was_open = IsOpen(referral.state);
      const bool taken = steps[at].take(&referral).ok();
      if (was_open && !IsOpen(referral.state)) ++ends;
      RC_ASSERT(was_open || !taken);
      if (!IsOpen(referral.state)) RC_ASSERT(!CheckShared(referral, kNow).ok());
    }
    RC_ASSERT(ends == (IsOpen(referral.state) ? 0 : 1));
  });
  EXPECT_TRUE(held);
}

}  // namespace
}  // namespace ieum::casemgmt
