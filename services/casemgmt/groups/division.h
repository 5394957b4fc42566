// Divisions of the candidates of one centre, by their numbers in a fixed order. Pure; for matching.
#pragma once

#include <cstdint>
#include <vector>

#include "services/casemgmt/groups/matching.h"

namespace ieum::casemgmt {

// fit[a][b] of each two, symmetric.
using FitMatrix = std::vector<std::vector<int>>;

// Groups of numbers, each in order, by their first number; who is in none is left over.
struct Division {
  std::vector<std::vector<int>> groups;
  int64_t score = 0;
};

int64_t PairSum(const FitMatrix& fit, const std::vector<int>& group);

// The best division that there is; the first of equals in a fixed order. At most
// kExactCandidatesMax.
Division BestDivision(const FitMatrix& fit, const MatchTerms& terms);

// A division that no exchange of two (of groups, or with who is left over) and no move of one makes
// better, begun from `order` cut into groups of nearly the same size; the best of those for each
// possible number of groups, the fewest of equals.
Division SearchedDivision(const FitMatrix& fit, const std::vector<int>& order,
                          const MatchTerms& terms);

}  // namespace ieum::casemgmt
