// All open cases of one manager given to another one, in pieces that survive a kill: the cases are
// noted when it begins, and each piece is one command that gives some and strikes them off.
#pragma once

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/base/scope.h"
#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "platform/flow/due_rows.h"
#include "platform/ledger/ledger.h"
#include "services/casemgmt/cases/case_steps.h"

namespace ieum::casemgmt {

// Cases given by one command.
inline constexpr int kReassignmentPiece = 100;

struct CaseReassignment {
  base::Uuid id;
  std::optional<base::Uuid> centre;  // nullopt = the suite's own, or everybody's
  bool everywhere = false;
  base::Uuid from, to, to_person;
  int case_count = 0, given_count = 0, left_count = 0;
  absl::Time create_time;
  std::optional<absl::Time> finish_time;
};
struct CaseReassignmentView {
  CaseReassignment r;
  int64_t version = 0;
};

struct BeginReassignmentInput {
  std::optional<base::Uuid> id;      // absent = derived from the request
  std::optional<base::Uuid> centre;  // as wished
  base::Uuid from, to, to_person;
};
// NOTHING_TO_REASSIGN, ID_TAKEN, INVALID_FIELD for a centre that the caller does not act for.
absl::StatusOr<ledger::Done> BeginReassignment(ledger::UnitOfWork& work,
                                               const BeginReassignmentInput& input);
// The next piece. A case that ended, or that somebody gave away meanwhile, is left as it is.
absl::StatusOr<ledger::Done> GivePiece(ledger::UnitOfWork& work, const base::Uuid& id);

// Goes on with all that are not finished. The ledger outlives it.
flow::DueWork Reassigning(ledger::Ledger& ledger);

// The tables, in case_reassignment_store.cc.
std::optional<CaseReassignmentView> ReadReassignment(db::Tx& tx, const base::Scope& scope,
                                                     const base::Uuid& id);
const filter::ListSpec& ReassignmentList();
filter::Cursor ListReassignments(db::Tx& tx, const filter::ListQuery& query,
                                 std::vector<CaseReassignmentView>* views);
// False when the id is taken.
bool InsertReassignment(db::Tx& tx, const CaseReassignment& r);
// The open cases of the manager in these centres: how many, and noted.
int CountCasesOf(db::Tx& tx, const base::Scope& scope, const base::Uuid& from);
void NoteCases(db::Tx& tx, const base::Scope& scope, const base::Uuid& id, const base::Uuid& from);
std::vector<base::Uuid> NextNoted(db::Tx& tx, const base::Uuid& id, int limit);
void StrikeOff(db::Tx& tx, const base::Uuid& id, const std::vector<base::Uuid>& cases);
void SaveReassignment(db::Tx& tx, const CaseReassignment& r);
// Those that go on, with the first of their cases that is not given yet; nullopt = none is left.
struct OpenReassignment {
  base::Uuid id;
  std::optional<base::Uuid> next_case;
};
std::vector<OpenReassignment> OpenReassignments(db::Tx& tx, int limit);
int64_t CountOpenReassignments(db::Tx& tx);

}  // namespace ieum::casemgmt
