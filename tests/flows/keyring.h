// The secrets of one suite: a file for each, as `./ieum up` makes them, and the variables that name
// those files.
#pragma once

#include <map>
#include <string>

namespace ieum::testing {

// Immutable; the files go with the folder.
class Keyring {
 public:
  explicit Keyring(std::string folder);

  // What a service is told about secrets, on its own and in plaintext.
  std::map<std::string, std::string> Environment(const std::string& service) const;
  // The files that a backup takes, by their names.
  std::map<std::string, std::string> Files() const;
  // The directory of their files.
  std::string attachments() const { return File("attachments"); }
  // Of the driver of scenarios, who may do everything.
  const std::string& driver_token() const { return driver_token_; }
  std::string driver_token_file() const { return File("token-driver"); }
  // Of somebody else, who decides about what the driver asks for.
  std::string supervisor_token_file() const { return File("token-supervisor"); }

 private:
  std::string File(const std::string& name) const { return folder_ + "/" + name; }

  const std::string folder_;
  std::string driver_token_;
};

}  // namespace ieum::testing
