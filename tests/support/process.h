// A child process in a process group of its own, so that it can be killed as a whole.
#pragma once

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace ieum::testing {

struct ProcessOptions {
  std::vector<std::string> argv;
  std::map<std::string, std::string> environment;  // added to ours
  std::string output_file;                         // standard output and error; empty = inherited
  std::string user;                                // run as this user when we are root
};

// Killed with its group when destroyed.
class Process {
 public:
  static absl::StatusOr<Process> Start(const ProcessOptions& options);
  Process(Process&& other) noexcept;
  Process& operator=(Process&& other) noexcept;
  ~Process();

  pid_t pid() const { return pid_; }
  bool Running();
  // Sends `signal` to the whole group (pids started by the child included).
  void Signal(int signal);
  // Exit code, or 128 + signal.
  int Wait();
  void Kill();  // SIGKILL to the group, then waits

 private:
  explicit Process(pid_t pid) : pid_(pid) {}
  pid_t pid_ = -1;
  int exit_ = -1;
};

// Runs to the end; the output when the exit code is 0, an error with the output otherwise.
absl::StatusOr<std::string> RunToEnd(const ProcessOptions& options);

// A directory under /tmp, short enough for sockets, removed when destroyed.
class TempDir {
 public:
  TempDir();
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// A loopback TCP port that nobody listens on and that is this process's until it ends: no other
// asker gets it, and, standing below those that the kernel gives to whoever connects, nobody else
// does while the server behind it is down.
int FreePort();

}  // namespace ieum::testing
