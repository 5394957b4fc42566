// `ieumctl mails note-sent`: what went out after the backup that notify's database came back from.
#include <cstdio>
#include <memory>
#include <set>
#include <sstream>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "platform/base/uuid.h"
#include "tools/backup/backup_store.h"
#include "tools/backup/places.h"
#include "tools/backup/snapshots.h"
#include "tools/ctl/output.h"
#include "tools/ctl/subcommand.h"

namespace ieum::ctl {
namespace {

struct Arguments {
  std::string suite, ids;
};

// The local part of a Message-ID is the message's id; what is none of ours is left out.
std::set<base::Uuid> IdsIn(const std::string& text, int* others) {
  std::set<base::Uuid> ids;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    line = std::string(absl::StripAsciiWhitespace(line));
    if (!line.empty() && line.front() == '<') line.erase(0, 1);
    if (line.empty()) continue;
    if (const auto id = base::Uuid::Parse(line.substr(0, line.find('@')))) {
      ids.insert(*id);
    } else {
      ++*others;
    }
  }
  return ids;
}

absl::Status Note(const Arguments& arguments) {
  ASSIGN_OR_RETURN(const backup::Places places, backup::ReadPlaces(arguments.suite, {}));
  ASSIGN_OR_RETURN(const std::string text, backup::ReadWhole(arguments.ids));
  int others = 0;
  const std::set<base::Uuid> ids = IdsIn(text, &others);
  if (ids.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(arguments.ids, ": holds no Message-ID of ours; one a line is wanted, such as ",
                     "<01912345-6789-7abc-8def-0123456789ab@example.org>"));
  }
  const auto database = backup::OpenDatabase(*places.Find("notify"));
  int64_t noted = 0;
  RETURN_IF_ERROR(database->Write("note_sent", [&](db::Tx& tx) -> absl::Status {
    if (const std::string working = backup::WorkingProcess(tx); !working.empty()) {
      return absl::FailedPreconditionError(
          absl::StrCat("notify runs and holds ", working,
                       ": stop it first, so that nothing goes out meanwhile"));
    }
    noted = backup::NoteSent(tx, std::vector<base::Uuid>(ids.begin(), ids.end()));
    return absl::OkStatus();
  }));
  std::printf("%s mails noted as sent, %zu in the file; %d lines were no Message-ID of ours\n",
              Count(noted).c_str(), ids.size(), others);
  return absl::OkStatus();
}

}  // namespace

Run AddMails(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("mails", "What is said about mails after a restore.");
  command->require_subcommand(1);
  CLI::App* note = command->add_subcommand(
      "note-sent",
      "Tells a restored notify which mails the mail server has, so that none goes out twice.");
  note->add_option("--ids", arguments->ids, "file with a Message-ID a line, from the server's log")
      ->required();
  note->add_option("--suite", arguments->suite,
                   "suite.json; without it IEUM_DB_NOTIFY and the other databases");
  note->footer("Ends with 0, or with 2 when notify runs or the file holds none. May be repeated.");
  return [arguments] {
    const absl::Status status = Note(*arguments);
    return status.ok() ? kGood : Refuse("mails note-sent", status);
  };
}

}  // namespace ieum::ctl
