// Goal: the doors of follow-ups, of recommendations and of trainings answer what was made, name the
// field that was wrong, and tell nothing of another centre's. Method: a real gRPC server; two
// centres side by side. row:C10 row:C14 row:C36
#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "tests/integration/casemgmt/culture_world.h"
#include "tests/integration/casemgmt/retention_world.h"
#include "tests/integration/casemgmt/served.h"
#include "tests/support/centres.h"

namespace ieum::casemgmt::testing {
namespace {

using ieum::testing::Door;
using ieum::testing::Ids;
using ieum::testing::kCentreA;
using ieum::testing::kCentreB;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kPackage[] = "ieum.casemgmt.v1";

template <class Request>
Request Of(const std::string& text) {
  Request request;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request)) << text;
  return request;
}

class FollowUpDoors : public ::testing::Test {
 protected:
  template <class Answer>
  Answer Must(const std::string& method, const google::protobuf::Message& request) {
    Answer answer;
    const absl::Status status = served_.Call(method, request, &answer);
    EXPECT_TRUE(status.ok()) << method << ": " << status;
    return answer;
  }
  template <class Answer>
  absl::Status Refused(const std::string& method, const google::protobuf::Message& request) {
    Answer answer;
    return served_.Call(method, request, &answer);
  }
  ieum::testing::Calls CallsAs(const std::string& token) {
    return [this, token](const std::string& method, const google::protobuf::Message& request,
                         google::protobuf::Message* response) {
      return served_.CallAs(token, method, request, response);
    };
  }
  Ids IdsOf(const base::Uuid& case_id) {
    return {{"case", case_id.ToString()}, {"check", retention_.Check(case_id, 3).id.ToString()}};
  }
  static std::vector<Door> Doors() {
    const std::string check = "name: 'cases/{case}/retentionChecks/{check}' ";
    return {
        {"FollowUpService/BeginFollowUp", "name: 'cases/{case}'"},
        {"FollowUpService/GetRetentionCheck", check},
        {"FollowUpService/LogRetentionAttempt",
         check + "channel: ATTEMPT_CHANNEL_PHONE outcome: ATTEMPT_OUTCOME_NO_ANSWER"},
        {"FollowUpService/RecordRetentionResult", check +
                                                      "result: RETENTION_RESULT_SAME_EMPLOYER "
                                                      "evidence: RETENTION_EVIDENCE_SELF_REPORT"},
        {"FollowUpService/CorrectRetentionResult",
         check + "result: RETENTION_RESULT_LEFT_LABOUR evidence: RETENTION_EVIDENCE_SELF_REPORT "
                 "reason: RETENTION_CORRECTION_MISTAKE"}};
  }
  static std::vector<Door> Lists() {
    return {{"FollowUpService/ListRetentionChecks", "parent: 'cases/-'"},
            {"FollowUpService/ListRetentionChecks",
             "parent: 'cases/-' filter: 'state = RETENTION_CHECK_STATE_PLANNED' "
             "order_by: 'due_date'"}};
  }

  Served served_{"2024-11-30 10:00"};
  Retention retention_{served_.world()};
};

TEST_F(FollowUpDoors, LeadACheckFromItsAttemptsToItsCorrection) {
  const base::Uuid id = retention_.Closed({.day = "2024-08-31"});
  const std::string name =
      absl::StrCat("name: '", RetentionCheckName(id, retention_.Check(id, 3).id), "' ");
  auto check = Must<v1::RetentionCheck>(
      "FollowUpService/LogRetentionAttempt",
      Of<v1::LogRetentionAttemptRequest>(
          name + "channel: ATTEMPT_CHANNEL_PHONE outcome: ATTEMPT_OUTCOME_NO_ANSWER"));
  ASSERT_EQ(check.attempts_size(), 1);
  EXPECT_EQ(check.attempts(0).attempt_date(), "2024-11-30");
  check = Must<v1::RetentionCheck>(
      "FollowUpService/RecordRetentionResult",
      Of<v1::RecordRetentionResultRequest>(
          name +
          "result: RETENTION_RESULT_SAME_EMPLOYER evidence: RETENTION_EVIDENCE_SELF_REPORT"));
  EXPECT_EQ(check.state(), v1::RETENTION_CHECK_STATE_DONE);
  EXPECT_EQ(check.due_date(), "2024-11-30");
  EXPECT_EQ(check.checked_date(), "2024-11-30");
  EXPECT_EQ(check.corrected_results_size(), 0);
  const std::string etag = check.etag();
  check = Must<v1::RetentionCheck>(
      "FollowUpService/CorrectRetentionResult",
      Of<v1::CorrectRetentionResultRequest>(absl::StrCat(
          name, "etag: '", etag, "' result: RETENTION_RESULT_ON_STATUTORY_LEAVE evidence: ",
          "RETENTION_EVIDENCE_INSURANCE_CERTIFICATE reason: RETENTION_CORRECTION_NEW_EVIDENCE")));
  EXPECT_EQ(check.result(), v1::RETENTION_RESULT_ON_STATUTORY_LEAVE);
  ASSERT_EQ(check.corrected_results_size(), 1);
  EXPECT_EQ(check.corrected_results(0).result(), v1::RETENTION_RESULT_SAME_EMPLOYER);
  EXPECT_EQ(check.corrected_results(0).reason(), v1::RETENTION_CORRECTION_NEW_EVIDENCE);
  EXPECT_NE(check.etag(), etag);
  const auto stale = Refused<v1::RetentionCheck>(
      "FollowUpService/CorrectRetentionResult",
      Of<v1::CorrectRetentionResultRequest>(
          absl::StrCat(name, "etag: '", etag, "' result: RETENTION_RESULT_LEFT_LABOUR evidence: ",
                       "RETENTION_EVIDENCE_SELF_REPORT reason: RETENTION_CORRECTION_MISTAKE")));
  EXPECT_EQ(base::ReasonOf(stale), "STALE_ETAG");
}

