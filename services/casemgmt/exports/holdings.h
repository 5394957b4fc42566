// What case management holds of a person: what was done for the firm that she speaks for, where she
// was, and what she did herself as a consultant or manager.
#pragma once

#include "platform/personal_data/held.h"

namespace ieum::casemgmt {

personal_data::Holdings HeldByCasemgmt();

}  // namespace ieum::casemgmt
