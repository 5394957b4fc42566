#include "services/casemgmt/groups/matching.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <numeric>
#include <set>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "platform/base/decimal.h"
#include "platform/base/status.h"
#include "services/casemgmt/groups/division.h"
#include "services/casemgmt/groups/group.h"

namespace ieum::casemgmt {
namespace {

std::string CommonStart(const std::string& a, const std::string& b) {
  const auto [end, other] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  return std::string(a.begin(), end);
}

int JobFit(const std::string& a, const std::string& b) {
  if (a.empty() || b.empty()) return 0;
  if (a == b) return 1000;
  return 200 * static_cast<int>(CommonStart(a, b).size());
}

std::vector<std::string> Shared(const std::vector<std::string>& a,
                                const std::vector<std::string>& b) {
  std::vector<std::string> both;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
  return both;
}

int NeedFit(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  const auto both = static_cast<int>(Shared(a, b).size());
  const int all = static_cast<int>(a.size() + b.size()) - both;
  return all == 0 ? 0 : 1000 * both / all;
}

// As each is asked about: needs in order, each once.
Candidate Tidied(Candidate candidate) {
  auto& needs = candidate.needs;
  std::sort(needs.begin(), needs.end());
  needs.erase(std::unique(needs.begin(), needs.end()), needs.end());
  return candidate;
}

FitMatrix MatrixOf(const std::vector<Candidate>& people, const MatchTerms& terms) {
  FitMatrix fit(people.size(), std::vector<int>(people.size(), 0));
  for (size_t a = 0; a < people.size(); ++a) {
    for (size_t b = 0; b < a; ++b) fit[a][b] = fit[b][a] = FitOf(people[a], people[b], terms);
  }
  return fit;
}

// Those with like jobs and needs beside each other.
std::vector<int> LikeBesideLike(const std::vector<Candidate>& people) {
  std::vector<int> order(people.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](int a, int b) {
    return std::tie(people[a].job_code, people[a].needs, people[a].person) <
           std::tie(people[b].job_code, people[b].needs, people[b].person);
  });
  return order;
}

FitGroup GroupOf(const std::vector<Candidate>& people, const FitMatrix& fit,
                 const std::vector<int>& numbers) {
  const Candidate& first = people[numbers.front()];
  FitGroup group{.centre = first.centre,
                 .pair_sum = PairSum(fit, numbers),
                 .job_code = first.job_code,
                 .needs = first.needs};
  for (const int number : numbers) {
    group.persons.push_back(people[number].person);
    group.job_code = CommonStart(group.job_code, people[number].job_code);
    group.needs = Shared(group.needs, people[number].needs);
  }
  return group;
}

// `people`: of one centre, by person.
void Place(const std::vector<Candidate>& people, const MatchTerms& terms, Proposal* proposal) {
  const int count = static_cast<int>(people.size());
  const FitMatrix fit = MatrixOf(people, terms);
  const bool exact = count <= kExactCandidatesMax;
  const Division division =
      exact ? BestDivision(fit, terms) : SearchedDivision(fit, LikeBesideLike(people), terms);
  proposal->optimal = proposal->optimal && exact;
  std::set<int> placed;
  for (const std::vector<int>& numbers : division.groups) {
    placed.insert(numbers.begin(), numbers.end());
    proposal->groups.push_back(GroupOf(people, fit, numbers));
  }
  const auto reason =
      count < terms.min_members ? v1::LEFT_OVER_REASON_TOO_FEW : v1::LEFT_OVER_REASON_SIZES;
  for (int number = 0; number < count; ++number) {
    if (placed.contains(number)) continue;
    proposal->left_over.push_back({people[number].person, people[number].centre, reason});
  }
}

}  // namespace

absl::Status CheckMatch(const std::vector<Candidate>& candidates, const MatchTerms& terms) {
  if (terms.min_members < 2 || terms.max_members > kGroupSizeMax ||
      terms.min_members > terms.max_members) {
    return base::InvalidField("INVALID_FIELD", "max_members",
                              absl::StrCat("must be at least min_members, which is 2 or more, and "
                                           "at most ",
                                           kGroupSizeMax));
  }
  if (terms.job_weight < 0 || terms.need_weight < 0 || terms.job_weight + terms.need_weight == 0) {
    return base::InvalidField("INVALID_FIELD", "job_weight",
                              "or need_weight must be greater than 0");
  }
  std::set<base::Uuid> seen;
  for (const Candidate& each : candidates) {
    if (seen.insert(each.person).second) continue;
    return base::InvalidField("INVALID_FIELD", "candidates", "must name each person once");
  }
  return absl::OkStatus();
}

int FitOf(const Candidate& a, const Candidate& b, const MatchTerms& terms) {
  const int weighed = terms.job_weight * JobFit(a.job_code, b.job_code) +
                      terms.need_weight * NeedFit(a.needs, b.needs);
  return weighed / (terms.job_weight + terms.need_weight);
}

int PlacesFor(int candidates, const MatchTerms& terms) {
  // With one group more than the last number that fits, the smallest sizes are too many.
  const int groups = candidates / terms.min_members;
  return std::min(candidates, groups * terms.max_members);
}

int64_t ScoreOf(int64_t pair_sum, int members) {
  return members < 2 ? 0 : pair_sum * 2 * (kScoreParts / (members - 1));
}

int64_t ScoreOf(const Proposal& proposal) {
  int64_t sum = 0;
  for (const FitGroup& group : proposal.groups) {
    sum += ScoreOf(group.pair_sum, static_cast<int>(group.persons.size()));
  }
  return sum;
}

std::string ScoreText(int64_t score) {
  return *base::Decimal::RoundRatio(base::Decimal(score), base::Decimal(kScoreParts), 1, 2);
}

Proposal Propose(std::vector<Candidate> candidates, const MatchTerms& terms) {
  std::map<base::Uuid, std::vector<Candidate>> by_centre;
  for (Candidate& each : candidates) {
    by_centre[each.centre].push_back(Tidied(std::move(each)));
  }
  Proposal proposal;
  for (auto& [centre, people] : by_centre) {
    std::sort(people.begin(), people.end(),
              [](const Candidate& a, const Candidate& b) { return a.person < b.person; });
    Place(people, terms, &proposal);
  }
  std::sort(proposal.left_over.begin(), proposal.left_over.end(),
            [](const Unplaced& a, const Unplaced& b) { return a.person < b.person; });
  return proposal;
}

}  // namespace ieum::casemgmt