TEST_F(FollowUpDoors, NameTheFieldThatIsWrong) {
  const base::Uuid id = retention_.Closed({.day = "2024-08-31"});
  const std::string name =
      absl::StrCat("name: '", RetentionCheckName(id, retention_.Check(id, 3).id), "' ");
  const auto fields = [&](const std::string& text) {
    return base::FieldsOf(
        Refused<v1::RetentionCheck>("FollowUpService/RecordRetentionResult",
                                    Of<v1::RecordRetentionResultRequest>(name + text)));
  };
  EXPECT_THAT(fields("result: RETENTION_RESULT_SAME_EMPLOYER"), ElementsAre("evidence"));
  EXPECT_THAT(fields("result: RETENTION_RESULT_REFUSED evidence: RETENTION_EVIDENCE_SELF_REPORT"),
              ElementsAre("evidence"));
  EXPECT_THAT(fields("result: RETENTION_RESULT_REFUSED checked_date: '2024-12-01'"),
              ElementsAre("checked_date"));
  EXPECT_THAT(fields(""), ElementsAre("result"));
}

TEST_F(FollowUpDoors, BeginAFollowUpLaterAndListItsChecks) {
  const base::Uuid id = retention_.Closed({.day = "2024-08-31", .employed = false});
  const auto begun = Must<v1::BeginFollowUpResponse>(
      "FollowUpService/BeginFollowUp",
      Of<v1::BeginFollowUpRequest>(absl::StrCat("name: '", CaseName(id), "'")));
  ASSERT_EQ(begun.retention_checks_size(), 3);
  EXPECT_EQ(begun.retention_checks(0).state(), v1::RETENTION_CHECK_STATE_DUE)
      << "its day had come: " << begun.retention_checks(0).due_date();
  const auto page = Must<v1::ListRetentionChecksResponse>(
      "FollowUpService/ListRetentionChecks",
      Of<v1::ListRetentionChecksRequest>(absl::StrCat(
          "parent: '", CaseName(id), "' filter: 'months = 6 AND due_date <= \"2025-02-28\"'")));
  ASSERT_EQ(page.retention_checks_size(), 1);
  EXPECT_EQ(page.retention_checks(0).months(), 6);
}

TEST_F(FollowUpDoors, DoNotTellAnotherCentresChecksFromThoseThatAreNotThere) {
  const base::Uuid a =
      retention_.Closed({.day = "2024-08-31", .centre = base::Uuid::Parse(kCentreA)});
  const base::Uuid b =
      retention_.Closed({.day = "2024-08-31", .centre = base::Uuid::Parse(kCentreB)});
  const int64_t before = served_.world().EventCount();
  EXPECT_THAT(ieum::testing::DoorsThatTell(kPackage, Doors(), IdsOf(b), {}, CallsAs("centre-a")),
              IsEmpty());
  EXPECT_THAT(ieum::testing::DoorsThatTell(kPackage, Doors(), IdsOf(a), {}, CallsAs("centre-b")),
              IsEmpty());
  EXPECT_EQ(served_.world().EventCount(), before);
  EXPECT_THAT(
      ieum::testing::ListsThatShow(kPackage, Lists(), {}, {b.ToString()}, CallsAs("centre-a")),
      IsEmpty());
  EXPECT_THAT(ieum::testing::Forgotten({"ieum.casemgmt.v1.FollowUpService"}, Doors(), Lists(), {}),
              IsEmpty());
}

