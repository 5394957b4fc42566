// Goal: the doors of activities say what the contract promises, and refuse bad input with nothing
// half done. Method: real calls to a real server over a real database. row:C28
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "tests/integration/casemgmt/activity_world.h"
#include "tests/integration/casemgmt/served.h"
#include "tests/support/centres.h"
#include "tests/support/list_plans.h"

namespace ieum {
db::MigrationSet casemgmt_migrations();
}

namespace ieum::casemgmt::testing {
namespace {

using ieum::testing::kCentreA;
using ieum::testing::kCentreB;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class ActivityDoors : public ::testing::Test {
 protected:
  World& world() { return served_.world(); }

  v1::CreateActivityRequest Wanted() {
    v1::CreateActivityRequest request;
    request.mutable_activity()->set_kind(v1::ACTIVITY_KIND_TRAINING);
    request.mutable_activity()->set_start_date("2023-05-24");
    request.mutable_activity()->set_label("제도 설명회");
    return request;
  }
  v1::Activity Made(const v1::CreateActivityRequest& request) {
    v1::Activity activity;
    const absl::Status made = served_.Call("ActivityService/CreateActivity", request, &activity);
    EXPECT_TRUE(made.ok()) << made;
    return activity;
  }
  template <class Response>
  std::string Reason(const std::string& method, const google::protobuf::Message& request) {
    Response response;
    return base::ReasonOf(served_.Call("ActivityService/" + method, request, &response));
  }
  // A step that only takes a name.
  template <class Request>
  v1::Activity Step(const std::string& method, const std::string& name) {
    Request request;
    request.set_name(name);
    v1::Activity activity;
    const absl::Status done = served_.Call("ActivityService/" + method, request, &activity);
    EXPECT_TRUE(done.ok()) << done;
    return activity;
  }
  v1::Attendance CheckedIn(const std::string& activity, const std::string& person) {
    v1::CheckInAttendeeRequest request;
    request.set_parent(activity);
    request.set_person(person);
    v1::Attendance entry;
    const absl::Status done = served_.Call("ActivityService/CheckInAttendee", request, &entry);
    EXPECT_TRUE(done.ok()) << done;
    return entry;
  }
  std::string NewPerson() { return "persons/" + base::Uuid::NewV7().ToString(); }

  Served served_{"2023-05-24 09:30"};
};

TEST_F(ActivityDoors, ShowAnActivityWhole) {
  auto request = Wanted();
  request.mutable_activity()->set_end_date("2023-05-25");
  request.mutable_activity()->set_capacity(40);
  const v1::Activity made = Made(request);
  EXPECT_EQ(made.state(), v1::ACTIVITY_STATE_PLANNED);
  EXPECT_EQ(made.end_date(), "2023-05-25");
  EXPECT_FALSE(made.planned());
  EXPECT_EQ(made.etag(), "\"1\"");
  v1::GetActivityRequest get;
  get.set_name(made.name());
  v1::Activity again;
  ASSERT_TRUE(served_.Call("ActivityService/GetActivity", get, &again).ok());
  EXPECT_EQ(again.SerializeAsString(), made.SerializeAsString());
}

TEST_F(ActivityDoors, CheckOnlyWhereThatIsAskedFor) {
  auto request = Wanted();
  request.set_validate_only(true);
  v1::Activity rehearsed;
  ASSERT_TRUE(served_.Call("ActivityService/CreateActivity", request, &rehearsed).ok());
  EXPECT_EQ(world().EventCount(), 0);
  request.mutable_activity()->set_end_date("2023-05-23");
  EXPECT_EQ(Reason<v1::Activity>("CreateActivity", request), "DATE_ORDER");
}

TEST_F(ActivityDoors, RefuseByFieldWhatNoActivityIs) {
  auto request = Wanted();
  request.mutable_activity()->clear_label();
  EXPECT_EQ(Reason<v1::Activity>("CreateActivity", request), "INVALID_FIELD");
  request = Wanted();
  request.mutable_activity()->clear_start_date();
  EXPECT_EQ(Reason<v1::Activity>("CreateActivity", request), "INVALID_FIELD");
  request.mutable_activity()->set_start_date("2023-02-30");
  EXPECT_EQ(Reason<v1::Activity>("CreateActivity", request), "DATE_INVALID");
  v1::CancelActivityRequest cancel;
  cancel.set_name(Made(Wanted()).name());
  cancel.set_reason(v1::ACTIVITY_CANCEL_REASON_DROPPED_FROM_PLAN);
  EXPECT_EQ(Reason<v1::Activity>("CancelActivity", cancel), "INVALID_FIELD")
      << "only the plan says so";
}

TEST_F(ActivityDoors, RepeatARequestWithoutASecondEffect) {
  auto request = Wanted();
  request.set_request_id(base::Uuid::NewV7().ToString());
  const v1::Activity made = Made(request);
  EXPECT_EQ(Made(request).name(), made.name());
  EXPECT_EQ(world().EventCount(), 1);
  request.mutable_activity()->set_label("다른 설명회");
  EXPECT_EQ(Reason<v1::Activity>("CreateActivity", request), "REQUEST_ID_REUSED");
}

TEST_F(ActivityDoors, LeadAnActivityToItsMinutes) {
  const std::string name = Made(Wanted()).name();
  Step<v1::ConfirmActivityRequest>("ConfirmActivity", name);
  const std::string person = NewPerson();
  EXPECT_TRUE(CheckedIn(name, person).walk_in());
  EXPECT_EQ(CheckedIn(name, person).etag(), "\"3\"") << "scanned twice";
  v1::HoldActivityRequest hold;
  hold.set_name(name);
  auto* women = hold.add_headcounts();
  women->set_kind(v1::HEADCOUNT_KIND_WOMEN);
  women->set_count(12);
  v1::Activity held;
  ASSERT_TRUE(served_.Call("ActivityService/HoldActivity", hold, &held).ok());
  EXPECT_EQ(held.held_date(), "2023-05-24");
  EXPECT_EQ(held.person_count(), 1);
  EXPECT_EQ(held.headcounts(0).count(), 12);
  v1::PublishMinutesRequest publish;
  publish.set_parent(name);
  publish.set_minutes_text("근로시간 단축을 논의함");
  v1::Minutes minutes;
  ASSERT_TRUE(served_.Call("ActivityService/PublishMinutes", publish, &minutes).ok());
  EXPECT_EQ(minutes.name(), name + "/minutes/1");
  publish.set_minutes_text("참석자 900101-1234567");
  EXPECT_EQ(Reason<v1::Minutes>("PublishMinutes", publish), "RESIDENT_NUMBER");
  publish.set_minutes_text("근로시간 단축을 논의하고 정함");
  ASSERT_TRUE(served_.Call("ActivityService/PublishMinutes", publish, &minutes).ok());
  v1::ListMinutesRequest list;
  list.set_parent(name);
  v1::ListMinutesResponse all;
  ASSERT_TRUE(served_.Call("ActivityService/ListMinutes", list, &all).ok());
  ASSERT_EQ(all.minutes_size(), 2);
  EXPECT_EQ(all.minutes(0).minutes_text(), "근로시간 단축을 논의함");
  v1::ListMinutesResponse others;
  ASSERT_TRUE(served_.CallAs("centre-a", "ActivityService/ListMinutes", list, &others).ok());
  EXPECT_EQ(others.minutes_size(), 0) << "they are the suite's";
}

TEST_F(ActivityDoors, ChangeWhatTheMaskNames) {
  const v1::Activity made = Made(Wanted());
  v1::UpdateActivityRequest request;
  request.mutable_activity()->set_name(made.name());
  request.mutable_activity()->set_etag(made.etag());
  request.mutable_activity()->set_place("부산시청");
  request.mutable_update_mask()->add_paths("place");
  v1::Activity changed;
  ASSERT_TRUE(served_.Call("ActivityService/UpdateActivity", request, &changed).ok());
  EXPECT_EQ(changed.place(), "부산시청");
  EXPECT_EQ(Reason<v1::Activity>("UpdateActivity", request), "STALE_ETAG");
  request.mutable_update_mask()->add_paths("state");
  EXPECT_EQ(Reason<v1::Activity>("UpdateActivity", request), "UPDATE_MASK_INVALID");
  request.mutable_update_mask()->clear_paths();
  request.mutable_update_mask()->add_paths("label");
  request.mutable_activity()->clear_etag();
  EXPECT_EQ(Reason<v1::Activity>("UpdateActivity", request), "INVALID_FIELD") << "it has a name";
}

TEST_F(ActivityDoors, ListByDayAndByEveryIdOfAPerson) {
  const std::string name = Made(Wanted()).name();
  auto june = Wanted();
  june.mutable_activity()->set_start_date("2023-06-07");
  Made(june);
  v1::ListActivitiesRequest request;
  request.set_filter("start_date >= \"2023-06-01\" AND state = ACTIVITY_STATE_PLANNED");
  v1::ListActivitiesResponse activities;
  ASSERT_TRUE(served_.Call("ActivityService/ListActivities", request, &activities).ok());
  ASSERT_EQ(activities.activities_size(), 1);
  EXPECT_EQ(activities.activities(0).start_date(), "2023-06-07");
  Step<v1::ConfirmActivityRequest>("ConfirmActivity", name);
  const std::string survivor = NewPerson(), duplicate = NewPerson();
  CheckedIn(name, duplicate);
  registry::v1::PersonsMerged merged;
  merged.set_merge_id(base::Uuid::NewV7().ToString());
  merged.set_survivor_person_id(survivor.substr(8));
  merged.set_duplicate_person_id(duplicate.substr(8));
  ASSERT_TRUE(world().Hear(merged, base::Uuid::NewV7(), 2).ok());
  v1::ListAttendancesRequest list;
  list.set_parent("activities/-");
  list.set_of_person(survivor);
  v1::ListAttendancesResponse entries;
  ASSERT_TRUE(served_.Call("ActivityService/ListAttendances", list, &entries).ok());
  ASSERT_EQ(entries.attendances_size(), 1);
  EXPECT_EQ(entries.attendances(0).person(), duplicate);
  EXPECT_EQ(entries.attendances(0).surviving_person(), survivor);
}

// Who saw whom: the person, not only the entry.
TEST_F(ActivityDoors, LeaveATraceOfWhoSawWhom) {
  const std::string name = Made(Wanted()).name();
  Step<v1::ConfirmActivityRequest>("ConfirmActivity", name);
  const std::string person = NewPerson();
  const v1::Attendance entry = CheckedIn(name, person);
  v1::GetAttendanceRequest get;
  get.set_name(entry.name());
  v1::Attendance shown;
  ASSERT_TRUE(served_.CallAs(kAuditorToken, "ActivityService/GetAttendance", get, &shown).ok());
  EXPECT_EQ(world().Ask("SELECT count(*) FROM access_log WHERE action = "
                        "'casemgmt.attendances.get' AND '" +
                        person + "' = ANY(subjects)"),
            "1");
}

// Rows of 25 centres, 2,000 activities and 4,000 entries each, and what few of them have.
class ActivityLists : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    database_ = new ieum::testing::TestDatabase(casemgmt_migrations());
    database_->Ask(absl::StrCat(R"(
      WITH centre AS (SELECT ARRAY[')",
                                kCentreA, "', '", kCentreB, R"(']::uuid[] || ARRAY(SELECT
          gen_random_uuid() FROM generate_series(1, 23)) AS ids),
      made AS (
        INSERT INTO activity (id, parent_id, kind, state, programme, edition, line_code,
          activity_key, task, start_date, end_date, label, label_en, place, capacity, manager_id,
          centre_id, date_by_hand, manager_by_hand, cancel_reason, created_at, updated_at)
        SELECT gen_random_uuid(), NULL, 1, 1, 'P' || n % 200, '2023', 'L' || n % 20, '', 0,
          date '2013-01-01' + n % 4000, date '2013-01-01' + n % 4000, 'x', '', '', 0,
          CASE WHEN n % 10 = 0 THEN md5((n % 1000)::text)::uuid END, centre.ids[1 + n % 25], false,
          false, 0, now(), now()
        FROM generate_series(1, 50000) AS n CROSS JOIN centre RETURNING id, centre_id),
      listed AS (
        INSERT INTO attendance (id, activity_id, person_id, organization_id, role, walk_in, answer,
          centre_id, created_at, updated_at)
        SELECT gen_random_uuid(), made.id, gen_random_uuid(), md5((n % 500)::text)::uuid, 1, false,
          0, made.centre_id, now(), now()
        FROM made CROSS JOIN generate_series(1, 2) AS n)
      INSERT INTO aggregate (id, kind, version) SELECT id, 'activity', 1 FROM made RETURNING 1)"));
    pqxx::connection connection(database_->conninfo());
    pqxx::nontransaction(connection).exec("ANALYZE");
  }
  static void TearDownTestSuite() {
    delete database_;
    database_ = nullptr;
  }
  std::string Plan(const filter::ListSpec& spec, const std::string& asked,
                   const base::Scope& scope = base::Scope::Everywhere()) {
    return ieum::testing::PlanOf(database_->database(),
                                 ieum::testing::FirstPage(spec, scope, asked));
  }

