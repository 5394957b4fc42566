// Family names of Korea, as they are written and as they are spelt. Pure data with two questions.
#pragma once

#include <string>
#include <string_view>

namespace ieum::registry {

// How many of the first syllables are the family name: two for 남궁, 황보, 제갈 and the like with
// something behind them, else one.
size_t FamilySyllables(std::u32string_view syllables);

// The family name as it is said at the beginning of a word: 류 → 유, 림 → 임 (두음법칙).
char32_t AsSpoken(char32_t family);

// The family name that a word in Latin letters spells, in the Revised Romanization: "park" → "bak",
// "lee" → "i". "" for a word that is none.
std::string FamilyName(const std::string& word);

}  // namespace ieum::registry
