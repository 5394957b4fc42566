// `ieumctl backup make|verify` and `ieumctl restore`: the four databases, the keys and the files of
// attachments at one point.
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "platform/base/status.h"
#include "tools/backup/backup.h"
#include "tools/backup/restore.h"
#include "tools/ctl/erasure_list.h"
#include "tools/ctl/output.h"
#include "tools/ctl/subcommand.h"

namespace ieum::ctl {
namespace {

struct Arguments {
  std::string suite, folder, passphrase_file, attachments, erasures, output = "table";
  std::vector<std::string> keys;
  bool without_keys = false, without_attachments = false;
  backup::RestoreRequest restore;
  bool Json() const { return output == "json"; }
};

void PrintPoint(const backup::Manifest& manifest, const nlohmann::json& more, bool json) {
  if (json) {
    nlohmann::json out = nlohmann::json::parse(backup::ToJson(manifest), nullptr, false);
    out.update(more);
    std::printf("%s\n", out.dump(2).c_str());
    return;
  }
  Table table({"SERVICE", "EPOCH", "EVENTS", "HAS APPLIED", "DUMP"});
  for (const auto& [service, point] : manifest.services) {
    int64_t events = 0;
    for (const int64_t position : point.ledger) events += position;
    std::vector<std::string> applied;
    for (const auto& [producer, cursor] : point.cursors) {
      int64_t count = 0;
      for (const int64_t position : cursor.positions) count += position;
      applied.push_back(absl::StrCat(Count(count), " of ", producer));
    }
    table.Add({service, std::to_string(point.epoch), Count(events), absl::StrJoin(applied, ", "),
               Size(manifest.dumps.at(service).bytes)});
  }
  std::printf("point of %s\n%s%s\n", manifest.made_at.c_str(), table.Text().c_str(),
              manifest.key_names.empty()
                  ? "keys: none are in it"
                  : absl::StrCat("keys: ", absl::StrJoin(manifest.key_names, ", ")).c_str());
  const backup::AttachmentsSum& attachments = manifest.attachments;
  std::printf("%s\n", attachments.list.name.empty()
                          ? "attachments: none are in it"
                          : absl::StrCat("attachments: ", Count(attachments.count), " files, ",
                                         Size(attachments.bytes))
                                .c_str());
}

// Each by its place, which is the same below the directory and in an older backup.
int TellMissing(const backup::Manifest& manifest) {
  if (manifest.attachments.missing.empty()) return kGood;
  std::fprintf(stderr,
               "%zu files of attachments were gone, cut or altered where they should be, and are "
               "not in it; bring them back out of attachments/ of an older backup:\n  %s\n",
               manifest.attachments.missing.size(),
               absl::StrJoin(manifest.attachments.missing, "\n  ").c_str());
  return kBad;
}

absl::StatusOr<backup::Places> PlacesOf(const Arguments& arguments) {
  ASSIGN_OR_RETURN(backup::Places places, backup::ReadPlaces(arguments.suite, arguments.keys));
  if (!arguments.attachments.empty()) places.attachments = arguments.attachments;
  return places;
}

absl::StatusOr<std::string> PassphraseOf(const Arguments& arguments) {
  if (!arguments.passphrase_file.empty()) {
    return backup::ReadPassphrase(arguments.passphrase_file);
  }
  if (arguments.without_keys) return std::string();
  return absl::InvalidArgumentError(
      "the keys go into the backup under a passphrase: give --passphrase-file FILE, or say "
      "--without-keys (then whoever restores needs them from somewhere else)");
}

absl::StatusOr<int> Make(const Arguments& arguments) {
  backup::BackupRequest request{.folder = arguments.folder,
                                .program = IEUM_VERSION,
                                .without_attachments = arguments.without_attachments};
  ASSIGN_OR_RETURN(request.passphrase, PassphraseOf(arguments));
  ASSIGN_OR_RETURN(request.places, PlacesOf(arguments));
  ASSIGN_OR_RETURN(const backup::Made made, backup::MakeBackup(request));
  PrintPoint(made.manifest,
             {{"consumers_stopped_ms", absl::ToDoubleMilliseconds(made.consumers_stopped)}},
             arguments.Json());
  std::fprintf(stderr, "consumers stood still for %.0f ms; commands did not\n",
               absl::ToDoubleMilliseconds(made.consumers_stopped));
  return TellMissing(made.manifest);
}

absl::StatusOr<int> Verify(const Arguments& arguments) {
  std::string passphrase;
  if (!arguments.passphrase_file.empty()) {
    ASSIGN_OR_RETURN(passphrase, backup::ReadPassphrase(arguments.passphrase_file));
  }
  ASSIGN_OR_RETURN(const backup::Backup read, backup::VerifyBackup(arguments.folder, passphrase));
  const bool opened = !read.keys.empty();
  PrintPoint(read.manifest, {{"keys_opened", opened}}, arguments.Json());
  if (!opened) std::fprintf(stderr, "the keys were not opened: no passphrase\n");
  return TellMissing(read.manifest);
}

// What is for people to do now. Every ledger begins a new epoch: whoever outside has read events
// that are gone must hear of it, and positions are not to be given twice.
void PrintNext(const backup::Restored& restored) {
  std::printf("\nnow, with every service stopped and a broker whose store is empty:\n");
  for (const auto& [service, point] : restored.manifest.services) {
    std::printf("  ieum-%s new-epoch --restored-at %s --reason '…'\n", service.c_str(),
                restored.restored_at.c_str());
  }
  std::printf(
      "  ieumctl mails note-sent --ids FILE    what the mail server took since %s\n"
      "then start them, and when you have looked at what is missing (mails wait until then):\n",
      restored.manifest.made_at.c_str());
  for (const auto& [service, point] : restored.manifest.services) {
    std::printf("  ieum-%s accept-epoch --producer %s --reason '…'\n", service.c_str(),
                service.c_str());
  }
}

void PrintBroughtBack(const backup::BroughtBack& brought) {
  std::printf("attachments: %s files written, %s were there, %s of erased persons left out\n",
              Count(brought.written).c_str(), Count(brought.there).c_str(),
              Count(brought.erased).c_str());
}

absl::StatusOr<int> RestoreIt(const Arguments& arguments) {
  backup::RestoreRequest request = arguments.restore;
  request.folder = arguments.folder;
  request.without_attachments = arguments.without_attachments;
  if (!arguments.erasures.empty()) {
    ASSIGN_OR_RETURN(request.erased, ErasedPersons(arguments.erasures));
  }
  ASSIGN_OR_RETURN(request.passphrase, PassphraseOf(arguments));
  if (!request.only_keys || !arguments.suite.empty()) {
    ASSIGN_OR_RETURN(request.places, PlacesOf(arguments));
  }
  ASSIGN_OR_RETURN(const backup::Restored restored, backup::Restore(request));
  PrintPoint(restored.manifest,
             {{"restored_at", restored.restored_at},
              {"keys_written", restored.keys},
              {"keys_kept_aside", restored.kept},
              {"attachments_written", restored.attachments.written},
              {"attachments_there", restored.attachments.there},
              {"attachments_of_erased", restored.attachments.erased}},
             arguments.Json());
  TellMissing(restored.manifest);  // and yet it is restored
  if (arguments.Json()) return kGood;
  for (const std::string& path : restored.keys) std::printf("key written: %s\n", path.c_str());
  for (const std::string& path : restored.kept) std::printf("kept aside: %s\n", path.c_str());
  if (request.only_keys) return kGood;
  if (!request.without_attachments) PrintBroughtBack(restored.attachments);
  PrintNext(restored);
  return kGood;
}

int OrRefuse(const char* command, const absl::StatusOr<int>& outcome) {
  if (outcome.ok()) return *outcome;
  Refuse(command, outcome.status());
  // What is damaged was looked at, and is not as it should be.
  return absl::IsDataLoss(outcome.status()) ? kBad : kUsage;
}

void AddPlaces(CLI::App& command, Arguments& arguments) {
  command.add_option("--suite", arguments.suite,
                     "suite.json; without it IEUM_DB_REGISTRY, IEUM_DB_PASSWORD_FILE_REGISTRY, …");
  command.add_option("--key-file", arguments.keys,
                     "NAME=FILE of a key, such as vault-registry=…; may be repeated");
  command.add_option("--attachments", arguments.attachments,
                     "directory of their files; without it that of suite.json or "
                     "IEUM_ATTACHMENTS_DIR");
  command.add_flag("--without-attachments", arguments.without_attachments,
                   "leave the files of attachments alone");
}

void AddPassphrase(CLI::App& command, Arguments& arguments) {
  command.add_option("--passphrase-file", arguments.passphrase_file,
                     "file whose first line seals the keys; keep it somewhere else");
}

void AddOutput(CLI::App& command, Arguments& arguments) {
  command.add_option("--output", arguments.output, "table or json")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
}

}  // namespace

Run AddBackup(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "backup", "The four databases, the keys and the attachments at one point, while all work.");
  command->require_subcommand(1);
  CLI::App* make = command->add_subcommand("make", "Makes one, and reads it again.");
  make->add_option("--to", arguments->folder, "folder to make; must not be there")->required();
  make->add_flag("--without-keys", arguments->without_keys, "leave the keys out");
  AddPlaces(*make, *arguments);
  CLI::App* verify = command->add_subcommand("verify", "Reads one and compares it with itself.");
  verify->add_option("--from", arguments->folder, "the backup")->required();
  for (CLI::App* one : {make, verify}) {
    AddPassphrase(*one, *arguments);
    AddOutput(*one, *arguments);
  }
  command->footer(
      "Ends with 0 when it is whole, 1 when something is damaged, 2 when it could not be made or "
      "read.");
  return [arguments, make] {
    if (make->parsed()) return OrRefuse("backup make", Make(*arguments));
    return OrRefuse("backup verify", Verify(*arguments));
  };
}

Run AddRestore(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "restore", "Brings a backup into empty databases, with every service stopped.");
  command->add_option("--from", arguments->folder, "the backup")->required();
  AddPlaces(*command, *arguments);
  AddPassphrase(*command, *arguments);
  command->add_flag("--without-keys", arguments->without_keys, "leave the key files alone");
  command->add_option("--keys-into", arguments->restore.keys_into,
                      "folder for keys whose file is not named");
  command->add_flag("--only-keys", arguments->restore.only_keys, "leave the databases alone");
  command->add_flag("--replace", arguments->restore.replace,
                    "what is in the databases goes; other keys are kept beside the new ones");
  command->add_flag("--older-schema", arguments->restore.older_schema,
                    "the backup may be of an older release; migrate right afterwards");
  command->add_option("--erasures", arguments->erasures,
                      "what 'erasures export' wrote: attachments of these persons stay away");
  AddOutput(*command, *arguments);
  command->footer(
      "Ends with 0 when it is done, 1 when the backup is damaged, 2 when something stands in the "
      "way; then nothing was changed, unless it says so.");
  return [arguments] { return OrRefuse("restore", RestoreIt(*arguments)); };
}

}  // namespace ieum::ctl
