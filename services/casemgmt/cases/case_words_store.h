// What was written down about a case: sealed with the key of whose case it is, so that it ends with
// her data. The table `case_words`.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/db/person_keys.h"
#include "platform/ledger/unit_of_work.h"
#include "services/casemgmt/cases/case.h"

namespace ieum::casemgmt {

struct CaseWords {
  v1::CaseWordsKind kind = v1::CASE_WORDS_KIND_UNSPECIFIED;
  std::string text;
  bool erased = false;
  base::Uuid author;
  absl::Time record_time;
};

// No words are nothing to keep. PERSON_ERASED. Comes after every check of the use case: it writes.
absl::Status KeepWords(ledger::UnitOfWork& work, const db::PersonKeys& keys, const Case& c,
                       v1::CaseWordsKind kind, const std::string& text);
// The newest first, `limit` at most. What was erased says so.
absl::StatusOr<std::vector<CaseWords>> ReadWords(db::Tx& tx, const db::PersonKeys& keys,
                                                 const Case& c, int limit);

}  // namespace ieum::casemgmt
