// The rows that say which activities are trainings of an engagement, and what was told of them.
#pragma once

#include <vector>

#include "platform/base/scope.h"
#include "platform/db/tx.h"
#include "services/casemgmt/activities/activity.h"
#include "services/casemgmt/activities/training.h"

namespace ieum::casemgmt {

// Of an activity that was just written.
void InsertTraining(db::Tx& tx, const Activity& activity);
// What is told of it now.
void SaveTrainingResult(db::Tx& tx, const Activity& activity);
// Trainings to which the person of one of these records came, under whichever of her ids; in order.
std::vector<base::Uuid> TrainingsWith(db::Tx& tx, const std::vector<base::Uuid>& records);
// Of the list of a training; a person whose records were merged is one.
NamedAttendees CountNamed(db::Tx& tx, const base::Scope& scope, const Activity& activity);

}  // namespace ieum::casemgmt
