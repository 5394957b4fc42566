// The table `ownership_move`. A move is there for its two centres; for another one it is as if it
// were not.
#pragma once

#include <optional>
#include <vector>

#include "platform/base/scope.h"
#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/registry/moves/move.h"

namespace ieum::registry {

// A move as answered, with its version.
struct MoveView {
  Move move;
  int64_t version = 0;
};
std::optional<MoveView> FindMove(db::Tx& tx, const base::Scope& scope, const base::Uuid& id);
const filter::ListSpec& MoveList();
MoveView ReadMoveView(const db::Row& row);

// False when there is an open one of the same, or the id is taken; nothing was written then.
bool InsertMove(db::Tx& tx, const Move& move);
// What was decided, and what came of it.
void SaveMove(db::Tx& tx, const base::Scope& scope, const Move& move);
// The open move that is in the way of this one.
std::optional<base::Uuid> FindOpenMove(db::Tx& tx, const Move& move);
// Open moves of a person's data and of her enrolments, in id order.
std::vector<base::Uuid> OpenMovesOf(db::Tx& tx, const base::Uuid& person);

// Moves whose time was over at `now` or before and nobody has written that down, the longest over
// first.
std::vector<base::Uuid> EndedMoves(db::Tx& tx, absl::Time now, int limit);
int64_t CountEndedMoves(db::Tx& tx, absl::Time now);

// The words in which moves of this record and of her enrolments, and their ends, gave reasons.
void ForgetMoveWords(db::Tx& tx, const base::Uuid& person);

// Whether one centre stands above both, or one of them above the other: then what goes from one to
// the other is provided to no other body.
bool HaveOneLead(db::Tx& tx, const base::Uuid& one, const base::Uuid& other);

}  // namespace ieum::registry
