// The four services as they are shipped, as processes over a PostgreSQL and a NATS of their own.
// Everything a row needs is started when first asked for and shared by the rows.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "bench/harness/servers.h"
#include "ieum/platform/v1/ops.pb.h"
#include "platform/rpc/peer.h"

namespace ieum::bench {

inline const std::vector<std::string> kServices = {"registry", "casemgmt", "reporting", "notify"};

// The same schema as the service's database, and no service at it.
inline std::string LimitDatabase(const std::string& service) { return "limit_" + service; }

class Suite {
 public:
  // `locked`: the services speak mutual TLS; the broker does not.
  explicit Suite(bool locked = false);
  ~Suite();

  // An account of its own, known to whatever is started from now on; the file with its token.
  struct Account {
    std::string subject;
    std::vector<std::string> roles, centres;
  };
  std::string AddAccount(const Account& account);
  static std::string TokenIn(const std::string& file);

  // Starts those that do not run, and waits until they serve.
  void Start(const std::vector<std::string>& services);
  void Stop(const std::string& service);  // SIGTERM, and waits
  void Kill(const std::string& service);  // kill -9
  // A second process of the service over the same database, on ports of its own; "registry" gives
  // "registry-2". It is stopped and killed by that name.
  std::string StartReplica(const std::string& service);
  bool Serves(const std::string& process) const;  // it says that it is ready
  // Where notify hands mails to from its next start on; the sink of the suite at first.
  void SetMailPort(int port) { smtp_port_ = port; }
  // Starts without waiting.
  void Spawn(const std::string& process);

  pid_t pid(const std::string& process) const { return processes_.at(process).pid(); }
  // Whose processor time counts: the running services, PostgreSQL and NATS.
  std::map<std::string, pid_t> Pids() const;

  Postgres& postgres() { return postgres_; }
  Nats& nats() { return nats_; }
  std::string database(const std::string& service) const {
    return postgres_.Database("ieum_" + service);
  }
  std::string Ask(const std::string& service, const std::string& sql) const {
    return postgres_.Ask("ieum_" + service, sql);
  }

  // As somebody who may do everything.
  rpc::Peer& peer(const std::string& process) { return *peers_.at(process); }
  std::string target(const std::string& process) const;         // host:port of its business port
  std::string health_target(const std::string& process) const;  // … of its health port
  // What the load client is told of certificates; nothing when calls are plaintext.
  std::vector<std::string> TlsWords() const;
  std::string token_file() const { return dir_.path() + "/token-driver"; }
  std::string vault_file(const std::string& service) const {
    return dir_.path() + "/vault-" + service;
  }
  platform::v1::Progress Progress(const std::string& process);
  // All that the registry has written is in the databases of these services. False after `limit`.
  bool WaitCaughtUp(const std::vector<std::string>& consumers, double limit);
  bool CaughtUp(const std::vector<std::string>& consumers);
  // Events of the producer that this service has not applied yet.
  int64_t Behind(const std::string& consumer, const std::string& producer = "registry");

 private:
  void WriteSecrets();
  std::string AddToken(const Account& account);  // the token
  void MakeCertificates();
  std::string TlsFile(const std::string& name, const std::string& end) const;
  void AddProcess(const std::string& process);
  std::map<std::string, std::string> Environment(const std::string& process) const;

  const bool locked_;
  testing::TempDir dir_;
  Postgres postgres_;
  Nats nats_;
  std::vector<std::pair<std::string, Account>> accounts_;  // by token
  std::string token_;
  int smtp_port_ = 0;
  std::optional<testing::Process> smtp_;
  std::map<std::string, int> grpc_ports_, health_ports_, admin_ports_;
  std::map<std::string, testing::Process> processes_;
  std::map<std::string, std::unique_ptr<rpc::Peer>> peers_;
};

}  // namespace ieum::bench
