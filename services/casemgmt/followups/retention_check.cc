#include "services/casemgmt/followups/retention_check.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/calendar_rules.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/casemgmt/cases/case.h"

namespace ieum::casemgmt {
namespace {

std::string Word(v1::RetentionCheckState state) {
  return std::string(
      absl::StripPrefix(v1::RetentionCheckState_Name(state), "RETENTION_CHECK_STATE_"));
}

absl::Status WrongState(const RetentionCheck& check, const std::string& right) {
  return base::Forbidden(v1::ERROR_REASON_RETENTION_CHECK_STATE,
                         absl::StrCat("the check is ", Word(check.state), "; ", right),
                         {{"state", Word(check.state)}});
}

}  // namespace

absl::CivilDay CheckpointDay(absl::CivilDay anchor, int months) {
  return base::MonthsLater(anchor, months);
}

RetentionCheck PlanCheck(const base::Uuid& case_id, absl::CivilDay anchor, int months,
                         const base::Uuid& occurrence, absl::Time now) {
  return {.id = base::Uuid::Derive(case_id, absl::StrCat("retention_check/", months)),
          .case_id = case_id,
          .months = months,
          .anchor = anchor,
          .due = CheckpointDay(anchor, months),
          .occurrence = occurrence,
          .create_time = now,
          .update_time = now};
}

bool MoveAnchor(RetentionCheck& check, absl::CivilDay anchor, const base::Uuid& occurrence) {
  if (!check.waits() || check.anchor == anchor) return false;
  check.anchor = anchor;
  check.due = CheckpointDay(anchor, check.months);
  check.occurrence = occurrence;
  check.state = v1::RETENTION_CHECK_STATE_PLANNED;
  return true;
}

absl::Status CheckStep(const RetentionCheck& check, RetentionStep step, absl::CivilDay day) {
  if (step == RetentionStep::kCorrect) {
    if (check.state != v1::RETENTION_CHECK_STATE_DONE) {
      return WrongState(check, "only a recorded result is corrected");
    }
  } else if (check.state == v1::RETENTION_CHECK_STATE_DONE) {
    return WrongState(check, "its result is corrected instead");
  } else if (!check.waits()) {
    return WrongState(check, "nobody is asked any more");
  }
  if (day >= check.window_start()) return absl::OkStatus();
  return base::Forbidden(
      v1::ERROR_REASON_CHECK_EARLY,
      absl::StrCat("the check is due on ", base::FormatDay(check.due), "; she is asked from ",
                   base::FormatDay(check.window_start()), " on"),
      {{"first_date", base::FormatDay(check.window_start())}});
}

absl::Status CheckEvidence(v1::RetentionResult result, v1::RetentionEvidence evidence) {
  const bool silent =
      result == v1::RETENTION_RESULT_UNREACHABLE || result == v1::RETENTION_RESULT_REFUSED;
  const bool given = evidence != v1::RETENTION_EVIDENCE_UNSPECIFIED;
  if (silent != given) return absl::OkStatus();
  return base::InvalidField("INVALID_FIELD", "evidence",
                            silent ? "must be left out: nothing was found out"
                                   : "must be given: what shows where she works");
}

bool AllOver(const std::vector<RetentionCheck>& checks) {
  return std::none_of(checks.begin(), checks.end(),
                      [](const RetentionCheck& check) { return check.waits(); });
}

std::string RetentionCheckName(const base::Uuid& case_id, const base::Uuid& id) {
  return absl::StrCat(CaseName(case_id), "/retentionChecks/", id.ToString());
}

}  // namespace ieum::casemgmt
