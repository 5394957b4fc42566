// One service as a real process on its own, started into whatever is or is not there.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "platform/rpc/peer.h"
#include "tests/flows/admin.h"
#include "tests/flows/keyring.h"
#include "tests/support/process.h"

namespace ieum::testing {

class Newcomer {
 public:
  // `conninfo`: its own database. Its ports are free ones, its peers are not there.
  Newcomer(std::string service, const std::string& conninfo, const std::string& nats_url);

  const std::string& service() const { return service_; }
  int port(const std::string& variable) const { return std::stoi(environment_.at(variable)); }
  // Changed before a start.
  void Set(const std::string& variable, const std::string& value);
  // Puts a secret file of this content in the place of the right one.
  void Spoil(const std::string& variable, const std::string& content);

  // `word`: "", "migrate" or "--help". Everything that was printed before is forgotten.
  void Start(const std::string& word = "");
  void Terminate();  // SIGTERM
  int ExitCode();    // waits for the end
  int Run(const std::string& word = "");

  std::string Output() const;
  // Reasons for which the log says that the process cannot go on.
  std::vector<std::string> Reasons() const;
  // Waits for a line of the log with this body.
  bool Says(const std::string& body) const;
  AdminAnswer Admin(const std::string& path) const;
  bool BecomesReady() const;
  rpc::Peer Driver() const;

 private:
  std::vector<std::string> Logged(const std::string& body, const std::string& field) const;

  const std::string service_;
  TempDir dir_;
  Keyring keyring_{dir_.path()};
  std::map<std::string, std::string> environment_;
  std::optional<Process> process_;
};

}  // namespace ieum::testing
