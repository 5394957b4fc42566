// Goal: an enrolment goes only along its arrows, with days in order.
#include "services/registry/enrolments/enrolment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "platform/base/status.h"

namespace ieum::registry {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Enrolment In(v1::EnrolmentState state) {
  Enrolment enrolment;
  EnrolmentStep step;
  step.state = state;
  step.day = absl::CivilDay(2023, 5, 2);
  enrolment.steps = {step};
  return enrolment;
}

EnrolmentStep To(v1::EnrolmentState state, absl::CivilDay day = absl::CivilDay(2023, 5, 2)) {
  EnrolmentStep step;
  step.state = state;
  step.day = day;
  return step;
}

// row:R14
TEST(Enrolment, GoesAlongItsArrowsAndNoOthers) {
  const std::set<std::pair<int, int>> arrows = {
      {v1::ENROLMENT_STATE_APPLIED, v1::ENROLMENT_STATE_DENIED},
      {v1::ENROLMENT_STATE_APPLIED, v1::ENROLMENT_STATE_WAITING},
      {v1::ENROLMENT_STATE_APPLIED, v1::ENROLMENT_STATE_CONFIRMED},
      {v1::ENROLMENT_STATE_APPLIED, v1::ENROLMENT_STATE_WITHDRAWN},
      {v1::ENROLMENT_STATE_WAITING, v1::ENROLMENT_STATE_OFFERED},
      {v1::ENROLMENT_STATE_WAITING, v1::ENROLMENT_STATE_CONFIRMED},
      {v1::ENROLMENT_STATE_WAITING, v1::ENROLMENT_STATE_WITHDRAWN},
      {v1::ENROLMENT_STATE_OFFERED, v1::ENROLMENT_STATE_CONFIRMED},
      {v1::ENROLMENT_STATE_OFFERED, v1::ENROLMENT_STATE_WITHDRAWN},
      {v1::ENROLMENT_STATE_CONFIRMED, v1::ENROLMENT_STATE_ACTIVE},
      {v1::ENROLMENT_STATE_CONFIRMED, v1::ENROLMENT_STATE_WITHDRAWN},
      {v1::ENROLMENT_STATE_ACTIVE, v1::ENROLMENT_STATE_COMPLETED},
      {v1::ENROLMENT_STATE_ACTIVE, v1::ENROLMENT_STATE_WITHDRAWN}};
  for (int from = 1; from < v1::EnrolmentState_ARRAYSIZE; ++from) {
    for (int to = 0; to < v1::EnrolmentState_ARRAYSIZE; ++to) {
      Enrolment enrolment = In(static_cast<v1::EnrolmentState>(from));
      const absl::Status step =
          Step(&enrolment, To(static_cast<v1::EnrolmentState>(to)), "withdrawn_date");
      EXPECT_EQ(step.ok(), arrows.contains({from, to})) << from << " to " << to;
      EXPECT_EQ(base::ReasonOf(step), step.ok() ? "" : "ENROLMENT_STATE");
      EXPECT_EQ(enrolment.steps.size(), step.ok() ? 2u : 1u);
    }
  }
}

TEST(Enrolment, SaysInARefusalWhereItCanGoInstead) {
  Enrolment waiting = In(v1::ENROLMENT_STATE_WAITING);
  const absl::Status active = Step(&waiting, To(v1::ENROLMENT_STATE_ACTIVE), "activated_date");
  EXPECT_THAT(std::string(active.message()),
              HasSubstr("left are: ENROLMENT_STATE_OFFERED, ENROLMENT_STATE_CONFIRMED, "
                        "ENROLMENT_STATE_WITHDRAWN"));
  for (const auto final :
       {v1::ENROLMENT_STATE_DENIED, v1::ENROLMENT_STATE_COMPLETED, v1::ENROLMENT_STATE_WITHDRAWN}) {
    EXPECT_THAT(StepsFrom(final), IsEmpty());
    Enrolment ended = In(final);
    EXPECT_THAT(
        std::string(Step(&ended, To(v1::ENROLMENT_STATE_WITHDRAWN), "withdrawn_date").message()),
        HasSubstr("that is final"));
  }
}

// row:R13
TEST(Offer, CanBeAnsweredUntilItsEndAndNotFromThereOn) {
  const absl::Time end = absl::FromUnixSeconds(1'683'000'000);
  Enrolment enrolment = In(v1::ENROLMENT_STATE_OFFERED);
  enrolment.offered_until = end;
  EXPECT_TRUE(RequireOffer(enrolment, end - absl::Microseconds(1)).ok());
  const absl::Status late = RequireOffer(enrolment, end);
  EXPECT_EQ(base::ReasonOf(late), "OFFER_EXPIRED");
  EXPECT_THAT(std::string(late.message()), HasSubstr("until 2023-05-02 13:00 (Korea)"));
  for (int state = 1; state < v1::EnrolmentState_ARRAYSIZE; ++state) {
    if (state == v1::ENROLMENT_STATE_OFFERED) continue;
    Enrolment other = In(static_cast<v1::EnrolmentState>(state));
    other.offered_until = end;
    EXPECT_EQ(base::ReasonOf(RequireOffer(other, absl::InfinitePast())), "ENROLMENT_STATE")
        << state;
  }
}

// row:R14
TEST(Withdrawal, HasReasonsThatOnlyOffersAndMergesGive) {
  const std::set<int> given_by_the_house = {v1::WITHDRAWAL_REASON_OFFER_DECLINED,
                                            v1::WITHDRAWAL_REASON_OFFER_EXPIRED,
                                            v1::WITHDRAWAL_REASON_MERGED};
  for (int reason = 1; reason < v1::WithdrawalReason_ARRAYSIZE; ++reason) {
    const absl::Status spoken = CheckSpokenReason(static_cast<v1::WithdrawalReason>(reason));
    EXPECT_EQ(spoken.ok(), !given_by_the_house.contains(reason)) << reason;
    EXPECT_EQ(base::FieldsOf(spoken),
              spoken.ok() ? std::vector<std::string>{} : std::vector<std::string>{"reason"});
  }
}

TEST(Enrolment, KeepsItsDaysInOrder) {
  Enrolment enrolment = In(v1::ENROLMENT_STATE_CONFIRMED);
  const absl::Status early = Step(
      &enrolment, To(v1::ENROLMENT_STATE_ACTIVE, absl::CivilDay(2023, 5, 1)), "activated_date");
  EXPECT_EQ(base::ReasonOf(early), "DATE_ORDER");
  EXPECT_THAT(base::FieldsOf(early), ElementsAre("activated_date"));
  EXPECT_TRUE(Step(&enrolment, To(v1::ENROLMENT_STATE_ACTIVE), "activated_date").ok());
}

TEST(Enrolment, HoldsASeatFromConfirmationToTheEnd) {
  const std::set<int> seated = {v1::ENROLMENT_STATE_CONFIRMED, v1::ENROLMENT_STATE_ACTIVE,
                                v1::ENROLMENT_STATE_COMPLETED};
  for (int state = 1; state < v1::EnrolmentState_ARRAYSIZE; ++state) {
    EXPECT_EQ(HoldsSeat(static_cast<v1::EnrolmentState>(state)), seated.contains(state)) << state;
  }
}

// row:R28
TEST(EnrolmentFacts, CarryIdsAndCodesOnly) {
  Campaign campaign;
  campaign.code = "WLB-CAMPAIGN";
  campaign.display_name = "일·생활균형 캠페인";
  campaign.programme = "BSN";
  campaign.edition = "2023";
  campaign.task = v1::TASK_KIND_CAMPAIGN;
  Enrolment enrolment = In(v1::ENROLMENT_STATE_APPLIED);
  enrolment.application_id = base::Uuid::NewV7();
  const v1::EnrolmentFacts facts = EnrolmentFactsOf(enrolment, campaign);
  EXPECT_EQ(facts.campaign_code(), "WLB-CAMPAIGN");
  EXPECT_EQ(facts.application_id(), enrolment.application_id->ToString());
  EXPECT_EQ(facts.contact_person_id(), "");
  EXPECT_EQ(facts.SerializeAsString().find("일"), std::string::npos);
}

}  // namespace
}  // namespace ieum::registry
