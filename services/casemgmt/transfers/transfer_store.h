// The rows of transfers. Words come sealed and go sealed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "platform/base/scope.h"
#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/casemgmt/cases/case_reach.h"
#include "services/casemgmt/transfers/transfer.h"

namespace ieum::casemgmt {

// A transfer, and of its case what decides who sees it and what the receiving centre learns of it.
struct TransferView {
  Transfer transfer;
  std::string reason_box, decision_box;  // sealed; "" = none
  std::optional<base::Uuid> centre, manager_subject;
  std::optional<base::Uuid> person;  // under whose key the words are; nullopt = erased
  std::string case_number, programme;
};

// Who sees a transfer: whoever reaches the case, and who acts for one of the two centres.
bool IsOfGiver(const TransferView& view, const Reach& reach, const base::Scope& scope);
bool IsOfReceiver(const TransferView& view, const base::Scope& scope);

// Wherever it belongs: the caller asks who sees it.
std::optional<TransferView> FindTransfer(db::Tx& tx, const base::Uuid& case_id,
                                         const base::Uuid& id);
std::optional<base::Uuid> FindOpenTransfer(db::Tx& tx, const base::Uuid& case_id);

// Whose last day for the answer is over without anybody being told, and whose time is over; the
// oldest first.
struct TransferPlace {
  base::Uuid case_id, id;
};
std::vector<TransferPlace> UnansweredTransfers(db::Tx& tx, absl::CivilDay today, int limit);
int64_t CountUnansweredTransfers(db::Tx& tx, absl::CivilDay today);
std::vector<TransferPlace> EndedTransfers(db::Tx& tx, absl::Time now, int limit);
int64_t CountEndedTransfers(db::Tx& tx, absl::Time now);

// False when the case has an open one.
bool InsertTransfer(db::Tx& tx, const Transfer& transfer, const db::Param& reason_box);
// What the ends change; the revision grows by one.
void SaveTransfer(db::Tx& tx, Transfer& transfer);
void SaveDecisionBox(db::Tx& tx, const base::Uuid& id, const db::Param& box);
// The boxes of all transfers of a case, whose key is gone.
void ForgetTransferWords(db::Tx& tx, const base::Uuid& case_id);
// Whom a receiving centre named to be written to.
void ForgetTransferContact(db::Tx& tx, const base::Uuid& person);

const filter::ListSpec& TransferList();
void WhereEitherCentre(filter::ListQuery& query, const Reach& reach, const base::Scope& scope);
filter::Cursor ListTransfers(db::Tx& tx, const filter::ListQuery& query,
                             std::vector<TransferView>* views);

}  // namespace ieum::casemgmt
