// A PostgreSQL and a NATS of the benchmark's own, with the settings of a small production machine:
// everything that makes a commit durable is on. On free ports, in folders that go with the object.
#pragma once

#include <optional>
#include <string>

#include "tests/support/process.h"

namespace ieum::bench {

// What ends the run: a benchmark without its servers has nothing to say.
struct Fatal {
  std::string sentence;
};
// Throws Fatal up to main, so that everything that was started is stopped on the way.
[[noreturn]] void Die(const std::string& sentence);

class Postgres {
 public:
  Postgres();
  ~Postgres();
  // libpq conninfo of a superuser in this database.
  std::string Database(const std::string& name) const;
  const std::string& folder() const { return dir_.path(); }
  int port() const { return port_; }
  pid_t pid() const { return server_->pid(); }
  // One statement outside of any transaction; the first column of the first row.
  std::string Ask(const std::string& database, const std::string& sql) const;
  // From now on the data is on disk and no checkpoint of earlier work falls into a measurement.
  void Settle() const;

 private:
  testing::TempDir dir_;
  int port_;
  std::optional<testing::Process> server_;
};

class Nats {
 public:
  Nats();
  ~Nats();
  std::string url() const;
  pid_t pid() const { return server_->pid(); }
  void Start();  // on the same port and store, until it answers
  void Stop();
  void WipeStore();  // only while it does not run

 private:
  testing::TempDir dir_;
  int port_;
  std::optional<testing::Process> server_;
};

}  // namespace ieum::bench
