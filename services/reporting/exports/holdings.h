// What reporting holds of a person: facts of what happened, in which her id stands and no value of
// hers. How many there are of each kind is told, and that figures count her.
#pragma once

#include "platform/personal_data/held.h"

namespace ieum::reporting {

personal_data::Holdings HeldByReporting();

}  // namespace ieum::reporting
