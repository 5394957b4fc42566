// Goal: proposed groups are within their limits, place as many as can be placed, fit best where all
// divisions are compared and are a local best elsewhere, and do not depend on the order of those
// who ask. Method: RapidCheck against a search of all divisions written for this test, exchanges
// and moves tried by hand, and known cases. row:C8
#include "services/casemgmt/groups/matching.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <set>

#include "platform/base/status.h"

namespace ieum::casemgmt {
namespace {

base::Uuid Id(int number) {
  std::array<uint8_t, 16> bytes{};
  bytes[14] = static_cast<uint8_t>(number / 256);
  bytes[15] = static_cast<uint8_t>(number % 256);
  return base::Uuid(bytes);
}

const base::Uuid kHere = Id(60000), kThere = Id(60001);

Candidate Who(int number, const std::string& job = "", const std::vector<std::string>& needs = {}) {
  return {.person = Id(number), .centre = kHere, .job_code = job, .needs = needs};
}

// From `first` up to, not with, `end`, all as likely from the first try on.
int Number(int first, int end) { return *rc::gen::resize(100, rc::gen::inRange(first, end)); }

// One of few jobs and needs, so that people are alike.
Candidate Somebody(int number) {
  static const std::vector<std::string> jobs = {"", "2511", "2512", "25", "3110", "4120"};
  static const std::vector<std::string> needs = {"RF02", "RF06", "RF09"};
  std::vector<std::string> hers;
  for (const std::string& need : needs) {
    if (*rc::gen::arbitrary<bool>()) hers.push_back(need);
  }
  return Who(number, jobs[static_cast<size_t>(Number(0, 6))], hers);
}

std::vector<Candidate> People(int count) {
  std::vector<Candidate> people;
  for (int number = 1; number <= count; ++number) people.push_back(Somebody(number));
  return people;
}

// What the answer says, without its order of words.
std::string Told(const Proposal& proposal) {
  std::string told = ScoreText(ScoreOf(proposal));
  for (const FitGroup& group : proposal.groups) {
    told += "\n" + group.centre.ToString() + " " + std::to_string(group.pair_sum);
    for (const base::Uuid& person : group.persons) told += " " + person.ToString();
  }
  for (const Unplaced& each : proposal.left_over) {
    told += "\n- " + each.person.ToString() + " " + std::to_string(each.reason);
  }
  return told;
}

int64_t ScoreFor(const std::vector<Candidate>& group, const MatchTerms& terms) {
  int64_t sum = 0;
  for (size_t a = 0; a < group.size(); ++a) {
    for (size_t b = 0; b < a; ++b) sum += FitOf(group[a], group[b], terms);
  }
  return ScoreOf(sum, static_cast<int>(group.size()));
}

// Everybody into every group that has begun, into a new one, or into none.
void TryAll(const std::vector<Candidate>& people, size_t next,
            std::vector<std::vector<Candidate>>& groups, const MatchTerms& terms, int placed,
            std::pair<int, int64_t>* best) {
  if (next == people.size()) {
    int64_t score = 0;
    for (const auto& group : groups) {
      const int size = static_cast<int>(group.size());
      if (size < terms.min_members || size > terms.max_members) return;
      score += ScoreFor(group, terms);
    }
    *best = std::max(*best, {placed, score});
    return;
  }
  TryAll(people, next + 1, groups, terms, placed, best);
  for (size_t at = 0; at < groups.size(); ++at) {
    groups[at].push_back(people[next]);
    TryAll(people, next + 1, groups, terms, placed + 1, best);
    groups[at].pop_back();
  }
  groups.push_back({people[next]});
  TryAll(people, next + 1, groups, terms, placed + 1, best);
  groups.pop_back();
}

int Placed(const Proposal& proposal) {
  int placed = 0;
  for (const FitGroup& group : proposal.groups) placed += static_cast<int>(group.persons.size());
  return placed;
}

TEST(Matching, FindsTheBestOfAllDivisionsOfFew) {
  EXPECT_TRUE(rc::check("as good as the best of all that there are", [] {
    const auto people = People(Number(0, 10));
    MatchTerms terms{.min_members = Number(2, 4)};
    terms.max_members = terms.min_members + Number(0, 3);
    std::pair<int, int64_t> best = {0, 0};
    std::vector<std::vector<Candidate>> groups;
    TryAll(people, 0, groups, terms, 0, &best);
    const Proposal proposal = Propose(people, terms);
    RC_ASSERT(proposal.optimal);
    RC_ASSERT(Placed(proposal) == best.first);
    RC_ASSERT(ScoreOf(proposal) == best.second);
    RC_ASSERT(PlacesFor(static_cast<int>(people.size()), terms) == best.first);
  }));
}

TEST(Matching, DoesNotDependOnTheOrderOfThoseWhoAsk) {
  EXPECT_TRUE(rc::check("the same people give the same groups", [] {
    auto people = People(Number(0, 40));
    for (Candidate& each : people) {
      if (*rc::gen::arbitrary<bool>()) each.centre = kThere;
    }
    const std::string before = Told(Propose(people, {}));
    for (size_t at = people.size(); at > 1; --at) {
      std::swap(people[at - 1], people[static_cast<size_t>(Number(0, static_cast<int>(at)))]);
    }
    for (Candidate& each : people) std::reverse(each.needs.begin(), each.needs.end());
    RC_ASSERT(Told(Propose(people, {})) == before);
  }));
}

// The groups with their people instead of their ids; who is left over is the first of them.
std::vector<std::vector<Candidate>> Buckets(const std::vector<Candidate>& people,
                                            const Proposal& proposal) {
  std::map<base::Uuid, Candidate> by_id;
  for (const Candidate& each : people) by_id[each.person] = each;
  std::vector<std::vector<Candidate>> buckets(1);
  for (const Unplaced& each : proposal.left_over) buckets[0].push_back(by_id[each.person]);
  for (const FitGroup& group : proposal.groups) {
    buckets.emplace_back();
    for (const base::Uuid& person : group.persons) buckets.back().push_back(by_id[person]);
  }
  return buckets;
}

int64_t ScoreOfAll(const std::vector<std::vector<Candidate>>& buckets, const MatchTerms& terms) {
  int64_t score = 0;
  for (size_t at = 1; at < buckets.size(); ++at) score += ScoreFor(buckets[at], terms);
  return score;
}

bool SomeExchangeIsBetter(std::vector<std::vector<Candidate>> buckets, const MatchTerms& terms,
                          int64_t score) {
  for (size_t x = 0; x < buckets.size(); ++x) {
    for (size_t y = x + 1; y < buckets.size(); ++y) {
      for (Candidate& a : buckets[x]) {
        for (Candidate& b : buckets[y]) {
          std::swap(a, b);
          if (ScoreOfAll(buckets, terms) > score) return true;
          std::swap(a, b);
        }
      }
    }
  }
  return false;
}

bool SomeMoveIsBetter(const std::vector<std::vector<Candidate>>& buckets, const MatchTerms& terms,
                      int64_t score) {
  for (size_t x = 1; x < buckets.size(); ++x) {
    for (size_t y = 1; y < buckets.size(); ++y) {
      const bool fits = static_cast<int>(buckets[x].size()) > terms.min_members &&
                        static_cast<int>(buckets[y].size()) < terms.max_members;
      if (x == y || !fits) continue;
      for (size_t at = 0; at < buckets[x].size(); ++at) {
        auto moved = buckets;
        moved[y].push_back(moved[x][at]);
        moved[x].erase(moved[x].begin() + static_cast<std::ptrdiff_t>(at));
        if (ScoreOfAll(moved, terms) > score) return true;
      }
    }
  }
  return false;
}

TEST(Matching, OfManyIsBetteredByNoExchangeAndNoMove) {
  EXPECT_TRUE(rc::check("a local best within its limits", [] {
    const auto people = People(Number(kExactCandidatesMax + 1, 34));
    const MatchTerms terms;
    const Proposal proposal = Propose(people, terms);
    RC_ASSERT(!proposal.optimal);
    RC_ASSERT(Placed(proposal) == PlacesFor(static_cast<int>(people.size()), terms));
    for (const FitGroup& group : proposal.groups) {
      RC_ASSERT(group.persons.size() >= 6u);
      RC_ASSERT(group.persons.size() <= 10u);
    }
    const auto buckets = Buckets(people, proposal);
    const int64_t score = ScoreOfAll(buckets, terms);
    RC_ASSERT(score == ScoreOf(proposal));
    RC_ASSERT(!SomeExchangeIsBetter(buckets, terms, score));
    RC_ASSERT(!SomeMoveIsBetter(buckets, terms, score));
  }));
}

// As many as one request may name, all of one centre.
TEST(Matching, OfAFullRequestPlacesEverybody) {
  std::vector<Candidate> people;
  for (int number = 1; number <= 200; ++number) {
    people.push_back(Who(number, std::to_string(2000 + number * 37 % 90),
                         {number % 3 == 0 ? "RF02" : "RF09", number % 5 == 0 ? "RF06" : "RF10"}));
  }
  const Proposal proposal = Propose(people, {});
  EXPECT_EQ(Placed(proposal), 200);
  EXPECT_GE(proposal.groups.size(), 20u);
  EXPECT_LE(proposal.groups.size(), 33u);
}

TEST(Matching, BringsTheSameJobsTogether) {
  std::vector<Candidate> people;
  for (int number = 1; number <= 12; ++number) {
    people.push_back(Who(number, number % 2 == 0 ? "2511" : "4120", {"RF09"}));
  }
  const Proposal proposal = Propose(people, {});
  ASSERT_EQ(proposal.groups.size(), 2u);
  EXPECT_EQ(proposal.groups[0].job_code, "4120");
  EXPECT_EQ(proposal.groups[1].job_code, "2511");
  EXPECT_EQ(proposal.groups[0].needs, std::vector<std::string>{"RF09"});
  EXPECT_EQ(ScoreText(ScoreOf(proposal)), "12000.00") << "everybody fits everybody of her group";
  EXPECT_TRUE(proposal.left_over.empty());
}

TEST(Matching, SaysWhoIsLeftOverAndWhy) {
  std::vector<Candidate> people;
  for (int number = 1; number <= 11; ++number) people.push_back(Who(number, "2511"));
  people[4].job_code = "9";  // fits nobody
  for (int number = 21; number <= 25; ++number) {
    people.push_back(Who(number));
    people.back().centre = kThere;
  }
  const Proposal proposal = Propose(people, {});
  ASSERT_EQ(proposal.groups.size(), 1u);
  EXPECT_EQ(proposal.groups[0].persons.size(), 10u) << "eleven are neither one group nor two";
  ASSERT_EQ(proposal.left_over.size(), 6u);
  EXPECT_EQ(proposal.left_over[0].person, Id(5));
  EXPECT_EQ(proposal.left_over[0].reason, v1::LEFT_OVER_REASON_SIZES);
  EXPECT_EQ(proposal.left_over[1].person, Id(21));
  EXPECT_EQ(proposal.left_over[1].reason, v1::LEFT_OVER_REASON_TOO_FEW);
}

TEST(Matching, WeighsJobsAndNeeds) {
  const Candidate a = Who(1, "2511", {"RF02", "RF09"}), b = Who(2, "2519", {"RF09"});
  EXPECT_EQ(FitOf(a, b, {}), (600 + 500) / 2);
  EXPECT_EQ(FitOf(a, b, {.job_weight = 3, .need_weight = 1}), (3 * 600 + 500) / 4);
  EXPECT_EQ(FitOf(a, b, {.job_weight = 1, .need_weight = 0}), 600);
  EXPECT_EQ(FitOf(Who(1, "25"), Who(2, "25"), {.job_weight = 1, .need_weight = 0}), 1000);
  EXPECT_EQ(FitOf(Who(1), Who(2), {}), 0) << "what is not known fits nothing";
}

TEST(Matching, PlacesAsManyAsTheLimitsAllow) {
  const MatchTerms terms;
  for (const auto& [candidates, places] : {std::pair{0, 0},
                                           {5, 0},
                                           {6, 6},
                                           {10, 10},
                                           {11, 10},
                                           {12, 12},
                                           {20, 20},
                                           {21, 21},
                                           {47, 47},
                                           {200, 200}}) {
    EXPECT_EQ(PlacesFor(candidates, terms), places) << candidates;
  }
}

TEST(Matching, RefusesLimitsThatContradictAndPeopleWhoAreThereTwice) {
  const auto fields = [](const std::vector<Candidate>& people, const MatchTerms& terms) {
    return base::FieldsOf(CheckMatch(people, terms));
  };
  using Fields = std::vector<std::string>;
  EXPECT_EQ(fields({Who(1), Who(1)}, {}), Fields{"candidates"});
  EXPECT_EQ(fields({}, {.min_members = 7, .max_members = 6}), Fields{"max_members"});
  EXPECT_EQ(fields({}, {.min_members = 1}), Fields{"max_members"});
  EXPECT_EQ(fields({}, {.max_members = 21}), Fields{"max_members"});
  EXPECT_EQ(fields({}, {.job_weight = 0, .need_weight = 0}), Fields{"job_weight"});
  EXPECT_TRUE(CheckMatch({Who(1), Who(2)}, {}).ok());
}

}  // namespace
}  // namespace ieum::casemgmt
