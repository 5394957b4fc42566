// The rows that a move takes along, of whichever tables; and how they change hands.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "platform/db/tx.h"
#include "services/registry/enrolments/enrolment_store.h"
#include "services/registry/moves/move.h"

namespace ieum::registry {

// Each in id order, and of the giving centre only: what it does not have any more does not move.
struct MovedRows {
  std::vector<base::Uuid> records;  // of the person, with those that were merged into hers
  std::vector<EnrolmentPlace> enrolments;
  std::vector<base::Uuid> leads;
  // What waits for a decision, follows the records, and is held alone by who decides about it: open
  // pairs, holds, requests for what is held of her.
  std::vector<base::Uuid> undecided;

  bool empty() const { return records.empty() && enrolments.empty() && leads.empty(); }
  std::vector<base::Uuid> ids() const;
  bool operator==(const MovedRows& other) const { return ids() == other.ids(); }
};
MovedRows FindMovedRows(db::Tx& tx, const Move& move);
// How many there are of each kind, with what follows a person's record; kinds of which there is
// nothing are left out.
std::vector<v1::MovePart> CountParts(db::Tx& tx, const MovedRows& rows);
// The firm whose rows move, and its workplaces where they come along.
std::vector<base::Uuid> FirmsOf(db::Tx& tx, const Move& move);
// An open lead of the receiving centre beside which one of these may not stand.
std::optional<base::Uuid> FindLeadInTheWay(db::Tx& tx, const Move& move,
                                           const std::vector<base::Uuid>& leads);

// The receiving centre has these locked rows from `at` on, with all that follows them; whose they
// were before is kept. Answers of each of them how often it has moved now.
std::map<base::Uuid, int> HandOver(db::Tx& tx, const Move& move, const MovedRows& rows,
                                   absl::Time at);

}  // namespace ieum::registry
