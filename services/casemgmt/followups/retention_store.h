// The rows of retention checks, of attempts and of what was found. Whose they are says `casefile`:
// what is read for a caller asks for her reach, what is written is of a case that is locked and was
// loaded within it.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/casemgmt/cases/case_reach.h"
#include "services/casemgmt/followups/retention_check.h"

namespace ieum::casemgmt {

// Of one case, by months.
std::vector<RetentionCheck> RetentionChecksOf(db::Tx& tx, const base::Uuid& case_id);
// False when the case has a check after so many months.
bool InsertRetentionCheck(db::Tx& tx, const RetentionCheck& check);
// Everything that can change but what was found.
void SaveRetentionCheck(db::Tx& tx, const RetentionCheck& check);
// What was found, as its newest revision.
void InsertFinding(db::Tx& tx, const RetentionCheck& check, absl::Time recorded);

struct RetentionAttempt {
  int number = 0;  // from 1
  absl::CivilDay day;
  v1::AttemptChannel channel = v1::ATTEMPT_CHANNEL_UNSPECIFIED;
  v1::AttemptOutcome outcome = v1::ATTEMPT_OUTCOME_UNSPECIFIED;
  absl::Time record_time;
};
void InsertAttempt(db::Tx& tx, const base::Uuid& check_id, const RetentionAttempt& attempt);

// Whether the person, under any id of hers, has consented to her data being given to some firm:
// only then may her employer be asked. Which firm that is, nobody here writes down.
bool MayAskEmployer(db::Tx& tx, const base::Uuid& person, absl::Time now);

// A check whose day has come and that was not told to be due.
struct UntoldCheck {
  base::Uuid case_id, check_id, occurrence;
};
// Those due on `today` or before, the earliest first. Acts for the suite.
std::vector<UntoldCheck> UntoldRetentionChecks(db::Tx& tx, absl::CivilDay today, int limit);
int64_t CountUntoldRetentionChecks(db::Tx& tx, absl::CivilDay today);

// What was found once and when that was recorded.
struct RecordedFinding {
  RetentionFinding finding;
  absl::Time record_time;
};

// A check as it is shown.
struct RetentionCheckView {
  RetentionCheck check;
  std::vector<RetentionAttempt> attempts;  // earliest first
  std::vector<RecordedFinding> findings;   // earliest first; the last one holds
  int64_t version = 0;                     // of the case
};
std::optional<RetentionCheckView> ReadRetentionCheck(db::Tx& tx, const Reach& reach,
                                                     const base::Uuid& case_id,
                                                     const base::Uuid& id);
// Its case is `c`.
const filter::ListSpec& RetentionCheckList();
filter::Cursor ListRetentionChecks(db::Tx& tx, const filter::ListQuery& query,
                                   std::vector<RetentionCheckView>* views);

}  // namespace ieum::casemgmt
