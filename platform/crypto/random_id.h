// Ids that lead nowhere.
#pragma once

#include "platform/base/uuid.h"

namespace ieum::crypto {

// Random altogether (UUID version 4): it tells neither when nor for whom it was made. Every call
// gives another one, so that a command that is run again makes another, too. Thread-safe.
base::Uuid RandomId();

}  // namespace ieum::crypto
