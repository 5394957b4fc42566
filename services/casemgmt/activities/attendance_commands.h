// The use cases of the list of an activity. The list belongs to its activity: each of them locks
// and versions the activity. Errors are those that ActivityService promises.
#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/ledger/ledger.h"
#include "platform/ledger/unit_of_work.h"
#include "services/casemgmt/activities/activity_commands.h"
#include "services/casemgmt/activities/attendance.h"

namespace ieum::casemgmt {

struct ListInput {
  ActivityInput activity;
  Attendee who;
  v1::AttendanceRole role = v1::ATTENDANCE_ROLE_UNSPECIFIED;  // unspecified = to take part
  std::optional<base::Uuid> attendance_id;                    // absent = derived from the request
};
// Both answer with the entry's name.
absl::StatusOr<ledger::Done> Invite(ledger::UnitOfWork& work, const ListInput& input);
absl::StatusOr<ledger::Done> CheckIn(ledger::UnitOfWork& work, const ListInput& input);

struct AttendanceInput {
  ActivityInput activity;
  base::Uuid attendance_id;
};
absl::StatusOr<ledger::Done> Answer(ledger::UnitOfWork& work, const AttendanceInput& input,
                                    v1::InvitationAnswer answer);
absl::StatusOr<ledger::Done> Retract(ledger::UnitOfWork& work, const AttendanceInput& input,
                                     v1::AttendanceCorrection reason);

// Everything that names the person names her no more; that somebody came still counts. Acts for the
// suite, as a part of ForgetPerson (erasures/forgetting.h), which locks the activities.
std::vector<base::Uuid> AttendancesTouched(db::Tx& tx, const base::Uuid& person);
absl::Status Anonymise(ledger::UnitOfWork& work, const base::Uuid& person);

}  // namespace ieum::casemgmt
