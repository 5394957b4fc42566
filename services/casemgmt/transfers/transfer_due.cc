#include "services/casemgmt/transfers/transfer_due.h"

#include "platform/base/korea_time.h"
#include "services/casemgmt/transfers/transfer_commands.h"
#include "services/casemgmt/transfers/transfer_store.h"

namespace ieum::casemgmt {
namespace {

using Settle = absl::StatusOr<ledger::Done> (*)(ledger::UnitOfWork&, const base::Uuid&,
                                                const base::Uuid&);

// Each of these happens once to a transfer, so its id names it.
std::vector<flow::DueRow> RowsOf(const std::vector<TransferPlace>& places, const char* label,
                                 Settle settle) {
  std::vector<flow::DueRow> due;
  for (const TransferPlace& place : places) {
    due.push_back({base::Uuid::Derive(place.id, label), [place, settle](ledger::UnitOfWork& work) {
                     return settle(work, place.case_id, place.id);
                   }});
  }
  return due;
}

}  // namespace

flow::DueWork TransferAnswers(ledger::Ledger& ledger) {
  return flow::SettleEach(
      ledger,
      {.name = "transfer_answers",
       .command = "TellTransferOverdue",
       .find =
           [](db::Tx& tx, absl::Time now, int limit) {
             return RowsOf(UnansweredTransfers(tx, base::KoreaDay(now), limit), "transfer-overdue",
                           TellTransferOverdue);
           },
       .count = [](db::Tx& tx,
                   absl::Time now) { return CountUnansweredTransfers(tx, base::KoreaDay(now)); }});
}

flow::DueWork TransferExpiry(ledger::Ledger& ledger) {
  return flow::SettleEach(ledger, {.name = "transfer_expiry",
                                   .command = "ExpireTransfer",
                                   .find =
                                       [](db::Tx& tx, absl::Time now, int limit) {
                                         return RowsOf(EndedTransfers(tx, now, limit),
                                                       "transfer-expired", ExpireTransfer);
                                       },
                                   .count = CountEndedTransfers});
}

}  // namespace ieum::casemgmt
