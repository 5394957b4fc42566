#include "services/casemgmt/transfers/loaded_transfer.h"

#include "platform/base/status.h"
#include "services/casemgmt/referrals/loaded_referral.h"
#include "services/casemgmt/transfers/transfer_store.h"

namespace ieum::casemgmt {

absl::StatusOr<LoadedTransfer> LoadAsGiver(ledger::UnitOfWork& work, const TransferInput& input) {
  const std::string name = TransferName(input.case_id, input.id);
  work.Lock({input.case_id});
  auto view = FindTransfer(work.tx(), input.case_id, input.id);
  if (!view) return base::NotFound(name);
  auto c = LoadCase(work, {.case_id = input.case_id, .etag = "", .reach = input.reach});
  if (absl::IsNotFound(c.status())) {
    return IsOfReceiver(*view, work.scope()) ? OtherSideOnly("the giving centre", name)
                                             : base::NotFound(name);
  }
  RETURN_IF_ERROR(c.status());
  RETURN_IF_ERROR(ExpectRevision(input.etag, view->transfer.revision));
  return LoadedTransfer{*std::move(c), std::move(view->transfer)};
}

absl::StatusOr<LoadedTransfer> LoadAsReceiver(ledger::UnitOfWork& work,
                                              const TransferInput& input) {
  work.Lock({input.case_id});
  return FindAsReceiver(work, input);
}

absl::StatusOr<LoadedTransfer> FindAsReceiver(ledger::UnitOfWork& work,
                                              const TransferInput& input) {
  const std::string name = TransferName(input.case_id, input.id);
  auto view = FindTransfer(work.tx(), input.case_id, input.id);
  if (!view) return base::NotFound(name);
  if (!IsOfReceiver(*view, work.scope())) {
    return IsOfGiver(*view, input.reach, work.scope()) ? OtherSideOnly("the receiving centre", name)
                                                       : base::NotFound(name);
  }
  RETURN_IF_ERROR(ExpectRevision(input.etag, view->transfer.revision));
  ASSIGN_OR_RETURN(
      Case c, LoadCase(work, {.case_id = input.case_id, .etag = "", .reach = Reach::Everything()}));
  return LoadedTransfer{std::move(c), std::move(view->transfer)};
}

absl::StatusOr<LoadedTransfer> LoadForSuite(ledger::UnitOfWork& work, const TransferInput& input) {
  return LoadAsGiver(
      work, {.case_id = input.case_id, .id = input.id, .etag = "", .reach = Reach::Everything()});
}

}  // namespace ieum::casemgmt
