// Cases on paper, and the days of a year: what tests of due days and of holds begin with.
#pragma once

#include <string>
#include <vector>

#include "platform/base/business_days.h"
#include "platform/base/korea_time.h"
#include "services/casemgmt/cases/case.h"

namespace ieum::casemgmt::testing {

inline absl::CivilDay Day(const std::string& text) { return *base::ParseDay(text, "day"); }

// In a crisis, to be managed as a case.
inline Case Standing(v1::CaseState state) {
  Case c;
  c.state = state;
  c.opened_day = c.last_step_day = Day("2024-03-04");
  c.risk_level = v1::RISK_LEVEL_CRISIS;
  c.classification = v1::CASE_CLASSIFICATION_CASE_MANAGEMENT;
  return c;
}

// Public holidays of 2024 in Korea, those that the tests meet.
inline base::BusinessCalendar Holidays2024() {
  std::vector<absl::CivilDay> days;
  for (const char* day : {"2024-01-01", "2024-03-01", "2024-05-06", "2024-06-06", "2024-08-15",
                          "2024-09-16", "2024-09-17", "2024-09-18", "2024-10-03", "2024-12-25"}) {
    days.push_back(Day(day));
  }
  return base::BusinessCalendar(days);
}

}  // namespace ieum::casemgmt::testing
