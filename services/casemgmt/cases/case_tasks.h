// The tasks that the state of a case stands for: they come, move and end with it.
#pragma once

#include <vector>

#include "platform/ledger/unit_of_work.h"
#include "services/casemgmt/cases/task.h"

namespace ieum::casemgmt {

// What is to be done in a case that stands there. Pure.
std::vector<Task> StateTasks(const Case& c);
// Whether tasks of this kind are the state's.
bool IsStateKind(v1::CaseTaskKind kind);

// Lets the open tasks of these kinds be those.
void KeepStateTasks(ledger::UnitOfWork& work, const Case& c);

}  // namespace ieum::casemgmt
