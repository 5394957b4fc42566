// The event door: what casemgmt hears from registry.
#pragma once

#include "platform/flow/subscriptions.h"

namespace ieum::casemgmt {

class Reactions {
 public:
  void Listen(flow::Subscriptions& subscriptions);
};

}  // namespace ieum::casemgmt
