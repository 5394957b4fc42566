#include "platform/runtime/command_line.h"

#include <CLI/CLI.hpp>

namespace ieum::runtime {

CommandLine ParseCommandLine(const std::string& service, int argc, char** argv,
                             const std::string& help_table) {
  CLI::App app("Ieum service " + service + ". Without a word it serves until SIGTERM.",
               "ieum-" + service);
  app.footer("Configuration comes from the environment:\n" + help_table);
  CLI::App* migrate =
      app.add_subcommand("migrate", "bring the database schema up to date, then end");
  CommandLine result;
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);  // prints the help, or what was wrong
    result.exit_code = code == 0 ? 0 : 2;
  }
  result.migrate = migrate->parsed();
  return result;
}

}  // namespace ieum::runtime
