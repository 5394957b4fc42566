// Goal: a lead goes only along its arrows, is due for contact fourteen days after its signature,
// and becomes an enrolment of the firm in the edition that it wanted.
#include "services/registry/leads/lead.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "platform/base/status.h"

namespace ieum::registry {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const absl::CivilDay kDay(2024, 11, 21);

LeadStep To(v1::LeadState state, absl::CivilDay day = kDay) {
  LeadStep step;
  step.state = state;
  step.day = day;
  return step;
}

Lead In(v1::LeadState state) {
  Lead lead;
  lead.id = base::Uuid::NewV7();
  lead.steps = {To(state)};
  lead.contact_due = kDay + kContactDays;
  return lead;
}

TEST(Lead, GoesAlongItsArrowsAndNoOthers) {
  const std::set<std::pair<int, int>> arrows = {
      {v1::LEAD_STATE_INTEREST, v1::LEAD_STATE_INTENT_SIGNED},
      {v1::LEAD_STATE_INTENT_SIGNED, v1::LEAD_STATE_CONTACTED},
      {v1::LEAD_STATE_CONTACTED, v1::LEAD_STATE_ENROLLED},
      {v1::LEAD_STATE_INTEREST, v1::LEAD_STATE_LOST},
      {v1::LEAD_STATE_INTENT_SIGNED, v1::LEAD_STATE_LOST},
      {v1::LEAD_STATE_CONTACTED, v1::LEAD_STATE_LOST}};
  for (int from = 1; from < v1::LeadState_ARRAYSIZE; ++from) {
    for (int to = 0; to < v1::LeadState_ARRAYSIZE; ++to) {
      Lead lead = In(static_cast<v1::LeadState>(from));
      const absl::Status step = Step(&lead, To(static_cast<v1::LeadState>(to)), "lost_date");
      EXPECT_EQ(step.ok(), arrows.contains({from, to})) << from << " to " << to;
      EXPECT_EQ(base::ReasonOf(step), step.ok() ? "" : "LEAD_STATE");
      EXPECT_EQ(lead.steps.size(), step.ok() ? 2u : 1u);
    }
  }
}

TEST(Lead, KeepsItsDaysInOrder) {
  Lead lead = In(v1::LEAD_STATE_INTENT_SIGNED);
  const absl::Status early = Step(&lead, To(v1::LEAD_STATE_CONTACTED, kDay - 1), "contacted_date");
  EXPECT_EQ(base::ReasonOf(early), "DATE_ORDER");
  EXPECT_THAT(base::FieldsOf(early), ElementsAre("contacted_date"));
}

TEST(Lead, IsDueForContactOnTheFourteenthDayAfterItsSignature) {
  Lead lead = In(v1::LEAD_STATE_INTEREST);
  lead.contact_due.reset();
  ASSERT_TRUE(Step(&lead, To(v1::LEAD_STATE_INTENT_SIGNED), "signed_date").ok());
  EXPECT_EQ(lead.contact_due, absl::CivilDay(2024, 12, 5));
  EXPECT_FALSE(ContactIsDue(lead, absl::CivilDay(2024, 12, 4)));
  EXPECT_TRUE(ContactIsDue(lead, absl::CivilDay(2024, 12, 5)));
  lead.due_told_at = absl::FromUnixSeconds(1);
  EXPECT_FALSE(ContactIsDue(lead, absl::CivilDay(2024, 12, 6))) << "told already";
  lead.due_told_at.reset();
  ASSERT_TRUE(Step(&lead, To(v1::LEAD_STATE_CONTACTED), "contacted_date").ok());
  EXPECT_FALSE(ContactIsDue(lead, absl::CivilDay(2024, 12, 6)));
}

TEST(Lead, BecomesAnEnrolmentThatFitsAndLives) {
  Lead lead = In(v1::LEAD_STATE_CONTACTED);
  lead.programme = "INC";
  lead.edition = "2025";
  Campaign campaign;
  campaign.programme = "INC";
  campaign.edition = "2025";
  Enrolment enrolment;
  enrolment.organization_id = lead.organization_id;
  enrolment.steps.resize(1);
  const auto says = [&](v1::EnrolmentState state) {
    enrolment.steps[0].state = state;
    const absl::Status status = CheckBecame(lead, enrolment, campaign);
    EXPECT_EQ(base::ReasonOf(status), status.ok() ? "" : "LEAD_ENROLMENT_MISMATCH");
    return std::string(status.message());
  };
  for (int state = 1; state < v1::EnrolmentState_ARRAYSIZE; ++state) {
    const bool ended =
        state == v1::ENROLMENT_STATE_DENIED || state == v1::ENROLMENT_STATE_WITHDRAWN;
    EXPECT_EQ(says(static_cast<v1::EnrolmentState>(state)).empty(), !ended) << state;
  }
  enrolment.centre = base::Uuid::NewV7();
  EXPECT_EQ(says(v1::ENROLMENT_STATE_CONFIRMED), "") << "a lead of the whole suite";
  lead.centre = base::Uuid::NewV7();
  EXPECT_THAT(says(v1::ENROLMENT_STATE_CONFIRMED), HasSubstr("another centre's"));
  enrolment.centre = std::nullopt;
  EXPECT_THAT(says(v1::ENROLMENT_STATE_CONFIRMED), HasSubstr("another centre's"));
  enrolment.centre = lead.centre;
  EXPECT_EQ(says(v1::ENROLMENT_STATE_CONFIRMED), "");
  campaign.edition = "2024";
  EXPECT_THAT(says(v1::ENROLMENT_STATE_CONFIRMED), HasSubstr("another edition"));
  campaign.programme = "BSN";
  EXPECT_THAT(says(v1::ENROLMENT_STATE_CONFIRMED), HasSubstr("another programme"));
  enrolment.organization_id = base::Uuid::NewV7();
  EXPECT_THAT(says(v1::ENROLMENT_STATE_CONFIRMED), HasSubstr("another firm's"));
}

// row:R28
TEST(LeadFacts, CarryIdsAndCodesOnly) {
  Lead lead = In(v1::LEAD_STATE_INTEREST);
  lead.contact_due.reset();
  lead.programme = "INC";
  lead.edition = "2025";
  lead.source_code = "ED-2024";
  lead.contact_person_id = base::Uuid::NewV7();
  const v1::LeadFacts facts = LeadFactsOf(lead);
  EXPECT_EQ(facts.contact_person_id(), lead.contact_person_id->ToString());
  EXPECT_EQ(facts.source_code(), "ED-2024");
  EXPECT_EQ(facts.source_campaign_id(), "");
  EXPECT_EQ(facts.contact_due_date(), "");
}

}  // namespace
}  // namespace ieum::registry
