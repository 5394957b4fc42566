// What the use cases of activities do with those that are trainings of an engagement.
#pragma once

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/ledger/ledger.h"
#include "platform/ledger/unit_of_work.h"
#include "services/casemgmt/activities/activity_commands.h"
#include "services/casemgmt/activities/attendance_commands.h"

namespace ieum::casemgmt {

// The activity becomes a training of the engagement, which is locked. The errors of BecomeTraining.
absl::Status TakeEngagement(ledger::UnitOfWork& work, const base::Uuid& engagement_id, int duration,
                            Activity* activity);

// Tells of a training that took place how many came and completed it, when that was not told or is
// no longer so. Called after every change of its list or its counts; of others it does nothing.
void TellTraining(ledger::UnitOfWork& work, Activity& activity);

// Counts trainings again, which are locked, once other records are one person than before. Acts for
// the suite.
void RecountTrainings(ledger::UnitOfWork& work, const std::vector<base::Uuid>& trainings);

// In attendance_commands.cc, as the list is. 0 = not known after all.
absl::StatusOr<ledger::Done> RecordAttendedDuration(ledger::UnitOfWork& work,
                                                    const AttendanceInput& input, int duration);

}  // namespace ieum::casemgmt
