// The gRPC door of appointments: it shows them.
#pragma once

#include "absl/status/statusor.h"
#include "ieum/casemgmt/v1/appointment_service.pb.h"
#include "platform/crypto/seal.h"
#include "platform/db/database.h"
#include "platform/rpc/call.h"
#include "platform/rpc/router.h"

namespace ieum::casemgmt {

// Thread-safe; what it is given outlives it.
class AppointmentDoor {
 public:
  AppointmentDoor(db::Database& database, const crypto::Key& page_key)
      : database_(database), page_key_(page_key) {}

  void Serve(rpc::Router& router);

 private:
  absl::StatusOr<v1::Appointment> Get(rpc::Call&, const v1::GetAppointmentRequest&);
  absl::StatusOr<v1::ListAppointmentsResponse> List(rpc::Call&, const v1::ListAppointmentsRequest&);

  db::Database& database_;
  const crypto::Key& page_key_;
};

}  // namespace ieum::casemgmt
