// Real PostgreSQL for tests. All tests of a run share one throw-away cluster (IEUM_TEST_PG, set by
// `./ieum test`; started per process when absent); each test has its own database.
#pragma once

#include <memory>
#include <string>

#include "platform/db/database.h"
#include "platform/db/migrations.h"
#include "tests/support/process.h"

namespace ieum::testing {

// A cluster of one's own, for tests that kill it.
class PostgresCluster {
 public:
  PostgresCluster();
  ~PostgresCluster();
  // libpq conninfo of a superuser, without dbname.
  const std::string& conninfo() const { return conninfo_; }
  void KillNine();    // the whole process group at once
  void StartAgain();  // on the same data and socket; waits until it answers
  void BeginAnew();   // everything is lost; an empty one at the same socket

 private:
  void Make();
  void Start();
  void Spawn();
  TempDir dir_;
  int port_;
  std::string conninfo_;
  std::optional<Process> server_;
};

// Conninfo (superuser, no dbname) of the cluster that the tests of this process share.
std::string SharedCluster();

// A fresh database with the platform's migrations and those given; dropped when destroyed.
class TestDatabase {
 public:
  explicit TestDatabase(const db::MigrationSet& service_migrations = {});
  // On another cluster; `migrate` false leaves it empty.
  TestDatabase(const std::string& cluster, const db::MigrationSet& service_migrations,
               bool migrate = true);
  ~TestDatabase();

  db::Database& database() { return *database_; }
  const std::string& conninfo() const { return conninfo_; }
  // One statement outside of the code under test; the first column of the first row as text.
  std::string Ask(const std::string& sql);

 private:
  std::string cluster_, name_, conninfo_;
  std::unique_ptr<db::Database> database_;
};

}  // namespace ieum::testing
