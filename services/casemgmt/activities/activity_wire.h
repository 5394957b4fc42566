// Activities, lists and minutes as the contract shows them. Pure.
#pragma once

#include "ieum/casemgmt/v1/activity_service.pb.h"
#include "services/casemgmt/activities/activity_store.h"
#include "services/casemgmt/activities/attendance_store.h"

namespace ieum::casemgmt {

v1::Activity ToWire(const ActivityView& view);
v1::Attendance ToWire(const AttendanceView& view);
v1::Minutes ToWire(const Minutes& minutes);

}  // namespace ieum::casemgmt
