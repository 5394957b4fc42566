// Who looked at or changed a person's data, as this service's access log says: a kind of record
// that every service holds.
#pragma once

#include "platform/personal_data/held.h"

namespace ieum::personal_data {

// Accounts are told as their roles. The log knows no centres: where persons are kept, whoever may
// ask for her is told all of it; elsewhere who acts for a centre alone hears how many rows there
// are.
Held AccessesOfWhomTheServiceKeeps();
Held AccessesForTheSuite();

}  // namespace ieum::personal_data
