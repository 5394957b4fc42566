// More accounts for a running suite: tokens of people whom its keyring does not know.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "platform/rpc/peer.h"
#include "tests/flows/suite.h"

namespace ieum::testing {

struct Account {
  std::string token, subject;
  std::vector<std::string> roles, centres;
};

class Accounts {
 public:
  // Starts the services of the suite again, so that they know these accounts beside their own.
  Accounts(Suite& suite, const std::vector<Account>& accounts);

  // As the bearer of this token.
  rpc::Peer& Peer(const std::string& token, const std::string& service);
  absl::Status Call(const std::string& token, const std::string& method,
                    const google::protobuf::Message& request, google::protobuf::Message* response);
  // The same for whoever does not care about the answer; "OK" or the reason.
  std::string Try(const std::string& token, const std::string& method,
                  const google::protobuf::Message& request);

 private:
  Suite& suite_;
  std::map<std::pair<std::string, std::string>, std::unique_ptr<rpc::Peer>> peers_;
};

// On all services.
void SetClocks(Suite& suite, const std::string& rfc3339);

}  // namespace ieum::testing
