// Goal: a planned activity of a programme's year is reminded of without code: a rule hangs on the
// events of an approved plan, follows moved days and forgets what was dropped. row:X16
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "google/protobuf/text_format.h"
#include "ieum/registry/v1/events.pb.h"
#include "tests/integration/notify/world.h"

namespace ieum::notify::testing {
namespace {

constexpr char kTemplate[] = R"(
  template_id: "ACTIVITY"
  template {
    event_type: "ieum.registry.v1.ActivityPlanned"
    ko { subject: "{{activity_label}}" body: "{{activity_start_date}} {{activity_label}}" }
    en { subject: "{{activity_label_en}}" body: "{{activity_start_date}}" }
  })";

constexpr char kRule[] = R"(
  rule_id: "ACTIVITY-D-14"
  rule {
    display_name: "행사 2주 전"
    trigger { event_type: "ieum.registry.v1.ActivityPlanned" subject_field: "activity.activity_id" }
    audience: "plan.manager_person_id"
    timing { anchor_field: "activity.start_date" offset_days: -14 time_of_day: "09:00" }
    template: "templates/ACTIVITY"
    channels: CHANNEL_EMAIL
    law_class: LAW_CLASS_SERVICE_NOTICE
    moves_on { event_type: "ieum.registry.v1.ActivityMoved" subject_field: "activity.activity_id" }
    cancels_on { event_type: "ieum.registry.v1.ActivityDropped" subject_field: "activity.activity_id" }
    catch_up: CATCH_UP_POLICY_SKIP_IF_PLANNED_LATE
    useful_hours: 48
  })";

// One activity of one plan, whose manager is to be reminded.
const std::string& ActivityId() {
  static const auto* id = new std::string(base::Uuid::NewV7().ToString());
  return *id;
}

const std::string& Manager() {
  static const auto* id = new std::string(base::Uuid::NewV7().ToString());
  return *id;
}

template <class Event>
Event Activity(const std::string& day) {
  Event event;
  event.mutable_plan()->set_programme("BSN");
  event.mutable_plan()->set_edition("2023");
  event.mutable_plan()->set_manager_person_id(Manager());
  event.mutable_activity()->set_activity_id(ActivityId());
  event.mutable_activity()->set_start_date(day);
  event.mutable_activity()->set_end_date(day);
  event.mutable_activity()->set_label("추진단 협의회");
  event.mutable_activity()->set_label_en("Council");
  event.set_event_date("2023-02-06");
  return event;
}

template <class Request>
Request Read(const char* text) {
  Request request;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request)) << text;
  return request;
}

TEST(ActivityPlan, IsRemindedOfByARuleThatFollowsIt) {
  World world("2023-02-06 10:00");
  const auto made = world.Call<v1::Template>("TemplateService/CreateTemplate",
                                             Read<v1::CreateTemplateRequest>(kTemplate));
  ASSERT_TRUE(made.ok()) << made.status();
  const auto rule =
      world.Call<v1::Rule>("RuleService/CreateRule", Read<v1::CreateRuleRequest>(kRule));
  ASSERT_TRUE(rule.ok()) << rule.status();
  const auto states = [&] {
    return world.Ask(
        "SELECT string_agg(due_date || ' ' || state, ', ' ORDER BY occurrence) FROM reminder");
  };
  world.Happen(Activity<registry::v1::ActivityPlanned>("2023-05-24"));
  EXPECT_EQ(states(), "2023-05-10 1");
  world.Happen(Activity<registry::v1::ActivityMoved>("2023-05-31"));
  EXPECT_EQ(states(), "2023-05-17 1");
  world.Happen(Activity<registry::v1::ActivityDropped>("2023-05-31"));
  EXPECT_EQ(states(), "2023-05-17 4");
  world.ExpectBalanced();
}

}  // namespace
}  // namespace ieum::notify::testing
