#include "services/registry/people/similarity.h"

#include <algorithm>
#include <cstdlib>

namespace ieum::registry {
namespace {

constexpr size_t kTail = 4;

bool Share(const std::set<std::string>& a, const std::set<std::string>& b) {
  return std::any_of(a.begin(), a.end(), [&](const std::string& one) { return b.contains(one); });
}

// Two names; what a name written otherwise sounds like counts only where one is in other letters.
std::optional<v1::MatchField> CompareForms(const NameForms& a, const NameForms& b,
                                           double similar_from) {
  if (a.letters.empty() || b.letters.empty()) return std::nullopt;
  if (a.letters == b.letters) return v1::MATCH_FIELD_FULL_NAME;
  const bool both_hangul = a.hangul && b.hangul;
  if (!both_hangul && Share(a.skeletons, b.skeletons)) return v1::MATCH_FIELD_ROMANISED_NAME;
  if (a.hangul == b.hangul && Likeness(a.letters, b.letters) >= similar_from) {
    return v1::MATCH_FIELD_SIMILAR_NAME;
  }
  return std::nullopt;
}

// Adds up what was found.
class Sum {
 public:
  explicit Sum(Verdict* verdict) : verdict_(verdict) {}
  void Found(v1::MatchField field, int points) {
    verdict_->fields.push_back(field);
    total_ += points;
  }
  void Weigh(int points) { total_ += points; }
  int Total() const { return std::clamp(total_, 0, 100); }

 private:
  Verdict* verdict_;
  int total_ = 0;
};

int PointsOf(v1::MatchField name, const MatchPoints& points) {
  switch (name) {
    case v1::MATCH_FIELD_FULL_NAME:
      return points.same_name;
    case v1::MATCH_FIELD_ROMANISED_NAME:
      return points.romanised_name;
    default:
      return points.similar_name;
  }
}

void WeighNames(const Traits& a, const Traits& b, const MatchRules& rules, Sum* sum) {
  const auto name = CompareNames(a, b, rules.similar_from);
  if (!name) return sum->Weigh(rules.points.other_name);
  sum->Found(*name, PointsOf(*name, rules.points));
}

void WeighBirthYears(const Traits& a, const Traits& b, const MatchPoints& points, Sum* sum) {
  if (a.birth_year == 0 || b.birth_year == 0) return;
  const int apart = std::abs(a.birth_year - b.birth_year);
  if (apart == 0) return sum->Found(v1::MATCH_FIELD_BIRTH_YEAR, points.birth_year);
  if (apart == 1) return sum->Found(v1::MATCH_FIELD_NEAR_BIRTH_YEAR, points.near_birth_year);
  sum->Weigh(points.other_birth_year);
}

void WeighPhones(const Traits& a, const Traits& b, bool former, const MatchPoints& points,
                 Sum* sum) {
  if (!a.phone.empty() && a.phone == b.phone) {
    return sum->Found(v1::MATCH_FIELD_PHONE, points.phone);
  }
  if (former) return sum->Found(v1::MATCH_FIELD_FORMER_PHONE, points.former_phone);
  if (a.phone.empty() || b.phone.empty()) return;
  const std::string tail = PhoneTail(a.phone);
  if (!tail.empty() && tail == PhoneTail(b.phone)) {
    return sum->Found(v1::MATCH_FIELD_PHONE_TAIL, points.phone_tail);
  }
  sum->Weigh(points.other_phone);
}

}  // namespace

std::string PhoneTail(const std::string& phone) {
  return phone.size() < kTail ? "" : phone.substr(phone.size() - kTail);
}

Traits TraitsOf(const Person& person) {
  Traits traits;
  traits.full_name = FormsOf(person.full_name);
  traits.latin_name = FormsOf(person.latin_name);
  traits.birth_year = person.birth_year;
  traits.phone = PhoneSearchKey(person.phone);
  traits.email = EmailSearchKey(person.email);
  return traits;
}

// The best of all ways to hold their names beside each other. Two Hangul names that differ are not
// made one by a spelling in Latin letters, which many names share.
std::optional<v1::MatchField> CompareNames(const Traits& a, const Traits& b, double similar_from) {
  const auto full = CompareForms(a.full_name, b.full_name, similar_from);
  if (full == v1::MATCH_FIELD_FULL_NAME || (a.full_name.hangul && b.full_name.hangul)) return full;
  std::optional<v1::MatchField> best = full;
  for (const auto& [one, other] :
       {std::pair(&a.latin_name, &b.latin_name), std::pair(&a.latin_name, &b.full_name),
        std::pair(&a.full_name, &b.latin_name)}) {
    auto found = CompareForms(*one, *other, similar_from);
    if (found == v1::MATCH_FIELD_FULL_NAME) found = v1::MATCH_FIELD_ROMANISED_NAME;
    if (found && (!best || *found < *best)) best = found;
  }
  return best;
}

Verdict Compare(const Traits& a, const Traits& b, const Circumstances& circumstances,
                const MatchRules& rules) {
  Verdict verdict;
  Sum sum(&verdict);
  WeighNames(a, b, rules, &sum);
  WeighBirthYears(a, b, rules.points, &sum);
  WeighPhones(a, b, circumstances.former_phone, rules.points, &sum);
  if (!a.email.empty() && a.email == b.email) {
    sum.Found(v1::MATCH_FIELD_EMAIL, rules.points.email);
  }
  if (circumstances.common_name) sum.Weigh(rules.points.common_name);
  verdict.score = sum.Total();
  return verdict;
}

}  // namespace ieum::registry
