#include "tools/backup/places.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "platform/base/status.h"

namespace ieum::backup {
namespace {

using nlohmann::json;

std::string FromEnvironment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? "" : value;
}

std::string TextAt(const json& object, const std::string& field) {
  if (!object.is_object()) return "";
  const auto found = object.find(field);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

absl::StatusOr<std::string> PasswordFrom(const std::string& path) {
  if (path.empty()) return std::string();
  ASSIGN_OR_RETURN(const std::string text, ReadWhole(path));
  return std::string(absl::StripAsciiWhitespace(text));
}

absl::StatusOr<DatabasePlace> DatabaseOf(const std::string& name, const json& services) {
  const json service = services.value(name, json());
  const std::string owner = TextAt(service, "owner_db");
  DatabasePlace place{name, owner.empty() ? TextAt(service, "db") : owner, ""};
  ASSIGN_OR_RETURN(
      place.password,
      PasswordFrom(TextAt(service, owner.empty() ? "db_password_file" : "owner_db_password_file")));
  return place;
}

absl::Status ReadSuite(const std::string& suite_file, Places* places) {
  std::ifstream file(suite_file);
  if (!file) return absl::NotFoundError(absl::StrCat(suite_file, ": cannot be opened"));
  const json suite = json::parse(file, nullptr, /*allow_exceptions=*/false);
  if (!suite.is_object() || !suite.contains("services")) {
    return absl::InvalidArgumentError(absl::StrCat(suite_file, ": is no suite.json"));
  }
  for (const char* name : kServices) {
    ASSIGN_OR_RETURN(DatabasePlace place, DatabaseOf(name, suite["services"]));
    places->databases.push_back(std::move(place));
  }
  places->attachments = TextAt(suite, "attachments");
  const json keys = suite.value("keys", json::object());
  if (!keys.is_object()) return absl::OkStatus();
  for (const auto& [name, path] : keys.items()) {
    if (path.is_string()) places->keys[name] = path.get<std::string>();
  }
  return absl::OkStatus();
}

absl::Status ReadEnvironment(Places* places) {
  for (const char* name : kServices) {
    const std::string upper = absl::AsciiStrToUpper(name);
    DatabasePlace place{name, FromEnvironment("IEUM_DB_" + upper), ""};
    ASSIGN_OR_RETURN(place.password,
                     PasswordFrom(FromEnvironment("IEUM_DB_PASSWORD_FILE_" + upper)));
    places->databases.push_back(std::move(place));
  }
  places->attachments = FromEnvironment("IEUM_ATTACHMENTS_DIR");
  return absl::OkStatus();
}

// Names become names of files: of a restore, too.
bool IsName(const std::string& name) {
  if (name.empty() || name[0] == '.') return false;
  for (const char c : name) {
    if (!absl::ascii_isalnum(c) && c != '-' && c != '_' && c != '.') return false;
  }
  return true;
}

bool WriteAll(int file, const std::string& content) {
  for (size_t at = 0; at < content.size();) {
    const ssize_t written = write(file, content.data() + at, content.size() - at);
    if (written <= 0) return false;
    at += static_cast<size_t>(written);
  }
  return fsync(file) == 0;
}

}  // namespace

const DatabasePlace* Places::Find(const std::string& service) const {
  for (const DatabasePlace& place : databases) {
    if (place.service == service) return &place;
  }
  return nullptr;
}

absl::StatusOr<Places> ReadPlaces(const std::string& suite_file,
                                  const std::vector<std::string>& key_words) {
  Places places;
  RETURN_IF_ERROR(suite_file.empty() ? ReadEnvironment(&places) : ReadSuite(suite_file, &places));
  for (const DatabasePlace& place : places.databases) {
    if (!place.conninfo.empty()) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        "the database of ", place.service, " is not named: give --suite FILE, or set ", "IEUM_DB_",
        absl::AsciiStrToUpper(place.service), "; only all four are one consistent point"));
  }
  for (const std::string& word : key_words) {
    const size_t equals = word.find('=');
    if (equals == std::string::npos) {
      return absl::InvalidArgumentError(absl::StrCat(
          "--key-file ", word, ": wants NAME=FILE, such as vault-registry=/run/keys/vault.key"));
    }
    places.keys[word.substr(0, equals)] = word.substr(equals + 1);
  }
  for (const auto& [name, path] : places.keys) {
    if (!IsName(name)) {
      return absl::InvalidArgumentError(absl::StrCat("'", name, "' is no name of a key"));
    }
  }
  return places;
}

absl::StatusOr<std::string> ReadWhole(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file) return absl::NotFoundError(absl::StrCat(path, ": cannot be read"));
  text << file.rdbuf();
  return text.str();
}

absl::Status WriteWhole(const std::string& path, const std::string& content, int mode) {
  const std::string fresh = absl::StrCat(path, ".new");
  const auto failed = [&] {
    return absl::DataLossError(absl::StrCat(path, ": could not be written"));
  };
  const int file = open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
  if (file < 0) return failed();
  struct stat old {};
  const bool kept = stat(path.c_str(), &old) != 0 || fchown(file, old.st_uid, old.st_gid) == 0 ||
                    old.st_uid == geteuid();
  const bool whole = fchmod(file, static_cast<mode_t>(mode)) == 0 && WriteAll(file, content);
  if (close(file) != 0 || !whole || !kept || rename(fresh.c_str(), path.c_str()) != 0) {
    unlink(fresh.c_str());
    return failed();
  }
  const auto parent = std::filesystem::path(path).parent_path();
  const int folder =
      open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return failed();
  const bool lasting = fsync(folder) == 0;
  close(folder);
  return lasting ? absl::OkStatus() : failed();
}

}  // namespace ieum::backup
