#include "services/registry/duplicates/duplicate_pair.h"

#include <algorithm>

#include "ieum/registry/v1/errors.pb.h"
#include "platform/base/status.h"

namespace ieum::registry {

std::string DuplicatePairName(const base::Uuid& id) { return "duplicatePairs/" + id.ToString(); }

std::string DuplicateScanName(const base::Uuid& id) { return "duplicateScans/" + id.ToString(); }

base::Uuid DuplicatePairId(const base::Uuid& one, const base::Uuid& other) {
  const auto [smaller, larger] = std::minmax(one, other);
  return base::Uuid::Derive(smaller, "duplicate/" + larger.ToString());
}

DuplicatePair PairOf(const Person& person, const Candidate& candidate, absl::Time now) {
  DuplicatePair pair;
  pair.id = DuplicatePairId(person.id, candidate.id);
  pair.person = std::min(person.id, candidate.id);
  pair.other = std::max(person.id, candidate.id);
  pair.score = candidate.verdict.score;
  pair.matched = candidate.verdict.fields;
  if (person.centre == candidate.centre) pair.centre = person.centre;
  pair.created_at = now;
  return pair;
}

absl::Status Dismiss(DuplicatePair* pair, const std::string& decider, absl::Time now) {
  if (pair->state != v1::DUPLICATE_PAIR_STATE_OPEN) {
    return base::Forbidden(v1::ERROR_REASON_DUPLICATE_PAIR_DECIDED,
                           "somebody has decided about this pair already",
                           {{"duplicate_pair", DuplicatePairName(pair->id)}});
  }
  pair->state = v1::DUPLICATE_PAIR_STATE_DISMISSED;
  pair->decider = decider;
  pair->decided_at = now;
  return absl::OkStatus();
}

}  // namespace ieum::registry
