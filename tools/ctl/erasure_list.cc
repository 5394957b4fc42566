#include "tools/ctl/erasure_list.h"

#include <fstream>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "platform/base/status.h"

namespace ieum::ctl {
namespace {

absl::Status NoLine(const std::string& file, size_t number) {
  return absl::InvalidArgumentError(
      absl::StrCat(file, ": line ", number, " is none that 'erasures export' wrote"));
}

}  // namespace

absl::StatusOr<std::vector<ErasureEntry>> ReadErasureList(const std::string& file) {
  std::vector<ErasureEntry> entries;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    const auto json = nlohmann::json::parse(line, nullptr, false);
    const bool whole = json.is_object() && json.contains("number") && json.contains("person") &&
                       json.contains("hash") && json["number"].is_number_integer() &&
                       json["person"].is_string() && json["hash"].is_string();
    if (!whole) return NoLine(file, entries.size() + 1);
    entries.push_back({json["number"], json["person"], json["hash"]});
  }
  return entries;
}

absl::StatusOr<std::vector<ErasureEntry>> NeedErasureList(const std::string& file) {
  ASSIGN_OR_RETURN(auto entries, ReadErasureList(file));
  if (!entries.empty()) return entries;
  return absl::InvalidArgumentError(absl::StrCat(file, " is not there, or holds no erasure"));
}

absl::StatusOr<std::vector<base::Uuid>> ErasedPersons(const std::string& file) {
  ASSIGN_OR_RETURN(const auto entries, NeedErasureList(file));
  std::vector<base::Uuid> persons;
  for (const ErasureEntry& entry : entries) {
    const auto id = base::Uuid::Parse(std::string(absl::StripPrefix(entry.person, "persons/")));
    if (!id) return NoLine(file, persons.size() + 1);
    persons.push_back(*id);
  }
  return persons;
}

}  // namespace ieum::ctl
