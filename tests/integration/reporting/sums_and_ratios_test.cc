// Goal: a figure may be a sum or a ratio, and both are explained down to the event: what is said
// twice counts once, what was corrected counts as it holds now. Method: events as casemgmt tells
// them, definitions as scenarios/inc-2024 has them. row:P5 row:P6 row:P7 row:P13 row:X1
#include <gtest/gtest.h>

#include <set>

#include "absl/strings/str_cat.h"
#include "tests/integration/reporting/incheon_figures.h"
#include "tests/support/centres.h"

namespace ieum::reporting {
namespace {

using ieum::testing::kCentreA;
using ieum::testing::kCentreB;

using SumsAndRatios = IncheonFigures;

TEST_F(SumsAndRatios, AddUpEachRunByItsLatestWordInWhicheverOrderItComes) {
  Define("A15", Completers(), "40");
  Add("training/1", Held("1", 10, "2024-05-02"));
  Add("training/2", Held("2", 20, "2024-06-03"));
  Add("training/1", Recounted("1", 12, "2024-05-02"));
  Add("training/3", Held("3", 0, "2024-07-01"));
  ConsumeShuffled(7);
  Consume();
  const v1::Metric metric = Figure("A15");
  EXPECT_EQ(metric.actual(), "32");
  EXPECT_EQ(metric.printed_actual(), "32");
  EXPECT_EQ(metric.rate_percent(), "80.0");
  EXPECT_EQ(metric.numerator(), "") << "it is no ratio";
  EXPECT_EQ(metric.factor(), 0);
  EXPECT_EQ(Figure("A15", {"2024-05-31"}).actual(), "12");
  EXPECT_EQ(Figure("A15", {"2024-05-01"}).actual(), "0") << "nothing adds up to nothing";
}

// What each event adds, and which word took which back.
TEST_F(SumsAndRatios, AreExplainedByValuesThatAddUpWhateverThePageSize) {
  Define("A15", Completers());
  Add("training/1", Held("1", 10, "2024-05-02"));
  Add("training/2", Held("2", 20, "2024-06-03"));
  Add("training/1", Recounted("1", 12, "2024-05-02"));
  Consume();
  for (const int page_size : {1, 2, 50}) {
    int sum = 0, taken_back = 0;
    for (const v1::Contribution& one : Explain("A15", page_size)) {
      EXPECT_EQ(one.side(), v1::CONTRIBUTION_SIDE_UNSPECIFIED);
      if (one.counted()) {
        sum += std::stoi(one.value());
        continue;
      }
      ++taken_back;
      EXPECT_EQ(one.value(), "10");
      EXPECT_EQ(one.retracting_event_id(), maker_.events()[2].envelope.event_id());
    }
    EXPECT_EQ(sum, 32) << page_size;
    EXPECT_EQ(taken_back, 1) << page_size;
  }
}

// A number that another centre corrected since is not the number any more: parts are the whole.
TEST_F(SumsAndRatios, OfCentresAddUpToTheSumOfTheSuite) {
  Define("A15", Completers());
  Add("training/1", Held("1", 10, "2024-05-02", kCentreA));
  Add("training/2", Held("2", 20, "2024-06-03", kCentreA));
  Add("training/1", Recounted("1", 12, "2024-05-02", kCentreB));
  Consume();
  const auto of = [](const char* centre) { return base::Scope::Of({centre}); };
  EXPECT_EQ(Figure("A15", {}, of(kCentreA)).actual(), "20");
  EXPECT_EQ(Figure("A15", {}, of(kCentreB)).actual(), "12");
  EXPECT_EQ(Figure("A15").actual(), "32");
}

TEST_F(SumsAndRatios, KeepInTheDenominatorWhoWasDueAndNotReached) {
  Define("A17", Retention(), "50.0");
  const std::pair<const char*, casemgmt::RetentionResult> found[] = {
      {"kim", casemgmt::RETENTION_RESULT_SAME_EMPLOYER},
      {"lee", casemgmt::RETENTION_RESULT_ON_STATUTORY_LEAVE},
      {"park", casemgmt::RETENTION_RESULT_OTHER_EMPLOYER},
      {"choi", casemgmt::RETENTION_RESULT_UNREACHABLE}};
  for (const auto& [person, result] : found) {
    const std::string of = absl::StrCat("case/", person);
    Add(of, Check<casemgmt::RetentionCheckDue>(person, {}, "2024-09-30"));
    Add(of, Check<casemgmt::RetentionChecked>(person, result, "2024-09-30"));
  }
  // Due, and nobody has asked her yet; and one who is due later.
  Add("case/jung", Check<casemgmt::RetentionCheckDue>("jung", {}, "2024-09-30"));
  Add("case/han", Check<casemgmt::RetentionCheckDue>("han", {}, "2024-12-31"));
  Add("case/han", Check<casemgmt::RetentionChecked>("han", casemgmt::RETENTION_RESULT_SAME_EMPLOYER,
                                                    "2024-12-31"));
  Consume();
  const v1::Metric half = Figure("A17", {"2024-09-30"});
  EXPECT_EQ(half.numerator(), "2");
  EXPECT_EQ(half.denominator(), "5");
  EXPECT_EQ(half.factor(), 100);
  EXPECT_EQ(half.actual(), "40.000000");
  EXPECT_EQ(half.printed_actual(), "40.0");
  EXPECT_EQ(half.rate_percent(), "80.0");
  EXPECT_EQ(half.status(), v1::METRIC_STATUS_NOT_MET);
  const v1::Metric year = Figure("A17");
  EXPECT_EQ(absl::StrCat(year.numerator(), "/", year.denominator()), "3/6");
  EXPECT_EQ(year.rate_percent(), "100.0");
  EXPECT_EQ(year.status(), v1::METRIC_STATUS_MET);

  std::set<std::string> above, below;
  for (const v1::Contribution& one : Explain("A17", 3)) {
    ASSERT_TRUE(one.counted());
    (one.side() == v1::CONTRIBUTION_SIDE_NUMERATOR ? above : below).insert(one.distinct_key());
    EXPECT_EQ(one.value(), "") << "it is counted, not added";
  }
  EXPECT_EQ(above.size(), 3u);
  EXPECT_EQ(below.size(), 6u);
}

TEST_F(SumsAndRatios, AreNoFigureWhileNothingIsDue) {
  Define("A19", Retention(), "80.0");
  Consume();
  const v1::Metric metric = Figure("A19");
  EXPECT_EQ(metric.actual(), "");
  EXPECT_EQ(metric.printed_actual(), "");
  EXPECT_EQ(metric.numerator(), "0");
  EXPECT_EQ(metric.denominator(), "0");
  EXPECT_EQ(metric.rate_percent(), "");
  EXPECT_EQ(metric.status(), v1::METRIC_STATUS_NONE);
}

// A quotient without an end is rounded once, and its rate goes by the quotient.
TEST_F(SumsAndRatios, RoundOnceFromTheExactQuotient) {
  Define("A18", Retention(), "85.0");
  for (int n = 0; n < 22; ++n) {
    const std::string person = absl::StrCat("person ", n);
    Add(person, Check<casemgmt::RetentionCheckDue>(person, {}, "2024-12-31"));
    Add(person, Check<casemgmt::RetentionChecked>(person,
                                                  n < 20 ? casemgmt::RETENTION_RESULT_SAME_EMPLOYER
                                                         : casemgmt::RETENTION_RESULT_REFUSED,
                                                  "2024-12-31"));
  }
  Consume();
  const v1::Metric metric = Figure("A18");
  EXPECT_EQ(metric.actual(), "90.909091");
  EXPECT_EQ(metric.printed_actual(), "90.9");
  EXPECT_EQ(metric.rate_percent(), "107.0") << "106.9 from the printed 90.9";
}

}  // namespace
}  // namespace ieum::reporting
