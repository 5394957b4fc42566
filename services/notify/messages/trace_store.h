// Which traces messages belong to. Nothing is kept for it: the events of a reminder know theirs.
#pragma once

#include <string>
#include <vector>

#include "platform/db/tx.h"

namespace ieum::notify {

// What a message, or a reminder that is released, comes from.
struct Origin {
  base::Uuid reminder;
  base::Uuid cause;  // event id
};

// For each the `traceparent` under which its reminder was planned or moved by that cause; empty
// when there is none.
std::vector<std::string> TracesOf(db::Tx& tx, const std::vector<Origin>& origins);

}  // namespace ieum::notify
