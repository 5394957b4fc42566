// What is held of a woman in assessments, conferences and plans, and of who wrote them.
#pragma once

#include <vector>

#include "platform/personal_data/held.h"

namespace ieum::casemgmt {

std::vector<personal_data::Held> HeldOfAssessments();

}  // namespace ieum::casemgmt
