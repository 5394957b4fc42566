// The events that a consumer has passed and applied, again from the beginning.
#pragma once

#include <memory>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "google/protobuf/message.h"
#include "ieum/platform/v1/ops.pb.h"
#include "tools/audit/inbox_reader.h"
#include "tools/audit/subject.h"

namespace ieum::audit {

struct Replayed {
  const platform::v1::LedgerEvent& event;
  const google::protobuf::Message& message;  // its payload
};

// Events of one producer's shard up to `inbox`'s cursor, in order; dead letters and types that no
// contract here knows are left out.
absl::Status Replay(const Service& producer, int shard, const Inbox& inbox,
                    absl::FunctionRef<absl::Status(const Replayed&)> each);

}  // namespace ieum::audit
