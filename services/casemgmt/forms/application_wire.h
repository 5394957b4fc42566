// Forms as the contract shows them. Pure.
#pragma once

#include "ieum/casemgmt/v1/form_service.pb.h"
#include "services/casemgmt/forms/application_store.h"

namespace ieum::casemgmt {

v1::Application ToWire(const ApplicationView& view);

}  // namespace ieum::casemgmt
