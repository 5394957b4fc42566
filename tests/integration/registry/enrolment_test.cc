// Goal: a verdict is given at once and kept with its rules and evidence; seats go on to those who
// wait.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/registry/world.h"

namespace ieum::registry {
namespace {

using ::testing::ElementsAre;

class Enrolments : public ::testing::Test {
 protected:
  template <class Request>
  absl::StatusOr<v1::Enrolment> Step(const std::string& verb, const Request& request) {
    return world_.Call<v1::Enrolment>("EnrolmentService/" + verb + "Enrolment", request);
  }
  absl::StatusOr<v1::Enrolment> Activate(const std::string& name, const std::string& day = "") {
    v1::ActivateEnrolmentRequest request;
    request.set_name(name);
    request.set_activated_date(day);
    return Step("Activate", request);
  }
  absl::StatusOr<v1::Enrolment> Complete(const std::string& name, const std::string& day = "") {
    v1::CompleteEnrolmentRequest request;
    request.set_name(name);
    request.set_completed_date(day);
    return Step("Complete", request);
  }
  absl::StatusOr<v1::Enrolment> Withdraw(const std::string& name, const std::string& day = "",
                                         const std::string& etag = "") {
    v1::WithdrawEnrolmentRequest request;
    request.set_name(name);
    request.set_reason(v1::WITHDRAWAL_REASON_REQUESTED);
    request.set_withdrawn_date(day);
    request.set_etag(etag);
    return Step("Withdraw", request);
  }
  absl::StatusOr<v1::Enrolment> Create(const v1::CreateEnrolmentRequest& request) {
    return world_.Call<v1::Enrolment>("EnrolmentService/CreateEnrolment", request);
  }
  static std::vector<int> States(const v1::Enrolment& enrolment) {
    std::vector<int> states;
    for (const auto& step : enrolment.transitions()) states.push_back(step.state());
    return states;
  }

