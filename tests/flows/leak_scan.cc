#include "tests/flows/leak_scan.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "platform/base/text.h"

namespace ieum::testing {
namespace {

constexpr size_t kHeadBytes = 6;
constexpr int kBase64Group = 3;

std::string Percent(std::string_view value) {
  std::string text;
  for (const unsigned char c : value) {
    if (absl::ascii_isalnum(c) || c == '-' || c == '.' || c == '_') {
      text.push_back(static_cast<char>(c));
    } else {
      absl::StrAppendFormat(&text, "%%%02X", c);
    }
  }
  return text;
}

std::string Octal(std::string_view value) {
  std::string text;
  for (const unsigned char c : value) {
    if (c < 0x80) {
      text.push_back(static_cast<char>(c));
    } else {
      absl::StrAppendFormat(&text, "\\%03o", c);
    }
  }
  return text;
}

// The code points of valid UTF-8.
std::vector<uint32_t> CodePointsOf(std::string_view value) {
  std::vector<uint32_t> points;
  for (size_t at = 0; at < value.size();) {
    const unsigned char lead = value[at];
    const int length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    uint32_t point = length == 1 ? lead : lead & (0xFF >> (length + 1));
    for (int next = 1; next < length; ++next) {
      point = point << 6 | (static_cast<unsigned char>(value[at + next]) & 0x3F);
    }
    points.push_back(point);
    at += length;
  }
  return points;
}

std::string JsonEscaped(std::string_view value) {
  std::string text;
  for (const uint32_t point : CodePointsOf(value)) {
    if (point < 0x80) {
      text.push_back(static_cast<char>(point));
    } else {
      absl::StrAppendFormat(&text, "\\u%04x", point);
    }
  }
  return text;
}

// What of base64 does not depend on the bytes around the value.
std::string Base64At(std::string_view value, int offset) {
  const std::string whole = absl::Base64Escape(
      absl::StrCat(std::string(offset, '\0'), absl::string_view(value.data(), value.size())));
  const size_t skipped = (offset * 8 + 5) / 6;
  const size_t kept = (offset + value.size()) * 8 / 6;
  return kept > skipped ? whole.substr(skipped, kept - skipped) : "";
}

bool IsSeparator(char c) {
  return c == ' ' || c == '-' || c == '.' || c == '/' || c == '_' || c == '+';
}

std::string WithoutSeparators(std::string_view value) {
  std::string text(value);
  std::erase_if(text, IsSeparator);
  return text;
}

// Where a careless hand would cut it: an address at its sign, a text between two of its characters.
std::vector<std::string> Halves(std::string_view value) {
  size_t cut = value.find('@');
  if (cut == std::string_view::npos) {
    cut = value.size() / 2;
    while (cut < value.size() && (static_cast<unsigned char>(value[cut]) & 0xC0) == 0x80) ++cut;
  }
  return {std::string(value.substr(0, cut)), std::string(value.substr(cut))};
}

void AddEncodings(std::string_view value, const std::string& prefix,
                  std::map<std::string, std::string>* forms) {
  const std::string text(value);
  const std::string hex = absl::BytesToHexString(text);
  forms->emplace(text, prefix + "raw");
  forms->emplace(hex, prefix + "hex");
  forms->emplace(absl::AsciiStrToUpper(hex), prefix + "hex");
  for (int offset = 0; offset < kBase64Group; ++offset) {
    const std::string base64 = Base64At(value, offset);
    forms->emplace(base64, prefix + "base64");
    forms->emplace(absl::StrReplaceAll(base64, {{"+", "-"}, {"/", "_"}}), prefix + "base64url");
  }
  forms->emplace(Percent(value), prefix + "percent");
  forms->emplace(absl::AsciiStrToLower(Percent(value)), prefix + "percent");
  forms->emplace(JsonEscaped(value), prefix + "json");
  forms->emplace(absl::AsciiStrToUpper(JsonEscaped(value)), prefix + "json");
  forms->emplace(Octal(value), prefix + "octal");
}

}  // namespace

std::map<std::string, std::string> FormsOf(std::string_view value) {
  std::map<std::string, std::string> forms;
  AddEncodings(value, "", &forms);
  AddEncodings(WithoutSeparators(value), "joined ", &forms);
  // Short halves are words that stand elsewhere, too.
  constexpr size_t kHalfMin = 8;
  for (const std::string& half : Halves(value)) {
    if (half.size() >= kHalfMin) AddEncodings(half, "half ", &forms);
  }
  std::erase_if(forms, [](const auto& form) { return form.first.size() < kHeadBytes; });
  return forms;
}

std::string Find::ToString() const {
  return absl::StrCat(place, " holds ", value, " (", form, ")");
}

uint64_t LeakScan::Head(const char* at) {
  uint64_t head = 0;
  std::memcpy(&head, at, kHeadBytes);
  return head;
}

namespace {

size_t Slot(uint64_t head) { return (head * 0x9E3779B97F4A7C15ull) >> 44; }

}  // namespace

void LeakScan::Plant(const std::string& value) {
  for (const auto& [text, name] : FormsOf(value)) {
    const uint64_t head = Head(text.data());
    heads_[Slot(head)] = true;
    by_head_[head].push_back({text, name, value});
  }
}

size_t LeakScan::forms() const {
  size_t forms = 0;
  for (const auto& [head, with] : by_head_) forms += with.size();
  return forms;
}

void LeakScan::Look(const std::string& place, std::string_view bytes,
                    const std::vector<std::string>& except) {
  bytes_ += static_cast<int64_t>(bytes.size());
  std::set<std::pair<std::string, std::string>> seen;
  for (size_t at = 0; at + kHeadBytes <= bytes.size(); ++at) {
    const uint64_t head = Head(bytes.data() + at);
    if (!heads_[Slot(head)]) continue;
    const auto found = by_head_.find(head);
    if (found == by_head_.end()) continue;
    for (const Form& form : found->second) {
      if (bytes.substr(at, form.text.size()) != form.text) continue;
      if (std::find(except.begin(), except.end(), form.value) != except.end()) continue;
      if (seen.insert({form.value, form.name}).second) {
        finds_.push_back({form.value, form.name, place});
      }
    }
  }
}

void LeakScan::LookAtFolder(const std::string& place, const std::string& folder) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ostringstream bytes;
    bytes << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    Look(absl::StrCat(place, ": ", entry.path().filename().string()), bytes.str());
  }
}

std::string LeakScan::Finds() const {
  std::string text;
  for (const Find& find : finds_) absl::StrAppend(&text, find.ToString(), "\n");
  return text;
}

}  // namespace ieum::testing
