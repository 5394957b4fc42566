// The gRPC door of tasks.
#pragma once

#include "absl/status/statusor.h"
#include "ieum/casemgmt/v1/task_service.pb.h"
#include "platform/base/clock.h"
#include "platform/crypto/seal.h"
#include "platform/db/database.h"
#include "platform/rpc/call.h"
#include "platform/rpc/router.h"

namespace ieum::casemgmt {

// Thread-safe; what it is given outlives it.
class TaskDoor {
 public:
  TaskDoor(db::Database& database, const base::Clock& clock, const crypto::Key& page_key)
      : database_(database), clock_(clock), page_key_(page_key) {}

  void Serve(rpc::Router& router);

 private:
  absl::StatusOr<v1::CaseTask> Get(rpc::Call& call, const v1::GetCaseTaskRequest& request);
  absl::StatusOr<v1::ListCaseTasksResponse> List(rpc::Call& call,
                                                 const v1::ListCaseTasksRequest& request);

  db::Database& database_;
  const base::Clock& clock_;
  const crypto::Key& page_key_;
};

}  // namespace ieum::casemgmt
