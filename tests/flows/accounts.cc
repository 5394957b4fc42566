#include "tests/flows/accounts.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "platform/base/status.h"
#include "platform/base/timestamp.h"
#include "tests/support/wait.h"

namespace ieum::testing {

Accounts::Accounts(Suite& suite, const std::vector<Account>& accounts) : suite_(suite) {
  std::ifstream known(suite.folder() + "/tokens.json");
  nlohmann::json identities = nlohmann::json::parse(known);
  for (const Account& account : accounts) {
    identities.push_back({{"token", account.token},
                          {"subject", account.subject},
                          {"roles", account.roles},
                          {"centres", account.centres}});
  }
  const std::string file = suite.folder() + "/more-tokens.json";
  std::ofstream(file) << identities.dump();
  for (const std::string& service : kServices) {
    suite.SetEnvironment(service, "IEUM_TOKENS_FILE", file);
    suite.StopService(service);
    suite.StartService(service);
  }
}

rpc::Peer& Accounts::Peer(const std::string& token, const std::string& service) {
  auto& peer = peers_[{token, service}];
  if (peer == nullptr) {
    peer = std::make_unique<rpc::Peer>(rpc::PeerOptions{.service = service,
                                                        .address = suite_.Address(service),
                                                        .token = token,
                                                        .patience = rpc::kCallerPatience});
  }
  return *peer;
}

absl::Status Accounts::Call(const std::string& token, const std::string& method,
                            const google::protobuf::Message& request,
                            google::protobuf::Message* response) {
  // "/ieum.registry.v1.…": the second word.
  const std::string service = method.substr(6, method.find('.', 6) - 6);
  return Peer(token, service).Call(method, request, response, absl::Seconds(20));
}

std::string Accounts::Try(const std::string& token, const std::string& method,
                          const google::protobuf::Message& request) {
  const std::string service = method.substr(1, method.rfind('/') - 1);
  const auto* found = google::protobuf::DescriptorPool::generated_pool()
                          ->FindServiceByName(service)
                          ->FindMethodByName(method.substr(method.rfind('/') + 1));
  const std::unique_ptr<google::protobuf::Message> response(
      google::protobuf::MessageFactory::generated_factory()
          ->GetPrototype(found->output_type())
          ->New());
  const absl::Status status = Call(token, method, request, response.get());
  return status.ok() ? "OK" : base::ReasonOf(status);
}

void SetClocks(Suite& suite, const std::string& rfc3339) {
  absl::Time time;
  ASSERT_TRUE(absl::ParseTime(absl::RFC3339_full, rfc3339, &time, nullptr));
  platform::v1::SetClockRequest request;
  *request.mutable_time() = base::ToTimestamp(time);
  for (const std::string& service : kServices) {
    // A channel that lost its server tries again when it thinks fit.
    platform::v1::SetClockResponse response;
    EXPECT_TRUE(WaitFor([&] {
      return suite.driver(service)
          .Call("/ieum.platform.v1.OpsService/SetClock", request, &response)
          .ok();
    })) << service;
  }
}

}  // namespace ieum::testing
