// Transfers as the contract shows them.
#pragma once

#include "absl/status/statusor.h"
#include "ieum/casemgmt/v1/transfer_service.pb.h"
#include "platform/db/person_keys.h"
#include "services/casemgmt/transfers/transfer_store.h"

namespace ieum::casemgmt {

// Without words, and without whose it is: as lists show it.
v1::Transfer ToWire(const TransferView& view);
// With them. `knows_her`: whoever asks leads the case.
absl::StatusOr<v1::Transfer> ToWire(db::Tx& tx, const db::PersonKeys& keys,
                                    const TransferView& view, bool knows_her);

}  // namespace ieum::casemgmt
