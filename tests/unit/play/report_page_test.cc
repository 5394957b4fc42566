// Goal: the page stands alone, is well formed, and can be read without seeing it. Method: a small
// year's page, looked through as text.
#include "tools/play/report_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "re2/re2.h"
#include "tests/support/process.h"
#include "tests/unit/play/results_sample.h"
#include "tools/play/print_results.h"

namespace ieum::play {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string Page(const std::vector<std::string>& faults = {}) {
  return ReportPage(SampleScenario(), SampleResults(), faults);
}

TEST(ReportPage, NeedsNothingFromElsewhere) {
  const std::string page = Page();
  EXPECT_THAT(page, Not(HasSubstr("http:")));
  EXPECT_THAT(page, Not(HasSubstr("https:")));
  EXPECT_FALSE(RE2::PartialMatch(page, R"(<(?:script|link|img|iframe)\b|url\(|@import)"));
}

TEST(ReportPage, EscapesWhatComesFromData) {
  EXPECT_THAT(Page(), HasSubstr("시범 사업 &lt;2023&gt;"));
  EXPECT_THAT(Page(), HasSubstr("firms &amp; others"));
  EXPECT_THAT(Page({"a < b"}), HasSubstr("a &lt; b"));
}

TEST(ReportPage, TellsScreenReadersWhatTablesAndChartsHold) {
  const std::string page = Page();
  EXPECT_FALSE(RE2::PartialMatch(page, R"(<th(?: class="n")?>)")) << "a header without scope";
  EXPECT_TRUE(
      RE2::PartialMatch(page, R"(<svg[^>]*role="img"[^>]*aria-labelledby="funnel-1-title)"));
  EXPECT_THAT(page, HasSubstr("<desc id=\"funnel-1-desc\">단계 41 → 단계 33 → 단계 24</desc>"));
  EXPECT_THAT(page, HasSubstr("<html lang=\"ko\">"));
}

// The ground of a bar ends at 100 %, where the mark is; half of its length more is left for the
// rest.
TEST(ReportPage, FillsABarToItsMarkAtAHundredPercentAndGoesOnBehindIt) {
  const auto bar = [](const std::string& rate) {
    Results results = SampleResults();
    results.figures.resize(1);
    results.figures[0].in_plan = true;
    results.figures[0].metric.set_rate_percent(rate);
    std::string found;
    RE2::PartialMatch(ReportPage(SampleScenario(), results, {}),
                      R"re(<span class="bar" aria-hidden="true">(.*?)</span>)re", &found);
    return found;
  };
  EXPECT_EQ(bar("50.0"), R"(<i style="width:33.3%"></i>)");
  EXPECT_EQ(bar("100.0"), R"(<i style="width:66.7%"></i>)");
  EXPECT_EQ(bar("125.0"),
            R"(<i style="width:66.7%"></i><i class="beyond" style="width:16.7%"></i>)");
  EXPECT_EQ(bar("999.0"),
            R"(<i style="width:66.7%"></i><i class="beyond" style="width:33.3%"></i>)");
  EXPECT_EQ(bar(""), "");
  EXPECT_THAT(Page(), HasSubstr("<b>100 %</b>"));
}

// Every element that is opened is closed in its order.
TEST(ReportPage, IsWellFormed) {
  const ieum::testing::TempDir folder;
  const std::string file = folder.path() + "/report.html";
  std::ofstream(file) << Page();
  const auto checked = ieum::testing::RunToEnd(
      {.argv = {"python3", IEUM_SOURCE_DIR "/tests/unit/play/well_formed.py", file}});
  EXPECT_TRUE(checked.ok()) << checked.status();
}

TEST(ReportPage, TellsAFigureThatNobodyIsInFromOneWithoutATarget) {
  const auto page = [](const std::string& target, const std::string& unit) {
    Results results = SampleResults();
    reporting::v1::Metric& metric = results.figures.front().metric;
    metric.set_status(reporting::v1::METRIC_STATUS_NONE);
    metric.set_target(target);
    metric.set_unit(unit);
    return ReportPage(SampleScenario(), results, {});
  };
  EXPECT_THAT(page("80.0", "%"), HasSubstr("대상 없음 <span lang=\"en\">nothing to count"));
  EXPECT_THAT(page("80.0", "%"), HasSubstr("<td>%</td>")) << "a sign has one language";
  EXPECT_THAT(page("", "session"), HasSubstr("목표 없음 <span lang=\"en\">no target"));
  EXPECT_THAT(page("", "session"), HasSubstr("<span class=\"ko\">회</span>"));
}

TEST(ReportPage, SaysSoWhenSomethingDoesNotAgree) {
  EXPECT_THAT(Page(), HasSubstr("확인됨"));
  EXPECT_THAT(Page({"B04: expected 24, came 23"}), HasSubstr("불일치 1건"));
}

TEST(PrintResults, ShowsEveryPartOfTheYear) {
  const std::string text = PrintResults(SampleScenario(), SampleResults());
  for (const char* part : {"목표와 실적", "단계별 인원·기업 수", "알림", "메시지 대차", "근거",
                           "VISIT-D-3", "80.5 %", "4 mails arrived"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
}

TEST(PrintVerdict, CountsWhatIsAsExpectedAndNamesWhatIsNot) {
  Scenario scenario = SampleScenario();
  scenario.expected = {{"change_notices", 1}, {"x", 2}};
  EXPECT_THAT(PrintVerdict(scenario, {}, {}), HasSubstr("✓ all 2 values"));
  const std::string bad = PrintVerdict(scenario, {"x: expected 2, came 3"}, {});
  EXPECT_THAT(bad, HasSubstr("✗ x: expected 2, came 3"));
  EXPECT_THAT(bad, HasSubstr("1 of 2 values"));
}

}  // namespace
}  // namespace ieum::play
