// ieumctl: what operators and tests ask of a suite.
#include <CLI/CLI.hpp>
#include <utility>
#include <vector>

#include "tools/ctl/subcommand.h"

namespace ieum::ctl {
namespace {

// Each in a file of its own.
constexpr std::pair<const char*, Subcommand> kSubcommands[] = {
    {"access", AddAccess},
    {"audit", AddAudit},
    {"backup", AddBackup},
    {"completion", AddCompletion},
    {"deadletters", AddDeadLetters},
    {"doctor", AddDoctor},
    {"erasures", AddErasures},
    {"events", AddEvents},
    {"import", AddImport},
    {"mails", AddMails},
    {"persons", AddPersons},
    {"plan", AddPlan},
    {"progress", AddProgress},
    {"restore", AddRestore},
    {"token", AddToken},
    {"token-key", AddTokenKey},
    {"vault", AddVault},
};

int Main(int argc, char** argv) {
  CLI::App app("What operators ask of an Ieum suite.", "ieumctl");
  app.set_version_flag("--version", IEUM_VERSION);
  app.require_subcommand(1);
  std::vector<std::pair<const char*, Run>> runs;
  for (const auto& [name, add] : kSubcommands) runs.emplace_back(name, add(app));
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {  // the library has no other way to say it
    return app.exit(error) == 0 ? kGood : kUsage;
  }
  for (const auto& [name, run] : runs) {
    if (app.got_subcommand(name)) return run();
  }
  return kUsage;
}

}  // namespace
}  // namespace ieum::ctl

int main(int argc, char** argv) { return ieum::ctl::Main(argc, argv); }
