// Goal: every kind of a timeline has the one right that shows it, every event of casemgmt about an
// engagement or a form becomes an entry, and words are the contract's. row:Y4
#include "services/registry/timelines/timeline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "absl/strings/match.h"
#include "ieum/casemgmt/v1/events.pb.h"
#include "ieum/platform/v1/options.pb.h"
#include "platform/base/status.h"

namespace ieum::registry {
namespace {

using ::testing::ElementsAre;

constexpr char kEngagement[] = "0190b0c0-0000-7000-8000-000000000001";
constexpr char kFirm[] = "0190b0c0-0000-7000-8000-000000000002";
constexpr char kContact[] = "0190b0c0-0000-7000-8000-000000000003";
constexpr char kReceiver[] = "0190b0c0-0000-7000-8000-000000000004";
constexpr char kVisit[] = "0190b0c0-0000-7000-8000-000000000005";
constexpr char kCentre[] = "0190b0c0-0000-7000-8000-000000000006";

TEST(Timeline, HasOneRightForEveryKind) {
  for (const TimelineOf of : {TimelineOf::kPerson, TimelineOf::kOrganization}) {
    std::set<int> kinds;
    for (const TimelineRight& right : TimelineRights(of)) {
      EXPECT_TRUE(kinds.insert(right.kind).second) << right.permission;
      EXPECT_TRUE(absl::StrContains(right.permission, ".list")) << right.permission;
    }
    EXPECT_EQ(static_cast<int>(kinds.size()), v1::TimelineKind_descriptor()->value_count() - 1);
  }
}

casemgmt::v1::EngagementFacts Engagement() {
  casemgmt::v1::EngagementFacts facts;
  facts.set_engagement_id(kEngagement);
  facts.set_organization_id(kFirm);
  facts.set_contact_person_id(kContact);
  facts.set_centre_id(kCentre);
  return facts;
}

TEST(Timeline, TakesVisitsWithTheirDayAndWhoReceivesThem) {
  casemgmt::v1::VisitHeld event;
  *event.mutable_engagement() = Engagement();
  event.set_event_date("2023-05-02");
  event.mutable_visit()->set_visit_id(kVisit);
  event.mutable_visit()->set_visit_date("2023-04-28");
  const auto told = ToldOf(event);
  ASSERT_TRUE(told.ok()) << told.status();
  EXPECT_EQ(told->kind, v1::TIMELINE_KIND_VISIT);
  EXPECT_EQ(told->step, "VisitHeld");
  EXPECT_EQ(told->day, "2023-04-28");
  EXPECT_EQ(told->source, std::string("engagements/") + kEngagement + "/visits/" + kVisit);
  EXPECT_EQ(told->organization.ToString(), kFirm);
  EXPECT_EQ(told->person->ToString(), kContact);
  EXPECT_EQ(told->centre->ToString(), kCentre);
  event.mutable_visit()->set_contact_person_id(kReceiver);
  EXPECT_EQ(ToldOf(event)->person->ToString(), kReceiver);
}

TEST(Timeline, TakesEngagementsAndFormsWithoutAPersonOrACentre) {
  casemgmt::v1::EngagementCompleted completed;
  completed.mutable_engagement()->set_engagement_id(kEngagement);
  completed.mutable_engagement()->set_organization_id(kFirm);
  completed.set_event_date("2023-05-02");
  EXPECT_EQ(ToldOf(completed)->kind, v1::TIMELINE_KIND_ENGAGEMENT);
  EXPECT_EQ(ToldOf(completed)->source, std::string("engagements/") + kEngagement);
  EXPECT_FALSE(ToldOf(completed)->person || ToldOf(completed)->centre);
  casemgmt::v1::ApplicationWithdrawn withdrawn;
  withdrawn.mutable_application()->set_application_id(kVisit);
  withdrawn.mutable_application()->set_organization_id(kFirm);
  withdrawn.set_event_date("2023-05-03");
  EXPECT_EQ(ToldOf(withdrawn)->kind, v1::TIMELINE_KIND_APPLICATION);
  EXPECT_EQ(ToldOf(withdrawn)->source, std::string("applications/") + kVisit);
  EXPECT_EQ(ToldOf(withdrawn)->day, "2023-05-03");
}

TEST(Timeline, RefusesAnEventWithoutAFirm) {
  casemgmt::v1::EngagementCompleted event;
  event.mutable_engagement()->set_engagement_id(kEngagement);
  EXPECT_THAT(base::FieldsOf(ToldOf(event).status()), ElementsAre("organization_id"));
}

// A new event of casemgmt must not stop the registry.
TEST(Timeline, UnderstandsEveryEventAboutAnEngagementOrAForm) {
  const auto* file = casemgmt::v1::VisitHeld::descriptor()->file();
  int understood = 0;
  for (int at = 0; at < file->message_type_count(); ++at) {
    const auto* type = file->message_type(at);
    if (!type->options().HasExtension(platform::v1::event)) continue;
    if (!type->FindFieldByName("engagement") && !type->FindFieldByName("application")) continue;
    EXPECT_NE(type->FindFieldByName("event_date"), nullptr) << type->full_name();
    ++understood;
  }
  EXPECT_GE(understood, 27);
}

TEST(Timeline, SpeaksTheContractsWords) {
  const auto words = [](v1::TimelineKind kind, int state, int detail, int reason,
                        const std::string& step = "") {
    TimelineRow row{.kind = kind, .state = state, .step = step, .detail = detail};
    row.reason = reason;
    const v1::TimelineEntry entry = EntryOf(row);
    return entry.step() + " " + entry.detail();
  };
  EXPECT_EQ(words(v1::TIMELINE_KIND_ENROLMENT, v1::ENROLMENT_STATE_WITHDRAWN, 0,
                  v1::WITHDRAWAL_REASON_REQUESTED),
            "ENROLMENT_STATE_WITHDRAWN WITHDRAWAL_REASON_REQUESTED");
  EXPECT_EQ(words(v1::TIMELINE_KIND_ENROLMENT, v1::ENROLMENT_STATE_CONFIRMED, 0, 0),
            "ENROLMENT_STATE_CONFIRMED ");
  EXPECT_EQ(words(v1::TIMELINE_KIND_CONSENT, 3, 5, 0),
            "CONSENT_STATE_WITHDRAWN CONSENT_PURPOSE_ADVERTISING");
  EXPECT_EQ(words(v1::TIMELINE_KIND_AFFILIATION, 0, v1::AFFILIATION_ROLE_CONTACT, 0, "STARTED"),
            "STARTED AFFILIATION_ROLE_CONTACT");
  EXPECT_EQ(words(v1::TIMELINE_KIND_VISIT, 0, 0, 0, "VisitHeld"), "VisitHeld ");
}

}  // namespace
}  // namespace ieum::registry
