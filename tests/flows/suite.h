// The whole suite as real processes: four services over PostgreSQL, NATS and a mail server of their
// own, locked as in production (mutual TLS, a room each at the broker), under a simulated clock.
// Everything can be killed and started again.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "ieum/platform/v1/ops.pb.h"
#include "platform/broker/connection.h"
#include "platform/rpc/peer.h"
#include "tests/flows/keyring.h"
#include "tests/support/nats.h"
#include "tests/support/postgres.h"
#include "tests/support/process.h"
#include "tests/support/seals.h"

namespace ieum::testing {

// Those of CMakeLists.txt, in its order.
inline const std::vector<std::string> kServices = absl::StrSplit(IEUM_SERVICES, ',');

// Of which service a process is: "registry" for "registry" and for "registry+1".
std::string ServiceOf(const std::string& process);

class Suite {
 public:
  Suite();
  ~Suite();

  // Processes are named after their service; a further process of the same service, on the same
  // database and with ports of its own, is "registry+1".
  void StartService(const std::string& service);  // returns when it is ready
  // Without waiting; false when it cannot be started.
  bool SpawnService(const std::string& service);
  bool ReadyNow(const std::string& service);
  // Its program with these words, `migrate` or `new-epoch …`, to the end; what it printed.
  absl::StatusOr<std::string> Tell(const std::string& service,
                                   const std::vector<std::string>& words) const;
  // What processes of this name find in their environment from their next start on.
  void SetEnvironment(const std::string& service, const std::string& variable,
                      const std::string& value);
  void KillService(const std::string& service);  // kill -9
  // SIGTERM; the exit code.
  int StopService(const std::string& service);
  bool Running(const std::string& service);
  void Signal(const std::string& service, int signal) { services_.at(service).Signal(signal); }
  pid_t Pid(const std::string& service) const { return services_.at(service).pid(); }
  // Of one that ended; 128 + signal when it was killed.
  int ExitCode(const std::string& service) { return services_.at(service).Wait(); }
  NatsServer& nats() { return nats_; }
  PostgresCluster& postgres() { return postgres_; }
  void WaitReady(const std::string& service);

  // As the driver of the scenario, who may do everything.
  rpc::Peer& driver(const std::string& service) { return *drivers_.at(service); }
  platform::v1::Progress Progress(const std::string& service);
  std::string Metrics(const std::string& service);  // the text of /metrics
  // Every consumer is at its producer's last position and nothing due is left, on all services at
  // once. False when that was not reached within `limit`.
  bool WaitSettled(absl::Duration limit = absl::Seconds(60));

  std::string DatabaseOf(const std::string& service) const;  // libpq conninfo of a superuser
  std::string Ask(const std::string& service, const std::string& sql);
  // suite.json as `ieum-play` and `ieumctl` read it.
  const std::string& file() const { return suite_file_; }
  // Every database, and the broker's store, are gone; empty ones are in their places. No service
  // runs.
  void LoseServers();
  const std::string& mail_dir() const { return mail_dir_; }
  int Mails() const;  // that the mail server kept
  const std::string& folder() const { return dir_.path(); }
  std::string Address(const std::string& service) const;  // host:port of its gRPC
  int AdminPort(const std::string& service) const { return admin_ports_.at(service); }
  const Keyring& keyring() const { return keyring_; }
  Seals& seals() { return seals_; }
  // To the broker as a service, as "auditor", as "outside", or as "<service>-admin", who may do
  // everything in that service's room.
  broker::ConnectionOptions BrokerAs(const std::string& name) const;
  std::string LogOf(const std::string& service) const;

 private:
  void MakeDatabases();
  void StartMail();
  void WriteSuiteFile();
  void GivePorts(const std::string& service);
  std::map<std::string, std::string> Environment(const std::string& process) const;
  bool SettledNow();

  TempDir dir_;
  Keyring keyring_{dir_.path()};
  Seals seals_{dir_.path(), kServices};
  PostgresCluster postgres_;
  NatsServer nats_{NatsServer::Begin::kStarted, seals_.BrokerSettings()};
  std::optional<Process> mail_;
  int mail_port_ = 0;
  std::string mail_dir_, suite_file_;
  std::map<std::string, int> grpc_ports_, admin_ports_, health_ports_;
  std::map<std::string, Process> services_;
  std::map<std::string, std::map<std::string, std::string>> environment_;  // set by the test
  std::map<std::string, std::unique_ptr<rpc::Peer>> drivers_;
};

}  // namespace ieum::testing
