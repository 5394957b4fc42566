// Goal: the cases, groups, consultings and trainings of 2024, played over the four real services,
// give the published rows exactly; what is entered after the report counts from then on, and what
// was reported can still be read. Method: the year is played once; each test looks at what came
// out, the last ones enter what came late. row:C1 row:C5 row:C6 row:C8 row:C9 row:C14 row:P13
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "absl/strings/str_split.h"
#include "ieum/casemgmt/v1/case_service.pb.h"
#include "ieum/casemgmt/v1/followup_service.pb.h"
#include "ieum/casemgmt/v1/session_service.pb.h"
#include "ieum/reporting/v1/metric_service.pb.h"
#include "platform/base/timestamp.h"
#include "tests/audit/suite_subject.h"
#include "tests/flows/played_year.h"
#include "tools/play/expectations.h"
#include "tools/play/print_results.h"

namespace ieum::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

namespace c = casemgmt::v1;
namespace p = reporting::v1;

class IncYear : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    year_ = new PlayedYear(IncheonYear());
    if (year_->Play()) results_ = new play::Results(year_->Read());
  }
  static void TearDownTestSuite() {
    delete results_;
    delete year_;
    results_ = nullptr;
    year_ = nullptr;
  }
  void SetUp() override { ASSERT_NE(results_, nullptr) << "the year was not played"; }

  template <class Response>
  static Response Ask(const std::string& service, const std::string& method,
                      const google::protobuf::Message& request) {
    Response response;
    const absl::Status asked = year_->services().Call(
        service, fmt::format("/ieum.{}.v1.{}", service, method), request, &response);
    EXPECT_TRUE(asked.ok()) << method << ": " << asked;
    return response;
  }
  static std::string NameOf(const std::string& key, const std::string& collection) {
    const auto name = year_->names().Find(key, collection);
    EXPECT_TRUE(name.ok()) << name.status();
    return name.value_or("");
  }
  static p::Metric Figure(const std::string& code, std::optional<absl::Time> known = {}) {
    p::GetMetricRequest request;
    request.set_name("programmes/INC/editions/2024/metrics/" + code);
    request.set_cut_off_date(year_->scenario().last_day);
    if (known) *request.mutable_read_time() = base::ToTimestamp(*known);
    return Ask<p::Metric>("reporting", "MetricService/GetMetric", request);
  }

  static PlayedYear* year_;
  static play::Results* results_;
};

PlayedYear* IncYear::year_ = nullptr;
play::Results* IncYear::results_ = nullptr;

TEST_F(IncYear, GivesWhatTheScenarioExpects) {
  EXPECT_THAT(play::Differences(year_->scenario().expected, play::Observed(*results_)), IsEmpty());
}

TEST_F(IncYear, AddsUp) { EXPECT_THAT(play::Contradictions(*results_), IsEmpty()); }

// A08 to A19 and A22 as they were published.
TEST_F(IncYear, GivesThePublishedRows) {
  std::ifstream file(IEUM_SOURCE_DIR "/tests/flows/published_rows_2024.csv");
  std::string line;
  std::getline(file, line);
  int rows = 0;
  for (; std::getline(file, line); ++rows) {
    const std::vector<std::string> cells = absl::StrSplit(line, ',');
    ASSERT_THAT(cells, SizeIs(8)) << line;
    const auto figure = std::find_if(results_->figures.begin(), results_->figures.end(),
                                     [&](const play::Figure& one) { return one.code == cells[0]; });
    ASSERT_NE(figure, results_->figures.end()) << line;
    const p::Metric& metric = figure->metric;
    const std::string english = metric.label_en().empty() ? "" : " " + metric.label_en();
    EXPECT_EQ(metric.label_ko() + english, cells[1]);
    EXPECT_EQ(metric.unit(), cells[2]);
    EXPECT_EQ(metric.target(), cells[3]) << line;
    EXPECT_EQ(play::OrDash(metric.printed_actual()), cells[4]) << line;
    EXPECT_EQ(play::OrDash(metric.rate_percent()), cells[5]) << line;
    EXPECT_EQ(play::StatusWord(metric.status()), cells[6]) << line;
    EXPECT_TRUE(figure->Explained()) << line;
  }
  EXPECT_EQ(rows, 13);
}

// row:P13
TEST_F(IncYear, ShowsWhatEachRateDivides) {
  const std::map<std::string, std::string> parts = {
      {"A17", "38/41"}, {"A18", "20/22"}, {"A19", "0/0"}, {"A22", "55/58"}};
  for (const play::Figure& figure : results_->figures) {
    const auto part = parts.find(figure.code);
    if (part == parts.end()) continue;
    EXPECT_EQ(figure.metric.numerator() + "/" + figure.metric.denominator(), part->second);
  }
}

