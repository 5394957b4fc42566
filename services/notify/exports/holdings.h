// What notify holds of a person: messages to her and what became of them, reminders that she is to
// get. No address and no text stands here; registry tells of addresses that were used.
#pragma once

#include "platform/personal_data/held.h"

namespace ieum::notify {

personal_data::Holdings HeldByNotify();

}  // namespace ieum::notify
