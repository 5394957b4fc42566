// Referrals and provisions as the contract shows them, each side what is its own to see.
#pragma once

#include "absl/status/statusor.h"
#include "ieum/casemgmt/v1/referral_service.pb.h"
#include "platform/db/person_keys.h"
#include "services/casemgmt/referrals/provision_store.h"
#include "services/casemgmt/referrals/referral_store.h"

namespace ieum::casemgmt {

// Without words, and without whose it is: as lists show it.
v1::Referral ToWire(const ReferralView& view, Side side);
// With them. The recipient reads words until the referral is over, and its own longer; whose it is
// only while IDENTITY is shared.
absl::StatusOr<v1::Referral> ToWire(db::Tx& tx, const db::PersonKeys& keys,
                                    const ReferralView& view, Side side, absl::Time now);
v1::Provision ToWire(const ProvisionView& view);

}  // namespace ieum::casemgmt
