// Which days are public holidays. Registry owns the list; this keeps a copy in memory and asks for
// it again when it is old. Asked outside of any transaction; what it answers is handed into use
// cases.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "platform/base/business_days.h"
#include "platform/rpc/peer.h"

namespace ieum::casemgmt {

// Thread-safe.
class HolidayBook {
 public:
  using Source = std::function<absl::StatusOr<std::vector<absl::CivilDay>>()>;
  explicit HolidayBook(Source source) : source_(std::move(source)) {}

  // UNAVAILABLE when there is no copy yet and registry does not answer; an old copy is better than
  // none.
  absl::StatusOr<base::BusinessCalendar> Calendar();

 private:
  Source source_;
  std::mutex mutex_;
  std::optional<base::BusinessCalendar> calendar_;
  absl::Time read_at_ = absl::InfinitePast(), failed_at_ = absl::InfinitePast();  // real time
};

// All holidays, from registry's ReferenceService. `peer` outlives the source.
HolidayBook::Source HolidaysOf(rpc::Peer& peer);

}  // namespace ieum::casemgmt
