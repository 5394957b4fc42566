// When somebody is expected by somebody, and nothing of what for: what a reminder needs. Whatever
// it is for (a session, a group's meeting) keeps its id. Pure.
#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "ieum/casemgmt/v1/types.pb.h"
#include "platform/base/uuid.h"

namespace ieum::casemgmt {

struct Appointment {
  base::Uuid id;
  v1::AppointmentState state = v1::APPOINTMENT_STATE_BOOKED;
  std::optional<base::Uuid> person;          // as she was named; nullopt = erased
  absl::Time start, end;                     // start ≤ t < end
  std::optional<base::Uuid> centre;          // nullopt = the whole suite's
  std::optional<base::Uuid> host;            // person of the centre who expects her
  std::optional<base::Uuid> case_id, group;  // what it is for; nobody is told
  absl::Time create_time, update_time;

  // In Korea.
  absl::CivilDay day() const;
};

enum class AppointmentStep { kMove, kCancel, kKeep, kMiss };
inline constexpr int kAppointmentSteps = static_cast<int>(AppointmentStep::kMiss) + 1;

// Where the step leads; APPOINTMENT_STATE when the state does not allow it. A wrong word on whether
// she came can be changed.
absl::StatusOr<v1::AppointmentState> NextState(v1::AppointmentState state, AppointmentStep step);

std::string AppointmentName(const base::Uuid& id);  // "appointments/{uuid}"

}  // namespace ieum::casemgmt
