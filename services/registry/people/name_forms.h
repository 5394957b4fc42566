// The forms in which names of people are compared. A name is stored as it was given and never
// split; these are made from it whenever two are held beside each other. Pure.
//
//   "김민수", "김 민수", "ㄱㅣㅁㅁㅣㄴㅅㅜ"          the same letters
//   "김민수", "Kim Min-su", "MINSOO KIM", "Gim Minsu"  one skeleton in common
//
// Hanja stand for themselves: they have nothing in common with how they are read.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace ieum::registry {

struct NameForms {
  // Without spaces and punctuation, NFKC, folded; Hangul as single jamo, so that it does not matter
  // how they were put together.
  std::u32string letters;
  bool hangul = false;  // there are letters of Hangul among them
  // What the name sounds like, roughly: A–Z, the same for all usual spellings in Latin letters. Of
  // a name in Latin letters one for each order of family and given name that it may have. At most
  // two.
  std::set<std::string> skeletons;
};

NameForms FormsOf(std::string_view name);

// In Latin letters, syllable by syllable, as the Revised Romanization writes each (국어의 로마자
// 표기법); other letters stay. "김민수" → "gimminsu".
std::string Romanised(std::u32string_view hangul);

// How sounds are alike, whichever letters stand for them: "minsoo", "minsu" → "MINSU". `latin`:
// a–z, anything else is passed over.
std::string SkeletonOf(std::string latin);

// 1 = the same, 0 = nothing in common: one less the share of letters to be changed, added or left
// out.
double Likeness(std::u32string_view a, std::u32string_view b);

}  // namespace ieum::registry