// law:L41 and the end of a month that is shorter.
TEST_F(IncYear, ReckonsTheDaysThatTheScenarioAsksFor) {
  c::ListRetentionChecksRequest checks;
  checks.set_parent(NameOf("K0033", "cases"));
  std::vector<std::string> days;
  const auto of_june = Ask<c::ListRetentionChecksResponse>(
      "casemgmt", "FollowUpService/ListRetentionChecks", checks);
  for (const c::RetentionCheck& check : of_june.retention_checks()) {
    if (check.months() == 6) days.push_back(check.due_date());
  }
  EXPECT_THAT(days, ::testing::ElementsAre("2025-02-28")) << "closed on 31 August";
  c::GetCaseRequest taken_in;
  taken_in.set_name(NameOf("K0050", "cases"));
  const auto of_august = Ask<c::Case>("casemgmt", "CaseService/GetCase", taken_in);
  EXPECT_EQ(of_august.intake_date(), "2024-08-19");
  EXPECT_EQ(of_august.plan_due_date(), "2024-09-19") << "the 18th is a holiday";
}

// She took back every consent, was destroyed, and counts.
TEST_F(IncYear, CountsWhoWasErasedAndKnowsHerNoMore) {
  c::GetCaseRequest request;
  request.set_name(NameOf("K0017", "cases"));
  const auto hers = Ask<c::Case>("casemgmt", "CaseService/GetCase", request);
  EXPECT_EQ(hers.person(), "");
  EXPECT_EQ(hers.state(), c::CASE_STATE_CLOSED);
  EXPECT_EQ(hers.close_reason(), c::CASE_CLOSE_REASON_WITHDRAWN);
  EXPECT_EQ(Figure("A08").actual(), "63");
}

TEST_F(IncYear, SendsEachMessageOnceByMail) {
  EXPECT_EQ(results_->messages.in_doubt, 0);
  EXPECT_EQ(results_->messages.other, 0);
  EXPECT_EQ(results_->mails.received, results_->messages.total);
  EXPECT_EQ(results_->mails.distinct_ids, results_->mails.received);
}

TEST_F(IncYear, LeavesNoDeadLetter) {
  for (const std::string& service : kServices) {
    EXPECT_EQ(year_->suite().Progress(service).dead_letters(), 0) << service;
  }
}

// law:INV1 law:INV2 law:INV3 law:INV4 law:INV5 law:INV6 law:INV7 law:INV8
TEST_F(IncYear, KeepsTheLaws) { EXPECT_THAT(AuditSuite(year_->suite()), IsEmpty()); }

// Held on 23 December, entered on 15 January: in the revision of the 20th, and not in the report.
// Begun ten minutes into the new year: in neither. row:R22
TEST_F(IncYear, RevisesTheReportByWhatWasEnteredLateAndStillKnowsIt) {
  EXPECT_EQ(Figure("A09").actual(), "231");
  absl::Time entered, revised;
  ASSERT_TRUE(absl::ParseTime(absl::RFC3339_full, "2025-01-15T10:00:00+09:00", &entered, nullptr));
  ASSERT_TRUE(absl::ParseTime(absl::RFC3339_full, "2025-01-20T18:00:00+09:00", &revised, nullptr));
  ASSERT_TRUE(year_->services().SetClock(entered).ok());
  c::RecordSessionRequest request;
  request.set_name(NameOf("K0063-T5", "sessions"));
  request.set_outcome(c::SESSION_OUTCOME_PROGRESS);
  const auto late = Ask<c::Session>("casemgmt", "SessionService/RecordSession", request);
  EXPECT_EQ(late.service_date(), "2024-12-23");
  EXPECT_EQ(late.record_date(), "2025-01-15");
  ASSERT_TRUE(year_->services().SetClock(revised).ok());
  ASSERT_TRUE(year_->suite().WaitSettled());
  EXPECT_EQ(Figure("A09").actual(), "232");
  EXPECT_EQ(Figure("A09").rate_percent(), "96.7");
  EXPECT_EQ(Figure("A09", year_->scenario().cut_off).actual(), "231") << "as it was reported";
  EXPECT_EQ(Figure("A09", year_->scenario().cut_off).rate_percent(), "96.3");
}

}  // namespace
}  // namespace ieum::testing
