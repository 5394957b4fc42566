// Referrals and transfers in a test: two centres and an agency, a case of the first centre, and
// registry's answer as the test wishes it.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "platform/base/status.h"
#include "services/casemgmt/referrals/referral_commands.h"
#include "services/casemgmt/referrals/referral_store.h"
#include "services/casemgmt/transfers/transfer_commands.h"
#include "services/casemgmt/transfers/transfer_store.h"
#include "tests/integration/casemgmt/case_world.h"
#include "tests/support/centres.h"

namespace ieum::casemgmt::testing {

using ieum::testing::kCentreA;
using ieum::testing::kCentreB;
using ieum::testing::kCentreC;

inline base::Scope ScopeOf(const std::string& centre) { return base::Scope::Of({centre}); }

// Staff of one centre who see its team's cases.
inline Reach TeamOf(const std::string& centre) {
  return {.team = ScopeOf(centre), .own_in = ScopeOf(centre), .subject = base::Uuid::NewV7()};
}

class ReferralWorld : public ::testing::Test {
 public:
  explicit ReferralWorld(const std::string& now = "2024-03-05 09:30") : world_(now) {
    for (const char* centre : {kCentreA, kCentreB, kCentreC}) {
      Hear(*base::Uuid::Parse(centre), registry::v1::ORGANIZATION_KIND_CENTRE);
    }
    Hear(agency_, registry::v1::ORGANIZATION_KIND_AGENCY);
  }

  void Hear(const base::Uuid& id, registry::v1::OrganizationKind kind) {
    registry::v1::OrganizationRegistered event;
    event.set_organization_id(id.ToString());
    event.set_kind(kind);
    EXPECT_TRUE(world_.Hear(event, id).ok());
  }

  // What registry would say now: yes, under the person's first consent.
  ProvisionAnswer Yes(int revision = 1) {
    return {.receipt = base::Uuid::NewV7(), .consent_revision = revision, .asked_at = absl::Now()};
  }

  base::Uuid CaseOfA(v1::CaseState state = v1::CASE_STATE_DELIVERY) {
    return cases_.CaseIn(state, {.centre = kCentreA});
  }

  // As staff of that centre under that account.
  absl::StatusOr<ledger::Answer> As(const std::string& centre, const std::string& account,
                                    ledger::Ledger::UseCase use_case) {
    return world_.ledger().Run({.name = "Test",
                                .request_id = base::Uuid::NewV7(),
                                .request_hash = "body",
                                .caller = {.actor = account, .scope = ScopeOf(centre)}},
                               use_case);
  }
  absl::StatusOr<ledger::Answer> AsA(ledger::Ledger::UseCase use_case) {
    return As(kCentreA, "staff/a", use_case);
  }
  absl::StatusOr<ledger::Answer> AsB(ledger::Ledger::UseCase use_case) {
    return As(kCentreB, "staff/b", use_case);
  }

  SendReferralInput ToB(const base::Uuid& id) {
    return {.of = {.case_id = id, .etag = "", .reach = TeamOf(kCentreA)},
            .service = v1::REFERRAL_SERVICE_KIND_PSYCHOLOGICAL,
            .recipient = *base::Uuid::Parse(kCentreB),
            .request_text = "planted words of the request",
            .parts = {v1::SHARED_PART_IDENTITY, v1::SHARED_PART_NEEDS},
            .items = {"성명", "연락처"},
            .provision = Yes()};
  }
  absl::StatusOr<ledger::Answer> Send(const SendReferralInput& input) {
    return AsA([&](auto& work) { return SendReferral(work, cases_.keys(), Holidays(), input); });
  }
  base::Uuid SentToB(const base::Uuid& id) { return IdOf(Send(ToB(id))); }
  ReferralInput At(const base::Uuid& id, const base::Uuid& referral, const std::string& centre) {
    return {.case_id = id, .id = referral, .etag = "", .reach = TeamOf(centre)};
  }
  absl::StatusOr<ledger::Answer> AcceptAtB(const base::Uuid& id, const base::Uuid& referral) {
    return AsB([&](auto& work) {
      return AcceptReferral(work, cases_.keys(), At(id, referral, kCentreB), "we take her");
    });
  }
  Referral Read(const base::Uuid& id, const base::Uuid& referral) {
    std::optional<ReferralView> view;
    EXPECT_TRUE(world_.database()
                    .Read("test",
                          [&](db::Tx& tx) {
                            view = FindReferral(tx, id, referral);
                            return absl::OkStatus();
                          })
                    .ok());
    EXPECT_TRUE(view.has_value());
    return view ? view->referral : Referral();
  }

  AskTransferInput TransferToB(const base::Uuid& id) {
    return {.of = {.case_id = id, .etag = "", .reach = TeamOf(kCentreA)},
            .to_centre = *base::Uuid::Parse(kCentreB),
            .reason = v1::TRANSFER_REASON_CLIENT_MOVED,
            .reason_text = "planted words of the transfer",
            .items = {"성명", "상담 내용"},
            .provision = Yes()};
  }
  absl::StatusOr<ledger::Answer> Ask(const AskTransferInput& input) {
    return AsA([&](auto& work) { return AskTransfer(work, cases_.keys(), Holidays(), input); });
  }
  base::Uuid AskedOfB(const base::Uuid& id) { return IdOf(Ask(TransferToB(id))); }
  TransferInput Of(const base::Uuid& id, const base::Uuid& transfer, const std::string& centre) {
    return {.case_id = id, .id = transfer, .etag = "", .reach = TeamOf(centre)};
  }
  AcceptTransferInput Acceptance(const base::Uuid& id, const base::Uuid& transfer) {
    return {.at = Of(id, transfer, kCentreB),
            .accepter = taker_,
            .requester = giver_,
            .manager = taker_,
            .supervisor = base::Uuid::NewV7(),
            .provision = Yes()};
  }
  absl::StatusOr<ledger::Answer> AcceptAtB(const AcceptTransferInput& input) {
    return AsB([&](auto& work) { return AcceptTransfer(work, input); });
  }
  Transfer ReadTransfer(const base::Uuid& id, const base::Uuid& transfer) {
    std::optional<TransferView> view;
    EXPECT_TRUE(world_.database()
                    .Read("test",
                          [&](db::Tx& tx) {
                            view = FindTransfer(tx, id, transfer);
                            return absl::OkStatus();
                          })
                    .ok());
    EXPECT_TRUE(view.has_value());
    return view ? view->transfer : Transfer();
  }

  std::vector<std::string> TypesOf(const base::Uuid& id) {
    std::vector<std::string> types;
    for (const Told& told : world_.EventsOf(id)) types.push_back(told.type);
    return types;
  }

 protected:
  World world_;
  Cases cases_{world_};
  const base::Uuid agency_ = base::Uuid::NewV7();
  const Staff giver_{base::Uuid::NewV7(), base::Uuid::NewV7()};
  const Staff taker_{base::Uuid::NewV7(), base::Uuid::NewV7()};
};

}  // namespace ieum::casemgmt::testing
