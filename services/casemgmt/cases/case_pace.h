// How quickly a case goes (C18): the days of a case template's version. Data, not code; these are
// the standard ones of domain.md §2. Pure.
#pragma once

#include <vector>

#include "absl/status/status.h"

namespace ieum::casemgmt {

// Calendar days unless said otherwise. `crisis` ones hold at level CRISIS.
struct CasePace {
  int contact_business_days = 3, contact_crisis_days = 1;
  int consult_days = 7;                                 // after the contact
  int assessment_days = 10;                             // after the intake
  int conference_days = 5, conference_crisis_days = 2;  // after the approved assessment
  int plan_days = 15;                                   // after the classification
  int intake_to_plan_days = 30;                         // a legal period (L41)
  int urgent_plan_days = 7;                             // after an urgent service began
  int monitoring_days = 30, monitoring_crisis_days = 7;
  int reassessment_months = 3;  // after the signed plan
  int reassessment_days = 10;   // to carry one out
  int closing_days = 7;         // the closing conference
  int max_hold_days = 60;
  std::vector<int> check_months = {3, 6, 12};  // retention, after the closure

  bool operator==(const CasePace&) const = default;
};

// INVALID_FIELD for a length outside of 1–366 days (months 1–60), or checks that do not ascend.
absl::Status CheckPace(const CasePace& pace);

}  // namespace ieum::casemgmt
