#include "services/reporting/facts/fact.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "ieum/registry/v1/events.pb.h"

namespace ieum::reporting {
namespace {

using nlohmann::json;

TEST(FlattenFields, NamesNestedFieldsByDottedPathsAndLeavesEmptyTextOut) {
  registry::v1::EnrolmentConfirmed event;
  event.set_confirmed_date("2023-05-02");
  event.mutable_enrolment()->set_organization_id("0190");
  event.mutable_enrolment()->set_task(registry::v1::TASK_KIND_CAMPAIGN);
  const json fields = json::parse(FlattenFields(event));
  EXPECT_EQ(fields["confirmed_date"], "2023-05-02");
  EXPECT_EQ(fields["enrolment.organization_id"], "0190");
  EXPECT_EQ(fields["enrolment.task"], static_cast<int>(registry::v1::TASK_KIND_CAMPAIGN));
  EXPECT_FALSE(fields.contains("enrolment.engagement_id"));
  EXPECT_FALSE(fields.contains("enrolment.facts.region_code")) << "an unset message has no fields";
}

TEST(FlattenFields, LeavesOutWhatIsNotKnownAndKeepsAKnownZero) {
  registry::v1::OrganizationFactsChanged event;
  event.mutable_facts()->set_total_headcount(0);
  const json fields = json::parse(FlattenFields(event));
  EXPECT_EQ(fields["facts.total_headcount"], 0);
  EXPECT_FALSE(fields.contains("facts.women_headcount")) << "unknown is not 0";
  EXPECT_FALSE(fields.contains("facts.sme")) << "unknown is not false";
}

TEST(FlattenFields, WritesInstantsInUtc) {
  registry::v1::CampaignOpened event;
  event.mutable_campaign()->mutable_window_end_time()->set_seconds(1700000000);
  EXPECT_EQ(json::parse(FlattenFields(event))["campaign.window_end_time"],
            "2023-11-14T22:13:20+00:00");
}

TEST(FlattenFields, KeepsListsOfText) {
  registry::v1::CampaignChanged event;
  event.add_changed_fields("capacity");
  event.add_changed_fields("window_end_time");
  EXPECT_EQ(json::parse(FlattenFields(event))["changed_fields"],
            json({"capacity", "window_end_time"}));
}

TEST(FieldAt, FindsOnlySingleValuesToCountBy) {
  const auto& confirmed = *registry::v1::EnrolmentConfirmed::descriptor();
  EXPECT_NE(FieldAt(confirmed, "enrolment.organization_id"), nullptr);
  EXPECT_EQ(FieldAt(confirmed, "enrolment"), nullptr) << "a message is no value";
  EXPECT_EQ(FieldAt(confirmed, "enrolment.nothing"), nullptr);
  EXPECT_EQ(FieldAt(*registry::v1::CampaignChanged::descriptor(), "changed_fields"), nullptr)
      << "a list is no single value";
  EXPECT_NE(FieldAt(*registry::v1::CampaignOpened::descriptor(), "campaign.window_end_time"),
            nullptr);
}

}  // namespace
}  // namespace ieum::reporting
