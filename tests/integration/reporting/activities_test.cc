// Goal: what took place is counted by definitions alone: meetings when they were held, each once;
// firms that came to them, however many of their people did; what was recorded by mistake not.
// Method: events as case management tells them, the definitions of docs/how-to.md. row:C28 row:X16
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "ieum/casemgmt/v1/events.pb.h"
#include "platform/base/status.h"
#include "services/reporting/facts/fact_store.h"
#include "services/reporting/indicators/definition.h"
#include "services/reporting/metrics/figures.h"
#include "services/reporting/metrics/metric_store.h"
#include "tests/integration/reporting/year_fixture.h"

namespace ieum::reporting {
namespace {

namespace casemgmt = ieum::casemgmt::v1;

v1::Indicator Counting(const std::string& event, const std::string& key, const std::string& date) {
  v1::Indicator indicator;
  indicator.set_label_ko("추진단 협의회");
  indicator.set_unit("occurrence");
  indicator.set_counting_unit(key);
  indicator.set_direction(v1::DIRECTION_HIGHER);
  indicator.set_aggregation(v1::AGGREGATION_COUNT_DISTINCT);
  v1::SourceRule& source = *indicator.add_sources();
  source.set_event_type(absl::StrCat("ieum.casemgmt.v1.", event));
  source.set_filter("activity.line_code = \"BSN-1\"");
  source.set_distinct_key(key);
  source.set_date_field(date);
  source.set_programme_field("activity.programme");
  source.set_edition_field("activity.edition");
  return indicator;
}

v1::Indicator Councils() { return Counting("ActivityHeld", "activity.activity_id", "held_date"); }

v1::Indicator Attending(const std::string& key) {
  v1::Indicator indicator = Counting("AttendanceRecorded", key, "attendance.attended_date");
  v1::SourceRule& source = *indicator.mutable_sources(0);
  source.set_instance_key("attendance.attendance_id");
  v1::RetractionRule& retraction = *source.add_retractions();
  retraction.set_event_type("ieum.casemgmt.v1.AttendanceRetracted");
  retraction.set_instance_key("attendance.attendance_id");
  retraction.set_date_field("retracted_date");
  return indicator;
}

template <class Event>
Event Of(const std::string& activity, const std::string& line = "BSN-1") {
  Event event;
  event.mutable_activity()->set_activity_id(TestId(activity).ToString());
  event.mutable_activity()->set_programme("BSN");
  event.mutable_activity()->set_edition("2023");
  event.mutable_activity()->set_line_code(line);
  return event;
}

casemgmt::ActivityHeld Held(const std::string& activity, const std::string& day,
                            const std::string& line = "BSN-1") {
  auto event = Of<casemgmt::ActivityHeld>(activity, line);
  event.set_held_date(day);
  return event;
}

template <class Event>
Event Entry(const std::string& activity, const std::string& person, const std::string& firm) {
  auto event = Of<Event>(activity);
  auto* attendance = event.mutable_attendance();
  attendance->set_attendance_id(TestId(activity + person).ToString());
  attendance->set_person_id(TestId("person/" + person).ToString());
  attendance->set_organization_id(TestId("firm/" + firm).ToString());
  return event;
}

casemgmt::AttendanceRecorded Came(const std::string& activity, const std::string& person,
                                  const std::string& firm) {
  auto event = Entry<casemgmt::AttendanceRecorded>(activity, person, firm);
  event.mutable_attendance()->set_attended_date("2023-05-24");
  return event;
}

class HeldActivities : public ::testing::Test {
 protected:
  int64_t Count(const v1::Indicator& indicator) {
    EXPECT_TRUE(CheckDefinition(indicator).ok()) << CheckDefinition(indicator);
    int64_t count = -1;
    const absl::Status read =
        reporting_.db.database().Read("test_count", [&](db::Tx& tx) -> absl::Status {
          const Scope live = {LiveGeneration(tx), "BSN", "2023", "", base::Scope::Everywhere()};
          ASSIGN_OR_RETURN(count, CountDistinct(tx, indicator, live));
          return absl::OkStatus();
        });
    EXPECT_TRUE(read.ok()) << read;
    return count;
  }

  ReportingDatabase reporting_;
};

// domain.md §1.C BSN-1: a meeting counts when it was held.
TEST_F(HeldActivities, CountOnceEach) {
  EventMaker maker("casemgmt");
  maker.Add(TestId("may"), Of<casemgmt::ActivityScheduled>("may"));
  maker.Add(TestId("may"), Held("may", "2023-05-24"));
  maker.Add(TestId("august"), Held("august", "2023-08-23"));
  maker.Add(TestId("workshop"), Held("workshop", "2023-05-12", "BSN-2"));
  reporting_.Consume(maker.events());
  EXPECT_EQ(Count(Councils()), 2);
}

// domain.md §1.A INC-7: a firm counts when at least one of its people checks in.
TEST_F(HeldActivities, CountFirmsThatCameHoweverManyOfTheirPeopleDid) {
  EventMaker maker("casemgmt");
  maker.Add(TestId("may"), Came("may", "kim", "north"));
  maker.Add(TestId("may"), Came("may", "lee", "north"));
  maker.Add(TestId("may"), Came("may", "park", "south"));
  maker.Add(TestId("august"), Came("august", "kim", "north"));
  auto mistake = Entry<casemgmt::AttendanceRetracted>("may", "park", "south");
  mistake.set_retracted_date("2023-05-24");
  maker.Add(TestId("may"), mistake);
  reporting_.Consume(maker.events());
  EXPECT_EQ(Count(Attending("attendance.organization_id")), 1);
  EXPECT_EQ(Count(Attending("attendance.person_id")), 2);
}

}  // namespace
}  // namespace ieum::reporting
