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
  // `settings`: more of its configuration, such as TLS and accounts.
  explicit NatsServer(Begin begin = Begin::kStarted, std::string settings = "");
  ~NatsServer();

  // The same before and after a restart.
  std::string url() const;

  // Other settings, from the next start on or from a reload.
  void Set(std::string settings) { settings_ = std::move(settings); }
  void Reload();

  // Starts (again) on the same port and store, and waits until it answers.
  void Start();
  // Asks it to end, and waits.
  void Stop();
  void KillNine();
  // Only while it does not run.
  void WipeStore();
  void Signal(int signal) { server_->Signal(signal); }
  std::string log_file() const { return dir_.path() + "/log"; }
  // Where it keeps its streams.
  std::string store() const { return dir_.path() + "/store"; }

 private:
  bool Answers() const;
  void WriteSettings() const;

  TempDir dir_;
  std::string settings_;
  int port_;
  std::optional<Process> server_;
};

}  // namespace ieum::testing
