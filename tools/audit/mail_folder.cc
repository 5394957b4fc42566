#include "tools/audit/mail_folder.h"

#include <filesystem>
#include <fstream>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace ieum::audit {
namespace {

constexpr absl::string_view kField = "message-id:";

// "<0191…@host>" → "0191…"
std::string LocalPart(absl::string_view id) {
  id = absl::StripAsciiWhitespace(id);
  if (!id.empty() && id.front() == '<') id.remove_prefix(1);
  return std::string(id.substr(0, id.find('@')));
}

std::string LocalPartOf(std::istream& mail) {
  std::string line;
  while (std::getline(mail, line) && line != "\r" && !line.empty()) {
    if (!absl::StartsWithIgnoreCase(line, kField)) continue;
    std::string id(absl::StripAsciiWhitespace(line.substr(kField.size())));
    if (id.empty()) std::getline(mail, id);  // folded: the value stands in the next line
    return LocalPart(id);
  }
  return "";
}

}  // namespace

absl::StatusOr<std::map<std::string, int>> MailsById(const std::string& folder) {
  std::map<std::string, int> mails;
  std::error_code error;
  for (const auto& file : std::filesystem::directory_iterator(folder, error)) {
    if (file.path().extension() != ".eml") continue;
    std::ifstream mail(file.path());
    ++mails[LocalPartOf(mail)];
  }
  if (error) return absl::NotFoundError(absl::StrCat(folder, ": ", error.message()));
  return mails;
}

}  // namespace ieum::audit
