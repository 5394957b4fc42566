// Which person is behind an account, as registry knows it. Asked outside of any transaction.
#pragma once

#include <functional>
#include <optional>

#include "absl/status/statusor.h"
#include "platform/base/uuid.h"
#include "platform/rpc/peer.h"
#include "services/casemgmt/references/staff.h"

namespace ieum::casemgmt {

// Thread-safe.
class StaffBook {
 public:
  // nullopt: the account has no person, or registry has not heard of it.
  using Source = std::function<absl::StatusOr<std::optional<base::Uuid>>(const base::Uuid&)>;
  explicit StaffBook(Source source) : source_(std::move(source)) {}

  // UNAVAILABLE when registry does not answer: nobody is taken for another person by guessing.
  absl::StatusOr<Staff> Of(const base::Uuid& subject);

 private:
  Source source_;
};

// From registry's AccessService. `peer` outlives the source.
StaffBook::Source PersonsBehind(rpc::Peer& peer);

}  // namespace ieum::casemgmt
