// How operators reach a running suite: the words that commands have in common, and the doors that
// come of them.
#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "ieum/platform/v1/ops.pb.h"
#include "platform/rpc/peer.h"

namespace ieum::ctl {

// The services of a suite, in the order in which they start.
const std::vector<std::string>& KnownServices();
// INVALID_ARGUMENT that says which there are, and which of them was probably meant.
absl::Status CheckService(const std::string& name);

struct Reach {
  std::string suite;            // suite.json; empty = `at`, or IEUM_PEER_<SERVICE>
  std::vector<std::string> at;  // "registry=127.0.0.1:50051"
  std::string token_file;       // bearer
  std::string cert, key, ca;    // PEM; of the operator, and who signs the services'
  std::string trust_domain = "ieum";
  std::string output = "table";  // or "json"
  std::string reason;            // why somebody's data is wanted; "" = not said
  bool Json() const { return output == "json"; }
};
// Adds the options that fill `reach`, which must outlive the parsing.
void AddReach(CLI::App& command, Reach& reach);

// Doors of one suite. One thread.
class Doors {
 public:
  // NOT_FOUND or INVALID_ARGUMENT in words for the operator.
  static absl::StatusOr<Doors> Open(const Reach& reach);

  std::vector<std::string> names() const;  // those that are known, in their order
  // INVALID_ARGUMENT when there is no such service, or its address was not given.
  absl::Status Need(const std::string& service) const;
  // A failure says what the operator can do about it.
  absl::Status Call(const std::string& service, const std::string& method,
                    const google::protobuf::Message& request, google::protobuf::Message* response,
                    absl::Duration timeout = absl::Seconds(10));
  absl::StatusOr<platform::v1::Progress> Progress(const std::string& service);

 private:
  struct Door {
    std::string address;
    std::unique_ptr<rpc::Peer> peer;
  };
  std::map<std::string, Door> doors_;
};

}  // namespace ieum::ctl
