#include "services/registry/people/name_forms.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <vector>

#include "services/registry/people/family_names.h"

namespace ieum::registry {
namespace {

// Hangul in Unicode: a syllable is (lead * 21 + vowel) * 28 + tail behind U+AC00.
constexpr char32_t kFirstSyllable = 0xAC00, kLastSyllable = 0xD7A3;
constexpr char32_t kLead = 0x1100, kVowel = 0x1161, kTail = 0x11A7;
constexpr char32_t kLeads = 19, kVowels = 21, kTails = 28;

// Single jamo, compounds as those who type them do: ㄳ = ㄱㅅ, ㅘ = ㅗㅏ. A double consonant is
// one.
constexpr std::array<std::u32string_view, kLeads> kLeadJamo = {
    U"ㄱ", U"ㄲ", U"ㄴ", U"ㄷ", U"ㄸ", U"ㄹ", U"ㅁ", U"ㅂ", U"ㅃ", U"ㅅ",
    U"ㅆ", U"ㅇ", U"ㅈ", U"ㅉ", U"ㅊ", U"ㅋ", U"ㅌ", U"ㅍ", U"ㅎ"};
constexpr std::array<std::u32string_view, kVowels> kVowelJamo = {
    U"ㅏ",   U"ㅐ", U"ㅑ", U"ㅒ",   U"ㅓ",   U"ㅔ",   U"ㅕ", U"ㅖ", U"ㅗ",   U"ㅗㅏ", U"ㅗㅐ",
    U"ㅗㅣ", U"ㅛ", U"ㅜ", U"ㅜㅓ", U"ㅜㅔ", U"ㅜㅣ", U"ㅠ", U"ㅡ", U"ㅡㅣ", U"ㅣ"};
constexpr std::array<std::u32string_view, kTails> kTailJamo = {
    U"",     U"ㄱ",   U"ㄲ",   U"ㄱㅅ", U"ㄴ",   U"ㄴㅈ", U"ㄴㅎ", U"ㄷ", U"ㄹ",   U"ㄹㄱ",
    U"ㄹㅁ", U"ㄹㅂ", U"ㄹㅅ", U"ㄹㅌ", U"ㄹㅍ", U"ㄹㅎ", U"ㅁ",   U"ㅂ", U"ㅂㅅ", U"ㅅ",
    U"ㅆ",   U"ㅇ",   U"ㅈ",   U"ㅊ",   U"ㅋ",   U"ㅌ",   U"ㅍ",   U"ㅎ"};

constexpr std::array<const char*, kLeads> kLeadLatin = {"g",  "kk", "n", "d",  "tt", "r", "m",
                                                        "b",  "pp", "s", "ss", "",   "j", "jj",
                                                        "ch", "k",  "t", "p",  "h"};
constexpr std::array<const char*, kVowels> kVowelLatin = {
    "a",  "ae", "ya", "yae", "eo", "e",  "yeo", "ye", "o",  "wa", "wae",
    "oe", "yo", "u",  "wo",  "we", "wi", "yu",  "eu", "ui", "i"};
constexpr std::array<const char*, kTails> kTailLatin = {
    "",  "k", "k", "k", "n", "n", "n", "t",  "l", "k", "m", "l", "l", "l",
    "p", "l", "m", "p", "p", "t", "t", "ng", "t", "t", "k", "t", "p", "t"};

bool IsSyllable(char32_t c) { return c >= kFirstSyllable && c <= kLastSyllable; }

struct Jamo {
  char32_t lead, vowel, tail;
};
Jamo Take(char32_t syllable) {
  const char32_t at = syllable - kFirstSyllable;
  return {at / (kVowels * kTails), at / kTails % kVowels, at % kTails};
}

// A jamo that stands alone, as NFKC leaves it.
std::u32string_view Alone(char32_t c) {
  if (c >= kLead && c < kLead + kLeads) return kLeadJamo[c - kLead];
  if (c >= kVowel && c < kVowel + kVowels) return kVowelJamo[c - kVowel];
  if (c > kTail && c < kTail + kTails) return kTailJamo[c - kTail];
  return {};
}

bool IsHangul(char32_t c) { return IsSyllable(c) || !Alone(c).empty(); }

std::u32string CodePointsOf(const icu::UnicodeString& text) {
  std::u32string points;
  for (int32_t at = 0; at < text.length(); at = text.moveIndex32(at, 1)) {
    points.push_back(static_cast<char32_t>(text.char32At(at)));
  }
  return points;
}

icu::UnicodeString Normal(const icu::Normalizer2* form, const icu::UnicodeString& text) {
  UErrorCode code = U_ZERO_ERROR;
  icu::UnicodeString out = form->normalize(text, code);
  return U_SUCCESS(code) ? out : text;
}

icu::UnicodeString Folded(std::string_view name) {
  UErrorCode code = U_ZERO_ERROR;
  return Normal(icu::Normalizer2::getNFKCCasefoldInstance(code),
                icu::UnicodeString::fromUTF8(
                    icu::StringPiece(name.data(), static_cast<int32_t>(name.size()))));
}

// Letters that are no accented Latin letter, and yet are written for one.
char32_t PlainLatin(char32_t c) {
  switch (c) {
    case U'đ':
      return U'd';
    case U'ø':
      return U'o';
    case U'ł':
      return U'l';
    case U'ı':
      return U'i';
    default:
      return c;
  }
}

// Without accents; Hangul whole.
icu::UnicodeString Plain(const icu::UnicodeString& folded) {
  UErrorCode code = U_ZERO_ERROR;
  icu::UnicodeString plain;
  for (const char32_t c : CodePointsOf(Normal(icu::Normalizer2::getNFKDInstance(code), folded))) {
    if (u_charType(static_cast<UChar32>(c)) != U_NON_SPACING_MARK) {
      plain.append(static_cast<UChar32>(PlainLatin(c)));
    }
  }
  return Normal(icu::Normalizer2::getNFCInstance(code), plain);
}

bool IsLetter(char32_t c) { return u_isalpha(static_cast<UChar32>(c)) || !Alone(c).empty(); }

std::u32string LettersOf(const std::u32string& plain) {
  std::u32string letters;
  for (const char32_t c : plain) {
    if (!IsLetter(c)) continue;
    if (IsSyllable(c)) {
      const Jamo jamo = Take(c);
      letters.append(kLeadJamo[jamo.lead]);
      letters.append(kVowelJamo[jamo.vowel]);
      letters.append(kTailJamo[jamo.tail]);
    } else if (const auto alone = Alone(c); !alone.empty()) {
      letters.append(alone);
    } else {
      letters.push_back(c);
    }
  }
  return letters;
}

// The consonant of this jamo, as a lead or as a tail; −1 for none.
template <size_t N>
int PlaceOf(const std::array<std::u32string_view, N>& jamo, std::u32string_view wanted) {
  const auto found = std::find(jamo.begin(), jamo.end(), wanted);
  return found == jamo.end() ? -1 : static_cast<int>(found - jamo.begin());
}

// Single jamo put together as a keyboard does: a consonant ends a syllable unless a vowel follows.
std::u32string Syllables(std::u32string_view letters) {
  std::u32string syllables;
  const auto vowel_at = [&](size_t at) { return PlaceOf(kVowelJamo, letters.substr(at, 1)); };
  const auto two = [&](const auto& jamo, size_t at) {
    return PlaceOf(jamo, letters.substr(at, 2));
  };
  size_t at = 0;
  while (at < letters.size()) {
    const int lead = PlaceOf(kLeadJamo, letters.substr(at, 1));
    if (lead < 0 || at + 1 >= letters.size() || vowel_at(at + 1) < 0) {
      syllables.push_back(letters[at++]);
      continue;
    }
    int vowel = vowel_at(++at);
    if (const int both = two(kVowelJamo, at); at + 1 < letters.size() && both >= 0) {
      vowel = both;
      ++at;
    }
    ++at;
    const auto ends = [&](size_t next) { return next >= letters.size() || vowel_at(next) < 0; };
    int tail = 0;
    if (at + 1 < letters.size() && two(kTailJamo, at) > 0 && ends(at + 2)) {
      tail = two(kTailJamo, at);
      at += 2;
    } else if (at < letters.size() && PlaceOf(kTailJamo, letters.substr(at, 1)) > 0 &&
               ends(at + 1)) {
      tail = PlaceOf(kTailJamo, letters.substr(at++, 1));
    }
    syllables.push_back(kFirstSyllable +
                        (static_cast<char32_t>(lead) * kVowels + static_cast<char32_t>(vowel)) *
                            kTails +
                        static_cast<char32_t>(tail));
  }
  return syllables;
}

// Without neighbours that are alike, on both sides of what was joined.
std::string Joined(const std::string& family, const std::string& given) {
  std::string joined = SkeletonOf(family) + SkeletonOf(given);
  joined.erase(std::unique(joined.begin(), joined.end()), joined.end());
  return joined;
}

std::string HangulSkeleton(std::u32string_view letters) {
  const std::u32string syllables = Syllables(letters);
  const size_t family = FamilySyllables(syllables);
  std::u32string spoken = syllables.substr(0, family);
  if (family == 1) spoken[0] = AsSpoken(spoken[0]);
  return Joined(Romanised(spoken), Romanised(std::u32string_view(syllables).substr(family)));
}

// Words of a–z; what stands within one, such as a hyphen, joins it.
std::vector<std::string> WordsOf(const std::u32string& plain) {
  std::vector<std::string> words(1);
  for (const char32_t c : plain) {
    if (c >= U'a' && c <= U'z') {
      words.back().push_back(static_cast<char>(c));
    } else if ((u_isUWhiteSpace(static_cast<UChar32>(c)) || c == U',') && !words.back().empty()) {
      words.emplace_back();
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

// With the family name at `place`; the others are the given name in their order.
std::string ReadWith(const std::vector<std::string>& words, size_t place) {
  std::string given;
  for (size_t at = 0; at < words.size(); ++at) {
    if (at != place) given += words[at];
  }
  const std::string family = FamilyName(words[place]);
  return Joined(family.empty() ? words[place] : family, given);
}

// A family name stands first or last; which of them is one is known, or both are thought of.
std::set<std::string> LatinSkeletons(const std::vector<std::string>& words) {
  if (words.empty()) return {};
  if (words.size() == 1) return {Joined(words[0], "")};
  const bool first = !FamilyName(words.front()).empty();
  const bool last = !FamilyName(words.back()).empty();
  std::set<std::string> skeletons;
  if (first || !last) skeletons.insert(ReadWith(words, 0));
  if (last || !first) skeletons.insert(ReadWith(words, words.size() - 1));
  return skeletons;
}

// Of letters that nobody here reads aloud.
std::string AsWritten(const std::u32string& letters) {
  icu::UnicodeString text;
  for (const char32_t c : letters) text.append(static_cast<UChar32>(c));
  std::string written = "=";
  text.toUTF8String(written);
  return written;
}

}  // namespace

std::string Romanised(std::u32string_view hangul) {
  std::string latin;
  for (const char32_t c : hangul) {
    if (IsSyllable(c)) {
      const Jamo jamo = Take(c);
      latin += kLeadLatin[jamo.lead];
      latin += kVowelLatin[jamo.vowel];
      latin += kTailLatin[jamo.tail];
    } else if (c >= U'a' && c <= U'z') {
      latin.push_back(static_cast<char>(c));
    }
  }
  return latin;
}

NameForms FormsOf(std::string_view name) {
  NameForms forms;
  const std::u32string plain = CodePointsOf(Plain(Folded(name)));
  forms.letters = LettersOf(plain);
  forms.hangul = std::any_of(plain.begin(), plain.end(), IsHangul);
  if (forms.hangul) {
    forms.skeletons.insert(HangulSkeleton(forms.letters));
  } else {
    forms.skeletons = LatinSkeletons(WordsOf(plain));
  }
  forms.skeletons.erase("");
  if (forms.skeletons.empty() && !forms.letters.empty()) {
    forms.skeletons.insert(AsWritten(forms.letters));
  }
  return forms;
}

double Likeness(std::u32string_view a, std::u32string_view b) {
  const size_t longer = std::max(a.size(), b.size());
  if (longer == 0) return 1;
  std::vector<size_t> row(b.size() + 1);
  for (size_t at = 0; at < row.size(); ++at) row[at] = at;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t corner = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t changed = corner + (a[i - 1] == b[j - 1] ? 0 : 1);
      corner = row[j];
      row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
    }
  }
  return 1 - static_cast<double>(row[b.size()]) / static_cast<double>(longer);
}

}  // namespace ieum::registry
