// The four services as the player reaches them: by gRPC, as the driver of the scenario.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "ieum/platform/v1/ops.pb.h"
#include "platform/rpc/peer.h"

namespace ieum::play {

// Who may kill services meanwhile needs more patience.
inline constexpr absl::Duration kDefaultPatience = absl::Seconds(60);

// One thread.
class Services {
 public:
  // From suite.json: {"token_file": …, "mail_dir": …, "services": {"registry": {"grpc": …}, …},
  // "accounts": {"SUPERVISOR": {"token_file": …}, …}}.
  // NOT_FOUND or INVALID_ARGUMENT that names the file and the field.
  static absl::StatusOr<Services> Open(const std::string& suite_file,
                                       absl::Duration patience = kDefaultPatience);

  // Repeats the same request while the service is away (UNAVAILABLE, DEADLINE_EXCEEDED,
  // RESOURCE_EXHAUSTED), for at most the patience. A process that was started anew and does not
  // know the time is told it meanwhile.
  // `as`: whose account of the suite asks; "" = the driver's. INVALID_ARGUMENT for one it has not.
  absl::Status Call(const std::string& service, const std::string& method,
                    const google::protobuf::Message& request, google::protobuf::Message* response,
                    const std::string& as = "");

  // Sets the clock of every service; it stays the time that restarted ones are told.
  absl::Status SetClock(absl::Time time);
  // Without repeating: UNAVAILABLE says something too.
  absl::StatusOr<platform::v1::Progress> Progress(const std::string& service);
  // Tells the time to one that does not know it: it was started anew.
  void RemindOfClock(const std::string& service);

  const std::vector<std::string>& names() const { return names_; }
  // Where the suite's mail server keeps what it received; "" = not told.
  const std::string& mail_folder() const { return mail_folder_; }
  absl::Duration patience() const { return patience_; }

 private:
  using Peers = std::map<std::string, std::unique_ptr<rpc::Peer>>;  // by service

  void RemindAllOfClock();

  std::vector<std::string> names_;
  Peers peers_;                            // the driver's
  std::map<std::string, Peers> accounts_;  // everybody else's
  std::string mail_folder_;
  absl::Duration patience_;
  absl::Time clock_ = absl::InfinitePast();
};

}  // namespace ieum::play
