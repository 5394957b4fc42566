// The tables of cases: `casefile`, its transitions, owners and numbers. A case is there for whoever
// the reach holds; changes are made by id, of a case that was loaded within it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "platform/ledger/unit_of_work.h"
#include "services/casemgmt/cases/case.h"
#include "services/casemgmt/cases/case_reach.h"

namespace ieum::casemgmt {

struct CaseView {
  Case c;
  int64_t version = 0;
};

std::optional<CaseView> ReadCase(db::Tx& tx, const Reach& reach, const base::Uuid& id);
std::optional<Case> FindCase(db::Tx& tx, const Reach& reach, const base::Uuid& id);
// The same of a case that the use case has locked.
std::optional<Case> FindLockedCase(ledger::UnitOfWork& work, const Reach& reach,
                                   const base::Uuid& id);
// Whoever they are for: the caller asks Reaches.
absl::flat_hash_map<base::Uuid, CaseView> ReadCases(db::Tx& tx, const std::vector<base::Uuid>& ids);
// False when the id is taken or the person has an open case of the programme and edition; nothing
// was written then.
bool InsertCase(db::Tx& tx, const Case& c);
void UpdateCase(db::Tx& tx, const Case& c);
// Waits for whoever opens a case of her, under whichever of her records, until the transaction
// ends: the index of open cases knows records and not persons.
void HoldOpeningOf(db::Tx& tx, const base::Uuid& person);
// The open case of any record of the person.
std::optional<base::Uuid> FindOpenCase(db::Tx& tx, const base::Uuid& person,
                                       const std::string& programme, const std::string& edition);
// Every case of the record, in order, whatever became of it.
std::vector<base::Uuid> CasesOfPerson(db::Tx& tx, const base::Uuid& person);

// The next number of the centre and year; without a gap once the transaction commits.
int64_t NextCaseNumber(db::Tx& tx, const std::optional<base::Uuid>& centre, absl::CivilYear year);

struct CaseTransition {
  v1::CaseState state = v1::CASE_STATE_UNSPECIFIED;
  absl::CivilDay day;
  absl::Time record_time;
};
void AddTransition(db::Tx& tx, const Case& c, absl::CivilDay day, absl::Time now);
std::vector<CaseTransition> TransitionsOf(db::Tx& tx, const base::Uuid& id);

void KeepOwner(db::Tx& tx, const Case& c, absl::Time now);
// Whether the case was within the reach before another centre took it over.
bool LedBefore(db::Tx& tx, const Reach& reach, const base::Uuid& id);

// Lists: with the codes of a case, or who, where and by whom alone (C36).
const filter::ListSpec& CaseList();
const filter::ListSpec& CaseNameList();
filter::Cursor ListCases(db::Tx& tx, const filter::ListQuery& query, std::vector<CaseView>* views);

// What became of a case, the newest first.
struct CaseHistoryEntry {
  int64_t version = 0;
  std::string type;
  absl::Time at;
  std::string actor;
};
std::vector<CaseHistoryEntry> HistoryOf(db::Tx& tx, const base::Uuid& id, int limit);

// Her case is nobody's any more: the row loses the record, what was heard of where she came from,
// and the accounts that could lead back to her.
void ForgetCase(db::Tx& tx, const base::Uuid& id);

}  // namespace ieum::casemgmt
