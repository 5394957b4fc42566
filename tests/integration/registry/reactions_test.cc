// Goal: a received form becomes exactly one enrolment with a verdict, and its withdrawal ends it,
// however often and in whatever order the two are told.
#include "services/registry/reactions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/registry/world.h"

namespace ieum::registry {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

const base::Uuid kReceived = base::Uuid::NewV7();
const base::Uuid kWithdrawn = base::Uuid::NewV7();

class Forms : public ::testing::Test {
 protected:
  Forms() {
    form_.campaign = world_.OpenCampaign();
    form_.organization = world_.Firm(1);
  }
  v1::Enrolment Only() {
    const auto all = world_.Enrolments(form_.campaign);
    EXPECT_THAT(all, SizeIs(1));
    return all.empty() ? v1::Enrolment() : all[0];
  }

  World world_;
  Form form_;
};

TEST_F(Forms, BecomeEnrolmentsWithAVerdict) {
  ASSERT_TRUE(world_.Deliver(form_.Received(), kReceived).ok());
  const v1::Enrolment enrolment = Only();
  EXPECT_EQ(enrolment.state(), v1::ENROLMENT_STATE_CONFIRMED);
  EXPECT_EQ(enrolment.application(), "applications/" + form_.id.ToString());
  EXPECT_EQ(enrolment.applied_date(), "2023-05-02");
  const auto event = world_.Events(enrolment.name())[1].As<v1::EnrolmentConfirmed>();
  const auto told = form_.Received().application();
  EXPECT_EQ(event.enrolment().application_id(), told.application_id());
  EXPECT_EQ(event.enrolment().engagement_id(), told.engagement_id());
  EXPECT_EQ(event.enrolment().contact_person_id(), told.contact_person_id());
  EXPECT_EQ(event.enrolment().consultant_person_id(), told.consultant_person_id());
  EXPECT_EQ(event.confirmed_date(), "2023-05-02");
  EXPECT_EQ(world_.Ask("SELECT DISTINCT causation_id FROM event_log WHERE causation_id <> ''"),
            kReceived.ToString());
}

TEST_F(Forms, ChangeNothingWhenToldAgain) {
  ASSERT_TRUE(world_.Deliver(form_.Received(), kReceived).ok());
  ASSERT_TRUE(world_.Deliver(form_.Received(), kReceived).ok());
  ASSERT_TRUE(world_.Deliver(form_.Received(), base::Uuid::NewV7()).ok());
  EXPECT_THAT(world_.EventTypes(Only().name()),
              ElementsAre("EnrolmentApplied", "EnrolmentConfirmed"));
  EXPECT_EQ(world_.GetCampaign(form_.campaign).enrolled_count(), 1);
}

TEST_F(Forms, AreInTimeByWhenTheyWereHandedIn) {
  world_.SetClock("2023-10-11 09:30");
  form_.submitted = "2023-10-10 17:59";
  form_.received_date = "2023-10-11";
  ASSERT_TRUE(world_.Deliver(form_.Received(), kReceived).ok());
  EXPECT_EQ(Only().state(), v1::ENROLMENT_STATE_CONFIRMED);
  Form late = form_;
  late.id = base::Uuid::NewV7();
  late.organization = world_.Firm(2);
  late.submitted = "2023-10-10 18:00";
  ASSERT_TRUE(world_.Deliver(late.Received(), base::Uuid::NewV7()).ok());
  for (const v1::Enrolment& enrolment : world_.Enrolments(form_.campaign)) {
    if (enrolment.application() != "applications/" + late.id.ToString()) continue;
    EXPECT_EQ(enrolment.verdict().reason(), v1::DENIAL_REASON_OUTSIDE_WINDOW);
  }
  EXPECT_EQ(world_.GetCampaign(form_.campaign).enrolled_count(), 1);
}

TEST_F(Forms, OfAnUnknownOrganizationAreDenied) {
  form_.organization = "organizations/" + base::Uuid::NewV7().ToString();
  ASSERT_TRUE(world_.Deliver(form_.Received(), kReceived).ok());
  const v1::Enrolment enrolment = Only();
  EXPECT_EQ(enrolment.verdict().reason(), v1::DENIAL_REASON_ORGANIZATION_UNKNOWN);
  EXPECT_FALSE(enrolment.verdict().has_facts());
}

TEST_F(Forms, OfAnUnknownCampaignAreAFaultThatIsParked) {
  form_.campaign = "campaigns/" + base::Uuid::NewV7().ToString();
  EXPECT_EQ(base::ReasonOf(world_.Deliver(form_.Received(), kReceived)), "NOT_FOUND");
}

TEST_F(Forms, ThatAnotherBodyDecidesAboutMakeNoEnrolment) {
  auto received = form_.Received();
  received.mutable_application()->set_admission(v1::ADMISSION_MODE_EXTERNAL);
  ASSERT_TRUE(world_.Deliver(received, kReceived).ok());
  auto withdrawn = form_.Withdrawn("2023-05-02");
  withdrawn.mutable_application()->set_admission(v1::ADMISSION_MODE_EXTERNAL);
  ASSERT_TRUE(world_.Deliver(withdrawn, kWithdrawn).ok());
  EXPECT_EQ(world_.Ask("SELECT (SELECT count(*) FROM enrolment) + "
                       "(SELECT count(*) FROM withdrawn_application)"),
            "0");
}

TEST_F(Forms, ThatAreTakenBackEndTheEnrolment) {
  ASSERT_TRUE(world_.Deliver(form_.Received(), kReceived).ok());
  world_.SetClock("2023-05-09 10:00");
  ASSERT_TRUE(world_.Deliver(form_.Withdrawn("2023-05-09"), kWithdrawn).ok());
  ASSERT_TRUE(world_.Deliver(form_.Withdrawn("2023-05-09"), kWithdrawn).ok());
  const v1::Enrolment enrolment = Only();
  EXPECT_EQ(enrolment.state(), v1::ENROLMENT_STATE_WITHDRAWN);
  EXPECT_EQ(enrolment.transitions(2).withdrawal_reason(), v1::WITHDRAWAL_REASON_FORM_WITHDRAWN);
  EXPECT_EQ(enrolment.transitions(2).date(), "2023-05-09");
  EXPECT_EQ(world_.GetCampaign(form_.campaign).enrolled_count(), 0);
  EXPECT_THAT(world_.EventTypes(enrolment.name()),
              ElementsAre("EnrolmentApplied", "EnrolmentConfirmed", "EnrolmentWithdrawn"));
}

TEST_F(Forms, ThatWereTakenBackBeforeTheirReceiptIsHeardOfEndWithdrawn) {
  ASSERT_TRUE(world_.Deliver(form_.Withdrawn("2023-05-02"), kWithdrawn).ok());
  ASSERT_TRUE(world_.Deliver(form_.Received(), kReceived).ok());
  ASSERT_TRUE(world_.Deliver(form_.Withdrawn("2023-05-02"), kWithdrawn).ok());
  const v1::Enrolment enrolment = Only();
  EXPECT_EQ(enrolment.state(), v1::ENROLMENT_STATE_WITHDRAWN);
  EXPECT_FALSE(enrolment.has_verdict());
  EXPECT_EQ(world_.GetCampaign(form_.campaign).enrolled_count(), 0);
  EXPECT_THAT(world_.EventTypes(enrolment.name()),
              ElementsAre("EnrolmentApplied", "EnrolmentWithdrawn"));
}

TEST_F(Forms, ThatAreTakenBackPromoteTheNext) {
  const std::string campaign =
      world_.OpenCampaign([](v1::Campaign* wish) { wish->set_capacity(1); });
  form_.campaign = campaign;
  Form next = form_;
  next.id = base::Uuid::NewV7();
  next.organization = world_.Firm(2);
  ASSERT_TRUE(world_.Deliver(form_.Received(), kReceived).ok());
  ASSERT_TRUE(world_.Deliver(next.Received(), base::Uuid::NewV7()).ok());
  ASSERT_TRUE(world_.Deliver(form_.Withdrawn("2023-05-02"), kWithdrawn).ok());
  const auto all = world_.Enrolments(campaign);
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_EQ(all[0].state() + all[1].state(),
            v1::ENROLMENT_STATE_WITHDRAWN + v1::ENROLMENT_STATE_CONFIRMED);
  EXPECT_EQ(world_.GetCampaign(campaign).enrolled_count(), 1);
}

TEST_F(Forms, ThatWereDeniedOrAreOverStayAsTheyAre) {
  form_.organization = "organizations/" + base::Uuid::NewV7().ToString();
  ASSERT_TRUE(world_.Deliver(form_.Received(), kReceived).ok());
  ASSERT_TRUE(world_.Deliver(form_.Withdrawn("2023-05-02"), kWithdrawn).ok());
  EXPECT_EQ(Only().state(), v1::ENROLMENT_STATE_DENIED);
}

}  // namespace
}  // namespace ieum::registry
