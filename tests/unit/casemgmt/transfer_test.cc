// Goal: a transfer is decided once, in time, by somebody else than who asked. Method: every state
// with every step; the instants around its end. row:C12 row:X13
#include "services/casemgmt/transfers/transfer.h"

#include <gtest/gtest.h>

#include <functional>

#include "platform/base/korea_time.h"
#include "platform/base/status.h"

namespace ieum::casemgmt {
namespace {

const absl::CivilDay kDay(2024, 3, 5);
const absl::Time kAsked = base::KoreaInstant(kDay, 11);

Transfer Asked() {
  Transfer transfer;
  transfer.id = base::Uuid::NewV7();
  transfer.case_id = base::Uuid::NewV7();
  transfer.from_centre = base::Uuid::NewV7();
  transfer.to_centre = base::Uuid::NewV7();
  transfer.requester = "staff/giver";
  transfer.asked_day = kDay;
  transfer.answer_due = absl::CivilDay(2024, 3, 8);
  transfer.expires_at = TransferEnd(kAsked);
  return transfer;
}

TEST(Transfer, EndsWithTheFourteenthDayAfterItWasAskedFor) {
  EXPECT_EQ(TransferEnd(kAsked), base::KoreaInstant(absl::CivilDay(2024, 3, 20), 0));
  Transfer last = Asked();
  EXPECT_TRUE(Accept(&last, "staff/taker", 2, last.expires_at - absl::Microseconds(1)).ok());
  EXPECT_EQ(last.ownership_epoch, 2);
  Transfer late = Asked();
  EXPECT_EQ(base::ReasonOf(Accept(&late, "staff/taker", 2, late.expires_at)), "TRANSFER_STATE");
  EXPECT_EQ(late.state, v1::TRANSFER_STATE_ASKED);
  EXPECT_EQ(late.ownership_epoch, 0);
}

TEST(Transfer, IsNotAcceptedByWhoAskedForIt) {
  Transfer transfer = Asked();
  const absl::Status refused = Accept(&transfer, "staff/giver", 2, kAsked);
  EXPECT_EQ(base::ReasonOf(refused), "TRANSFER_NEEDS_ANOTHER");
  EXPECT_TRUE(absl::IsPermissionDenied(refused));
  EXPECT_EQ(transfer.state, v1::TRANSFER_STATE_ASKED);
}

TEST(Transfer, IsDecidedOnce) {
  const std::vector<std::pair<v1::TransferState, std::function<absl::Status(Transfer*)>>> steps = {
      {v1::TRANSFER_STATE_ACCEPTED,
       [](Transfer* t) { return Accept(t, "staff/taker", 2, kAsked); }},
      {v1::TRANSFER_STATE_REJECTED,
       [](Transfer* t) {
         return Reject(t, v1::TRANSFER_REJECT_REASON_NO_CAPACITY, "staff/taker", kAsked);
       }},
      {v1::TRANSFER_STATE_WITHDRAWN,
       [](Transfer* t) {
         return Withdraw(t, v1::TRANSFER_WITHDRAW_CAUSE_GIVER, "staff/giver", kAsked);
       }},
      {v1::TRANSFER_STATE_EXPIRED, [](Transfer* t) { return Expire(t); }}};
  for (const auto& [first_state, first] : steps) {
    for (const auto& [second_state, second] : steps) {
      Transfer transfer = Asked();
      ASSERT_TRUE(first(&transfer).ok());
      EXPECT_EQ(transfer.state, first_state);
      EXPECT_TRUE(transfer.decided_at.has_value());
      const std::string before = TransferFactsOf(transfer).SerializeAsString();
      EXPECT_EQ(base::ReasonOf(second(&transfer)), "TRANSFER_STATE");
      EXPECT_EQ(TransferFactsOf(transfer).SerializeAsString(), before);
    }
  }
}

TEST(Transfer, IsToldToBeOverdueOnceAndNotOnItsLastDay) {
  Transfer transfer = Asked();
  EXPECT_FALSE(TellOverdue(&transfer, transfer.answer_due));
  EXPECT_TRUE(TellOverdue(&transfer, transfer.answer_due + 1));
  EXPECT_FALSE(TellOverdue(&transfer, transfer.answer_due + 1));
}

TEST(Transfer, GoesToAnotherCentreInBusiness) {
  OrganizationReference body{.id = base::Uuid::NewV7()};
  const auto check = [&](registry::v1::OrganizationKind kind) {
    body.kind = kind;
    return base::ReasonOf(CheckReceiver(body, base::Uuid::NewV7(), kDay));
  };
  EXPECT_EQ(check(registry::v1::ORGANIZATION_KIND_CENTRE), "");
  EXPECT_EQ(check(registry::v1::ORGANIZATION_KIND_AGENCY), "");
  EXPECT_EQ(check(registry::v1::ORGANIZATION_KIND_FIRM), "INVALID_FIELD");
  body.kind = registry::v1::ORGANIZATION_KIND_CENTRE;
  EXPECT_EQ(base::ReasonOf(CheckReceiver(body, body.id, kDay)), "INVALID_FIELD");
  EXPECT_EQ(base::ReasonOf(CheckReceiver(std::nullopt, std::nullopt, kDay)),
            "ORGANIZATION_UNKNOWN");
}

}  // namespace
}  // namespace ieum::casemgmt
