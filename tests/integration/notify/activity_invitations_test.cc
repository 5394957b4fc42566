// Goal: invitations, reminders of who has not answered, and the staff's look at the room are rules
// on what case management tells of an activity and its list, without code: they follow a moved day,
// and end with an answer or the activity. row:X16 row:C28
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/substitute.h"
#include "google/protobuf/text_format.h"
#include "ieum/casemgmt/v1/events.pb.h"
#include "tests/integration/notify/world.h"

namespace ieum::notify::testing {
namespace {

namespace casemgmt = ieum::casemgmt::v1;

constexpr char kTemplate[] = R"(
  template_id: "$0"
  template {
    event_type: "ieum.casemgmt.v1.$1"
    ko { subject: "{{activity_label}}" body: "{{activity_start_date}} {{activity_place}}" }
    en { subject: "{{activity_label_en}}" body: "{{activity_start_date}}" }
  })";

// domain.md P-ACT: invite D-14, nudge D-7 to non-answerers.
constexpr char kInvitation[] = R"(
  rule_id: "$0"
  rule {
    display_name: "행사 안내"
    trigger {
      event_type: "ieum.casemgmt.v1.AttendeeInvited" subject_field: "attendance.attendance_id"
    }
    audience: "attendance.person_id"
    timing { anchor_field: "activity.start_date" offset_days: $1 time_of_day: "09:00" }
    template: "templates/INVITED"
    channels: CHANNEL_EMAIL
    law_class: LAW_CLASS_SERVICE_NOTICE
    moves_on {
      event_type: "ieum.casemgmt.v1.InvitationMoved" subject_field: "attendance.attendance_id"
    }
    cancels_on {
      event_type: "ieum.casemgmt.v1.InvitationEnded" subject_field: "attendance.attendance_id"
    }
    $2
    catch_up: CATCH_UP_POLICY_SKIP_IF_PLANNED_LATE
    useful_hours: 48
  })";

constexpr char kAnswered[] = R"(
    cancels_on {
      event_type: "ieum.casemgmt.v1.AttendeeAnswered" subject_field: "attendance.attendance_id"
    })";

constexpr char kRoom[] = R"(
  rule_id: "ROOM-D-3"
  rule {
    display_name: "행사장 점검"
    trigger {
      event_type: "ieum.casemgmt.v1.ActivityScheduled" subject_field: "activity.activity_id"
    }
    audience: "activity.manager_person_id"
    timing { anchor_field: "activity.start_date" offset_days: -3 time_of_day: "09:00" }
    template: "templates/SCHEDULED"
    channels: CHANNEL_EMAIL
    law_class: LAW_CLASS_SERVICE_NOTICE
    moves_on {
      event_type: "ieum.casemgmt.v1.ActivityRescheduled" subject_field: "activity.activity_id"
    }
    cancels_on {
      event_type: "ieum.casemgmt.v1.ActivityCancelled" subject_field: "activity.activity_id"
    }
    catch_up: CATCH_UP_POLICY_SKIP_IF_PLANNED_LATE
    useful_hours: 48
  })";

class Invitations : public ::testing::Test {
 protected:
  Invitations() {
    Make<v1::Template, v1::CreateTemplateRequest>(
        "TemplateService/CreateTemplate",
        absl::Substitute(kTemplate, "INVITED", "AttendeeInvited"));
    Make<v1::Template, v1::CreateTemplateRequest>(
        "TemplateService/CreateTemplate",
        absl::Substitute(kTemplate, "SCHEDULED", "ActivityScheduled"));
    MakeRule(absl::Substitute(kInvitation, "INVITE-D-14", -14, ""));
    MakeRule(absl::Substitute(kInvitation, "NUDGE-D-7", -7, kAnswered));
    MakeRule(kRoom);
  }
  void MakeRule(const std::string& text) {
    Make<v1::Rule, v1::CreateRuleRequest>("RuleService/CreateRule", text);
  }
  template <class Response, class Request>
  void Make(const std::string& method, const std::string& text) {
    Request request;
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request)) << text;
    const auto made = world_.Call<Response>(method, request);
    ASSERT_TRUE(made.ok()) << made.status();
  }
  template <class Event>
  Event About(const std::string& day) {
    Event event;
    auto* activity = event.mutable_activity();
    activity->set_activity_id(activity_);
    activity->set_start_date(day);
    activity->set_end_date(day);
    activity->set_label("추진단 협의회");
    activity->set_label_en("Council");
    activity->set_manager_person_id(manager_);
    event.set_event_date("2023-02-06");
    return event;
  }
  template <class Event>
  Event Entry(const std::string& day) {
    auto event = About<Event>(day);
    event.mutable_attendance()->set_attendance_id(entry_);
    event.mutable_attendance()->set_person_id(invited_);
    return event;
  }
  std::string States() {
    return world_.Ask(
        "SELECT string_agg(rule_code || ' ' || due_date || ' ' || state, ', ' ORDER BY rule_code, "
        "occurrence) FROM reminder");
  }

  World world_{"2023-02-06 10:00"};
  const std::string activity_ = base::Uuid::NewV7().ToString(),
                    manager_ = base::Uuid::NewV7().ToString(),
                    entry_ = base::Uuid::NewV7().ToString(),
                    invited_ = base::Uuid::NewV7().ToString();
};

TEST_F(Invitations, FollowTheActivityAndEndWithIt) {
  world_.Happen(About<casemgmt::ActivityScheduled>("2023-05-24"));
  world_.Happen(Entry<casemgmt::AttendeeInvited>("2023-05-24"));
  EXPECT_EQ(States(), "INVITE-D-14 2023-05-10 1, NUDGE-D-7 2023-05-17 1, ROOM-D-3 2023-05-21 1");
  world_.Happen(About<casemgmt::ActivityRescheduled>("2023-05-31"));
  world_.Happen(Entry<casemgmt::InvitationMoved>("2023-05-31"));
  EXPECT_EQ(States(), "INVITE-D-14 2023-05-17 1, NUDGE-D-7 2023-05-24 1, ROOM-D-3 2023-05-28 1");
  world_.Happen(About<casemgmt::ActivityCancelled>("2023-05-31"));
  world_.Happen(Entry<casemgmt::InvitationEnded>("2023-05-31"));
  EXPECT_EQ(States(), "INVITE-D-14 2023-05-17 4, NUDGE-D-7 2023-05-24 4, ROOM-D-3 2023-05-28 4");
  world_.ExpectBalanced();
}

TEST_F(Invitations, NudgeOnlyThoseWhoHaveNotAnswered) {
  world_.Happen(Entry<casemgmt::AttendeeInvited>("2023-05-24"));
  auto answered = Entry<casemgmt::AttendeeAnswered>("2023-05-24");
  answered.mutable_attendance()->set_answer(casemgmt::INVITATION_ANSWER_YES);
  world_.Happen(answered);
  EXPECT_EQ(States(), "INVITE-D-14 2023-05-10 1, NUDGE-D-7 2023-05-17 4");
  world_.ExpectBalanced();
}

}  // namespace
}  // namespace ieum::notify::testing
