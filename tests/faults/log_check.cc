#include "tests/faults/log_check.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "tests/flows/suite.h"

namespace ieum::faults {
namespace {

constexpr size_t kShapeMax = 160;
constexpr char kBeginning[] = "{\"timestamp\":";  // of every line of a service
constexpr char kForged[] = "forged";              // body of the line that T29 wants to smuggle in

bool IsOwn(std::string_view line) {
  const auto entry = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
  return entry.is_object() && entry.value("body", "") != kForged;
}

bool IsTorn(std::string_view line) {
  const size_t next = line.rfind(kBeginning);
  if (next == std::string_view::npos || next == 0 || !IsOwn(line.substr(next))) return false;
  const std::string_view torn = line.substr(0, next), beginning = kBeginning;
  return torn.substr(0, beginning.size()) == beginning.substr(0, torn.size());
}

std::string ShapeOf(std::string line) {
  line.resize(std::min(line.size(), kShapeMax));
  for (char& c : line) {
    const auto byte = static_cast<unsigned char>(c);
    if (absl::ascii_isupper(byte)) c = 'A';
    if (absl::ascii_islower(byte)) c = 'a';
    if (absl::ascii_isdigit(byte)) c = '9';
    if (byte < 0x20 || byte > 0x7e) c = '?';
  }
  return line;
}

absl::Status CheckLog(const std::filesystem::path& path) {
  std::ifstream log(path);
  std::string line;
  for (int number = 1; std::getline(log, line); ++number) {
    if (log.eof()) break;  // still being written, or torn at the end
    if (IsOwn(line) || IsTorn(line)) continue;
    return absl::DataLossError(absl::StrCat("line ", number, " of ", path.filename().string(),
                                            " is not the service's own: ", ShapeOf(line)));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckLogs(const std::string& folder) {
  absl::Status status;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    const std::string service = testing::ServiceOf(file.path().stem().string());
    if (file.path().extension() != ".log" ||
        std::find(testing::kServices.begin(), testing::kServices.end(), service) ==
            testing::kServices.end()) {
      continue;
    }
    status.Update(CheckLog(file.path()));
  }
  return status;
}

}  // namespace ieum::faults
