// Which support schemes there are. Registry owns the list; this keeps a copy in memory and asks for
// it again when it is old or a code is missing. Asked outside of any transaction.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "ieum/registry/v1/reference_service.pb.h"
#include "platform/rpc/peer.h"

namespace ieum::casemgmt {

// Thread-safe.
class SchemeBook {
 public:
  using Source = std::function<absl::StatusOr<std::vector<registry::v1::Scheme>>()>;
  explicit SchemeBook(Source source) : source_(std::move(source)) {}

  // INVALID_ARGUMENT (SCHEME_UNKNOWN) blaming `field` when one of them does not exist on that day.
  // UNAVAILABLE when that cannot be told because registry does not answer.
  absl::Status Check(const std::vector<std::string>& codes, absl::CivilDay on,
                     std::string_view field);

 private:
  // The first code that the copy does not have on that day.
  std::optional<std::string> Missing(const std::vector<std::string>& codes,
                                     absl::CivilDay on) const;
  absl::Status Refresh();

  Source source_;
  std::mutex mutex_;
  std::vector<registry::v1::Scheme> schemes_;
  absl::Time read_at_ = absl::InfinitePast(), failed_at_ = absl::InfinitePast();  // real time
};

// All schemes, from registry's ReferenceService. `peer` outlives the source.
SchemeBook::Source SchemesOf(rpc::Peer& peer);

}  // namespace ieum::casemgmt
