// `ieumctl vault status|rotate`: the keys that wrap persons' keys.
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "tools/backup/rotation.h"
#include "tools/backup/snapshots.h"
#include "tools/ctl/doors.h"
#include "tools/ctl/output.h"
#include "tools/ctl/subcommand.h"

namespace ieum::ctl {
namespace {

constexpr int kBatch = 500;

struct Arguments {
  std::string suite, service = "registry", key_file, step = "all", output = "table", other;
  int batch = kBatch;
};

struct Target {
  std::unique_ptr<db::Database> database;
  std::string key_file;
};

absl::StatusOr<Target> TargetOf(const Arguments& arguments) {
  RETURN_IF_ERROR(CheckService(arguments.service));
  ASSIGN_OR_RETURN(const backup::Places places, backup::ReadPlaces(arguments.suite, {}));
  Target target{nullptr, arguments.key_file};
  if (target.key_file.empty()) {
    const auto known = places.keys.find("vault-" + arguments.service);
    if (known == places.keys.end()) {
      return absl::InvalidArgumentError(
          absl::StrCat("where is the wrapping key of ", arguments.service,
                       "? Give --key-file FILE (its IEUM_VAULT_KEY_FILE)"));
    }
    target.key_file = known->second;
  }
  target.database = backup::OpenDatabase(*places.Find(arguments.service));
  if (target.database->Ping().ok()) return target;
  return absl::UnavailableError(
      absl::StrCat("the database of ", arguments.service, " does not answer"));
}

std::string StateOf(const backup::KeyUse& use) {
  if (use.retired) return use.persons > 0 ? "retired, and yet in use" : "retired";
  if (use.newest) return "wraps";
  return use.in_file ? "unwraps only" : use.key_id.empty() ? "before ids were kept" : "not in file";
}

absl::StatusOr<int> Status(const Arguments& arguments) {
  ASSIGN_OR_RETURN(const Target target, TargetOf(arguments));
  ASSIGN_OR_RETURN(const auto ring, backup::ReadRing(target.key_file));
  ASSIGN_OR_RETURN(const auto uses, backup::LookAtKeys(*target.database, ring));
  nlohmann::json out = nlohmann::json::array();
  Table table({"KEY", "STATE", "PERSONS"});
  bool lost = false;
  for (const backup::KeyUse& use : uses) {
    lost = lost || (use.persons > 0 && !use.in_file && !use.key_id.empty());
    table.Add({use.key_id.empty() ? "-" : use.key_id, StateOf(use), Count(use.persons)});
    out.push_back({{"key", use.key_id}, {"state", StateOf(use)}, {"persons", use.persons}});
  }
  std::printf("%s",
              arguments.output == "json" ? (out.dump(2) + "\n").c_str() : table.Text().c_str());
  if (lost) {
    std::fprintf(stderr,
                 "personal data of some is wrapped by a key that is not in the file "
                 "(docs/runbook.md, The wrapping key)\n");
  }
  return lost ? kBad : kGood;
}

absl::Status Rotate(const Arguments& arguments) {
  ASSIGN_OR_RETURN(const Target target, TargetOf(arguments));
  const auto wants = [&](const char* step) {
    return arguments.step == "all" || arguments.step == step;
  };
  if (wants("add")) {
    ASSIGN_OR_RETURN(const std::string id, backup::AddKey(*target.database, target.key_file));
    std::printf("%s wraps from now on; copy %s to where its copies are kept, now\n", id.c_str(),
                target.key_file.c_str());
    std::fflush(stdout);
  }
  if (wants("rewrap")) {
    ASSIGN_OR_RETURN(
        const int64_t rewrapped,
        backup::RewrapAll(*target.database, target.key_file, arguments.batch, [](int64_t so_far) {
          std::fprintf(stderr, "%s wrapped anew\n", Count(so_far).c_str());
        }));
    std::printf("%s persons' keys were wrapped anew\n", Count(rewrapped).c_str());
  }
  if (wants("retire")) {
    ASSIGN_OR_RETURN(const int64_t retired, backup::RetireOld(*target.database, target.key_file));
    std::printf("%lld older keys retired; backups made before still need them, and have them\n",
                static_cast<long long>(retired));
  }
  return absl::OkStatus();
}

absl::Status Join(const Arguments& arguments) {
  ASSIGN_OR_RETURN(const Target target, TargetOf(arguments));
  ASSIGN_OR_RETURN(const int64_t joined, backup::JoinKeys(target.key_file, arguments.other));
  std::printf("%lld keys joined; 'vault rotate' brings everybody under the first\n",
              static_cast<long long>(joined));
  return absl::OkStatus();
}

int OrRefuse(const char* command, const absl::Status& status) {
  return status.ok() ? kGood : Refuse(command, status);
}

void AddWords(CLI::App& command, Arguments& arguments) {
  command.add_option("--suite", arguments.suite,
                     "suite.json; without it IEUM_DB_REGISTRY and the other databases");
  command.add_option("--service", arguments.service, "whose vault")->capture_default_str();
  command.add_option("--key-file", arguments.key_file,
                     "its IEUM_VAULT_KEY_FILE; else what suite.json says");
}

}  // namespace

Run AddVault(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("vault", "The keys that wrap persons' keys: look, and give a new one.");
  command->require_subcommand(1);
  CLI::App* status = command->add_subcommand("status", "Which key holds how many persons' keys.");
  status->add_option("--output", arguments->output, "table or json")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  CLI::App* rotate = command->add_subcommand(
      "rotate", "A new wrapping key; everybody's key wrapped by it; the old one retired.");
  rotate
      ->add_option("--step", arguments->step,
                   "only this one, where the file reaches the services on another way")
      ->check(CLI::IsMember({"all", "add", "rewrap", "retire"}))
      ->capture_default_str();
  rotate->add_option("--batch", arguments->batch, "persons in a transaction")
      ->check(CLI::Range(1, 10000))
      ->capture_default_str();
  CLI::App* join = command->add_subcommand(
      "join", "Lets the key file open what another one opens, too: after a wrong key was in use.");
  join->add_option("--with", arguments->other, "the other key file")->required();
  for (CLI::App* one : {status, rotate, join}) AddWords(*one, *arguments);
  command->footer(
      "Services go on meanwhile. Cut off at any point, the same words go on where it was. Ends "
      "with 0, 1 when a key is missing, 2 when something could not be done.");
  return [arguments, status, join] {
    if (status->parsed()) {
      const auto outcome = Status(*arguments);
      return outcome.ok() ? *outcome : Refuse("vault status", outcome.status());
    }
    if (join->parsed()) return OrRefuse("vault join", Join(*arguments));
    return OrRefuse("vault rotate", Rotate(*arguments));
  };
}

}  // namespace ieum::ctl
