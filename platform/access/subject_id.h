// Whom an event about grants means, without the account standing in it.
#pragma once

#include <string_view>

#include "platform/base/uuid.h"

namespace ieum::access {

// Always the same for the same account ("staff/kim"), in every service and for ever: ledgers hold
// it. It hides the account from who does not know it, not from who guesses it.
base::Uuid SubjectId(std::string_view account);

}  // namespace ieum::access
