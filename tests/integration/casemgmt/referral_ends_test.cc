// Goal: what was referred ends with the case it was for, and only where nothing is left to be done.
// Method: cases that end for other reasons while a centre was asked or reads. row:C11 row:C16
#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "services/casemgmt/cases/case_steps.h"
#include "tests/integration/casemgmt/referral_world.h"

namespace ieum::casemgmt::testing {
namespace {

using ::testing::Contains;
using ::testing::Not;

class ReferralEnds : public ReferralWorld {};

// What was shared for her is shared no more when nothing is left to be done; whoever goes on with
// her elsewhere is not cut off.
TEST_F(ReferralEnds, WithTheCaseUnlessSheIsHelpedElsewhere) {
  const auto close = [&](const base::Uuid& id, v1::CaseCloseReason reason) {
    IdOf(world_.Do([&](auto& work) {
      return AskClosure(work, cases_.keys(), cases_.Of(id), cases_.manager, {.reason = reason});
    }));
    IdOf(world_.Do([&](auto& work) {
      return CloseCase(work, cases_.keys(), cases_.Of(id), cases_.supervisor, "");
    }));
  };
  const base::Uuid withdrawn = CaseOfA(), helped = CaseOfA(), read = CaseOfA();
  SentToB(withdrawn);
  SentToB(helped);
  const base::Uuid accepted = SentToB(read);
  IdOf(AcceptAtB(read, accepted));
  close(withdrawn, v1::CASE_CLOSE_REASON_WITHDRAWN);
  close(helped, v1::CASE_CLOSE_REASON_TIME_OVER);
  close(read, v1::CASE_CLOSE_REASON_DIED);
  EXPECT_EQ(Read(read, accepted).revoke_reason, v1::REFERRAL_REVOKE_REASON_CASE_ENDED);
  EXPECT_EQ(base::ReasonOf(CheckShared(Read(read, accepted), absl::Now())),
            "REFERRAL_SHARING_ENDED");
  EXPECT_EQ(world_.Ask(absl::StrCat("SELECT state || ' ' || revoke_reason FROM referral WHERE "
                                    "case_id = '",
                                    withdrawn.ToString(), "'")),
            absl::StrCat(v1::REFERRAL_STATE_REVOKED, " ", v1::REFERRAL_REVOKE_REASON_CASE_ENDED));
  EXPECT_THAT(TypesOf(withdrawn), Contains("ReferralRevoked"));
  EXPECT_THAT(TypesOf(helped), Not(Contains("ReferralRevoked")));
  EXPECT_EQ(cases_.Read(withdrawn).ending->referrals, 1);
  EXPECT_EQ(cases_.Read(helped).ending->referrals, 0);
}

}  // namespace
}  // namespace ieum::casemgmt::testing
