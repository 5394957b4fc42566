// Peer groups, members, sessions and attendance as the contract shows them. Pure.
#pragma once

#include <string>

#include "ieum/casemgmt/v1/group_service.pb.h"
#include "services/casemgmt/groups/group_member_store.h"
#include "services/casemgmt/groups/group_session_store.h"
#include "services/casemgmt/groups/group_store.h"
#include "services/casemgmt/groups/matching.h"

namespace ieum::casemgmt {

v1::Group ToWire(const GroupView& view);
v1::GroupMember ToWire(const GroupMemberView& view);
v1::GroupSession ToWire(const GroupSessionView& view);
v1::GroupAttendance ToWire(const GroupAttendanceView& view);
v1::GroupLog ToWire(const GroupLog& log);
v1::ProposeGroupsResponse ToWire(const Proposal& proposal);

}  // namespace ieum::casemgmt
