// The tables `person_merge` and `merge_move`, and what a merge does to the rows of others by
// merge_rules.h. A merge of a centre that the scope does not hold is as if it were not there.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/base/scope.h"
#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/registry/merges/merge.h"

namespace ieum::registry {

// A merge as answered, with its survivor's version.
struct PersonMergeView {
  PersonMerge merge;
  int64_t version = 0;
};
std::optional<PersonMergeView> FindMerge(db::Tx& tx, const base::Scope& scope,
                                         const base::Uuid& id);
const filter::ListSpec& MergeList();
PersonMergeView ReadMergeView(const db::Row& row);

// Keeps the merge with what the survivor's record says now. False when the id is taken.
bool InsertMerge(db::Tx& tx, const PersonMerge& merge);
void SaveUndo(db::Tx& tx, const base::Scope& scope, const PersonMerge& merge);
// The words in which merges of this record, and their ends, gave reasons.
void ForgetMergeWords(db::Tx& tx, const base::Uuid& person);
// The newest merge that holds, was made after this one, and has this one's survivor in it.
std::optional<base::Uuid> FindLaterMerge(db::Tx& tx, const PersonMerge& merge);

// What each rule finds of the duplicate; rules that find nothing are left out.
std::vector<v1::MergeEffect> CountNamed(db::Tx& tx, const base::Uuid& duplicate);
// Whether one of them answers, or answered, for the other as a child.
bool GuardsTheOther(db::Tx& tx, const base::Uuid& one, const base::Uuid& other);

// The chain that leads from the duplicate to the survivor.
void PointTo(db::Tx& tx, const base::Scope& scope, const PersonMerge& merge);
void PointBack(db::Tx& tx, const base::Scope& scope, const PersonMerge& merge);

// Rows that name the duplicate name the survivor, whose centre is `centre`; each is written down.
void MoveRows(db::Tx& tx, const PersonMerge& merge, const std::optional<base::Uuid>& centre);
// Pairs with third persons are the survivor's; of two of one third person one is left, and the pair
// of the two themselves is closed.
void MovePairs(db::Tx& tx, const PersonMerge& merge, const std::optional<base::Uuid>& centre);
// Notes that the survivor was found by one of two numbers as a former one before she took the
// duplicate's: by her own, or by that one.
enum class FormerPhone { kOwn, kTaken };
void NoteFormerPhone(db::Tx& tx, const base::Uuid& merge, FormerPhone which);
bool HadFormerPhone(db::Tx& tx, const base::Uuid& merge, FormerPhone which);

// Those rows as they were.
void MoveBack(db::Tx& tx, const PersonMerge& merge);

// The survivor's record says of these fields what it said before the merge, and of its last change
// too, unless it has changed since. Indexes and match keys are made anew by whoever calls.
void RestoreValues(db::Tx& tx, const base::Scope& scope, const PersonMerge& merge,
                   const std::vector<std::string>& fields, absl::Time now);

}  // namespace ieum::registry