  static ieum::testing::TestDatabase* database_;
};

ieum::testing::TestDatabase* ActivityLists::database_ = nullptr;

TEST_F(ActivityLists, AreReadByAnIndexOfTheirOwn) {
  const std::string id = "0190b0c0-0000-7000-8000-00000000000a";
  for (const auto& [asked, index] : std::vector<std::pair<std::string, std::string>>{
           {absl::StrCat("name = \"activities/", id, "\""), "activity_pkey"},
           {absl::StrCat("parent = \"activities/", id, "\""), "activity_parent"},
           {"programme = P7 AND edition = 2023 AND line_code = L7", "activity_line"},
           {"start_date = \"2023-05-24\"", "activity_start"},
           {absl::StrCat("manager = \"persons/", id, "\""), "activity_manager"},
           {absl::StrCat("centre = \"organizations/", kCentreA, "\""), "activity_centre"}}) {
    EXPECT_THAT(Plan(ActivityList(), asked), HasSubstr(index)) << asked;
  }
  EXPECT_THAT(Plan(ActivityList(), "", base::Scope::Of({kCentreA})), HasSubstr("activity_centre"));
  for (const auto& [asked, index] : std::vector<std::pair<std::string, std::string>>{
           {absl::StrCat("person = \"persons/", id, "\""), "attendance_of_person"},
           {absl::StrCat("organization = \"organizations/", id, "\""), "attendance_of_body"}}) {
    EXPECT_THAT(Plan(AttendanceList(), asked), HasSubstr(index)) << asked;
  }
  EXPECT_THAT(Plan(AttendanceList(), "", base::Scope::Of({kCentreA})),
              HasSubstr("attendance_centre"));
  EXPECT_THAT(Plan(AttendanceList(), ""), Not(HasSubstr("Seq Scan on attendance")));
}

TEST_F(ActivityLists, FindOnePersonUnderAllHerIdsByAnIndex) {
  auto query = ieum::testing::FirstPage(AttendanceList(), base::Scope::Everywhere());
  query.Where(kOfPerson, {"0190b0c0-0000-7000-8000-00000000000a"});
  EXPECT_THAT(ieum::testing::PlanOf(database_->database(), query),
              HasSubstr("attendance_of_person"));
  auto of_one = ieum::testing::FirstPage(AttendanceList(), base::Scope::Everywhere());
  of_one.Where("t.activity_id = {}::uuid", {"0190b0c0-0000-7000-8000-00000000000a"});
  EXPECT_THAT(ieum::testing::PlanOf(database_->database(), of_one), HasSubstr("attendance_"));
}

}  // namespace
}  // namespace ieum::casemgmt::testing
