// `ieumctl persons export`: everything that the suite holds of one person, for herself.
#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "platform/base/status.h"
#include "tools/ctl/doors.h"
#include "tools/ctl/output.h"
#include "tools/ctl/person_export.h"
#include "tools/ctl/subcommand.h"

namespace ieum::ctl {
namespace {

constexpr char kStandardOutput[] = "-";
constexpr mode_t kOwnerOnly = 0600;

struct Arguments {
  Reach reach;
  std::string person, to, page;
};

absl::Status CannotWrite(const std::string& path) {
  const std::string why = errno == EEXIST ? "is there already; nothing is written over"
                                          : std::string(std::strerror(errno));
  return absl::InvalidArgumentError(absl::StrCat(path, ": ", why));
}

// For its owner alone from the first byte on, whole on the disk, and never over another file.
absl::Status WriteForOwner(const std::string& path, const std::string& text) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kOwnerOnly);
  if (file < 0) return CannotWrite(path);
  size_t written = 0;
  ssize_t now = 1;
  while (written < text.size() && now > 0) {
    now = write(file, text.data() + written, text.size() - written);
    if (now > 0) written += static_cast<size_t>(now);
  }
  const bool whole = written == text.size() && fsync(file) == 0;
  const absl::Status failed = whole ? absl::OkStatus() : CannotWrite(path);
  close(file);
  if (!whole) unlink(path.c_str());
  return failed;
}

std::string Sha256(const std::string& text) {
  unsigned char hash[crypto_hash_sha256_BYTES];
  crypto_hash_sha256(hash, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  return absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(hash), sizeof(hash)));
}

void Tell(const Arguments& arguments, const PersonExport& gathered, const std::string& document) {
  std::FILE* out = arguments.to == kStandardOutput ? stderr : stdout;
  if (const std::string proof = ErasureOf(gathered); !proof.empty()) {
    std::fprintf(out, "her data were erased, and %s proves it; there are no values\n",
                 proof.c_str());
  }
  std::fprintf(out, "%lld records of %zu record(s) of the person from %zu services\n",
               static_cast<long long>(RecordsIn(gathered)), gathered.records.size(),
               KnownServices().size());
  if (const int64_t left_out = LeftOutOf(gathered); left_out > 0) {
    std::fprintf(out,
                 "%lld records of other centres are not in it; who acts for the suite gets them\n",
                 static_cast<long long>(left_out));
  }
  std::fprintf(out, "sha256 %s\n", Sha256(document).c_str());
}

absl::StatusOr<int> Export(const Arguments& arguments) {
  ASSIGN_OR_RETURN(Doors doors, Doors::Open(arguments.reach));
  ASSIGN_OR_RETURN(const PersonExport gathered, GatherPerson(doors, arguments.person));
  const ExportNote note{
      arguments.reach.reason,
      absl::FormatTime("%Y-%m-%dT%H:%M:%S+09:00", absl::Now(), absl::FixedTimeZone(9 * 60 * 60))};
  const std::string document = JsonOf(gathered, note).dump(2) + "\n";
  const bool to_file = arguments.to != kStandardOutput;
  if (to_file) RETURN_IF_ERROR(WriteForOwner(arguments.to, document));
  if (!arguments.page.empty()) {
    const absl::Status written = WriteForOwner(arguments.page, PageOf(gathered, note));
    if (!written.ok() && to_file) unlink(arguments.to.c_str());  // both or none
    RETURN_IF_ERROR(written);
  }
  if (!to_file) std::printf("%s", document.c_str());
  Tell(arguments, gathered, document);
  return kGood;
}

}  // namespace

Run AddPersons(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("persons", "What is held of one person.");
  command->require_subcommand(1);
  CLI::App* out = command->add_subcommand(
      "export", "Writes everything that the four services hold of a person, for herself.");
  out->add_option("--person", arguments->person, "persons/… or the bare id")->required();
  out->add_option("--reason", arguments->reach.reason,
                  "why; it stands in the access log of every service")
      ->required();
  out->add_option("--to", arguments->to,
                  "file for JSON, readable by its owner alone; - = standard "
                  "output")
      ->required();
  out->add_option("--page", arguments->page, "file for the same as a page to read");
  AddReach(*out, arguments->reach);
  out->footer(
      "All services answer or nothing is written. Ends with 0, or with 2 and says which did not.\n"
      "The role must be one that may export and reads what was written down: supervisor.");
  return [arguments] {
    const absl::StatusOr<int> outcome = Export(*arguments);
    return outcome.ok() ? *outcome : Refuse("persons export", outcome.status());
  };
}

}  // namespace ieum::ctl
