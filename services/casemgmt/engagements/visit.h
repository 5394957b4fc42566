// What a visit is and what can be done with it. It belongs to its engagement. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "ieum/casemgmt/v1/types.pb.h"
#include "platform/base/uuid.h"

namespace ieum::casemgmt {

struct Visit {
  base::Uuid id;
  base::Uuid engagement_id;
  v1::VisitState state = v1::VISIT_STATE_PLANNED;
  absl::Time start, end;  // start ≤ t < end; real ones when it was held
  base::Uuid consultant;
  std::optional<base::Uuid> contact_person;
  std::string minutes;  // empty = none yet
  std::string next_step;
  std::optional<absl::Time> report_time;
  v1::VisitCancelReason cancel_reason = v1::VISIT_CANCEL_REASON_UNSPECIFIED;
  std::optional<base::Uuid> centre;  // the engagement's
  absl::Time create_time, update_time;

  // In Korea.
  absl::CivilDay day() const;
};

enum class VisitStep { kReschedule, kCancel, kHold, kReport };

// Where the step leads; VISIT_STATE when the state does not allow it.
absl::StatusOr<v1::VisitState> NextState(v1::VisitState state, VisitStep step);

// MINUTES_RECORDED_ALREADY when the visit has some.
absl::Status CheckNoMinutes(const Visit& visit);

// DATE_ORDER blaming `end_time` unless it ends after it starts.
absl::Status CheckTimes(absl::Time start, absl::Time end);

// A visit that took place began before now (DATE_INVALID) and not before the firm was a candidate,
// nor, when it is the one that makes the engagement VISITED, before the step that led to it
// (DATE_ORDER).
absl::Status CheckHeldAt(absl::Time start, absl::Time now, absl::CivilDay not_before);

std::string VisitName(const base::Uuid& engagement_id, const base::Uuid& id);

}  // namespace ieum::casemgmt
