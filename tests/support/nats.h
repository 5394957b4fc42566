// A real nats-server with JetStream on a free loopback port, with a store of its own that survives
// a kill and goes with the object.
#pragma once

#include <optional>
#include <string>

#include "tests/support/process.h"

namespace ieum::testing {

class NatsServer {
 public:
  enum class Begin { kStarted, kStopped };
  explicit NatsServer(Begin begin = Begin::kStarted);
  ~NatsServer();

  // The same before and after a restart.
  std::string url() const;

  // Starts (again) on the same port and store, and waits until it answers.
  void Start();
  // Asks it to end, and waits.
  void Stop();
  void KillNine();
  // Only while it does not run.
  void WipeStore();
  void Signal(int signal) { server_->Signal(signal); }
  // Where it keeps its streams.
  std::string store() const { return dir_.path() + "/store"; }

 private:
  bool Answers() const;

  TempDir dir_;
  int port_;
  std::optional<Process> server_;
};

}  // namespace ieum::testing
