// For whom a person is counted who takes part for herself: for whom she worked on the day on which
// she asked. Whom she works for afterwards changes nothing; when it turns out that she worked for
// somebody else on that day, her enrolments follow, in the same transaction: when an employment is
// written, and when two records of her become one, or two again.
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

// The two steps of it, for who locks more: enters the gates of all campaigns in which these asked,
// and answers their enrolments, of whichever centre; behind the locks of the persons, starts the
// transaction again when there are others by now.
std::vector<base::Uuid> EnterGatesOf(ledger::UnitOfWork& work,
                                     const std::vector<base::Uuid>& persons);
void RequireStill(ledger::UnitOfWork& work, const std::vector<base::Uuid>& persons,
                  const std::vector<base::Uuid>& enrolments);

// Gives each of these enrolments the employer that the employments say, and tells where that is
// another one than before. What was denied or withdrawn keeps the one that it had: nothing is
// counted for it any more.
void AttributeAnew(ledger::UnitOfWork& work, const std::vector<base::Uuid>& enrolments,
                   const std::vector<Affiliation>& employments);
// The same of all that a person has by now, by the employments that she has by now.
void AttributeAnewOf(ledger::UnitOfWork& work, const base::Uuid& person);

}  // namespace ieum::registry
