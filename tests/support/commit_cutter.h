// A connection that breaks at the worst moment: a relay between a client and PostgreSQL that, when
// told to, cuts the wire right before or right after the server has heard COMMIT. The client cannot
// know which of the two it was.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/process.h"

namespace ieum::testing {

enum class Cut {
  kBeforeCommit,  // the server never hears it: the transaction is gone
  kAfterCommit,   // the server committed, its answer is lost
};

// Relays on a thread of its own. Thread-safe.
class CommitCutter {
 public:
  // `conninfo`: of a database that is reached over a Unix socket.
  explicit CommitCutter(const std::string& conninfo);
  ~CommitCutter();
  CommitCutter(const CommitCutter&) = delete;
  CommitCutter& operator=(const CommitCutter&) = delete;

  // The same database, reached through here.
  const std::string& conninfo() const { return conninfo_; }
  // Cuts the connection of the next COMMIT, and of the `times` - 1 that follow.
  void CutNext(Cut cut, int times = 1);
  // How many cuts there were.
  int cuts() const { return cuts_; }

 private:
  struct Wire {
    int client = -1;
    int server = -1;
    bool swallow = false;  // COMMIT went through; its answer is waited for and not passed on
  };
  void Relay();
  void Accept();
  // Each is false when the wire is over.
  bool FromClient(Wire& wire);
  bool FromServer(Wire& wire);
  std::optional<Cut> TakeCut();

  TempDir dir_;
  std::string server_socket_, conninfo_;
  int listener_ = -1;
  int stop_[2] = {-1, -1};
  std::vector<Wire> wires_;  // of the relaying thread
  std::atomic<int> to_cut_ = 0, cuts_ = 0;
  std::atomic<Cut> how_ = Cut::kBeforeCommit;
  std::thread thread_;
};

}  // namespace ieum::testing
