#include "tools/backup/pg_tools.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "platform/db/conninfo.h"

namespace ieum::backup {
namespace {

// Debian's place; what is on the path may be of another version.
constexpr char kDebian[] = "/usr/lib/postgresql/15/bin/";
constexpr size_t kWordsMax = 4000;  // of what a tool said

std::string ToolPath(const std::string& tool) {
  const std::string debian = absl::StrCat(kDebian, tool);
  return access(debian.c_str(), X_OK) == 0 ? debian : tool;
}

// A child's standard output and error through a pipe. The password goes by the environment: what
// stands on a command line, everybody on the machine can read.
absl::StatusOr<std::string> RunTool(std::vector<std::string> argv, const std::string& password) {
  std::vector<char*> words;
  argv[0] = ToolPath(argv[0]);
  for (std::string& word : argv) words.push_back(word.data());
  words.push_back(nullptr);
  std::vector<char*> environment;
  std::string password_entry = "PGPASSWORD=" + password;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    if (std::string_view(*entry).rfind("PGPASSWORD=", 0) != 0) environment.push_back(*entry);
  }
  if (!password.empty()) environment.push_back(password_entry.data());
  environment.push_back(nullptr);
  std::array<int, 2> pipe_ends{};
  if (pipe2(pipe_ends.data(), O_CLOEXEC) != 0) return absl::InternalError("no pipe");
  const pid_t child = fork();
  if (child == 0) {
    dup2(pipe_ends[1], STDOUT_FILENO);
    dup2(pipe_ends[1], STDERR_FILENO);
    execvpe(words[0], words.data(), environment.data());
    _exit(127);
  }
  close(pipe_ends[1]);
  std::string said;
  std::array<char, 4096> chunk{};
  for (ssize_t count; (count = read(pipe_ends[0], chunk.data(), chunk.size())) != 0;) {
    if (count > 0) said.append(chunk.data(), static_cast<size_t>(count));
    if (count < 0 && errno != EINTR) break;
  }
  close(pipe_ends[0]);
  int status = 0;
  while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0) return said;
  if (child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 127) {
    return absl::NotFoundError(
        absl::StrCat(argv[0], " is not installed; Debian has it in postgresql-client-15"));
  }
  return absl::InternalError(absl::StrCat(argv[0], ": ", said.substr(0, kWordsMax)));
}

absl::Status RunOn(const DatabasePlace& place, std::vector<std::string> argv) {
  ASSIGN_OR_RETURN(const db::Conninfo where, db::TakeApart(place.conninfo));
  argv.insert(argv.begin() + 1, {"--no-password", "--dbname=" + where.words});
  return RunTool(std::move(argv), place.password.empty() ? where.password : place.password)
      .status();
}

}  // namespace

absl::StatusOr<std::string> PgDumpVersion() {
  ASSIGN_OR_RETURN(const std::string said, RunTool({"pg_dump", "--version"}, ""));
  std::string version = said.substr(said.find(") ") + 2);  // "pg_dump (PostgreSQL) 15.8 (Debian …"
  return version.substr(0, version.find_first_of(" \n"));
}

absl::Status Dump(const DatabasePlace& place, const std::string& snapshot,
                  const std::string& file) {
  return RunOn(place, {"pg_dump", "--format=custom", "--lock-wait-timeout=60000",
                       "--snapshot=" + snapshot, "--file=" + file});
}

absl::Status CheckDump(const std::string& file) {
  const auto listed = RunTool({"pg_restore", "--list", file}, "");
  if (listed.ok() || absl::IsNotFound(listed.status())) return listed.status();
  return absl::DataLossError(absl::StrCat(file, " is no dump that pg_restore can read"));
}

absl::Status RestoreDump(const DatabasePlace& place, const std::string& file) {
  return RunOn(place,
               {"pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", file});
}

}  // namespace ieum::backup
