// The events that transfers append to their case, and the task that waits for an answer.
#pragma once

#include <string>

#include "absl/strings/str_cat.h"
#include "services/casemgmt/cases/case_commands.h"
#include "services/casemgmt/cases/case_events.h"
#include "services/casemgmt/cases/task.h"
#include "services/casemgmt/cases/task_store.h"
#include "services/casemgmt/transfers/transfer.h"

namespace ieum::casemgmt {

// `set`: what else the event says.
template <class Event, class Set>
ledger::Done TellOf(ledger::UnitOfWork& work, const Case& c, const Transfer& transfer, Set set) {
  Event event = EventOf<Event>(c, work.now());
  *event.mutable_transfer() = TransferFactsOf(transfer);
  set(event);
  AppendToCase(work, c, event);
  return {c.id, TransferName(c.id, transfer.id)};
}

// Names the task within its case.
inline std::string AnswerTaskOf(const Transfer& transfer) {
  return absl::StrCat("transfer-answer/", transfer.id.ToString());
}
inline void EndAnswerTask(ledger::UnitOfWork& work, const Transfer& transfer, bool answered) {
  EndTask(work, TaskId(transfer.case_id, AnswerTaskOf(transfer)),
          answered ? v1::CASE_TASK_STATE_DONE : v1::CASE_TASK_STATE_DROPPED);
}

}  // namespace ieum::casemgmt
