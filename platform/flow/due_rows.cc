#include "platform/flow/due_rows.h"

#include <memory>
#include <utility>

#include "platform/base/status.h"
#include "platform/crypto/seal.h"

namespace ieum::flow {
namespace {

constexpr int kStepRows = 20;  // a small piece of work, as the loop asks for

class RowSettler {
 public:
  RowSettler(ledger::Ledger& ledger, DueRows rows) : ledger_(ledger), rows_(std::move(rows)) {}

  // Looks beyond those that were refused just now, until nothing lies behind them.
  absl::StatusOr<bool> Step(absl::Time now) {
    const int limit = kStepRows + std::exchange(refused_, 0);
    ASSIGN_OR_RETURN(const std::vector<DueRow> due, Find(now, limit));
    absl::Status first;
    int refused = 0;
    for (const DueRow& row : due) {
      const absl::Status settled = Settle(row);
      if (absl::IsUnavailable(settled)) return settled;
      if (settled.ok()) continue;
      ++refused;
      first.Update(settled);
    }
    if (static_cast<int>(due.size()) < limit) {
      if (first.ok()) return false;
      return first;
    }
    refused_ = refused;
    return true;
  }

  absl::StatusOr<int64_t> Count(absl::Time now) {
    int64_t count = 0;
    RETURN_IF_ERROR(ledger_.database().ReadOne(rows_.name + "_count", [&](db::Tx& tx) {
      count = rows_.count(tx, now);
      return absl::OkStatus();
    }));
    return count;
  }

 private:
  absl::StatusOr<std::vector<DueRow>> Find(absl::Time now, int limit) {
    std::vector<DueRow> due;
    RETURN_IF_ERROR(ledger_.database().ReadOne(rows_.name, [&](db::Tx& tx) {
      due = rows_.find(tx, now, limit);
      return absl::OkStatus();
    }));
    return due;
  }

  absl::Status Settle(const DueRow& row) {
    ledger::Command command;
    command.name = rows_.command;
    command.request_id = row.request_id;
    command.request_hash = crypto::Hash(command.name);
    command.caller.actor = "service/" + ledger_.service();
    command.caller.correlation_id = command.request_id.ToString();
    return ledger_.Run(command, row.settle).status();
  }

  ledger::Ledger& ledger_;
  DueRows rows_;
  int refused_ = 0;  // in the last full look; only the loop's thread steps
};

}  // namespace

DueWork SettleEach(ledger::Ledger& ledger, DueRows rows) {
  DueWork work;
  work.name = rows.name;
  const auto settler = std::make_shared<RowSettler>(ledger, std::move(rows));
  work.step = [settler](absl::Time now) { return settler->Step(now); };
  work.count_due = [settler](absl::Time now) { return settler->Count(now); };
  return work;
}

}  // namespace ieum::flow
