#include "services/casemgmt/referrals/loaded_referral.h"

#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "services/casemgmt/referrals/referral_store.h"

namespace ieum::casemgmt {

absl::Status ExpectRevision(std::string_view etag, int64_t revision) {
  if (etag.empty() || etag == ledger::FormatEtag(revision)) return absl::OkStatus();
  return base::Error(absl::StatusCode::kAborted, "STALE_ETAG",
                     "it was changed since that etag was read; read it again");
}

absl::Status OtherSideOnly(const char* who, const std::string& name) {
  return base::Error(absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED",
                     absl::StrCat("only ", who, " can do this"), {{"name", name}});
}

absl::StatusOr<LoadedReferral> LoadAsSender(ledger::UnitOfWork& work, const ReferralInput& input) {
  const std::string name = ReferralName(input.case_id, input.id);
  work.Lock({input.case_id});
  auto view = FindReferral(work.tx(), input.case_id, input.id);
  if (!view) return base::NotFound(name);
  auto c = LoadCase(work, {.case_id = input.case_id, .etag = "", .reach = input.reach});
  if (absl::IsNotFound(c.status())) {
    const bool recipient = SideOf(*view, input.reach, work.scope()) == Side::kRecipient;
    return recipient ? OtherSideOnly("the sender of the referral", name) : base::NotFound(name);
  }
  RETURN_IF_ERROR(c.status());
  RETURN_IF_ERROR(ExpectRevision(input.etag, view->referral.revision));
  return LoadedReferral{*std::move(c), std::move(view->referral)};
}

absl::StatusOr<LoadedReferral> LoadAsRecipient(ledger::UnitOfWork& work,
                                               const ReferralInput& input) {
  const std::string name = ReferralName(input.case_id, input.id);
  work.Lock({input.case_id});
  auto view = FindReferral(work.tx(), input.case_id, input.id);
  if (!view || SideOf(*view, input.reach, work.scope()) == Side::kNone) {
    return base::NotFound(name);
  }
  const auto& recipient = view->referral.recipient;
  if (!recipient || !work.scope().Holds(recipient->ToString())) {
    return OtherSideOnly("the recipient of the referral", name);
  }
  RETURN_IF_ERROR(ExpectRevision(input.etag, view->referral.revision));
  ASSIGN_OR_RETURN(
      Case c, LoadCase(work, {.case_id = input.case_id, .etag = "", .reach = Reach::Everything()}));
  return LoadedReferral{std::move(c), std::move(view->referral)};
}

absl::StatusOr<LoadedReferral> LoadForSuite(ledger::UnitOfWork& work, const base::Uuid& case_id,
                                            const base::Uuid& id) {
  return LoadAsSender(work,
                      {.case_id = case_id, .id = id, .etag = "", .reach = Reach::Everything()});
}

}  // namespace ieum::casemgmt
