// Which Latin letters sound alike in names of Korea.
#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_replace.h"
#include "services/registry/people/name_forms.h"

namespace ieum::registry {
namespace {

// Ways to write one sound, in the order in which they are taken: first what is longer.
constexpr std::array<std::pair<const char*, const char*>, 31> kSpellings = {{
    {"weo", "wo"}, {"eui", "i"}, {"ui", "i"}, {"eu", "u"}, {"eo", "u"}, {"oo", "u"}, {"ou", "u"},
    {"ee", "i"},   {"ae", "e"},  {"ai", "e"}, {"ay", "e"}, {"oe", "e"}, {"oi", "e"}, {"oy", "e"},
    {"ei", "e"},   {"ey", "e"},  {"ck", "k"}, {"ph", "p"}, {"th", "t"}, {"sh", "s"}, {"ch", "j"},
    {"kh", "k"},   {"gh", "g"},  {"rh", "r"}, {"ts", "j"}, {"c", "k"},  {"q", "k"},  {"x", "ks"},
    {"z", "j"},    {"f", "p"},   {"v", "b"},
}};

bool IsVowel(char c) { return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u'; }

// The class of a consonant; hard and soft are one.
char ClassOf(char c) {
  switch (c) {
    case 'g':
    case 'k':
      return 'K';
    case 'd':
    case 't':
      return 'T';
    case 'b':
    case 'p':
      return 'P';
    case 'j':
      return 'C';
    case 'l':
    case 'r':
      return 'R';
    case 's':
      return 'S';
    case 'm':
      return 'M';
    case 'n':
      return 'N';
    default:
      return '\0';
  }
}

// What one letter adds; \0 for nothing.
char SoundAt(const std::string& latin, size_t at) {
  const char c = latin[at];
  const char next = at + 1 < latin.size() ? latin[at + 1] : '\0';
  const bool opens = IsVowel(next) || ((next == 'y' || next == 'w') && at + 2 < latin.size() &&
                                       IsVowel(latin[at + 2]));
  if (IsVowel(c)) return static_cast<char>(c - 'a' + 'A');
  if (c == 'y') return IsVowel(next) ? '\0' : 'I';
  if (c == 'h') return opens ? 'H' : '\0';  // "Ahn", "Suh"
  if (c == 'r' && !opens) return '\0';      // "Park", "Hur"
  return ClassOf(c);
}

}  // namespace

std::string SkeletonOf(std::string latin) {
  std::erase_if(latin, [](char c) { return c < 'a' || c > 'z'; });
  for (const auto& [written, meant] : kSpellings) {
    absl::StrReplaceAll({{written, meant}}, &latin);
  }
  std::string skeleton;
  for (size_t at = 0; at < latin.size(); ++at) {
    const char sound = SoundAt(latin, at);
    if (sound != '\0' && (skeleton.empty() || skeleton.back() != sound)) skeleton.push_back(sound);
  }
  return skeleton;
}

}  // namespace ieum::registry
