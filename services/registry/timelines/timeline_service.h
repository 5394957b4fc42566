// The gRPC door of timelines.
#pragma once

#include "absl/status/statusor.h"
#include "ieum/registry/v1/timeline_service.pb.h"
#include "platform/crypto/seal.h"
#include "platform/db/database.h"
#include "platform/filter/list_query.h"
#include "platform/rpc/router.h"
#include "services/registry/timelines/timeline.h"

namespace ieum::registry {

// Thread-safe; what it is given outlives it.
class TimelineDoor {
 public:
  TimelineDoor(db::Database& database, const crypto::Key& page_key)
      : database_(database), page_key_(page_key) {}

  void Serve(rpc::Router& router);

  absl::StatusOr<v1::ListTimelineEntriesResponse> List(
      rpc::Call& call, const v1::ListTimelineEntriesRequest& request);

 private:
  db::Database& database_;
  const crypto::Key& page_key_;
};

}  // namespace ieum::registry
