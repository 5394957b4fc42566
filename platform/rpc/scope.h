// The centres for which a caller holds a permission. It stands in platform/base, because stores and
// use cases take it and know no wire.
#pragma once

#include "platform/base/scope.h"

namespace ieum::rpc {
using base::Scope;
}  // namespace ieum::rpc
