// For whom a person is counted who takes part for herself: for whom she worked on the day on which
// she asked. Whom she works for afterwards changes nothing; when it turns out that she worked for
// somebody else on that day, her enrolments follow, in the same transaction.
#pragma once

#include <vector>

#include "platform/ledger/unit_of_work.h"
#include "services/registry/enrolments/enrolment.h"
#include "services/registry/people/person.h"

namespace ieum::registry {

// Locks what an affiliation of this person and role writes: `others`, and of an employment her
// enrolments in all campaigns, behind their gates. One that is made meanwhile starts the
// transaction again. Answers the enrolments, of whichever centre.
std::vector<base::Uuid> LockWithEnrolments(ledger::UnitOfWork& work, const base::Uuid& person,
                                           v1::AffiliationRole role,
                                           std::vector<base::Uuid> others);

// Gives each of these enrolments the employer that the employments say, and tells where that is
// another one than before. What was denied or withdrawn keeps the one that it had: nothing is
// counted for it any more.
void AttributeAnew(ledger::UnitOfWork& work, const std::vector<base::Uuid>& enrolments,
                   const std::vector<Affiliation>& employments);

}  // namespace ieum::registry
