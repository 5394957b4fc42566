// The gRPC door of activities, their lists and their minutes.
#pragma once

#include "absl/status/statusor.h"
#include "ieum/casemgmt/v1/activity_service.pb.h"
#include "platform/crypto/seal.h"
#include "platform/db/database.h"
#include "platform/ledger/ledger.h"
#include "platform/rpc/call.h"
#include "platform/rpc/router.h"

namespace ieum::casemgmt {

// Thread-safe; what it is given outlives it.
class ActivityDoor {
 public:
  ActivityDoor(db::Database& database, ledger::Ledger& ledger, const crypto::Key& page_key)
      : database_(database), ledger_(ledger), page_key_(page_key) {}

  void Serve(rpc::Router& router);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::Activity> Create(Call&, const v1::CreateActivityRequest&);
  absl::StatusOr<v1::Activity> Get(Call&, const v1::GetActivityRequest&);
  absl::StatusOr<v1::ListActivitiesResponse> List(Call&, const v1::ListActivitiesRequest&);
  absl::StatusOr<v1::Activity> Update(Call&, const v1::UpdateActivityRequest&);
  absl::StatusOr<v1::Activity> Open(Call&, const v1::OpenActivityRequest&);
  absl::StatusOr<v1::Activity> Confirm(Call&, const v1::ConfirmActivityRequest&);
  absl::StatusOr<v1::Activity> Reschedule(Call&, const v1::RescheduleActivityRequest&);
  absl::StatusOr<v1::Activity> Postpone(Call&, const v1::PostponeActivityRequest&);
  absl::StatusOr<v1::Activity> Cancel(Call&, const v1::CancelActivityRequest&);
  absl::StatusOr<v1::Activity> Hold(Call&, const v1::HoldActivityRequest&);
  absl::StatusOr<v1::Activity> CountHeads(Call&, const v1::RecordHeadcountRequest&);
  absl::StatusOr<v1::Minutes> Publish(Call&, const v1::PublishMinutesRequest&);
  absl::StatusOr<v1::ListMinutesResponse> MinutesOf(Call&, const v1::ListMinutesRequest&);

  // In attendance_service.cc.
  absl::StatusOr<v1::Attendance> InviteAttendee(Call&, const v1::InviteAttendeeRequest&);
  absl::StatusOr<v1::Attendance> AnswerInvitation(Call&, const v1::AnswerInvitationRequest&);
  absl::StatusOr<v1::Attendance> CheckInAttendee(Call&, const v1::CheckInAttendeeRequest&);
  absl::StatusOr<v1::Attendance> RetractAttendance(Call&, const v1::RetractAttendanceRequest&);
  absl::StatusOr<v1::Attendance> RecordDuration(Call&, const v1::RecordAttendedDurationRequest&);
  absl::StatusOr<v1::Attendance> GetAttendance(Call&, const v1::GetAttendanceRequest&);
  absl::StatusOr<v1::ListAttendancesResponse> ListOf(Call&, const v1::ListAttendancesRequest&);
  void ServeLists(rpc::ServiceRoutes& routes);

  absl::StatusOr<v1::Activity> Read(const Call& call, const base::Uuid& id);
  absl::StatusOr<v1::Attendance> Read(const Call& call, const base::Uuid& activity_id,
                                      const base::Uuid& id);
  // Runs the use case and answers with what it made.
  absl::StatusOr<v1::Activity> Write(Call& call, const google::protobuf::Message& request,
                                     const base::Uuid& id, ledger::Ledger::UseCase use_case);
  absl::StatusOr<v1::Attendance> WriteEntry(Call& call, const google::protobuf::Message& request,
                                            ledger::Ledger::UseCase use_case);
  absl::StatusOr<v1::ListMinutesResponse> PageOf(const Call& call,
                                                 const v1::ListMinutesRequest& request);

  db::Database& database_;
  ledger::Ledger& ledger_;
  const crypto::Key& page_key_;
};

}  // namespace ieum::casemgmt
