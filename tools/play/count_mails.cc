#include <filesystem>
#include <fstream>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tools/play/read_results.h"

namespace ieum::play {
namespace {

constexpr absl::string_view kField = "message-id:";

// The Message-ID of the header block; "" when there is none.
std::string MessageIdOf(std::istream& mail) {
  std::string line;
  while (std::getline(mail, line) && line != "\r" && !line.empty()) {
    if (!absl::StartsWithIgnoreCase(line, kField)) continue;
    std::string id(absl::StripAsciiWhitespace(line.substr(kField.size())));
    // Folded: the value stands in the next line.
    if (id.empty() && std::getline(mail, line)) id = std::string(absl::StripAsciiWhitespace(line));
    return id;
  }
  return "";
}

}  // namespace

absl::StatusOr<MailCounts> CountMails(const std::string& folder) {
  MailCounts counts{.known = true};
  std::set<std::string> ids;
  std::error_code error;
  for (const auto& file : std::filesystem::directory_iterator(folder, error)) {
    if (file.path().extension() != ".eml") continue;
    std::ifstream mail(file.path());
    ++counts.received;
    if (std::string id = MessageIdOf(mail); !id.empty()) ids.insert(std::move(id));
  }
  if (error) return absl::NotFoundError(absl::StrCat(folder, ": ", error.message()));
  counts.distinct_ids = static_cast<int>(ids.size());
  return counts;
}

}  // namespace ieum::play
