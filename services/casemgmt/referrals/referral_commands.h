// What can be done with referrals. Each locks its case, whose part it is: a step of the sender, one
// of the recipient and a change of owner come one after the other. The sender is who reaches the
// case; the recipient is who acts for the body that was asked. The errors are those that
// ReferralService promises. row:C11 row:C13
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/base/business_days.h"
#include "platform/db/person_keys.h"
#include "platform/ledger/ledger.h"
#include "services/casemgmt/cases/case_commands.h"
#include "services/casemgmt/references/provision_book.h"
#include "services/casemgmt/referrals/referral.h"
#include "services/casemgmt/referrals/referral_link.h"

namespace ieum::casemgmt {

struct SendReferralInput {
  CaseInput of;
  v1::ReferralServiceKind service = v1::REFERRAL_SERVICE_KIND_UNSPECIFIED;
  std::optional<base::Uuid> recipient;
  std::string outside_body;  // what a body is called that registry does not know
  std::optional<base::Uuid> contact;
  std::string request_text;
  std::vector<v1::SharedPart> parts;
  std::vector<std::string> items;
  std::optional<absl::CivilDay> end_day;
  std::optional<ProvisionAnswer> provision;  // registry's, where something is shared
};
absl::StatusOr<ledger::Done> SendReferral(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                          const base::BusinessCalendar& calendar,
                                          const SendReferralInput& input);

struct ReferralInput {
  base::Uuid case_id, id;
  std::string etag;  // of the referral
  Reach reach;       // of the caller on the sending side; the receiving one is the unit's scope
};
// By the recipient.
absl::StatusOr<ledger::Done> AcceptReferral(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                            const ReferralInput& input, const std::string& text);
absl::StatusOr<ledger::Done> RejectReferral(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                            const ReferralInput& input,
                                            v1::ReferralRejectReason reason,
                                            const std::string& text);
struct ReferralResult {
  v1::ReferralOutcome outcome = v1::REFERRAL_OUTCOME_UNSPECIFIED;
  std::string text;
  std::optional<absl::CivilDay> day;
};
absl::StatusOr<ledger::Done> CompleteReferral(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                              const ReferralInput& input,
                                              const ReferralResult& result);

// By the sender, of a recipient that does not work here; a centre answers itself.
struct ReferralAnswer {
  bool accepted = false;
  v1::ReferralRejectReason reason = v1::REFERRAL_REJECT_REASON_UNSPECIFIED;
  std::string text;
  std::optional<absl::CivilDay> day;
};
absl::StatusOr<ledger::Done> RecordReferralAnswer(ledger::UnitOfWork& work,
                                                  const db::PersonKeys& keys,
                                                  const ReferralInput& input,
                                                  const ReferralAnswer& answer);
absl::StatusOr<ledger::Done> RecordReferralResult(ledger::UnitOfWork& work,
                                                  const db::PersonKeys& keys,
                                                  const ReferralInput& input,
                                                  const ReferralResult& result);
absl::StatusOr<ledger::Done> RevokeReferral(ledger::UnitOfWork& work, const ReferralInput& input,
                                            v1::ReferralRevokeReason reason);

// Keeps the hash of that token's secret, in place of the link before.
absl::StatusOr<ledger::Done> MakeReferralLink(ledger::UnitOfWork& work, const ReferralInput& input,
                                              const LinkToken& token, int days);
// REFERRAL_LINK_INVALID leaves nothing: who answers it counts the try by a command of its own.
absl::StatusOr<ledger::Done> TakeResultByLink(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                              const LinkToken& token, const ReferralResult& result);
// A wrong secret for a link that there is; anything else changes nothing.
absl::StatusOr<ledger::Done> CountWrongSecret(ledger::UnitOfWork& work, const LinkToken& token);

// For who has seen that it is due; each changes nothing when it was settled meanwhile.
absl::StatusOr<ledger::Done> TellReferralOverdue(ledger::UnitOfWork& work,
                                                 const base::Uuid& case_id, const base::Uuid& id);
absl::StatusOr<ledger::Done> ExpireReferral(ledger::UnitOfWork& work, const base::Uuid& case_id,
                                            const base::Uuid& id);
absl::StatusOr<ledger::Done> EndWithoutConsent(ledger::UnitOfWork& work, const base::Uuid& case_id,
                                               const base::Uuid& id);

// Parts of use cases that have locked the case. Whoever leads the case from now on is asked for
// nothing any more.
void GiveReferralsOf(ledger::UnitOfWork& work, const Case& c);
// The case ended for that reason: what was asked and shared ends with it where nothing is left to
// be done for her. Whoever goes on with her elsewhere (goals met, linked, time over, job lost) is
// not cut off; the grant's own end ends that. Answers how many were revoked.
int EndReferralsOf(ledger::UnitOfWork& work, const Case& c, v1::CaseCloseReason reason);
// Her data end: open referrals of her cases are revoked, no words are left, and nobody writes to
// her for a recipient. A room's part of forgetting.
absl::Status ForgetReferralsOf(ledger::UnitOfWork& work, const base::Uuid& person);

}  // namespace ieum::casemgmt
