// Goal: an organization that ends gives its seats and its places in the line back at once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "tests/integration/registry/world.h"

namespace ieum::registry {
namespace {

using ::testing::ElementsAre;

class Deactivation : public ::testing::Test {
 protected:
  absl::StatusOr<v1::Organization> Deactivate(const std::string& firm,
                                              const std::string& day = "") {
    v1::DeactivateOrganizationRequest request;
    request.set_name(firm);
    request.set_reason(v1::DEACTIVATION_REASON_CLOSED_DOWN);
    request.set_effective_date(day);
    return world_.Call<v1::Organization>("OrganizationService/DeactivateOrganization", request);
  }

  World world_;
};

TEST_F(Deactivation, GivesSeatsAndPlacesBackInEveryCampaign) {
  const auto one_seat = [](v1::Campaign* wish) { wish->set_capacity(1); };
  const std::string first = world_.OpenCampaign(one_seat), second = world_.OpenCampaign(one_seat);
  const std::string gone = world_.Firm(1), stays = world_.Firm(2), last = world_.Firm(3);
  const v1::Enrolment seat = world_.Enrol(first, gone);
  const v1::Enrolment next = world_.Enrol(first, stays);
  world_.Enrol(second, stays);
  const v1::Enrolment waiting = world_.Enrol(second, gone);
  const v1::Enrolment behind = world_.Enrol(second, last);

  const auto done = Deactivate(gone, "2023-04-30");
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_EQ(done->state(), v1::ORGANIZATION_STATE_INACTIVE);
  EXPECT_EQ(done->deactivation_date(), "2023-04-30");
  for (const auto& mine : {seat, waiting}) {
    const auto ended = world_.GetEnrolment(mine.name());
    EXPECT_EQ(ended->state(), v1::ENROLMENT_STATE_WITHDRAWN);
    EXPECT_EQ(ended->transitions().rbegin()->withdrawal_reason(),
              v1::WITHDRAWAL_REASON_ORGANIZATION_DEACTIVATED);
    EXPECT_EQ(ended->transitions().rbegin()->date(), "2023-05-02") << "not before the seat";
  }
  EXPECT_EQ(world_.GetEnrolment(next.name())->state(), v1::ENROLMENT_STATE_CONFIRMED);
  EXPECT_EQ(world_.GetEnrolment(behind.name())->waiting_position(), 1);
  EXPECT_EQ(world_.GetCampaign(first).enrolled_count(), 1);
  EXPECT_EQ(world_.GetCampaign(second).waiting_count(), 1);
}

TEST_F(Deactivation, LosesTheLeadsOfTheFirm) {
  const std::string firm = world_.Firm(1), other = world_.Firm(2);
  const auto lead_of = [&](const std::string& of, const std::string& edition) {
    v1::CreateLeadRequest request;
    request.mutable_lead()->set_organization(of);
    request.mutable_lead()->set_programme("BSN");
    request.mutable_lead()->set_edition(edition);
    const auto lead = world_.Call<v1::Lead>("LeadService/CreateLead", request);
    EXPECT_TRUE(lead.ok()) << lead.status();
    return lead.ok() ? lead->name() : "";
  };
  const std::string open = lead_of(firm, "2024"), lost = lead_of(firm, "2025"),
                    stays = lead_of(other, "2024");
  v1::LoseLeadRequest lose;
  lose.set_name(lost);
  lose.set_reason(v1::LEAD_LOSS_REASON_NOT_REACHED);
  ASSERT_TRUE(world_.Call<v1::Lead>("LeadService/LoseLead", lose).ok());
  ASSERT_TRUE(Deactivate(firm, "2023-04-30").ok());
  const auto get = [&](const std::string& name) {
    v1::GetLeadRequest request;
    request.set_name(name);
    return world_.Call<v1::Lead>("LeadService/GetLead", request).value();
  };
  EXPECT_EQ(get(open).state(), v1::LEAD_STATE_LOST);
  EXPECT_EQ(get(open).transitions().rbegin()->loss_reason(), v1::LEAD_LOSS_REASON_CLOSED_DOWN);
  EXPECT_EQ(get(open).transitions().rbegin()->date(), "2023-05-02") << "not before the interest";
  EXPECT_EQ(get(lost).transitions().rbegin()->loss_reason(), v1::LEAD_LOSS_REASON_NOT_REACHED);
  EXPECT_EQ(get(stays).state(), v1::LEAD_STATE_INTEREST);
  EXPECT_THAT(world_.EventTypes(open), ElementsAre("LeadRecorded", "LeadLost"));
}

TEST_F(Deactivation, IsFinalAndClosesTheOrganizationToChanges) {
  const std::string firm = world_.Firm(1);
  EXPECT_EQ(base::ReasonOf(Deactivate(firm, "2023-05-03").status()), "DATE_INVALID");
  ASSERT_TRUE(Deactivate(firm).ok());
  EXPECT_EQ(base::ReasonOf(Deactivate(firm).status()), "ORGANIZATION_INACTIVE");
  v1::UpdateOrganizationRequest update;
  update.mutable_organization()->set_name(firm);
  update.mutable_organization()->set_display_name("새 이름");
  EXPECT_EQ(
      base::ReasonOf(
          world_.Call<v1::Organization>("OrganizationService/UpdateOrganization", update).status()),
      "ORGANIZATION_INACTIVE");
  v1::RecordOrganizationFactsRequest facts;
  facts.set_name(firm);
  facts.mutable_facts()->set_valid_from("2023-05-02");
  EXPECT_EQ(base::ReasonOf(
                world_.Call<v1::Organization>("OrganizationService/RecordOrganizationFacts", facts)
                    .status()),
            "ORGANIZATION_INACTIVE");
  EXPECT_EQ(world_.Enrol(world_.OpenCampaign(), firm).verdict().reason(),
            v1::DENIAL_REASON_ORGANIZATION_INACTIVE);
}

TEST_F(Deactivation, OfAnUnknownOneIsNotFound) {
  EXPECT_EQ(base::ReasonOf(Deactivate("organizations/" + base::Uuid::NewV7().ToString()).status()),
            "NOT_FOUND");
}

// Whoever comes first, nobody who is gone keeps a seat.
TEST_F(Deactivation, LeavesNoSeatBehindWhenItMeetsAnEnrolment) {
  const std::string campaign = world_.OpenCampaign();
  for (int n = 1; n <= 10; ++n) {
    const std::string firm = world_.Firm(n);
    std::thread ending([&] { EXPECT_TRUE(Deactivate(firm).ok()); });
    world_.Enrol(campaign, firm);
    ending.join();
  }
  EXPECT_EQ(world_.GetCampaign(campaign).enrolled_count(), 0);
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM enrolment WHERE state NOT IN (2, 7)"), "0");
}

}  // namespace
}  // namespace ieum::registry
