// Two persons who may be one, and a search of everybody for such pairs. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "ieum/registry/v1/duplicate_service.pb.h"
#include "platform/base/uuid.h"
#include "services/registry/people/candidates.h"

namespace ieum::registry {

struct DuplicatePair {
  base::Uuid id;
  base::Uuid person;  // the smaller id
  base::Uuid other;
  int score = 0;
  std::vector<v1::MatchField> matched;
  v1::DuplicatePairState state = v1::DUPLICATE_PAIR_STATE_OPEN;
  std::optional<base::Uuid> centre;  // of both; nullopt = the whole suite, or two centres
  absl::Time created_at;
  std::optional<absl::Time> decided_at;
  std::string decider;
};

std::string DuplicatePairName(const base::Uuid& id);  // "duplicatePairs/{uuid}"
std::string DuplicateScanName(const base::Uuid& id);  // "duplicateScans/{uuid}"

// Whichever of the two is named first, and however often they are found.
base::Uuid DuplicatePairId(const base::Uuid& one, const base::Uuid& other);

// An open pair of a person and one of her candidates.
DuplicatePair PairOf(const Person& person, const Candidate& candidate, absl::Time now);

// They are not the same. FAILED_PRECONDITION (DUPLICATE_PAIR_DECIDED).
absl::Status Dismiss(DuplicatePair* pair, const std::string& decider, absl::Time now);

struct DuplicateScan {
  base::Uuid id;
  v1::DuplicateScanState state = v1::DUPLICATE_SCAN_STATE_RUNNING;
  base::Uuid last_person;  // everybody up to her was looked at
  int64_t scanned = 0;
  int64_t persons = 0;  // when it began
  int64_t pairs = 0;
  absl::Time started_at;
  absl::Time updated_at;
};

}  // namespace ieum::registry
