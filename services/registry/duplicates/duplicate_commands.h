// What can be done about persons who may be registered twice.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/db/person_keys.h"
#include "platform/ledger/ledger.h"
#include "services/registry/duplicates/duplicate_pair.h"

namespace ieum::registry {

// Pairs of a person and those of her candidates who are as sure as `from`, the likeliest ones.
inline constexpr size_t kPairsOfOne = 20;
std::vector<DuplicatePair> PairsToReview(const Person& person,
                                         const std::vector<Candidate>& candidates, int from,
                                         absl::Time now);

// Puts the pairs into the queue whose aggregates are locked and which nobody has found before;
// answers how many.
int NotePairs(ledger::UnitOfWork& work, const std::vector<DuplicatePair>& pairs);

struct DismissDuplicateInput {
  base::Uuid id;
  std::string etag;
};
absl::StatusOr<ledger::Done> DismissDuplicate(ledger::UnitOfWork& work,
                                              const DismissDuplicateInput& input);

// Of locked pairs that are open: one of the two was erased. Part of a larger use case.
void ClosePairs(ledger::UnitOfWork& work, std::vector<DuplicatePair> pairs);

// FAILED_PRECONDITION (DUPLICATE_SCAN_RUNNING).
absl::StatusOr<ledger::Done> StartDuplicateScan(ledger::UnitOfWork& work);

// How many persons a step looks at.
inline constexpr int kScanStep = 50;
// Makes the keys of these persons anew where older rules made them.
absl::StatusOr<ledger::Done> RenewMatchKeys(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                            const base::Uuid& scan,
                                            const std::vector<base::Uuid>& persons);
// Looks at the next ones behind `from`, where the scan stood when the step was thought of. Nothing
// when another process was faster.
absl::StatusOr<ledger::Done> StepDuplicateScan(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                               const MatchRules& rules, const DuplicateScan& from);

}  // namespace ieum::registry
