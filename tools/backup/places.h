// Where what is to be backed up lies: the databases of a suite, and the files of its keys.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace ieum::backup {

// In the order in which their snapshots are taken: who calls another service comes before it, so
// that no answer is remembered which nobody gave.
inline constexpr const char* kServices[] = {"notify", "reporting", "casemgmt", "registry"};

struct DatabasePlace {
  std::string service;
  std::string conninfo;  // libpq; of a role that reads, and for a restore owns, all tables
  std::string password;  // empty = none
};

struct Places {
  std::vector<DatabasePlace> databases;     // in the order of kServices
  std::map<std::string, std::string> keys;  // name → file
  std::string attachments;                  // directory of their files; "" = not named
  const DatabasePlace* Find(const std::string& service) const;
};

// suite.json: services.<name>.{owner_db, owner_db_password_file}, or else {db, db_password_file};
// keys.<name> = file, and attachments = directory. Without a file the environment:
// IEUM_DB_<SERVICE>, IEUM_DB_PASSWORD_FILE_<SERVICE>, IEUM_ATTACHMENTS_DIR. `key_words`:
// "NAME=FILE", which come on top. All four databases are wanted: INVALID_ARGUMENT or NOT_FOUND
// names what is missing.
absl::StatusOr<Places> ReadPlaces(const std::string& suite_file,
                                  const std::vector<std::string>& key_words);

// The whole content; NOT_FOUND.
absl::StatusOr<std::string> ReadWhole(const std::string& path);
// Into a file of `mode`, whole or not at all, and on disk when it returns. The owner of a file that
// is replaced stays.
absl::Status WriteWhole(const std::string& path, const std::string& content, int mode);

}  // namespace ieum::backup
