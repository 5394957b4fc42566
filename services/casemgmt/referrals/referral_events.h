// The events that referrals append to their case, and the task that waits for an answer.
#pragma once

#include <string>

#include "absl/strings/str_cat.h"
#include "services/casemgmt/cases/case_commands.h"
#include "services/casemgmt/cases/case_events.h"
#include "services/casemgmt/cases/task.h"
#include "services/casemgmt/referrals/referral.h"

namespace ieum::casemgmt {

// `set`: what else the event says.
template <class Event, class Set>
ledger::Done TellOf(ledger::UnitOfWork& work, const Case& c, const Referral& referral, Set set) {
  Event event = EventOf<Event>(c, work.now());
  *event.mutable_referral() = ReferralFactsOf(referral);
  set(event);
  AppendToCase(work, c, event);
  return {c.id, ReferralName(c.id, referral.id)};
}

// Names the task within its case.
inline std::string AnswerTaskOf(const base::Uuid& id) {
  return absl::StrCat("referral-answer/", id.ToString());
}

}  // namespace ieum::casemgmt