TEST_F(FollowUpDoors, RecommendAndLookAfterIt) {
  World& world = served_.world();
  Culture culture(world);
  const base::Uuid engagement = culture.Diagnosed();
  const std::string parent = absl::StrCat("parent: '", EngagementName(engagement), "' ");
  const auto made = Must<v1::Recommendation>(
      "EngagementService/RecommendMeasure",
      Of<v1::RecommendMeasureRequest>(
          parent + "measure: '유연근무 도입' scheme_code: 'FLEX' check_months: 6 check_months: 1"));
  ASSERT_EQ(made.checks_size(), 2);
  EXPECT_EQ(made.checks(0).due_date(), "2024-12-30");
  EXPECT_EQ(made.state(), v1::RECOMMENDATION_STATE_OPEN);
  EXPECT_THAT(base::FieldsOf(Refused<v1::Recommendation>(
                  "EngagementService/RecommendMeasure",
                  Of<v1::RecommendMeasureRequest>(parent + "measure: 'x' scheme_code: 'NONE'"))),
              ElementsAre("scheme_code"));
  world.SetClock("2024-12-30 10:00");
  const auto found = Must<v1::Recommendation>(
      "EngagementService/RecordAdoptionCheck",
      Of<v1::RecordAdoptionCheckRequest>(
          absl::StrCat("name: '", made.name(), "' months: 1 outcome: ADOPTION_OUTCOME_ADOPTED ",
                       "evidence_kind: ADOPTION_EVIDENCE_WORK_RULES evidence: '취업규칙 제12조'")));
  EXPECT_EQ(found.state(), v1::RECOMMENDATION_STATE_ADOPTED);
  EXPECT_EQ(found.adopted_date(), "2024-12-30");
  EXPECT_EQ(found.checks(0).evidence(), "취업규칙 제12조");
  const auto read = Must<v1::Recommendation>(
      "EngagementService/GetRecommendation",
      Of<v1::GetRecommendationRequest>(absl::StrCat("name: '", made.name(), "'")));
  EXPECT_EQ(read.DebugString(), found.DebugString());
  const auto page = Must<v1::ListRecommendationsResponse>(
      "EngagementService/ListRecommendations",
      Of<v1::ListRecommendationsRequest>("parent: 'engagements/-' filter: 'state = "
                                         "RECOMMENDATION_STATE_ADOPTED AND adopted_date >= "
                                         "\"2024-12-01\"'"));
  ASSERT_EQ(page.recommendations_size(), 1);
  EXPECT_EQ(page.recommendations(0).name(), made.name());
}

TEST_F(FollowUpDoors, ShowWhatWasGainedAndWhoCompletedATraining) {
  World& world = served_.world();
  Culture culture(world);
  const base::Uuid engagement = culture.Started();
  const auto diagnosed = Must<v1::Engagement>(
      "EngagementService/RediagnoseEngagement",
      Of<v1::RediagnoseEngagementRequest>(
          absl::StrCat("name: '", EngagementName(engagement), "' diagnosis { score: '70.5' }")));
  EXPECT_EQ(diagnosed.second_diagnosis().score(), "70.5");
  EXPECT_EQ(diagnosed.diagnosis_gain(), "9.3");
  EXPECT_EQ(diagnosed.needed_visit_count(), 2);
  const auto training = Must<v1::Activity>(
      "ActivityService/CreateActivity",
      Of<v1::CreateActivityRequest>(absl::StrCat(
          "activity { kind: ACTIVITY_KIND_TRAINING start_date: '2024-11-30' label: '교육' ",
          "engagement: '", EngagementName(engagement), "' training_duration: 100 }")));
  EXPECT_EQ(training.engagement(), EngagementName(engagement));
  EXPECT_EQ(training.task(), registry::v1::TASK_KIND_CULTURE_CONSULTING);
  const std::string name = absl::StrCat("name: '", training.name(), "' ");
  Must<v1::Activity>("ActivityService/ConfirmActivity", Of<v1::ConfirmActivityRequest>(name));
  const auto came = Must<v1::Attendance>("ActivityService/CheckInAttendee",
                                         Of<v1::CheckInAttendeeRequest>(absl::StrCat(
                                             "parent: '", training.name(), "' person: 'persons/",
                                             base::Uuid::NewV7().ToString(), "'")));
  const auto stayed = Must<v1::Attendance>("ActivityService/RecordAttendedDuration",
                                           Of<v1::RecordAttendedDurationRequest>(absl::StrCat(
                                               "name: '", came.name(), "' attended_duration: 80")));
  EXPECT_TRUE(stayed.completed());
  const auto held =
      Must<v1::Activity>("ActivityService/HoldActivity", Of<v1::HoldActivityRequest>(name));
  EXPECT_EQ(held.attendee_count(), 1);
  EXPECT_EQ(held.completer_count(), 1);
  const auto page = Must<v1::ListActivitiesResponse>(
      "ActivityService/ListActivities",
      Of<v1::ListActivitiesRequest>(
          absl::StrCat("filter: 'engagement = \"", EngagementName(engagement), "\"'")));
  ASSERT_EQ(page.activities_size(), 1);
}

}  // namespace
}  // namespace ieum::casemgmt::testing
