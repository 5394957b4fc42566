// The gRPC door of peer groups, their members, their sessions and their coaches' logs.
#pragma once

#include "absl/status/statusor.h"
#include "ieum/casemgmt/v1/group_service.pb.h"
#include "platform/crypto/seal.h"
#include "platform/crypto/vault.h"
#include "platform/db/database.h"
#include "platform/db/person_keys.h"
#include "platform/ledger/ledger.h"
#include "platform/rpc/call.h"
#include "platform/rpc/router.h"
#include "services/casemgmt/groups/group_session_store.h"

namespace ieum::casemgmt {

// Thread-safe; what it is given outlives it.
class GroupDoor {
 public:
  GroupDoor(db::Database& database, ledger::Ledger& ledger, const crypto::Key& page_key,
            const crypto::Vault& vault)
      : database_(database), ledger_(ledger), page_key_(page_key), keys_(vault) {}

  void Serve(rpc::Router& router);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::ProposeGroupsResponse> Propose(Call&, const v1::ProposeGroupsRequest&);
  absl::StatusOr<v1::Group> Create(Call&, const v1::CreateGroupRequest&);
  absl::StatusOr<v1::Group> Get(Call&, const v1::GetGroupRequest&);
  absl::StatusOr<v1::ListGroupsResponse> List(Call&, const v1::ListGroupsRequest&);
  absl::StatusOr<v1::Group> Update(Call&, const v1::UpdateGroupRequest&);
  absl::StatusOr<v1::Group> Open(Call&, const v1::OpenGroupRequest&);
  absl::StatusOr<v1::Group> Start(Call&, const v1::StartGroupRequest&);
  absl::StatusOr<v1::Group> Complete(Call&, const v1::CompleteGroupRequest&);
  absl::StatusOr<v1::Group> Cancel(Call&, const v1::CancelGroupRequest&);
  absl::StatusOr<v1::Group> Merge(Call&, const v1::MergeGroupRequest&);

  // In group_member_service.cc.
  absl::StatusOr<v1::GroupMember> Invite(Call&, const v1::InviteGroupMemberRequest&);
  absl::StatusOr<v1::GroupMember> Join(Call&, const v1::JoinGroupMemberRequest&);
  absl::StatusOr<v1::GroupMember> Leave(Call&, const v1::LeaveGroupMemberRequest&);
  absl::StatusOr<v1::GroupMember> GetMember(Call&, const v1::GetGroupMemberRequest&);
  absl::StatusOr<v1::ListGroupMembersResponse> ListMembers(Call&,
                                                           const v1::ListGroupMembersRequest&);
  void ServeMembers(rpc::ServiceRoutes& routes);

  // In group_session_service.cc.
  absl::StatusOr<v1::PlanGroupSessionsResponse> Plan(Call&, const v1::PlanGroupSessionsRequest&);
  absl::StatusOr<v1::GroupSession> Move(Call&, const v1::MoveGroupSessionRequest&);
  absl::StatusOr<v1::GroupSession> CancelSession(Call&, const v1::CancelGroupSessionRequest&);
  absl::StatusOr<v1::GroupSession> Hold(Call&, const v1::HoldGroupSessionRequest&);
  absl::StatusOr<v1::GroupSession> RetractSession(Call&, const v1::RetractGroupSessionRequest&);
  absl::StatusOr<v1::GroupSession> GetSession(Call&, const v1::GetGroupSessionRequest&);
  absl::StatusOr<v1::ListGroupSessionsResponse> ListSessions(Call&,
                                                             const v1::ListGroupSessionsRequest&);
  void ServeSessions(rpc::ServiceRoutes& routes);

  // In group_attendance_service.cc.
  absl::StatusOr<v1::GroupAttendance> RecordAttendance(Call&,
                                                       const v1::RecordGroupAttendanceRequest&);
  absl::StatusOr<v1::ListGroupAttendancesResponse> ListAttendances(
      Call&, const v1::ListGroupAttendancesRequest&);
  absl::StatusOr<v1::GroupLog> RecordLog(Call&, const v1::RecordGroupLogRequest&);
  absl::StatusOr<v1::ListGroupLogsResponse> ListLogs(Call&, const v1::ListGroupLogsRequest&);
  void ServeAttendances(rpc::ServiceRoutes& routes);

  absl::StatusOr<v1::Group> Read(const Call& call, const base::Uuid& id);
  absl::StatusOr<v1::Group> Write(Call& call, const google::protobuf::Message& request,
                                  const base::Uuid& id, ledger::Ledger::UseCase use_case);
  // Runs the use case and answers with what its answer names.
  absl::StatusOr<v1::GroupMember> WriteMember(Call& call, const google::protobuf::Message& request,
                                              ledger::Ledger::UseCase use_case);
  absl::StatusOr<v1::GroupMember> ReadMember(const Call& call, const std::string& name);
  absl::StatusOr<v1::GroupSession> WriteSession(Call& call,
                                                const google::protobuf::Message& request,
                                                ledger::Ledger::UseCase use_case);
  absl::StatusOr<v1::GroupSession> ReadSession(const Call& call, const std::string& name);
  absl::StatusOr<v1::ListGroupLogsResponse> PageOfLogs(const Call& call,
                                                       const v1::ListGroupLogsRequest& request);
  // The words behind a row; DATA_LOSS when they are not the group's.
  absl::StatusOr<v1::GroupLog> Opened(db::Tx& tx, const GroupLogRow& row);

  db::Database& database_;
  ledger::Ledger& ledger_;
  const crypto::Key& page_key_;
  const db::PersonKeys keys_;
};

}  // namespace ieum::casemgmt
