#include "tools/audit/subject.h"

#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "platform/base/wait.h"

namespace ieum::audit {
namespace {

constexpr absl::Duration kBrokerPatience = absl::Seconds(5);
constexpr absl::Duration kPoll = absl::Milliseconds(10);
constexpr absl::Duration kStatementTimeout = absl::Minutes(10);  // whole ledgers are counted
constexpr absl::Duration kIdleTimeout = absl::Minutes(2);

// One connection a service is enough: laws look at one thing after the other.
db::DatabaseOptions DatabaseOptionsOf(const ServiceOptions& service) {
  db::DatabaseOptions options;
  options.conninfo = service.conninfo;
  options.password = service.db_password;
  options.write_connections = 1;
  options.read_connections = 2;
  options.statement_timeout = kStatementTimeout;
  options.idle_in_transaction_timeout = kIdleTimeout;
  return options;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Subject>> Subject::Open(SubjectOptions options) {
  std::unique_ptr<Subject> subject(new Subject(std::move(options)));
  RETURN_IF_ERROR(subject->OpenServices());
  RETURN_IF_ERROR(subject->OpenBroker());
  return subject;
}

absl::Status Subject::OpenServices() {
  for (const ServiceOptions& with : options_.services) {
    Service service{with.name, std::make_unique<db::Database>(DatabaseOptionsOf(with)), nullptr};
    if (!service.database->Ping().ok()) {
      return absl::UnavailableError(
          absl::StrCat("the database of ", with.name, " does not answer"));
    }
    if (!with.grpc.empty()) {
      service.peer =
          std::make_unique<rpc::Peer>(rpc::PeerOptions{.service = with.name,
                                                       .address = with.grpc,
                                                       .token = options_.token,
                                                       .patience = rpc::kCallerPatience});
    }
    services_.push_back(std::move(service));
  }
  return absl::OkStatus();
}

absl::Status Subject::OpenBroker() {
  if (options_.nats_url.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(
      broker_, broker::Connection::Open(
                   {.url = options_.nats_url, .name = "audit", .access = options_.nats_access}));
  if (base::WaitFor([this] { return broker_->connected(); }, kBrokerPatience,
                    base::Pauses(kPoll, kPoll))) {
    return absl::OkStatus();
  }
  return absl::UnavailableError("the broker does not answer");
}

const Service* Subject::Find(const std::string& name) const {
  for (const Service& service : services_) {
    if (service.name == name) return &service;
  }
  return nullptr;
}

}  // namespace ieum::audit
