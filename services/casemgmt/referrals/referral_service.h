// The gRPC door of referrals.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "ieum/casemgmt/v1/referral_service.pb.h"
#include "platform/base/clock.h"
#include "platform/crypto/seal.h"
#include "platform/db/database.h"
#include "platform/db/person_keys.h"
#include "platform/ledger/ledger.h"
#include "platform/rpc/router.h"
#include "services/casemgmt/references/holiday_book.h"
#include "services/casemgmt/references/provision_book.h"
#include "services/casemgmt/referrals/referral_commands.h"
#include "services/casemgmt/referrals/referral_store.h"

namespace ieum::casemgmt {

// Whoever may take a referral on reads what was sent to his centres; to read the lists is not
// enough.
base::Scope RecipientScope(const rpc::Call& call);

// Thread-safe; what it is given outlives it.
class ReferralDoor {
 public:
  using Call = rpc::Call;
  ReferralDoor(db::Database& database, ledger::Ledger& ledger, const crypto::Vault& vault,
               const crypto::Key& page_key, HolidayBook& holidays, ProvisionBook& provisions)
      : database_(database),
        ledger_(ledger),
        keys_(vault),
        page_key_(page_key),
        holidays_(holidays),
        provisions_(provisions) {}

  void Serve(rpc::Router& router);

  absl::StatusOr<v1::Referral> Send(Call& call, const v1::SendReferralRequest& request);
  absl::StatusOr<v1::Referral> Accept(Call& call, const v1::AcceptReferralRequest& request);
  absl::StatusOr<v1::Referral> Reject(Call& call, const v1::RejectReferralRequest& request);
  absl::StatusOr<v1::Referral> Complete(Call& call, const v1::CompleteReferralRequest& request);
  absl::StatusOr<v1::Referral> RecordAnswer(Call& call,
                                            const v1::RecordReferralAnswerRequest& request);
  absl::StatusOr<v1::Referral> RecordResult(Call& call,
                                            const v1::RecordReferralResultRequest& request);
  absl::StatusOr<v1::Referral> Revoke(Call& call, const v1::RevokeReferralRequest& request);
  absl::StatusOr<v1::ReferralLink> IssueLink(Call& call,
                                             const v1::IssueReferralLinkRequest& request);
  absl::StatusOr<v1::RecordReferralResultByLinkResponse> RecordByLink(
      Call& call, const v1::RecordReferralResultByLinkRequest& request);
  absl::StatusOr<v1::Referral> Get(Call& call, const v1::GetReferralRequest& request);
  absl::StatusOr<v1::ListReferralsResponse> List(Call& call,
                                                 const v1::ListReferralsRequest& request);
  absl::StatusOr<v1::SharedRecord> GetShared(Call& call, const v1::GetSharedRecordRequest& request);
  absl::StatusOr<v1::ListProvisionsResponse> Provisions(Call& call,
                                                        const v1::ListProvisionsRequest& request);

 private:
  absl::StatusOr<v1::Referral> Read(const Call& call, const std::string& name);
  absl::StatusOr<v1::Referral> Write(Call& call, const google::protobuf::Message& request,
                                     ledger::Ledger::UseCase use_case);
  // What registry says of what is to be shared; nullopt where nothing is.
  absl::StatusOr<std::optional<ProvisionAnswer>> Ask(Call& call,
                                                     const v1::SendReferralRequest& request,
                                                     const SendReferralInput& input);
  // The parts that are shared, and no others.
  absl::Status FillShared(db::Tx& tx, const ReferralView& view, const PersonIdentity& identity,
                          v1::SharedRecord* record);
  void KeepWrongTry(Call& call, const v1::RecordReferralResultByLinkRequest& request,
                    const LinkToken& token);

  db::Database& database_;
  ledger::Ledger& ledger_;
  const db::PersonKeys keys_;
  const crypto::Key& page_key_;
  HolidayBook& holidays_;
  ProvisionBook& provisions_;
};

}  // namespace ieum::casemgmt
