// `ieum-<service>`, `ieum-<service> migrate`, `ieum-<service> --help`.
#pragma once

#include <optional>
#include <string>

namespace ieum::runtime {

struct CommandLine {
  bool migrate = false;
  std::optional<int> exit_code;  // set when --help was answered or the words were wrong
};

CommandLine ParseCommandLine(const std::string& service, int argc, char** argv,
                             const std::string& help_table);

}  // namespace ieum::runtime
