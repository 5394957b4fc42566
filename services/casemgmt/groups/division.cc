#include "services/casemgmt/groups/division.h"

#include <algorithm>
#include <bit>
#include <cstddef>

namespace ieum::casemgmt {
namespace {

// A set of candidates as bits.
using Set = uint32_t;

std::vector<int> NumbersIn(Set set) {
  std::vector<int> numbers;
  for (; set != 0; set &= set - 1) numbers.push_back(std::countr_zero(set));
  return numbers;
}

// How good the best division of a set is, and the group of its first number in it; 0 = left over.
struct Best {
  int placed = 0;
  int64_t score = 0;
  Set group = 0;
  bool BetterThan(const Best& other) const {
    return placed != other.placed ? placed > other.placed : score > other.score;
  }
};

// The fit of every two in each set, from the set without its first number.
std::vector<int64_t> PairSums(const FitMatrix& fit) {
  std::vector<int64_t> sums(size_t{1} << fit.size(), 0);
  for (Set set = 1; set < sums.size(); ++set) {
    const int first = std::countr_zero(set);
    const Set rest = set & (set - 1);
    sums[set] = sums[rest];
    for (const int other : NumbersIn(rest)) sums[set] += fit[first][other];
  }
  return sums;
}

// Groups that are being exchanged and moved between. Bucket 0 is who is left over: it has no score,
// and keeps its size.
class Search {
 public:
  Search(const FitMatrix& fit, const MatchTerms& terms, const std::vector<int>& order, int groups,
         int placed)
      : fit_(fit), terms_(terms), count_(static_cast<int>(fit.size())) {
    buckets_ = groups + 1;
    of_.assign(count_, 0);
    size_.assign(buckets_, 0);
    sum_.assign(buckets_, 0);
    to_.assign(count_, std::vector<int64_t>(buckets_, 0));
    for (int at = 0; at < placed; ++at) {
      // The first groups are one larger where it does not come out even.
      of_[order[at]] = 1 + static_cast<int>(int64_t{at} * groups / placed);
    }
    for (int a = 0; a < count_; ++a) {
      ++size_[of_[a]];
      for (int b = 0; b < count_; ++b) to_[a][of_[b]] += fit_[a][b];
    }
    for (int a = 0; a < count_; ++a) sum_[of_[a]] += to_[a][of_[a]];
    for (int64_t& sum : sum_) sum /= 2;
  }

  // Ends, because each change makes the score greater.
  void Improve() {
    bool better = true;
    while (better) {
      better = false;
      for (int a = 0; a < count_; ++a) {
        better = MoveSomewhere(a) || better;
        for (int b = a + 1; b < count_; ++b) better = Exchange(a, b) || better;
      }
    }
  }

  Division Result() const {
    Division division;
    std::vector<std::vector<int>> groups(buckets_);
    for (int a = 0; a < count_; ++a) groups[of_[a]].push_back(a);
    division.groups.assign(groups.begin() + 1, groups.end());
    std::sort(division.groups.begin(), division.groups.end());
    for (int bucket = 1; bucket < buckets_; ++bucket) {
      division.score += ScoreOf(sum_[bucket], size_[bucket]);
    }
    return division;
  }

 private:
  int64_t Score(int bucket, int64_t sum, int size) const {
    return bucket == 0 ? 0 : ScoreOf(sum, size);
  }
  int64_t Score(int bucket) const { return Score(bucket, sum_[bucket], size_[bucket]); }

  void Put(int a, int bucket) {
    const int before = of_[a];
    sum_[before] -= to_[a][before];
    sum_[bucket] += to_[a][bucket];
    --size_[before];
    ++size_[bucket];
    of_[a] = bucket;
    for (int b = 0; b < count_; ++b) {
      to_[b][before] -= fit_[b][a];
      to_[b][bucket] += fit_[b][a];
    }
  }

  bool MoveSomewhere(int a) {
    const int from = of_[a];
    if (from == 0 || size_[from] <= terms_.min_members) return false;
    for (int to = 1; to < buckets_; ++to) {
      if (to == from || size_[to] >= terms_.max_members) continue;
      const int64_t now = Score(from) + Score(to);
      const int64_t then = Score(from, sum_[from] - to_[a][from], size_[from] - 1) +
                           Score(to, sum_[to] + to_[a][to], size_[to] + 1);
      if (then <= now) continue;
      Put(a, to);
      return true;
    }
    return false;
  }

  bool Exchange(int a, int b) {
    const int x = of_[a], y = of_[b];
    if (x == y) return false;
    const int64_t now = Score(x) + Score(y);
    const int64_t sum_x = sum_[x] - to_[a][x] + to_[b][x] - fit_[a][b];
    const int64_t sum_y = sum_[y] - to_[b][y] + to_[a][y] - fit_[a][b];
    if (Score(x, sum_x, size_[x]) + Score(y, sum_y, size_[y]) <= now) return false;
    Put(a, y);
    Put(b, x);
    return true;
  }

  const FitMatrix& fit_;
  const MatchTerms& terms_;
  const int count_;
  int buckets_;
  std::vector<int> of_, size_;            // bucket of each number; members of each bucket
  std::vector<int64_t> sum_;              // fit of every two within each bucket
  std::vector<std::vector<int64_t>> to_;  // fit of each number to all in each bucket
};

}  // namespace

int64_t PairSum(const FitMatrix& fit, const std::vector<int>& group) {
  int64_t sum = 0;
  for (size_t a = 0; a < group.size(); ++a) {
    for (size_t b = 0; b < a; ++b) sum += fit[group[a]][group[b]];
  }
  return sum;
}

Division BestDivision(const FitMatrix& fit, const MatchTerms& terms) {
  const std::vector<int64_t> sums = PairSums(fit);
  std::vector<Best> best(sums.size());
  for (Set set = 1; set < sums.size(); ++set) {
    const Set first = set & (~set + 1), rest = set ^ first;
    best[set] = best[rest];  // the first one is left over
    best[set].group = 0;
    // Every group with the first one in it.
    for (Set others = rest; others != 0; others = (others - 1) & rest) {
      const Set group = first | others;
      const int size = std::popcount(group);
      if (size < terms.min_members || size > terms.max_members) continue;
      const Best& without = best[set ^ group];
      const Best with = {without.placed + size, without.score + ScoreOf(sums[group], size), group};
      if (with.BetterThan(best[set])) best[set] = with;
    }
  }
  Division division;
  division.score = best.back().score;
  for (Set set = static_cast<Set>(best.size() - 1); set != 0;) {
    const Set group = best[set].group;
    if (group == 0) {
      set &= set - 1;
    } else {
      division.groups.push_back(NumbersIn(group));
      set ^= group;
    }
  }
  return division;
}

Division SearchedDivision(const FitMatrix& fit, const std::vector<int>& order,
                          const MatchTerms& terms) {
  const int placed = PlacesFor(static_cast<int>(fit.size()), terms);
  Division best;
  const int fewest = (placed + terms.max_members - 1) / terms.max_members;
  for (int groups = fewest; groups > 0 && groups * terms.min_members <= placed; ++groups) {
    Search search(fit, terms, order, groups, placed);
    search.Improve();
    Division division = search.Result();
    if (best.groups.empty() || division.score > best.score) best = std::move(division);
  }
  return best;
}

}  // namespace ieum::casemgmt
