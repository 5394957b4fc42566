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
  migrate->add_option("--wait", result.migrate_wait_seconds,
                      "wait this many seconds for a database that does not answer");
  CLI::App* new_epoch = app.add_subcommand(
      "new-epoch", "declare that this service's ledger came back from a backup, then end");
  new_epoch->add_option("--reason", result.epoch.reason, "why; kept with the epoch")->required();
  new_epoch->add_option("--restored-at", result.epoch.restored_at,
                        "when the restore was done, before the ledger took anything new "
                        "(2026-11-22T03:00:00+09:00); needed when the stream was lost too");
  CLI::App* accept_epoch = app.add_subcommand(
      "accept-epoch", "let go on what is held since a producer's ledger was restored, then end");
  accept_epoch->add_option("--producer", result.epoch.producer, "whose ledger")->required();
  accept_epoch->add_option("--reason", result.epoch.reason, "what was found and done")->required();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);  // prints the help, or what was wrong
    result.exit_code = code == 0 ? 0 : 2;
  }
  result.migrate = migrate->parsed();
  result.new_epoch = new_epoch->parsed();
  result.accept_epoch = accept_epoch->parsed();
  return result;
}

}  // namespace ieum::runtime
