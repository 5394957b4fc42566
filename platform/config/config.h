// Configuration comes from the environment, is read once in `main`, and every fault is reported
// together. Secrets are files named by a variable, never values.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace ieum::config {

// Reads variables into fields, remembering each for `--help` and each fault for Finish().
// Not thread-safe; used in one place at start.
class Reader {
 public:
  using Lookup = std::function<std::optional<std::string>(const std::string&)>;
  // Default look-up: the process environment.
  explicit Reader(Lookup lookup = {});

  // Each fills `*field` from the variable; keeps the field's present value as the default when the
  // variable is unset; remembers a fault otherwise.
  void Text(const char* variable, const char* help, std::string* field);
  void Required(const char* variable, const char* help, std::string* field);
  void Number(const char* variable, const char* help, int min, int max, int* field);
  void Bytes(const char* variable, const char* help, int64_t min, int64_t max, int64_t* field);
  void Flag(const char* variable, const char* help, bool* field);
  void Duration(const char* variable, const char* help, absl::Duration* field);  // "500ms", "3s"
  void OneOf(const char* variable, const char* help, std::vector<std::string> words,
             std::string* field);
  // The content of the file that the variable names, without the final newline. Never printed.
  // `path` gets its name, for whoever reads it again later.
  void SecretFile(const char* variable, const char* help, bool required, std::string* field,
                  std::string* path = nullptr);
  // A fault that concerns several variables.
  void Fault(std::string_view sentence);

  // OK, or INVALID_ARGUMENT whose message lists every fault, one a line.
  absl::Status Finish() const;
  // The table of all variables read so far: name, default, meaning.
  std::string HelpTable() const;

 private:
  struct Entry {
    std::string variable, fallback, help;
  };
  std::optional<std::string> Get(const char* variable, const char* help, std::string fallback);
  Lookup lookup_;
  std::vector<Entry> entries_;
  std::vector<std::string> faults_;
};

}  // namespace ieum::config
