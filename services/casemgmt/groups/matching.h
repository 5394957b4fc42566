// Which candidates make groups that fit: a division of the candidates of each centre into groups
// within the limits of size. Pure, and the same for the same candidates in whatever order.
//
// How well two fit is a number of 0 to 1000, from their jobs and their needs. A group's score is
// the sum, over its members, of how well each fits the others on average; so a group is not better
// for being larger. Of all divisions those count that place most candidates, and of these the one
// with the highest sum of scores (ADR 0048 says how it is found, and when it is the best of all).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "ieum/casemgmt/v1/types.pb.h"
#include "platform/base/uuid.h"

namespace ieum::casemgmt {

struct Candidate {
  base::Uuid person, centre;
  std::string job_code;            // KSCO; "" = not known
  std::vector<std::string> needs;  // codes, in any order
};

struct MatchTerms {
  int min_members = 6, max_members = 10;  // 2 ≤ min ≤ max ≤ 20
  int job_weight = 1, need_weight = 1;    // not both 0
};

struct FitGroup {
  base::Uuid centre;
  std::vector<base::Uuid> persons;  // in order
  int64_t pair_sum = 0;             // of the fit of every two
  std::string job_code;             // what all job codes begin with; "" = nothing
  std::vector<std::string> needs;   // that all have, in order
};

struct Unplaced {
  base::Uuid person, centre;
  v1::LeftOverReason reason = v1::LEFT_OVER_REASON_UNSPECIFIED;
};

struct Proposal {
  std::vector<FitGroup> groups;     // by centre, then by their first person
  std::vector<Unplaced> left_over;  // by person
  bool optimal = true;              // of every centre all divisions were compared
};

// Up to so many candidates of a centre all divisions are compared.
inline constexpr int kExactCandidatesMax = 14;

// INVALID_FIELD blaming `max_members` or `job_weight`, and `candidates` when somebody is there
// twice.
absl::Status CheckMatch(const std::vector<Candidate>& candidates, const MatchTerms& terms);

// `candidates` and `terms` passed CheckMatch.
Proposal Propose(std::vector<Candidate> candidates, const MatchTerms& terms);

// Of two: the job counts 1000 when the codes are the same, else 200 for each leading digit in
// common; needs the share of those in common among all of both, in thousandths; rounded down.
int FitOf(const Candidate& a, const Candidate& b, const MatchTerms& terms);

// The score of a group in parts of 1/kScoreParts, exact for every size up to 20.
inline constexpr int64_t kScoreParts = 232'792'560;  // the least common multiple of 1 to 19
int64_t ScoreOf(int64_t pair_sum, int members);
int64_t ScoreOf(const Proposal& proposal);
// "6843.33"
std::string ScoreText(int64_t score);

// How many of `candidates` groups within the limits can hold.
int PlacesFor(int candidates, const MatchTerms& terms);

}  // namespace ieum::casemgmt
