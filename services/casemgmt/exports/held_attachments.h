// What case management holds of papers of a person's case.
#pragma once

#include <vector>

#include "platform/personal_data/held.h"

namespace ieum::casemgmt {

std::vector<personal_data::Held> HeldOfAttachments();

}  // namespace ieum::casemgmt
