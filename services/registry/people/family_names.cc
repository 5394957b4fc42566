#include "services/registry/people/family_names.h"

#include <algorithm>
#include <array>
#include <map>

#include "services/registry/people/name_forms.h"

namespace ieum::registry {
namespace {

// Of one syllable, with what most people in the census of 2015 are called.
constexpr std::u32string_view kFamilies =
    U"김이박최정강조윤장임한오서신권황안송전홍유고문양손배백허남심노하곽성차주우구민나진지엄원천"
    U"방공현함변염여추도소석선설마길연위표명기반왕금옥육인맹제모탁국어은편용예봉사부가복태목형"
    U"피두감음빈동온호범좌팽승간견당";

constexpr std::array<std::u32string_view, 12> kLongFamilies = {U"남궁", U"황보", U"제갈", U"사공",
                                                               U"선우", U"서문", U"독고", U"동방",
                                                               U"어금", U"망절", U"장곡", U"강전"};

// What Korea's north and people who live abroad keep, and the south does not say.
constexpr std::u32string_view kWritten = U"류림리라로량려륙렴룡";
constexpr std::u32string_view kSpoken = U"유임이나노양여육염용";

// Spellings that the sounds alone do not lead to.
const std::map<std::string, std::string>& Irregular() {
  static const auto* spellings = new std::map<std::string, std::string>{
      {"lee", "i"},     {"rhee", "i"},     {"rhie", "i"},     {"li", "i"},       {"ri", "i"},
      {"lie", "i"},     {"ree", "i"},      {"lim", "im"},     {"rim", "im"},     {"leem", "im"},
      {"rhim", "im"},   {"ryu", "yu"},     {"ryoo", "yu"},    {"lyu", "yu"},     {"rhyu", "yu"},
      {"roh", "no"},    {"rho", "no"},     {"ro", "no"},      {"ra", "na"},      {"rah", "na"},
      {"la", "na"},     {"ryang", "yang"}, {"lyang", "yang"}, {"ryeo", "yeo"},   {"her", "heo"},
      {"om", "eom"},    {"ryuk", "yuk"},   {"ryom", "yeom"},  {"ryong", "yong"}, {"shon", "son"},
      {"chey", "choe"}, {"tsoi", "choe"},  {"tsoy", "choe"},  {"pak", "bak"}};
  return *spellings;
}

// Skeleton → Revised Romanization, of all families.
const std::map<std::string, std::string>& BySound() {
  static const auto* families = [] {
    auto* made = new std::map<std::string, std::string>();
    for (const std::u32string_view family : kLongFamilies) {
      made->emplace(SkeletonOf(Romanised(family)), Romanised(family));
    }
    for (const char32_t family : kFamilies) {
      const std::string latin = Romanised(std::u32string_view(&family, 1));
      made->emplace(SkeletonOf(latin), latin);
    }
    return made;
  }();
  return *families;
}

}  // namespace

size_t FamilySyllables(std::u32string_view syllables) {
  const bool is_long =
      syllables.size() > 2 && std::find(kLongFamilies.begin(), kLongFamilies.end(),
                                        syllables.substr(0, 2)) != kLongFamilies.end();
  return is_long ? 2 : std::min<size_t>(1, syllables.size());
}

char32_t AsSpoken(char32_t family) {
  const size_t at = kWritten.find(family);
  return at == std::u32string_view::npos ? family : kSpoken[at];
}

std::string FamilyName(const std::string& word) {
  if (const auto known = Irregular().find(word); known != Irregular().end()) return known->second;
  const auto sound = BySound().find(SkeletonOf(word));
  return sound == BySound().end() ? "" : sound->second;
}

}  // namespace ieum::registry
