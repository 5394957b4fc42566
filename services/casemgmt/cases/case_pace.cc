#include "services/casemgmt/cases/case_pace.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "platform/base/status.h"

namespace ieum::casemgmt {
namespace {

constexpr int kLongestDays = 366, kLongestMonths = 60;

void CheckLength(base::FieldErrors& errors, const char* field, int length, int longest) {
  if (length >= 1 && length <= longest) return;
  errors.Add("INVALID_FIELD", absl::StrCat("pace.", field),
             absl::StrCat("must be from 1 to ", longest));
}

}  // namespace

absl::Status CheckPace(const CasePace& pace) {
  base::FieldErrors errors;
  CheckLength(errors, "contact_business_days", pace.contact_business_days, kLongestDays);
  CheckLength(errors, "contact_crisis_days", pace.contact_crisis_days, kLongestDays);
  CheckLength(errors, "consult_days", pace.consult_days, kLongestDays);
  CheckLength(errors, "assessment_days", pace.assessment_days, kLongestDays);
  CheckLength(errors, "conference_days", pace.conference_days, kLongestDays);
  CheckLength(errors, "conference_crisis_days", pace.conference_crisis_days, kLongestDays);
  CheckLength(errors, "plan_days", pace.plan_days, kLongestDays);
  CheckLength(errors, "intake_to_plan_days", pace.intake_to_plan_days, kLongestDays);
  CheckLength(errors, "urgent_plan_days", pace.urgent_plan_days, kLongestDays);
  CheckLength(errors, "monitoring_days", pace.monitoring_days, kLongestDays);
  CheckLength(errors, "monitoring_crisis_days", pace.monitoring_crisis_days, kLongestDays);
  CheckLength(errors, "reassessment_months", pace.reassessment_months, kLongestMonths);
  CheckLength(errors, "reassessment_days", pace.reassessment_days, kLongestDays);
  CheckLength(errors, "closing_days", pace.closing_days, kLongestDays);
  CheckLength(errors, "max_hold_days", pace.max_hold_days, kLongestDays);
  int before = 0;
  for (const int months : pace.check_months) {
    if (months <= before || months > kLongestMonths) {
      errors.Add("INVALID_FIELD", "pace.check_months",
                 absl::StrCat("must ascend, from 1 to ", kLongestMonths));
      break;
    }
    before = months;
  }
  return errors.ToStatus();
}

}  // namespace ieum::casemgmt
