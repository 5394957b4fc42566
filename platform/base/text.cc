#include "platform/base/text.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include "platform/base/status.h"

namespace ieum::base {
namespace {

std::string Normalise(const icu::Normalizer2* form, std::string_view text) {
  UErrorCode code = U_ZERO_ERROR;
  const icu::UnicodeString in = icu::UnicodeString::fromUTF8(
      icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
  std::string out;
  form->normalize(in, code).toUTF8String(out);
  return U_SUCCESS(code) ? out : std::string(text);
}

bool IsAscii(std::string_view text) {
  for (char c : text) {
    if (static_cast<unsigned char>(c) >= 0x80) return false;
  }
  return true;
}

// 0–9 of a decimal digit of any script; −1 for anything else.
int DigitOf(char32_t c) { return u_charDigitValue(static_cast<UChar32>(c)); }
bool Digit(char32_t c) { return DigitOf(c) >= 0; }

bool Separator(char32_t c) {
  return c == U' ' || c == U'\t' || c == U'.' || c == U'-' || c == U'_' || c == U'/' ||
         (c >= 0x2010 && c <= 0x2015) || c == 0x2212;
}

int Two(const std::u32string& text, size_t at) {
  return DigitOf(text[at]) * 10 + DigitOf(text[at + 1]);
}

// Code points that nobody sees, such as a zero-width space, hide nothing here.
bool Visible(char32_t c) { return u_charType(static_cast<UChar32>(c)) != U_FORMAT_CHAR; }

std::u32string CodePointsOf(std::string_view text) {
  std::u32string points;
  int32_t at = 0;
  const auto size = static_cast<int32_t>(text.size());
  while (at < size) {
    UChar32 c;
    U8_NEXT(text.data(), at, size, c);
    points.push_back(c < 0 ? 0xFFFD : static_cast<char32_t>(c));
  }
  return points;
}

constexpr size_t kSeparatorsMax = 3;  // "850312 - 1234567"

bool AllDigits(const std::u32string& text, size_t from, size_t count) {
  if (from + count > text.size()) return false;
  for (size_t i = from; i < from + count; ++i) {
    if (!Digit(text[i])) return false;
  }
  return true;
}

bool ResidentNumberAt(const std::u32string& text, size_t at) {
  if (at > 0 && Digit(text[at - 1])) return false;
  if (!AllDigits(text, at, 6)) return false;
  const int month = Two(text, at + 2);
  const int day = Two(text, at + 4);
  if (month < 1 || month > 12 || day < 1 || day > 31) return false;
  size_t back = at + 6;
  while (back < text.size() && back < at + 6 + kSeparatorsMax && Separator(text[back])) ++back;
  if (!AllDigits(text, back, 7)) return false;
  if (DigitOf(text[back]) < 1 || DigitOf(text[back]) > 8) return false;
  return back + 7 == text.size() || !Digit(text[back + 7]);
}

}  // namespace

std::string Nfc(std::string_view text) {
  if (IsAscii(text)) return std::string(text);
  UErrorCode code = U_ZERO_ERROR;
  return Normalise(icu::Normalizer2::getNFCInstance(code), text);
}

std::string Nfkc(std::string_view text) {
  if (IsAscii(text)) return std::string(text);
  UErrorCode code = U_ZERO_ERROR;
  return Normalise(icu::Normalizer2::getNFKCInstance(code), text);
}

bool IsValidUtf8(std::string_view text) {
  int32_t at = 0;
  const auto size = static_cast<int32_t>(text.size());
  while (at < size) {
    if (static_cast<unsigned char>(text[static_cast<size_t>(at)]) < 0x80) {
      ++at;
      continue;
    }
    UChar32 c;
    U8_NEXT(text.data(), at, size, c);
    if (c < 0) return false;
  }
  return true;
}

int CodePoints(std::string_view text) { return static_cast<int>(CodePointsOf(text).size()); }

std::string SearchKey(std::string_view text) {
  UErrorCode code = U_ZERO_ERROR;
  const icu::Normalizer2* fold = icu::Normalizer2::getNFKCCasefoldInstance(code);
  icu::UnicodeString dense;
  const icu::UnicodeString folded = icu::UnicodeString::fromUTF8(Normalise(fold, text));
  for (int32_t at = 0; at < folded.length(); at = folded.moveIndex32(at, 1)) {
    if (!u_isUWhiteSpace(folded.char32At(at))) dense.append(folded.char32At(at));
  }
  // Once more: what stood on both sides of a space may compose now.
  std::string key;
  dense.toUTF8String(key);
  return Normalise(fold, key);
}

bool LooksLikeResidentNumber(std::string_view text) {
  if (text.size() < 13) return false;
  std::u32string points = CodePointsOf(Nfkc(text));
  std::erase_if(points, [](char32_t c) { return !Visible(c); });
  for (size_t at = 0; at + 13 <= points.size(); ++at) {
    if (ResidentNumberAt(points, at)) return true;
  }
  return false;
}

absl::Status CheckText(std::string_view text, std::string_view field) {
  if (text.find('\0') != std::string_view::npos) {
    return InvalidField("INVALID_TEXT", field, "must not contain the character U+0000");
  }
  if (!IsValidUtf8(text)) return InvalidField("INVALID_TEXT", field, "must be valid UTF-8");
  if (LooksLikeResidentNumber(text)) {
    return InvalidField("RESIDENT_NUMBER", field,
                        "contains something like a resident registration number, which is never "
                        "accepted; leave it out");
  }
  return absl::OkStatus();
}

}  // namespace ieum::base
