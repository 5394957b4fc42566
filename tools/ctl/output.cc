#include "tools/ctl/output.h"

#include <algorithm>
#include <cstdio>

#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "tools/ctl/subcommand.h"

namespace ieum::ctl {
namespace {

constexpr int kGap = 2;
constexpr char32_t kHangulFirst = 0x1100;  // whatever begins here and is letter is wide enough

// The next character of UTF-8 text; bytes that are none count as themselves.
char32_t Next(const std::string& text, size_t* at) {
  const unsigned char lead = static_cast<unsigned char>(text[(*at)++]);
  const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
  char32_t character = more == 0 ? lead : lead & (0x3F >> more);
  for (int i = 0; i < more && *at < text.size(); ++i) {
    character = (character << 6) | (static_cast<unsigned char>(text[(*at)++]) & 0x3F);
  }
  return character;
}

bool IsWide(char32_t c) {
  return (c >= kHangulFirst && c <= 0x115F) || (c >= 0x2E80 && c <= 0xD7A3) ||
         (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFE30 && c <= 0xFE6F) ||
         (c >= 0xFF00 && c <= 0xFF60) || (c >= 0x20000 && c <= 0x3FFFD);
}

}  // namespace

int WidthOf(const std::string& text) {
  int width = 0;
  for (size_t at = 0; at < text.size();) width += IsWide(Next(text, &at)) ? 2 : 1;
  return width;
}

Table::Table(std::vector<std::string> heads) { rows_.push_back(std::move(heads)); }

void Table::Add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }

std::string Table::Text() const {
  std::vector<int> widths(rows_[0].size(), 0);
  for (const auto& row : rows_) {
    for (size_t at = 0; at < row.size(); ++at) widths[at] = std::max(widths[at], WidthOf(row[at]));
  }
  std::string text;
  for (const auto& row : rows_) {
    for (size_t at = 0; at < row.size(); ++at) {
      text += row[at];
      if (at + 1 < row.size()) text.append(widths[at] - WidthOf(row[at]) + kGap, ' ');
    }
    text += '\n';
  }
  return text;
}

std::string KoreaTime(const google::protobuf::Timestamp& time) {
  if (time.seconds() == 0 && time.nanos() == 0) return "-";
  static const absl::TimeZone korea = absl::FixedTimeZone(9 * 60 * 60);
  return absl::FormatTime("%Y-%m-%d %H:%M:%S", absl::FromUnixSeconds(time.seconds()), korea);
}

std::string Size(int64_t bytes) {
  constexpr const char* kUnits[] = {"B", "KiB", "MiB", "GiB", "TiB"};
  double size = static_cast<double>(bytes);
  size_t unit = 0;
  for (; size >= 1024 && unit + 1 < std::size(kUnits); ++unit) size /= 1024;
  return absl::StrFormat(unit == 0 ? "%.0f %s" : "%.1f %s", size, kUnits[unit]);
}

std::string Count(int64_t count) {
  std::string digits = std::to_string(count);
  for (int at = static_cast<int>(digits.size()) - 3; at > (count < 0 ? 1 : 0); at -= 3) {
    digits.insert(static_cast<size_t>(at), ",");
  }
  return digits;
}

int Refuse(const std::string& command, const absl::Status& status) {
  std::fprintf(stderr, "ieumctl %s: %s\n", command.c_str(), std::string(status.message()).c_str());
  return kUsage;
}

}  // namespace ieum::ctl
