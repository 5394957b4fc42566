// A service process. `main.cc` is its table of contents:
//
//   int main(int argc, char** argv) {
//     ieum::runtime::App app({.service = "registry", .migrations = ieum::registry_migrations()});
//     if (auto exit_code = app.Start(argc, argv)) return *exit_code;   // --help, migrate, faults
//     ieum::registry::OrganizationDoor organizations(app.database(), app.ledger());
//     organizations.Serve(app.router());
//     ieum::registry::Reactions reactions(…);
//     reactions.Listen(app.subscriptions());
//     return app.Run();   // until SIGTERM or SIGINT, then drains
//   }
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/access/grant_book.h"
#include "platform/base/clock.h"
#include "platform/config/config.h"
#include "platform/crypto/seal.h"
#include "platform/crypto/vault.h"
#include "platform/db/database.h"
#include "platform/db/migrations.h"
#include "platform/flow/due_work.h"
#include "platform/flow/log_reader.h"
#include "platform/flow/subscriptions.h"
#include "platform/ledger/ledger.h"
#include "platform/rpc/peer.h"
#include "platform/rpc/roles.h"
#include "platform/rpc/router.h"
#include "platform/telemetry/metrics.h"

namespace ieum::runtime {

struct AppOptions {
  std::string service;          // "registry"
  db::MigrationSet migrations;  // the service's own; the platform's come before them
  bool needs_vault = false;     // IEUM_VAULT_KEY_FILE becomes required
  // Services that this one listens to (their ledgers are read over ReadLog) or calls.
  std::vector<std::string> peers;
  // Reads the service's own variables.
  std::function<void(config::Reader&)> configure;
};

class App {
 public:
  explicit App(AppOptions options);
  ~App();

  // Handles `--help` and `migrate`, reads the configuration, opens what the doors need. A value is
  // the exit code of a process that is done: 0 after --help or migrate, 2 for bad configuration.
  std::optional<int> Start(int argc, char** argv);
  // Serves until SIGTERM or SIGINT; drains; 0. PostgreSQL or NATS being away at start is waited
  // for.
  int Run();

  db::Database& database();
  ledger::Ledger& ledger();
  base::Clock& clock();
  telemetry::Metrics& metrics();
  rpc::Router& router();
  template <class... Doors>
  void Serve(Doors&... doors) {
    (doors.Serve(router()), ...);
  }
  // Roles and what they allow; who holds them. Refresh the book after a command that changed it.
  const rpc::Roles& roles();
  access::GrantBook& grants();
  flow::Subscriptions& subscriptions();
  // Work that becomes due with business time; runs on the one leading process.
  void AddDueWork(flow::DueWork work);
  const crypto::Vault& vault();
  const crypto::Key& page_token_key();
  rpc::Peer& peer(const std::string& service);
  // Reads a whole producer ledger (own or another's), for rebuilds.
  flow::LogReader log_reader();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ieum::runtime
