// The whole suite as real processes: four services over PostgreSQL, NATS and a mail server of their
// own, under a simulated clock. Everything can be killed and started again.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "ieum/platform/v1/ops.pb.h"
#include "platform/rpc/peer.h"
#include "tests/support/nats.h"
#include "tests/support/postgres.h"
#include "tests/support/process.h"

namespace ieum::testing {

inline const std::vector<std::string> kServices = {"registry", "casemgmt", "reporting", "notify"};

class Suite {
 public:
  Suite();
  ~Suite();

  void StartService(const std::string& service);  // returns when it is ready
  void KillService(const std::string& service);   // kill -9
  // SIGTERM; the exit code.
  int StopService(const std::string& service);
  bool Running(const std::string& service);
  NatsServer& nats() { return nats_; }
  PostgresCluster& postgres() { return postgres_; }
  void WaitReady(const std::string& service);

  // As the driver of the scenario, who may do everything.
  rpc::Peer& driver(const std::string& service) { return *drivers_.at(service); }
  platform::v1::Progress Progress(const std::string& service);
  // Every consumer is at its producer's last position and nothing due is left, on all services at
  // once. False when that was not reached within `limit`.
  bool WaitSettled(absl::Duration limit = absl::Seconds(60));

  std::string DatabaseOf(const std::string& service) const;  // libpq conninfo of a superuser
  std::string Ask(const std::string& service, const std::string& sql);
  // suite.json as `ieum-play` and `ieumctl` read it.
  const std::string& file() const { return suite_file_; }
  const std::string& mail_dir() const { return mail_dir_; }
  std::string LogOf(const std::string& service) const;

 private:
  void WriteSecrets();
  void MakeDatabases();
  void StartMail();
  void WriteSuiteFile();
  std::map<std::string, std::string> Environment(const std::string& service) const;
  bool SettledNow();

  TempDir dir_;
  PostgresCluster postgres_;
  NatsServer nats_;
  std::optional<Process> mail_;
  int mail_port_ = 0;
  std::string mail_dir_, suite_file_, driver_token_;
  std::map<std::string, int> grpc_ports_, admin_ports_, health_ports_;
  std::map<std::string, Process> services_;
  std::map<std::string, std::unique_ptr<rpc::Peer>> drivers_;
};

}  // namespace ieum::testing
