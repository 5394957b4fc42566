// Two open cases of one person, whose records were merged while both were open: whoever manages or
// supervises one of them is told by a task of its own in each, until one case is left.
#pragma once

#include <string>
#include <vector>

#include "platform/flow/due_work.h"
#include "platform/ledger/ledger.h"
#include "platform/ledger/unit_of_work.h"
#include "services/casemgmt/cases/case_reach.h"

namespace ieum::casemgmt {

inline constexpr int kAgreeDays = 7;  // in which managers agree who goes on

// Whoever opens a case of one of these persons waits until the transaction ends, under whichever
// record. Behind the locks of aggregates, as everywhere.
void HoldOpenings(db::Tx& tx, const std::vector<base::Uuid>& persons);
// Of locked cases, after merges of records or their undoing: each open one that is not its person's
// only one in its programme and edition has the task (CaseTaskSet), and no other one
// (CaseTaskEnded). A task that stands is not told again.
void TellSamePerson(ledger::UnitOfWork& work, const std::vector<base::Uuid>& cases);
// The task of a case that is its person's only open one again is done. ABORTED where another one
// stands beside it: nothing is remembered, and the next look decides.
absl::StatusOr<ledger::Done> EndSamePerson(ledger::UnitOfWork& work, const base::Uuid& case_id);

// The other open cases that a task of this one is about, as far as the reach holds them.
std::vector<std::string> SamePersonCases(db::Tx& tx, const Reach& reach, const base::Uuid& id);

// Ends the tasks of cases that are their person's only open ones again: another one ended, her
// records are two again, or nobody knows any more whose they are.
flow::DueWork SamePersonDues(ledger::Ledger& ledger);

}  // namespace ieum::casemgmt
