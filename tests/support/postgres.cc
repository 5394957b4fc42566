#include "tests/support/postgres.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "platform/base/uuid.h"
#include "platform/telemetry/log.h"
#include "tests/support/wait.h"

namespace ieum {
db::MigrationSet platform_migrations();
}

namespace ieum::testing {
namespace {

constexpr char kBin[] = "/usr/lib/postgresql/15/bin/";

// PostgreSQL refuses to run as root.
std::string ServerUser() { return geteuid() == 0 ? "postgres" : ""; }

void GiveTo(const std::string& path, const std::string& user) {
  if (user.empty()) return;
  ASSERT_TRUE(RunToEnd({.argv = {"chown", "-R", user, path}}).ok());
}

pqxx::result Execute(const std::string& conninfo, const std::string& sql) {
  pqxx::connection connection(conninfo);
  pqxx::nontransaction work(connection);
  return work.exec(sql);
}

bool Answers(const std::string& conninfo) {
  try {
    Execute(conninfo + " dbname=postgres", "SELECT 1");
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

}  // namespace

PostgresCluster::PostgresCluster() : port_(FreePort()) {
  Make();
  conninfo_ = absl::StrCat("host=", dir_.path(), " port=", port_, " user=ieum_super");
  Start();
}

void PostgresCluster::Make() {
  const std::string data = dir_.path() + "/data";
  GiveTo(dir_.path(), ServerUser());
  auto made = RunToEnd({.argv = {absl::StrCat(kBin, "initdb"), "-D", data, "-U", "ieum_super",
                                 "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"},
                        .user = ServerUser()});
  if (!made.ok()) ADD_FAILURE() << made.status();
  std::ofstream(data + "/postgresql.auto.conf")
      << "listen_addresses = ''\nunix_socket_directories = '" << dir_.path()
      << "'\nport = " << port_ << "\nfsync = off\nmax_connections = 200\nshared_buffers = 64MB\n";
}

void PostgresCluster::Start() {
  // Right after a kill -9 the shared memory may not be free yet; a server that meets it ends at
  // once, and the next one is tried.
  const auto answers = [this] {
    if (!server_ || !server_->Running()) Spawn();
    return Answers(conninfo_);
  };
  if (!WaitFor(answers, std::chrono::seconds(60))) {
    ADD_FAILURE() << "PostgreSQL did not start; see " << dir_.path() << "/log";
  }
}

void PostgresCluster::Spawn() {
  auto server =
      Process::Start({.argv = {absl::StrCat(kBin, "postgres"), "-D", dir_.path() + "/data"},
                      .output_file = dir_.path() + "/log",
                      .user = ServerUser()});
  if (server.ok()) server_.emplace(*std::move(server));
}

PostgresCluster::~PostgresCluster() {
  if (server_) {
    server_->Signal(SIGQUIT);
    server_->Wait();
  }
}

void PostgresCluster::KillNine() {
  // Backends have groups of their own, so each is killed by its parent's id; the parent stands
  // still meanwhile and cannot make new ones.
  server_->Signal(SIGSTOP);
  (void)RunToEnd({.argv = {"pkill", "-9", "-P", std::to_string(server_->pid())}});
  server_->Kill();
}

void PostgresCluster::StartAgain() {
  // A killed postmaster leaves its pid file; the server removes a stale one by itself.
  Start();
}

void PostgresCluster::BeginAnew() {
  KillNine();
  std::filesystem::remove_all(dir_.path() + "/data");
  Make();
  Start();
}

std::string SharedCluster() {
  // Migrations are news in production, noise in a thousand tests.
  static const bool quiet = (telemetry::StartLog("test", "warn"), true);
  (void)quiet;
  if (const char* given = std::getenv("IEUM_TEST_PG"); given != nullptr && *given != '\0') {
    return given;
  }
  static PostgresCluster own;
  return own.conninfo();
}

TestDatabase::TestDatabase(const db::MigrationSet& service_migrations)
    : TestDatabase(SharedCluster(), service_migrations) {}

namespace {

std::string FreshName(const char* prefix) {
  std::string name = prefix + base::Uuid::NewV7().ToString();
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

void CreateDatabase(const std::string& cluster, const std::string& name, const std::string& like) {
  Execute(cluster + " dbname=postgres", "CREATE DATABASE " + name + " TEMPLATE " + like);
}

void MigrateTo(const std::string& conninfo, const db::MigrationSet& service_migrations) {
  db::Database database(db::DatabaseOptions{.conninfo = conninfo});
  EXPECT_TRUE(db::Migrate(database, "platform", platform_migrations()).ok());
  if (!service_migrations.empty()) {
    EXPECT_TRUE(db::Migrate(database, "service", service_migrations).ok());
  }
}

// A database that is migrated once for each cluster and set, to be copied: a copy takes a tenth of
// the time. It goes with its cluster.
const std::string& MigratedOnce(const std::string& cluster, const db::MigrationSet& migrations) {
  static std::mutex mutex;
  static auto* const known = new std::map<std::pair<std::string, size_t>, std::string>;
  std::string all;
  for (const db::Migration& migration : migrations) absl::StrAppend(&all, migration.sql);
  const std::lock_guard lock(mutex);
  std::string& name = (*known)[{cluster, std::hash<std::string>()(all)}];
  if (name.empty()) {
    name = FreshName("like_");
    CreateDatabase(cluster, name, "template0");
    MigrateTo(cluster + " dbname=" + name, migrations);
  }
  return name;
}

}  // namespace

TestDatabase::TestDatabase(const std::string& cluster, const db::MigrationSet& service_migrations,
                           bool migrate)
    : cluster_(cluster), name_(FreshName("t_")) {
  CreateDatabase(cluster_, name_,
                 migrate ? MigratedOnce(cluster_, service_migrations) : "template0");
  conninfo_ = cluster_ + " dbname=" + name_;
  database_ = std::make_unique<db::Database>(db::DatabaseOptions{.conninfo = conninfo_});
}

TestDatabase::~TestDatabase() {
  database_.reset();
  try {
    Execute(cluster_ + " dbname=postgres", "DROP DATABASE IF EXISTS " + name_ + " WITH (FORCE)");
  } catch (const std::exception&) {
    // The cluster may be dead on purpose.
  }
}

std::string TestDatabase::Ask(const std::string& sql) {
  const pqxx::result rows = Execute(conninfo_, sql);
  if (rows.empty() || rows[0][0].is_null()) return "";
  return rows[0][0].c_str();
}

}  // namespace ieum::testing
