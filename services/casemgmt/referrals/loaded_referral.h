// A referral under the lock of its case, for one of its two sides.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/ledger/unit_of_work.h"
#include "services/casemgmt/cases/case.h"
#include "services/casemgmt/referrals/referral_commands.h"

namespace ieum::casemgmt {

struct LoadedReferral {
  Case c;
  Referral referral;
};
// Each locks the case. NOT_FOUND to who stands on neither side, PERMISSION_DENIED to who stands on
// the other one; STALE_ETAG; to the sender OWNERSHIP_MOVED, too.
absl::StatusOr<LoadedReferral> LoadAsSender(ledger::UnitOfWork& work, const ReferralInput& input);
absl::StatusOr<LoadedReferral> LoadAsRecipient(ledger::UnitOfWork& work,
                                               const ReferralInput& input);
// For who acts for everybody.
absl::StatusOr<LoadedReferral> LoadForSuite(ledger::UnitOfWork& work, const base::Uuid& case_id,
                                            const base::Uuid& id);

// STALE_ETAG unless it is empty or names that revision. What stands in a case has etags of its own:
// whoever works on one part does not disturb who works on another.
absl::Status ExpectRevision(std::string_view etag, int64_t revision);
absl::Status OtherSideOnly(const char* who, const std::string& name);

}  // namespace ieum::casemgmt
