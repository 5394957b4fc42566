// The event door: what registry does when casemgmt has told something.
#pragma once

#include "platform/flow/subscriptions.h"

namespace ieum::registry {

class Reactions {
 public:
  void Listen(flow::Subscriptions& subscriptions);
};

}  // namespace ieum::registry
