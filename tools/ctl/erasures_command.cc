// `ieumctl erasures list|export|repeat`: proofs of erasure, and the list of them that is kept where
// no restored database takes it back.
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ieum/registry/v1/erasure_service.pb.h"
#include "platform/base/status.h"
#include "tools/ctl/doors.h"
#include "tools/ctl/erasure_list.h"
#include "tools/ctl/output.h"
#include "tools/ctl/subcommand.h"

namespace ieum::ctl {
namespace {

namespace v1 = registry::v1;

constexpr char kDoor[] = "/ieum.registry.v1.ErasureService/";
constexpr int kPage = 500;

struct Arguments {
  Reach reach;
  std::string file;
};

absl::StatusOr<std::vector<v1::Erasure>> ErasuresBehind(Doors& doors, int64_t number) {
  std::vector<v1::Erasure> erasures;
  v1::ListErasuresRequest request;
  request.set_page_size(kPage);
  request.set_order_by("number");
  request.set_filter(absl::StrCat("number > ", number));
  do {
    v1::ListErasuresResponse response;
    RETURN_IF_ERROR(
        doors.Call("registry", absl::StrCat(kDoor, "ListErasures"), request, &response));
    for (auto& erasure : *response.mutable_erasures()) erasures.push_back(std::move(erasure));
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  return erasures;
}

nlohmann::json JsonOf(const v1::Erasure& erasure) {
  return {{"number", erasure.number()},
          {"person", erasure.person()},
          {"reason", v1::ErasureReason_Name(erasure.reason())},
          {"rule", erasure.rule()},
          {"erased_seconds", erasure.erase_time().seconds()},
          {"hash", erasure.record_hash()}};
}

absl::StatusOr<int> List(const Arguments& arguments) {
  ASSIGN_OR_RETURN(Doors doors, Doors::Open(arguments.reach));
  ASSIGN_OR_RETURN(const auto erasures, ErasuresBehind(doors, 0));
  nlohmann::json out = nlohmann::json::array();
  Table table({"NUMBER", "PERSON", "ERASED", "REASON", "RULE", "NOT CONFIRMED BY"});
  bool missing = false;
  for (const v1::Erasure& erasure : erasures) {
    const std::string waiting = absl::StrJoin(erasure.missing_services(), " ");
    missing = missing || !waiting.empty();
    table.Add({std::to_string(erasure.number()), erasure.person(), KoreaTime(erasure.erase_time()),
               v1::ErasureReason_Name(erasure.reason()), erasure.rule(), waiting});
    out.push_back(JsonOf(erasure));
    out.back()["missing"] = erasure.missing_services();
  }
  std::printf("%s", arguments.reach.Json() ? (out.dump(2) + "\n").c_str() : table.Text().c_str());
  return missing ? kBad : kGood;
}

// The end of the list is what registry knows under that number; else registry was restored since.
absl::Status CheckSameHistory(Doors& doors, const ErasureEntry& last) {
  ASSIGN_OR_RETURN(const auto erasures, ErasuresBehind(doors, last.number - 1));
  if (!erasures.empty() && erasures[0].record_hash() == last.hash) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("registry does not have erasure ", last.number,
                   " as this list has it: its database came back from a backup. First 'erasures "
                   "repeat --from' this list, then export to a new one"));
}

absl::StatusOr<int> Export(const Arguments& arguments) {
  ASSIGN_OR_RETURN(Doors doors, Doors::Open(arguments.reach));
  ASSIGN_OR_RETURN(const auto known, ReadErasureList(arguments.file));
  if (!known.empty()) RETURN_IF_ERROR(CheckSameHistory(doors, known.back()));
  ASSIGN_OR_RETURN(const auto fresh,
                   ErasuresBehind(doors, known.empty() ? 0 : known.back().number));
  std::FILE* file = std::fopen(arguments.file.c_str(), "ae");
  bool written = file != nullptr;
  for (const v1::Erasure& erasure : fresh) {
    const std::string line = JsonOf(erasure).dump() + "\n";
    written = written && std::fputs(line.c_str(), file) >= 0;
  }
  written = written && std::fflush(file) == 0 && fsync(fileno(file)) == 0;
  if (file != nullptr && std::fclose(file) != 0) written = false;
  if (!written) {
    return absl::InvalidArgumentError(absl::StrCat(arguments.file, ": cannot be written"));
  }
  std::printf("%zu erasures added, %zu in the list\n", fresh.size(), known.size() + fresh.size());
  return kGood;
}

struct Repeated {
  int erased = 0, gone = 0, absent = 0, refused = 0;
};

// False when another record stands for her: erased with that one, which may come later in the list.
absl::StatusOr<bool> EraseAgain(Doors& doors, const ErasureEntry& entry, Repeated* repeated) {
  v1::ErasePersonRequest request;
  request.set_name(entry.person);
  request.set_reason(v1::ERASURE_REASON_RESTORED);
  v1::Erasure erasure;
  const absl::Status said =
      doors.Call("registry", absl::StrCat(kDoor, "ErasePerson"), request, &erasure);
  const std::string reason = base::ReasonOf(said);
  if (said.ok()) {
    ++repeated->erased;
  } else if (reason == "PERSON_ERASED") {
    ++repeated->gone;
  } else if (reason == "NOT_FOUND") {
    ++repeated->absent;
  } else if (reason == "LEGAL_HOLD" || reason == "PERSON_IN_USE") {
    ++repeated->refused;
    std::printf("%s was not erased: %s\n", entry.person.c_str(), reason.c_str());
  } else if (reason == "PERSON_MERGED") {
    return false;
  } else {
    return said;
  }
  return true;
}

absl::StatusOr<int> Repeat(const Arguments& arguments) {
  ASSIGN_OR_RETURN(Doors doors, Doors::Open(arguments.reach));
  ASSIGN_OR_RETURN(const auto entries, NeedErasureList(arguments.file));
  Repeated repeated;
  std::vector<ErasureEntry> merged;
  for (const ErasureEntry& entry : entries) {
    ASSIGN_OR_RETURN(const bool settled, EraseAgain(doors, entry, &repeated));
    if (!settled) merged.push_back(entry);
  }
  // Now that who stands for them is erased, so are they; of others a merge was undone since the
  // backup.
  for (const ErasureEntry& entry : merged) {
    ASSIGN_OR_RETURN(const bool settled, EraseAgain(doors, entry, &repeated));
    if (settled) continue;
    ++repeated.refused;
    std::printf("%s was not erased: PERSON_MERGED\n", entry.person.c_str());
  }
  std::printf("%d erased again, %d are erased, %d are not there, %d refused\n", repeated.erased,
              repeated.gone, repeated.absent, repeated.refused);
  return repeated.refused == 0 ? kGood : kBad;
}

int OrRefuse(const char* command, const absl::StatusOr<int>& outcome) {
  return outcome.ok() ? *outcome : Refuse(command, outcome.status());
}

}  // namespace

Run AddErasures(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("erasures", "Whose data were destroyed, and that they stay so.");
  command->require_subcommand(1);
  CLI::App* list = command->add_subcommand("list", "Shows the proofs and who has not confirmed.");
  list->footer("Ends with 0, with 1 when a service has not confirmed one, with 2 when not asked.");
  CLI::App* keep = command->add_subcommand(
      "export", "Adds what is new to a list that is kept where the databases are not.");
  keep->add_option("--to", arguments->file, "file; a line for each erasure, no personal data")
      ->required();
  keep->footer("Ends with 0, or with 2 when registry was restored behind the end of the list.");
  CLI::App* repeat =
      command->add_subcommand("repeat", "After a restore: erases again all who are in the list.");
  repeat->add_option("--from", arguments->file, "what 'erasures export' wrote")->required();
  repeat->footer("Ends with 0, with 1 when one was refused, with 2 otherwise. May be repeated.");
  for (CLI::App* one : {list, keep, repeat}) AddReach(*one, arguments->reach);
  return [arguments, list, keep] {
    if (list->parsed()) return OrRefuse("erasures list", List(*arguments));
    if (keep->parsed()) return OrRefuse("erasures export", Export(*arguments));
    return OrRefuse("erasures repeat", Repeat(*arguments));
  };
}

}  // namespace ieum::ctl
