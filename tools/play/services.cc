#include "tools/play/services.h"

#include <fstream>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "platform/base/timestamp.h"
#include "platform/base/wait.h"
#include "tools/play/json_file.h"
#include "tools/suite/suite_doors.h"

namespace ieum::play {
namespace {

using google::protobuf::Message;

constexpr char kOps[] = "/ieum.platform.v1.OpsService/";
// Services that call others stand before whom they call; see IsSettled.
constexpr const char* kNames[] = {"notify", "casemgmt", "registry", "reporting"};
constexpr absl::Duration kRetryMin = absl::Milliseconds(20);
constexpr absl::Duration kRetryMax = absl::Milliseconds(200);

absl::StatusOr<std::string> ReadToken(const std::string& path) {
  std::ifstream file(path);
  std::string token;
  if (!std::getline(file, token) || token.empty()) {
    return absl::NotFoundError(absl::StrCat(path, ": holds no token"));
  }
  return std::string(absl::StripAsciiWhitespace(token));
}

std::unique_ptr<rpc::Peer> PeerAs(const std::string& token, const std::string& service,
                                  const std::string& address) {
  return std::make_unique<rpc::Peer>(rpc::PeerOptions{
      .service = service, .address = address, .token = token, .patience = rpc::kCallerPatience});
}

bool PassesByItself(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status) ||
         absl::IsResourceExhausted(status);
}

}  // namespace

absl::StatusOr<Services> Services::Open(const std::string& suite_file, absl::Duration patience) {
  ASSIGN_OR_RETURN(const nlohmann::json suite, ReadJsonFile(suite_file));
  const auto text = [&](const std::string& field) -> absl::StatusOr<std::string> {
    auto value = TextAt(suite, field);
    if (value.ok()) return value;
    return absl::InvalidArgumentError(absl::StrCat(suite_file, ": ", value.status().message()));
  };
  ASSIGN_OR_RETURN(const std::string token_file, text("token_file"));
  ASSIGN_OR_RETURN(const std::string token, ReadToken(token_file));
  RETURN_IF_ERROR(suite::UseTlsOf(suite));
  Services services;
  services.patience_ = patience;
  services.mail_folder_ = text("mail_dir").value_or("");
  std::map<std::string, std::string> tokens;  // of the other accounts
  const nlohmann::json accounts = suite.value("accounts", nlohmann::json::object());
  for (const auto& [account, unused] : accounts.items()) {
    ASSIGN_OR_RETURN(const std::string file,
                     text(absl::StrCat("accounts.", account, ".token_file")));
    ASSIGN_OR_RETURN(tokens[account], ReadToken(file));
  }
  for (const std::string name : kNames) {
    ASSIGN_OR_RETURN(const std::string address, text(absl::StrCat("services.", name, ".grpc")));
    services.names_.push_back(name);
    services.peers_[name] = PeerAs(token, name, address);
    for (const auto& [account, other] : tokens) {
      services.accounts_[account][name] = PeerAs(other, name, address);
    }
  }
  return services;
}

absl::Status Services::Call(const std::string& service, const std::string& method,
                            const Message& request, Message* response, const std::string& as) {
  if (!as.empty() && !accounts_.contains(as)) {
    return absl::InvalidArgumentError(absl::StrCat("the suite has no account `", as, "`"));
  }
  rpc::Peer& peer = as.empty() ? *peers_.at(service) : *accounts_.at(as).at(service);
  const absl::Time give_up = absl::Now() + patience_;
  for (base::Pauses pauses(kRetryMin, kRetryMax);; pauses.Pass()) {
    const absl::Status status = peer.Call(method, request, response);
    if (!PassesByItself(status) || absl::Now() > give_up) return status;
    RemindAllOfClock();
  }
}

absl::Status Services::SetClock(absl::Time time) {
  clock_ = time;
  platform::v1::SetClockRequest request;
  *request.mutable_time() = base::ToTimestamp(time);
  for (const std::string& name : names_) {
    platform::v1::SetClockResponse response;
    RETURN_IF_ERROR(Call(name, absl::StrCat(kOps, "SetClock"), request, &response));
  }
  return absl::OkStatus();
}

absl::StatusOr<platform::v1::Progress> Services::Progress(const std::string& service) {
  platform::v1::Progress progress;
  RETURN_IF_ERROR(peers_.at(service)->Call(absl::StrCat(kOps, "GetProgress"),
                                           platform::v1::GetProgressRequest(), &progress));
  return progress;
}

void Services::RemindOfClock(const std::string& service) {
  if (clock_ == absl::InfinitePast()) return;
  platform::v1::SetClockRequest request;
  *request.mutable_time() = base::ToTimestamp(clock_);
  platform::v1::SetClockResponse response;
  // One that does not answer is asked again by whoever waits for it.
  (void)peers_.at(service)->Call(absl::StrCat(kOps, "SetClock"), request, &response);
}

void Services::RemindAllOfClock() {
  for (const std::string& name : names_) {
    const absl::StatusOr<platform::v1::Progress> progress = Progress(name);
    if (progress.ok() && !progress->has_business_time()) RemindOfClock(name);
  }
}

}  // namespace ieum::play
