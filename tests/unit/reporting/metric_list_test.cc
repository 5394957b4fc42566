#include "services/reporting/metrics/metric_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/base/status.h"

namespace ieum::reporting {
namespace {

using ::testing::ElementsAre;

v1::Metric Figure(const std::string& code, int position, const std::string& area,
                  v1::MetricStatus status) {
  v1::Metric metric;
  metric.set_indicator("indicators/" + code);
  metric.set_position(position);
  metric.set_area(area);
  metric.set_status(status);
  return metric;
}

std::vector<v1::Metric> Plan() {
  return {Figure("B23", 23, "II", v1::METRIC_STATUS_MET),
          Figure("B04", 4, "II", v1::METRIC_STATUS_NEAR),
          Figure("B01", 1, "I", v1::METRIC_STATUS_MET)};
}

std::vector<std::string> Codes(const std::vector<v1::Metric>& metrics) {
  std::vector<std::string> codes;
  for (const auto& metric : metrics) codes.push_back(metric.indicator().substr(11));
  return codes;
}

TEST(Arrange, PutsFiguresIntoTheOrderOfTheReport) {
  EXPECT_THAT(Codes(*Arrange(Plan(), "", "")), ElementsAre("B01", "B04", "B23"));
}

TEST(Arrange, FiltersByStatusAndArea) {
  EXPECT_THAT(Codes(*Arrange(Plan(), "status = METRIC_STATUS_MET AND area = \"II\"", "")),
              ElementsAre("B23"));
}

TEST(Arrange, OrdersByWhatIsAsked) {
  EXPECT_THAT(Codes(*Arrange(Plan(), "", "area desc, position desc")),
              ElementsAre("B23", "B04", "B01"));
}

TEST(Arrange, RefusesAnUnknownFieldByName) {
  EXPECT_EQ(base::ReasonOf(Arrange(Plan(), "colour = 1", "").status()), "FILTER_INVALID");
  EXPECT_EQ(base::ReasonOf(Arrange(Plan(), "", "colour").status()), "FILTER_INVALID");
}

}  // namespace
}  // namespace ieum::reporting