  World world_;
};

// row:R16
TEST_F(Enrolments, KeepTheVerdictWithItsRulesAndItsEvidence) {
  const std::string campaign = world_.OpenCampaign([](v1::Campaign* wish) {
    wish->mutable_eligibility()->set_sme_only(true);
    wish->mutable_eligibility()->add_region_prefixes("26");
  });
  const std::string firm = world_.Firm(1);
  const v1::Enrolment enrolment = world_.Enrol(campaign, firm);
  EXPECT_EQ(enrolment.state(), v1::ENROLMENT_STATE_CONFIRMED);
  EXPECT_TRUE(enrolment.verdict().eligible());
  EXPECT_EQ(enrolment.verdict().rule_version(), 2) << "created and opened";
  EXPECT_TRUE(enrolment.verdict().rules().sme_only());
  EXPECT_EQ(enrolment.verdict().facts().region_code(), "26110");
  // Later facts and later rules do not touch it.
  v1::RecordOrganizationFactsRequest moved;
  moved.set_name(firm);
  moved.mutable_facts()->set_valid_from("2023-05-02");
  moved.mutable_facts()->set_region_code("28177");
  ASSERT_TRUE(
      world_.Call<v1::Organization>("OrganizationService/RecordOrganizationFacts", moved).ok());
  EXPECT_EQ(world_.GetEnrolment(enrolment.name())->verdict().facts().region_code(), "26110");
  const auto event = world_.Events(enrolment.name())[1].As<v1::EnrolmentConfirmed>();
  EXPECT_EQ(event.rule_version(), 2);
  EXPECT_EQ(event.enrolment().facts().region_code(), "26110");
  EXPECT_EQ(event.enrolment().organization_kind(), v1::ORGANIZATION_KIND_FIRM);
}

TEST_F(Enrolments, LookAtTheFactsOfTheDayOnWhichTheFirmAsked) {
  const std::string campaign = world_.OpenCampaign(
      [](v1::Campaign* wish) { wish->mutable_eligibility()->add_region_prefixes("26"); });
  const std::string firm = world_.Firm(1);
  v1::RecordOrganizationFactsRequest moved;
  moved.set_name(firm);
  moved.mutable_facts()->set_valid_from("2023-04-15");
  moved.mutable_facts()->set_region_code("28177");
  ASSERT_TRUE(
      world_.Call<v1::Organization>("OrganizationService/RecordOrganizationFacts", moved).ok());
  v1::CreateEnrolmentRequest request;
  request.set_parent(campaign);
  request.mutable_enrolment()->set_organization(firm);
  const auto now = Create(request);
  ASSERT_TRUE(now.ok()) << now.status();
  EXPECT_EQ(now->state(), v1::ENROLMENT_STATE_DENIED);
  EXPECT_EQ(now->verdict().reason(), v1::DENIAL_REASON_REGION);
  EXPECT_FALSE(now->verdict().eligible());
  request.mutable_enrolment()->set_applied_date("2023-04-14");
  EXPECT_EQ(Create(request)->state(), v1::ENROLMENT_STATE_CONFIRMED);
  request.mutable_enrolment()->set_applied_date("2023-03-12");
  EXPECT_EQ(Create(request)->verdict().reason(), v1::DENIAL_REASON_OUTSIDE_WINDOW);
  request.mutable_enrolment()->set_applied_date("2023-05-03");
  EXPECT_EQ(base::ReasonOf(Create(request).status()), "DATE_INVALID");
}

// row:R14
TEST_F(Enrolments, GoThroughDatedSteps) {
  const v1::Enrolment enrolment = world_.Enrol(world_.OpenCampaign(), world_.Firm(1));
  EXPECT_EQ(base::ReasonOf(Complete(enrolment.name()).status()), "ENROLMENT_STATE");
  world_.SetClock("2023-05-10 11:00");
  EXPECT_EQ(base::ReasonOf(Activate(enrolment.name(), "2023-05-01").status()), "DATE_ORDER");
  EXPECT_EQ(base::ReasonOf(Activate(enrolment.name(), "2023-05-11").status()), "DATE_INVALID");
  ASSERT_TRUE(Activate(enrolment.name(), "2023-05-09").ok());
  EXPECT_EQ(base::ReasonOf(Activate(enrolment.name()).status()), "ENROLMENT_STATE");
  const auto done = Complete(enrolment.name());
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_THAT(States(*done), ElementsAre(1, 4, 5, 6));
  EXPECT_EQ(done->transitions(2).date(), "2023-05-09");
  EXPECT_EQ(done->transitions(3).date(), "2023-05-10");
  EXPECT_EQ(base::ReasonOf(Withdraw(enrolment.name()).status()), "ENROLMENT_STATE");
  EXPECT_THAT(world_.EventTypes(enrolment.name()),
              ElementsAre("EnrolmentApplied", "EnrolmentConfirmed", "EnrolmentActivated",
                          "EnrolmentCompleted"));
}

// row:R13
TEST_F(Enrolments, PassASeatOnToTheFirstInLine) {
  const std::string campaign =
      world_.OpenCampaign([](v1::Campaign* wish) { wish->set_capacity(1); });
  const v1::Enrolment first = world_.Enrol(campaign, world_.Firm(1));
  const v1::Enrolment second = world_.Enrol(campaign, world_.Firm(2));
  const v1::Enrolment third = world_.Enrol(campaign, world_.Firm(3));
  EXPECT_EQ(second.state(), v1::ENROLMENT_STATE_WAITING);
  EXPECT_TRUE(second.verdict().eligible());
  EXPECT_EQ(second.waiting_position(), 1);
  EXPECT_EQ(third.waiting_position(), 2);
  ASSERT_TRUE(Withdraw(first.name()).ok());
  const auto promoted = world_.GetEnrolment(second.name());
  EXPECT_THAT(States(*promoted), ElementsAre(1, 3, 4));
  EXPECT_EQ(promoted->waiting_position(), 0);
  EXPECT_EQ(world_.GetEnrolment(third.name())->waiting_position(), 1);
  EXPECT_TRUE(world_.Events(second.name())[2].As<v1::EnrolmentConfirmed>().promoted());
  const auto withdrawn = world_.Events(first.name())[2].As<v1::EnrolmentWithdrawn>();
  EXPECT_EQ(withdrawn.previous_state(), v1::ENROLMENT_STATE_CONFIRMED);
  EXPECT_EQ(withdrawn.reason(), v1::WITHDRAWAL_REASON_REQUESTED);
  EXPECT_EQ(world_.GetCampaign(campaign).enrolled_count(), 1);
  EXPECT_EQ(world_.GetCampaign(campaign).waiting_count(), 1);
}

TEST_F(Enrolments, LeaveTheLineWithoutTouchingTheSeats) {
  const std::string campaign =
      world_.OpenCampaign([](v1::Campaign* wish) { wish->set_capacity(1); });
  world_.Enrol(campaign, world_.Firm(1));
  const v1::Enrolment second = world_.Enrol(campaign, world_.Firm(2));
  const v1::Enrolment third = world_.Enrol(campaign, world_.Firm(3));
  ASSERT_TRUE(Withdraw(second.name()).ok());
  EXPECT_EQ(world_.GetEnrolment(third.name())->waiting_position(), 1);
  EXPECT_EQ(world_.GetCampaign(campaign).enrolled_count(), 1);
  EXPECT_EQ(world_.GetCampaign(campaign).waiting_count(), 1);
}

TEST_F(Enrolments, AreDeniedAFullCampaignWithoutWaitingList) {
  const std::string campaign = world_.OpenCampaign([](v1::Campaign* wish) {
    wish->set_capacity(1);
    wish->set_waiting_list(false);
  });
  world_.Enrol(campaign, world_.Firm(1));
  const v1::Enrolment second = world_.Enrol(campaign, world_.Firm(2));
  EXPECT_EQ(second.state(), v1::ENROLMENT_STATE_DENIED);
  EXPECT_EQ(second.verdict().reason(), v1::DENIAL_REASON_CAMPAIGN_FULL);
  const auto event = world_.Events(second.name())[1].As<v1::EnrolmentDenied>();
  EXPECT_EQ(event.reason(), v1::DENIAL_REASON_CAMPAIGN_FULL);
}

TEST_F(Enrolments, FollowIntoNewSeatsInTheirOrder) {
  const std::string campaign =
      world_.OpenCampaign([](v1::Campaign* wish) { wish->set_capacity(1); });
  std::vector<v1::Enrolment> all;
  for (int n = 1; n <= 5; ++n) all.push_back(world_.Enrol(campaign, world_.Firm(n)));
  v1::UpdateCampaignRequest update;
  update.mutable_campaign()->set_name(campaign);
  update.mutable_campaign()->set_capacity(3);
  const auto wider = world_.Call<v1::Campaign>("CampaignService/UpdateCampaign", update);
  ASSERT_TRUE(wider.ok()) << wider.status();
  EXPECT_EQ(wider->enrolled_count(), 3);
  EXPECT_EQ(wider->waiting_count(), 2);
  EXPECT_EQ(world_.GetEnrolment(all[2].name())->state(), v1::ENROLMENT_STATE_CONFIRMED);
  EXPECT_EQ(world_.GetEnrolment(all[3].name())->waiting_position(), 1);
  update.mutable_campaign()->set_capacity(0);
  update.mutable_update_mask()->add_paths("capacity");
  EXPECT_EQ(world_.Call<v1::Campaign>("CampaignService/UpdateCampaign", update)->waiting_count(),
            0);
}

TEST_F(Enrolments, AreOneForAnOrganizationWhileItLives) {
  const std::string campaign = world_.OpenCampaign(), firm = world_.Firm(1);
  const v1::Enrolment first = world_.Enrol(campaign, firm);
  const v1::Enrolment second = world_.Enrol(campaign, firm);
  EXPECT_EQ(second.verdict().reason(), v1::DENIAL_REASON_ALREADY_ENROLLED);
  ASSERT_TRUE(Withdraw(first.name()).ok());
  EXPECT_EQ(world_.Enrol(campaign, firm).state(), v1::ENROLMENT_STATE_CONFIRMED);
  // Another campaign is another matter.
  EXPECT_EQ(world_.Enrol(world_.OpenCampaign(), firm).state(), v1::ENROLMENT_STATE_CONFIRMED);
}

TEST_F(Enrolments, NeedACampaignThatAdmitsByRulesAnOrganizationAndAPersonThatExist) {
  const std::string external = world_.OpenCampaign(
      [](v1::Campaign* wish) { wish->set_admission(v1::ADMISSION_MODE_EXTERNAL); });
  v1::CreateEnrolmentRequest request;
  request.set_parent(external);
  request.mutable_enrolment()->set_organization(world_.Firm(1));
  EXPECT_EQ(base::ReasonOf(Create(request).status()), "ADMISSION_NOT_BY_RULES");
  request.set_parent("campaigns/" + base::Uuid::NewV7().ToString());
  EXPECT_EQ(base::ReasonOf(Create(request).status()), "NOT_FOUND");
  request.set_parent(world_.OpenCampaign());
  request.mutable_enrolment()->set_contact_person("persons/" + base::Uuid::NewV7().ToString());
  EXPECT_EQ(base::ReasonOf(Create(request).status()), "NOT_FOUND");
  request.mutable_enrolment()->set_contact_person(world_.Person("고상훈"));
  EXPECT_TRUE(Create(request).ok());
  request.mutable_enrolment()->set_organization("organizations/" + base::Uuid::NewV7().ToString());
  EXPECT_EQ(base::ReasonOf(Create(request).status()), "NOT_FOUND");
}

// row:R26 row:R27
TEST_F(Enrolments, AreMadeOnceAndChangedOnlyFromTheKnownState) {
  v1::CreateEnrolmentRequest request;
  request.set_parent(world_.OpenCampaign());
  request.mutable_enrolment()->set_organization(world_.Firm(1));
  request.set_request_id(base::Uuid::NewV7().ToString());
  request.set_enrolment_id(base::Uuid::NewV7().ToString());
  const auto first = Create(request), again = Create(request);
  ASSERT_TRUE(first.ok() && again.ok()) << again.status();
  EXPECT_EQ(first->name(), again->name());
  EXPECT_EQ(first->etag(), "\"2\"");
  request.clear_request_id();
  EXPECT_EQ(base::ReasonOf(Create(request).status()), "ID_TAKEN");
  EXPECT_EQ(base::ReasonOf(Withdraw(first->name(), "", "\"1\"").status()), "STALE_ETAG");
  EXPECT_EQ(Withdraw(first->name(), "", "\"2\"")->etag(), "\"3\"");
}

TEST_F(Enrolments, AreOnlyRehearsedWhenOnlyValidationIsWanted) {
  v1::CreateEnrolmentRequest request;
  request.set_parent(world_.OpenCampaign());
  request.mutable_enrolment()->set_organization(world_.Firm(1));
  request.set_validate_only(true);
  EXPECT_TRUE(Create(request).ok());
  EXPECT_EQ(world_.GetCampaign(request.parent()).enrolled_count(), 0);
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM enrolment"), "0");
}

TEST_F(Enrolments, AreListedByStateAndOrganization) {
  const std::string campaign =
      world_.OpenCampaign([](v1::Campaign* wish) { wish->set_capacity(2); });
  const std::string firm = world_.Firm(3);
  world_.Enrol(campaign, world_.Firm(1));
  world_.Enrol(campaign, world_.Firm(2));
  world_.Enrol(campaign, firm);
  v1::ListEnrolmentsRequest request;
  request.set_parent(campaign);
  request.set_filter("state = ENROLMENT_STATE_CONFIRMED");
  const auto list = [&] {
    return world_.Call<v1::ListEnrolmentsResponse>("EnrolmentService/ListEnrolments", request);
  };
  EXPECT_EQ(list()->enrolments_size(), 2);
  request.set_parent("campaigns/-");
  request.set_filter("organization = \"" + firm + "\"");
  const auto found = list();
  ASSERT_TRUE(found.ok()) << found.status();
  ASSERT_EQ(found->enrolments_size(), 1);
  EXPECT_EQ(found->enrolments(0).waiting_position(), 1);
  EXPECT_THAT(States(found->enrolments(0)), ElementsAre(1, 3));
}

}  // namespace
}  // namespace ieum::registry
