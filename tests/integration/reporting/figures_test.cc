// Figures are queries over facts, made from definitions.
#include "services/reporting/metrics/figures.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "platform/base/status.h"
#include "services/reporting/facts/fact_store.h"
#include "services/reporting/indicators/indicator_commands.h"
#include "services/reporting/indicators/indicator_store.h"
#include "services/reporting/metrics/metric_store.h"
#include "tests/integration/reporting/year_fixture.h"

namespace ieum::reporting {
namespace {

const PlanKey kB04{"BSN", "2023", "B04"};

absl::StatusOr<v1::Metric> Figure(ReportingDatabase& reporting, const std::string& cut_off = "") {
  v1::Metric metric;
  RETURN_IF_ERROR(reporting.db.database().Read("figure", [&](db::Tx& tx) -> absl::Status {
    ASSIGN_OR_RETURN(const Scope scope, ScopeOf(tx, kB04, {cut_off}, base::Scope::Everywhere()));
    ASSIGN_OR_RETURN(metric, FigureOf(tx, kB04, scope));
    return absl::OkStatus();
  }));
  return metric;
}

std::vector<v1::Contribution> Explain(ReportingDatabase& reporting, int page_size) {
  std::vector<v1::Contribution> all;
  filter::Cursor after;
  do {
    const absl::Status status =
        reporting.db.database().Read("explain", [&](db::Tx& tx) -> absl::Status {
          ASSIGN_OR_RETURN(const Scope scope, ScopeOf(tx, kB04, {""}, base::Scope::Everywhere()));
          ASSIGN_OR_RETURN(ContributionPage page, ReadContributions(tx, *FindIndicator(tx, "B04"),
                                                                    scope, page_size, after));
          all.insert(all.end(), page.contributions.begin(), page.contributions.end());
          after = page.next;
          return absl::OkStatus();
        });
    EXPECT_TRUE(status.ok()) << status;
  } while (!after.empty());
  return all;
}

// row:P6 row:P7
TEST(Figure, CountsDistinctFirmsOfTheEditionAndForgetsTheWithdrawnOne) {
  ReportingDatabase reporting;
  reporting.DefineCampaignFirms();
  reporting.Consume(SmallYear());
  EXPECT_EQ(Figure(reporting)->actual(), "3");
}

TEST(Figure, CountsByTheDefinitionsDateUpToTheCutOff) {
  ReportingDatabase reporting;
  reporting.DefineCampaignFirms();
  reporting.Consume(SmallYear());
  EXPECT_EQ(Figure(reporting, "2023-04-03")->actual(), "1");
  EXPECT_EQ(Figure(reporting, "2023-06-30")->actual(), "4") << "not yet withdrawn on that day";
}

TEST(Figure, IsTheSameWhenEveryEventComesTwice) {
  ReportingDatabase reporting;
  reporting.DefineCampaignFirms();
  reporting.Consume(SmallYear());
  reporting.Consume(SmallYear());
  EXPECT_EQ(Figure(reporting)->actual(), "3");
}

TEST(Figure, RefusesACutOffThatIsNoDay) {
  ReportingDatabase reporting;
  reporting.DefineCampaignFirms();
  EXPECT_EQ(base::ReasonOf(Figure(reporting, "2023-02-30").status()), "DATE_INVALID");
}

TEST(Figure, OfAnUnknownIndicatorIsNotFound) {
  ReportingDatabase reporting;
  EXPECT_EQ(Figure(reporting).status().code(), absl::StatusCode::kNotFound);
}

// row:X1 row:P5
TEST(Explanation, AddsUpToTheFigureWhenReducedByKeyWhateverThePageSize) {
  ReportingDatabase reporting;
  reporting.DefineCampaignFirms();
  reporting.Consume(SmallYear());
  for (int page_size : {1, 2, 50}) {
    std::set<std::string> keys;
    int retracted = 0;
    for (const v1::Contribution& one : Explain(reporting, page_size)) {
      if (one.counted()) keys.insert(one.distinct_key());
      if (!one.counted()) {
        ++retracted;
        EXPECT_FALSE(one.retracting_event_id().empty());
      }
    }
    EXPECT_EQ(std::to_string(keys.size()), Figure(reporting)->actual());
    EXPECT_EQ(retracted, 1);
  }
}

// An event that two sources of a definition name is explained twice, wherever a page ends.
TEST(Explanation, LosesNoEventOfTwoSourcesAtTheEdgeOfAPage) {
  ReportingDatabase reporting;
  v1::Indicator twice = CampaignFirms();
  *twice.add_sources() = twice.sources(0);
  ASSERT_TRUE(
      reporting.Run([&](ledger::UnitOfWork& work) { return DefineIndicator(work, "B04", twice); })
          .ok());
  reporting.Consume(SmallYear());
  for (int page_size : {1, 2, 3, 50}) {
    std::map<std::string, int> explained;
    for (const auto& one : Explain(reporting, page_size)) ++explained[one.event_id()];
    EXPECT_EQ(explained.size(), 4u) << page_size;
    for (const auto& [event, times] : explained) EXPECT_EQ(times, 2) << page_size << " " << event;
  }
}

// row:P17
TEST(Watermark, TellsHowFarEachProducersEventsAreIn) {
  ReportingDatabase reporting;
  reporting.Consume(SmallYear());
  ASSERT_TRUE(reporting.db.database()
                  .Read("watermark",
                        [&](db::Tx& tx) {
                          const v1::Watermark watermark = WatermarkOf(tx, reporting.clock);
                          EXPECT_EQ(watermark.producers_size(), 1);
                          int64_t sum = 0;
                          for (int64_t position : watermark.producers(0).positions())
                            sum += position;
                          EXPECT_EQ(sum, 6);
                          EXPECT_TRUE(watermark.has_read_time());
                          return absl::OkStatus();
                        })
                  .ok());
}

}  // namespace
}  // namespace ieum::reporting
