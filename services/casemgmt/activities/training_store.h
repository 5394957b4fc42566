// The rows that say which activities are trainings of an engagement, and what was told of them.
#pragma once

#include "platform/base/scope.h"
#include "platform/db/tx.h"
#include "services/casemgmt/activities/activity.h"
#include "services/casemgmt/activities/training.h"

namespace ieum::casemgmt {

// Of an activity that was just written.
void InsertTraining(db::Tx& tx, const Activity& activity);
// What is told of it now.
void SaveTrainingResult(db::Tx& tx, const Activity& activity);
// Of the list of a training; a person whose records were merged is one.
NamedAttendees CountNamed(db::Tx& tx, const base::Scope& scope, const Activity& activity);

}  // namespace ieum::casemgmt
