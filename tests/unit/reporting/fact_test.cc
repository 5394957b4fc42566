#include "services/reporting/facts/fact.h"

#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "ieum/casemgmt/v1/events.pb.h"
#include "ieum/platform/v1/options.pb.h"
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

// Fills `centre_id` of the event, or of its parts.
bool SayCentre(google::protobuf::Message& event) {
  constexpr char kCentre[] = "0190a000-0000-7000-8000-00000000000a";
  const auto& type = *event.GetDescriptor();
  if (const auto* own = type.FindFieldByName("centre_id")) {
    event.GetReflection()->SetString(&event, own, kCentre);
    return true;
  }
  for (int at = 0; at < type.field_count(); ++at) {
    const auto* part = type.field(at)->message_type();
    if (part == nullptr || type.field(at)->is_repeated()) continue;
    const auto* said = part->FindFieldByName("centre_id");
    if (said == nullptr) continue;
    auto* inner = event.GetReflection()->MutableMessage(&event, type.field(at));
    inner->GetReflection()->SetString(inner, said, kCentre);
    return true;
  }
  return false;
}

// By whichever name the event says it: these are what the column of the centre is read from.
TEST(FlattenFields, KeepsTheCentreOfEveryEventWhereTheDatabaseReadsIt) {
  int said = 0;
  for (const auto* file : {registry::v1::EnrolmentConfirmed::descriptor()->file(),
                           casemgmt::v1::VisitPlanned::descriptor()->file()}) {
    for (int at = 0; at < file->message_type_count(); ++at) {
      const auto* type = file->message_type(at);
      if (!type->options().HasExtension(platform::v1::event)) continue;
      const std::unique_ptr<google::protobuf::Message> event(
          google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
      if (!SayCentre(*event)) continue;
      ++said;
      const json fields = json::parse(FlattenFields(*event));
      int read = 0;
      for (const char* name :
           {"engagement.centre_id", "application.centre_id", "enrolment.centre_id",
            "campaign.centre_id", "message.centre_id", "reminder.centre_id", "centre_id"}) {
        if (fields.contains(name)) ++read;
      }
      EXPECT_EQ(read, 1) << type->full_name() << " " << fields;
    }
  }
  EXPECT_GT(said, 60);
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
