// What case management holds of referrals and transfers of a person's case, and of whom a recipient
// named to be written to.
#pragma once

#include <vector>

#include "platform/personal_data/held.h"

namespace ieum::casemgmt {

std::vector<personal_data::Held> HeldOfReferrals();

}  // namespace ieum::casemgmt
