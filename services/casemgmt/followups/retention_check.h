// Whether somebody is still employed some months after her case was closed (고용유지 점검).
// Sources: domain.md §2 (anchor, months clamped to the month's end, results, what counts as
// retained), §7.1 (checkpoints never roll to a business day). Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "ieum/casemgmt/v1/types.pb.h"
#include "platform/base/uuid.h"

namespace ieum::casemgmt {

// Days before and after a check's day between which its result is in time.
inline constexpr int kRetentionWindowDays = 14;
// Attempts of one check at most.
inline constexpr int kRetentionAttemptsMax = 100;

// What was found.
struct RetentionFinding {
  base::Uuid id;  // another one for each correction
  v1::RetentionResult result = v1::RETENTION_RESULT_UNSPECIFIED;
  v1::RetentionEvidence evidence = v1::RETENTION_EVIDENCE_UNSPECIFIED;
  absl::CivilDay day;
  v1::RetentionCorrection correction = v1::RETENTION_CORRECTION_UNSPECIFIED;  // why it replaced one
};

struct RetentionCheck {
  base::Uuid id;
  base::Uuid case_id;
  int months = 0;  // after the anchor
  absl::CivilDay anchor, due;
  // The check on this very day; another one whenever its anchor moves.
  base::Uuid occurrence;
  v1::RetentionCheckState state = v1::RETENTION_CHECK_STATE_PLANNED;
  int attempts = 0;
  int revision = 0;                         // of what was found; 0 = nothing yet
  std::optional<RetentionFinding> finding;  // present with a revision
  v1::RetentionCancelReason cancel_reason = v1::RETENTION_CANCEL_REASON_UNSPECIFIED;
  absl::Time create_time, update_time;

  absl::CivilDay window_start() const { return due - kRetentionWindowDays; }
  absl::CivilDay window_end() const { return due + kRetentionWindowDays; }
  bool late() const { return finding && finding->day > window_end(); }
  // Nothing was found, and somebody is to ask.
  bool waits() const {
    return state == v1::RETENTION_CHECK_STATE_PLANNED || state == v1::RETENTION_CHECK_STATE_DUE;
  }
};

// The day of a checkpoint: so many months after the anchor, on the last day of a month that has no
// such day (2024-11-30 + 3 = 2025-02-28).
absl::CivilDay CheckpointDay(absl::CivilDay anchor, int months);

// The check of a case after so many months; its id is derived from the case's, so that it is never
// made twice.
RetentionCheck PlanCheck(const base::Uuid& case_id, absl::CivilDay anchor, int months,
                         const base::Uuid& occurrence, absl::Time now);

// Reckons a check from another anchor. Answers whether it moved: one that is done or cancelled does
// not, nor one whose anchor that is. It is planned again, even where its day had come.
bool MoveAnchor(RetentionCheck& check, absl::CivilDay anchor, const base::Uuid& occurrence);

// What people do with a check.
enum class RetentionStep { kAttempt, kRecord, kCorrect };
// Whether the check's state and day allow it. RETENTION_CHECK_STATE, CHECK_EARLY.
absl::Status CheckStep(const RetentionCheck& check, RetentionStep step, absl::CivilDay day);
// INVALID_FIELD blaming `evidence` where there is none for what somebody says, or some for nothing.
absl::Status CheckEvidence(v1::RetentionResult result, v1::RetentionEvidence evidence);

// No check waits any more.
bool AllOver(const std::vector<RetentionCheck>& checks);

// "cases/{uuid}/retentionChecks/{uuid}"
std::string RetentionCheckName(const base::Uuid& case_id, const base::Uuid& id);

}  // namespace ieum::casemgmt
