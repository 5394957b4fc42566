// Goal: events are read by the words of their contracts. Method: the contracts' own messages.
#include "services/notify/events/event_fields.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/notify/messages/message.h"
#include "tests/unit/notify/scenario_rules.h"

namespace ieum::notify::testing {
namespace {

using ::testing::Contains;

TEST(EventType, IsFoundInTheContractsThatRulesMayListenTo) {
  EXPECT_NE(FindEventType("ieum.casemgmt.v1.VisitPlanned"), nullptr);
  EXPECT_NE(FindEventType("ieum.registry.v1.EnrolmentConfirmed"), nullptr);
  EXPECT_EQ(FindEventType("ieum.casemgmt.v1.VisitFacts"), nullptr);  // a part, no event
  EXPECT_EQ(FindEventType("ieum.casemgmt.v1.Nothing"), nullptr);
  EXPECT_EQ(FindEventType(""), nullptr);
}

TEST(Path, LeadsToASingleText) {
  const auto& type = *casemgmt::v1::VisitPlanned::descriptor();
  EXPECT_NE(FindTextField(type, "visit.visit_id"), nullptr);
  EXPECT_NE(FindTextField(type, "event_date"), nullptr);
  for (const char* path : {"visit", "visit.report_recorded", "visit.visit_id.more", "visits",
                           "visit.start_time.seconds", "", "."}) {
    EXPECT_EQ(FindTextField(type, path), nullptr) << path;
  }
  EXPECT_EQ(TextAt(VisitPlanned("2023-04-10"), "visit.visit_date"), "2023-04-10");
  EXPECT_EQ(TextAt(VisitPlanned("2023-04-10"), "visit.nothing"), "");
}

TEST(Facts, AreTheScalarsOfTheEventByPath) {
  const Facts facts = FactsOf(VisitPlanned("2023-04-10"));
  EXPECT_EQ(facts.at("visit_visit_date"), "2023-04-10");
  EXPECT_EQ(facts.at("visit_start_time"), "2023-04-10T01:00:00+00:00");
  EXPECT_EQ(facts.at("visit_report_recorded"), "false");
  EXPECT_EQ(facts.at("engagement_task"), "TASK_KIND_UNSPECIFIED");
  EXPECT_EQ(facts.at("visit_end_time"), "");
  const auto names = FactNames(*casemgmt::v1::VisitPlanned::descriptor());
  EXPECT_EQ(names.size(), facts.size());
  for (const auto& [name, value] : facts) EXPECT_THAT(names, Contains(name));
}

// A person who takes part for herself: no organization, and nobody to write to but herself.
TEST(Facts, OfAPersonsEnrolmentNameNoOrganization) {
  registry::v1::EnrolmentConfirmed event;
  event.mutable_enrolment()->set_person_id("0190a000-0000-7000-8000-000000000001");
  event.mutable_enrolment()->set_employer_id("0190a000-0000-7000-8000-000000000002");
  const Facts facts = FactsOf(event);
  const std::string organization = OrganizationFact(FactNames(*event.GetDescriptor()));
  EXPECT_EQ(organization, "enrolment_organization_id") << "the employer is none";
  EXPECT_EQ(facts.at(organization), "");
  EXPECT_EQ(TextAt(event, "enrolment.contact_person_id"), "");
  EXPECT_EQ(TextAt(event, "enrolment.person_id"), event.enrolment().person_id());
}

// A case's events say its centre within the facts of the case; the database reads `centre_id`.
TEST(Facts, TellTheCentreOfACaseAsTheirOwn) {
  casemgmt::v1::CaseRiskChanged event;
  EXPECT_EQ(CentreOf(FactsOf(event)), "") << "of the whole suite";
  event.mutable_case_()->set_centre_id("0190a000-0000-7000-8000-00000000000a");
  EXPECT_EQ(FactsOf(event).at("centre_id"), "0190a000-0000-7000-8000-00000000000a");
  EXPECT_EQ(CentreOf(FactsOf(event)), "0190a000-0000-7000-8000-00000000000a");
  casemgmt::v1::VisitPlanned visit;
  visit.mutable_engagement()->set_centre_id("0190a000-0000-7000-8000-00000000000a");
  EXPECT_FALSE(FactsOf(visit).contains("centre_id")) << "as it was kept before";
}

TEST(Facts, TellTheOrganizationByTheShortestName) {
  EXPECT_EQ(OrganizationFact(FactNames(*casemgmt::v1::VisitPlanned::descriptor())),
            "engagement_organization_id");
  EXPECT_EQ(OrganizationFact(FactNames(*registry::v1::OrganizationRegistered::descriptor())),
            "organization_id");
  EXPECT_EQ(OrganizationFact(FactNames(*registry::v1::CampaignCreated::descriptor())), "");
}

}  // namespace
}  // namespace ieum::notify::testing
