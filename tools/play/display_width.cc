#include "tools/play/display_width.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

namespace ieum::play {
namespace {

int WidthOf(UChar32 c) {
  if (c < 0) return 1;  // a broken byte shows as one replacement character
  const int8_t category = u_charType(c);
  if (category == U_NON_SPACING_MARK || category == U_ENCLOSING_MARK || category == U_FORMAT_CHAR ||
      category == U_CONTROL_CHAR) {
    return 0;
  }
  const int width = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
  return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

std::string Spaces(std::string_view text, int width) {
  return std::string(std::max(0, width - DisplayWidth(text)), ' ');
}

}  // namespace

int DisplayWidth(std::string_view text) {
  int width = 0;
  const auto length = static_cast<int32_t>(text.size());
  for (int32_t at = 0; at < length;) {
    UChar32 c;
    U8_NEXT(reinterpret_cast<const uint8_t*>(text.data()), at, length, c);
    width += WidthOf(c);
  }
  return width;
}

std::string PadRight(std::string_view text, int width) {
  return std::string(text) + Spaces(text, width);
}

std::string PadLeft(std::string_view text, int width) {
  return Spaces(text, width) + std::string(text);
}

}  // namespace ieum::play
