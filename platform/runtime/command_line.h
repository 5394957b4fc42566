// `ieum-<service>`, `ieum-<service> migrate`, `ieum-<service> --help`, and what an operator says
// after a restore: `new-epoch`, `accept-epoch`.
#pragma once

#include <optional>
#include <string>

namespace ieum::runtime {

// The words of `new-epoch` and `accept-epoch`.
struct EpochWords {
  std::string reason;
  std::string restored_at;  // RFC 3339; "" = not said
  std::string producer;
};

struct CommandLine {
  bool migrate = false;
  int migrate_wait_seconds = 0;  // for a database that does not answer
  bool new_epoch = false;
  bool accept_epoch = false;
  EpochWords epoch;
  std::optional<int> exit_code;  // set when --help was answered or the words were wrong
};

CommandLine ParseCommandLine(const std::string& service, int argc, char** argv,
                             const std::string& help_table);

}  // namespace ieum::runtime
