#include "bench/harness/servers.h"

#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <pqxx/pqxx>

#include "absl/strings/str_cat.h"
#include "bench/harness/waiting.h"

namespace ieum::bench {
namespace {

constexpr char kBin[] = "/usr/lib/postgresql/15/bin/";

// PostgreSQL refuses to run as root.
std::string ServerUser() { return geteuid() == 0 ? "postgres" : ""; }

void Must(const absl::StatusOr<std::string>& done) {
  if (!done.ok()) Die(std::string(done.status().message()));
}

}  // namespace

void Die(const std::string& sentence) { throw Fatal{sentence}; }

Postgres::Postgres() : port_(testing::FreePort()) {
  if (!ServerUser().empty()) {
    Must(testing::RunToEnd({.argv = {"chown", "-R", ServerUser(), dir_.path()}}));
  }
  const std::string data = dir_.path() + "/data";
  Must(testing::RunToEnd(
      {.argv = {absl::StrCat(kBin, "initdb"), "-D", data, "-U", "ieum_super", "--auth=trust", "-E",
                "UTF8", "--locale=C.UTF-8", "--data-checksums"},
       .user = ServerUser()}));
  std::ofstream(data + "/postgresql.auto.conf")
      << "listen_addresses = ''\nunix_socket_directories = '" << dir_.path()
      << "'\nport = " << port_
      << "\nmax_connections = 200\nshared_buffers = 512MB\nmax_wal_size = 8GB\n"
         "checkpoint_timeout = 30min\ntimezone = UTC\nlog_timezone = UTC\n"
         // Event latency is read from the commit times of two transactions.
         "track_commit_timestamp = on\n";
  auto server = testing::Process::Start({.argv = {absl::StrCat(kBin, "postgres"), "-D", data},
                                         .output_file = dir_.path() + "/log",
                                         .user = ServerUser()});
  if (!server.ok()) Die("PostgreSQL could not be started");
  server_.emplace(*std::move(server));
  const auto answers = [&] {
    try {
      Ask("postgres", "SELECT 1");
      return true;
    } catch (const std::exception&) {
      return false;
    }
  };
  if (!WaitFor(answers, 60)) Die("PostgreSQL does not answer");
}

Postgres::~Postgres() {
  if (!server_) return;
  server_->Signal(SIGQUIT);
  server_->Wait();
}

std::string Postgres::Database(const std::string& name) const {
  return absl::StrCat("host=", dir_.path(), " port=", port_, " user=ieum_super dbname=", name);
}

std::string Postgres::Ask(const std::string& database, const std::string& sql) const {
  pqxx::connection connection(Database(database));
  const pqxx::result rows = pqxx::nontransaction(connection).exec(sql);
  return rows.empty() || rows.columns() == 0 || rows[0][0].is_null() ? "" : rows[0][0].c_str();
}

void Postgres::Settle() const { Ask("postgres", "CHECKPOINT"); }

Nats::Nats() : port_(testing::FreePort()) { Start(); }

Nats::~Nats() {
  if (server_) server_->Kill();
}

std::string Nats::url() const { return absl::StrCat("nats://127.0.0.1:", port_); }

void Nats::Start() {
  const std::string config = dir_.path() + "/nats.conf";
  std::ofstream(config) << "host: 127.0.0.1\nport: " << port_
                        << "\nmax_payload: 524288\njetstream { store_dir: \"" << dir_.path()
                        << "/store\", max_file_store: 32GB, max_memory_store: 64MB }\n";
  auto server = testing::Process::Start(
      {.argv = {"nats-server", "-c", config}, .output_file = dir_.path() + "/log"});
  if (!server.ok()) Die("nats-server could not be started");
  server_.emplace(*std::move(server));
  if (!WaitFor([this] { return PortAnswers(port_); }, 30)) Die("nats-server does not answer");
}

void Nats::Stop() {
  server_->Signal(SIGTERM);
  server_->Wait();
}

void Nats::WipeStore() { std::filesystem::remove_all(dir_.path() + "/store"); }

}  // namespace ieum::bench
