// One subcommand of `ieumctl`: a file of its own that says its options and does its work. main.cc
// lists them.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace ieum::ctl {

// Exit codes of all subcommands.
inline constexpr int kGood = 0;
inline constexpr int kBad = 1;    // what was looked at is not as it should be
inline constexpr int kUsage = 2;  // called wrongly, or something could not be read

// Adds its options to `app` and returns what is to be done once they are read: the exit code.
using Run = std::function<int()>;
using Subcommand = Run (*)(CLI::App& app);

Run AddAccess(CLI::App& app);
Run AddAudit(CLI::App& app);
Run AddBackup(CLI::App& app);
Run AddCompletion(CLI::App& app);
Run AddDeadLetters(CLI::App& app);
Run AddDoctor(CLI::App& app);
Run AddErasures(CLI::App& app);
Run AddEvents(CLI::App& app);
Run AddImport(CLI::App& app);
Run AddMails(CLI::App& app);
Run AddPersons(CLI::App& app);
Run AddPlan(CLI::App& app);
Run AddProgress(CLI::App& app);
Run AddRestore(CLI::App& app);
// Below `audit`, whose options it does not take.
Run AddAccessAudit(CLI::App& audit);
Run AddToken(CLI::App& app);
Run AddTokenKey(CLI::App& app);
Run AddVault(CLI::App& app);

}  // namespace ieum::ctl
