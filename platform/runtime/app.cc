#include "platform/runtime/app.h"

#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/synchronization/mutex.h"
#include "platform/base/status.h"
#include "platform/base/timestamp.h"
#include "platform/flow/flow.h"
#include "platform/rpc/health_port.h"
#include "platform/rpc/ops_service.h"
#include "platform/rpc/server.h"
#include "platform/runtime/access_keeping.h"
#include "platform/runtime/command_line.h"
#include "platform/runtime/credentials.h"
#include "platform/runtime/diagnosis.h"
#include "platform/runtime/epoch_commands.h"
#include "platform/runtime/housekeeping.h"
#include "platform/runtime/ports_file.h"
#include "platform/runtime/schema.h"
#include "platform/runtime/settings.h"
#include "platform/runtime/signals.h"
#include "platform/telemetry/admin_server.h"
#include "platform/telemetry/log.h"

namespace ieum {

db::MigrationSet platform_migrations();

namespace runtime {
namespace {

constexpr int kExitBadConfiguration = 2;
constexpr int kExitWrongSchema = 3;
constexpr int kExitFailed = 1;
constexpr absl::Duration kFlowDrain = absl::Seconds(3);
constexpr absl::Duration kTracesDrain = absl::Seconds(2);
constexpr absl::Duration kPeerLogTimeout = absl::Seconds(10);
constexpr char kReadLogMethod[] = "/ieum.platform.v1.OpsService/ReadLog";

// What the process cannot go on without: a line of the log for each reason, and the same words on
// standard error for whoever started it by hand.
int Fail(int exit_code, const absl::Status& status) {
  const std::string message(status.message());
  for (const std::string& reason : std::vector<std::string>(absl::StrSplit(message, '\n'))) {
    telemetry::Error("cannot go on", {{"reason", reason}, {"exit_code", exit_code}});
  }
  std::fprintf(stderr, "%s\n", message.c_str());
  return exit_code;
}

}  // namespace

struct App::Impl {
  explicit Impl(AppOptions o) : options(std::move(o)) {}

  void Open();
  SchemaSets Schemas() const;
  int Migrate(const CommandLine& command);
  int ChangeEpoch(const CommandLine& command);
  std::optional<int> WaitForSchema();
  absl::Status StartFlow();
  absl::Status StartServer();
  absl::Status Ready() const;
  rpc::OpsFunctions OpsFunctionsOf();
  absl::StatusOr<platform::v1::Progress> Progress();
  absl::StatusOr<rpc::DeadLetterPage> DeadLetters(int page_size, const filter::Cursor& after);
  absl::StatusOr<platform::v1::ReadLogResponse> ReadLog(const std::string& producer, int shard,
                                                        int64_t from, int max_events);
  void Drain();

  AppOptions options;
  Settings settings;
  Credentials credentials;
  std::unique_ptr<telemetry::Metrics> metrics;
  std::unique_ptr<Tracing> tracing;  // before whoever ends spans
  std::unique_ptr<db::Database> database;
  std::unique_ptr<base::Clock> clock;
  base::SimulatedClock* simulated_clock = nullptr;
  std::unique_ptr<ledger::Ledger> ledger;
  std::unique_ptr<access::GrantBook> grants;
  std::unique_ptr<AccessKeeping> accesses;  // before the server, whose calls it ends
  std::map<std::string, std::unique_ptr<rpc::Peer>> peers;
  rpc::Router router;
  flow::Subscriptions subscriptions;
  std::vector<flow::DueWork> due_works;
  std::unique_ptr<flow::Flow> flow;
  std::unique_ptr<rpc::OpsDoor> ops;
  rpc::HealthPort health;
  std::unique_ptr<rpc::Server> server;
  std::unique_ptr<telemetry::AdminServer> admin;
  std::unique_ptr<Housekeeping> housekeeping;
  std::atomic<bool> serving{false};
};

App::App(AppOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
App::~App() = default;

std::optional<int> App::Start(int argc, char** argv) {
  BlockStopSignals();
  config::Reader reader;
  impl_->settings = ReadSettings(reader, impl_->options.peers, impl_->options.needs_vault);
  if (impl_->options.configure) impl_->options.configure(reader);
  const CommandLine command =
      ParseCommandLine(impl_->options.service, argc, argv, reader.HelpTable());
  if (command.exit_code) return command.exit_code;
  telemetry::StartLog(impl_->options.service, impl_->settings.log_level);
#ifdef NDEBUG
  // Debian's absl looks for circles at every lock of gRPC's; builds for development keep that.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
#endif
  rpc::RouteGrpcLog();
  impl_->credentials = ParseCredentials(reader, impl_->settings);
  CheckTlsFiles(reader, impl_->settings.tls, impl_->options.service);
  CheckBrokerFiles(reader, impl_->settings.broker);
  if (absl::Status faults = reader.Finish(); !faults.ok())
    return Fail(kExitBadConfiguration, faults);
  impl_->Open();
  if (command.migrate) return impl_->Migrate(command);
  if (command.new_epoch || command.accept_epoch) return impl_->ChangeEpoch(command);
  return std::nullopt;
}

void App::Impl::Open() {
  metrics = std::make_unique<telemetry::Metrics>(options.service);
  BeginTls(settings.tls, *metrics);  // before any peer or server is made
  const db::DatabaseOptions place{.conninfo = settings.db_conninfo,
                                  .password = settings.db_password,
                                  .write_connections = settings.db_write_connections,
                                  .read_connections = settings.db_read_connections};
  database = std::make_unique<db::Database>(place, metrics.get());
  accesses = std::make_unique<AccessKeeping>(
      AccessKeepingOptions{options.service, place, settings.access_log_years}, *metrics);
  if (settings.clock == "simulated") {
    auto simulated = std::make_unique<base::SimulatedClock>();
    simulated_clock = simulated.get();
    clock = std::move(simulated);
  } else {
    clock = std::make_unique<base::SystemClock>();
  }
  ledger = std::make_unique<ledger::Ledger>(*database, *clock, options.service);
  grants = std::make_unique<access::GrantBook>(*database, *clock, *metrics);
  for (const auto& [service, address] : settings.peers) {
    peers[service] = std::make_unique<rpc::Peer>(
        rpc::PeerOptions{service, address, settings.peer_token, metrics.get()});
  }
}

SchemaSets App::Impl::Schemas() const {
  return {{"platform", platform_migrations()}, {options.service, options.migrations}};
}

int App::Impl::Migrate(const CommandLine& command) {
  const absl::Duration patience = absl::Seconds(command.migrate_wait_seconds);
  const auto applied = MigrateSchemas(*database, Schemas(), patience);
  if (!applied.ok()) return Fail(kExitFailed, applied.status());
  telemetry::Info("schema is up to date", {{"applied", *applied}});
  return 0;
}

int App::Impl::ChangeEpoch(const CommandLine& command) {
  absl::Status status = CheckSchemas(*database, Schemas());
  const broker::ConnectionOptions broker{.url = settings.nats_url,
                                         .access = AccessOf(settings.broker, options.service)};
  if (status.ok()) status = RunEpochWords(*database, options.service, broker, command);
  return status.ok() ? 0 : Fail(kExitFailed, status);
}

// A value is the exit code.
std::optional<int> App::Impl::WaitForSchema() {
  const absl::Status schema = WaitForSchemas(*database, Schemas());
  if (schema.ok()) return std::nullopt;
  return absl::IsCancelled(schema) ? 0 : Fail(kExitWrongSchema, schema);
}

absl::Status App::Impl::StartFlow() {
  flow::FlowOptions flow_options;
  flow_options.service = options.service;
  flow_options.nats_url = settings.nats_url;
  flow_options.broker_access = AccessOf(settings.broker, options.service);
  flow_options.ledger = ledger.get();
  flow_options.subscriptions = &subscriptions;
  flow_options.metrics = metrics.get();
  flow_options.due_works = due_works;
  flow_options.limits.stream_max_bytes = settings.stream_max_bytes;
  flow_options.log_reader = [this](const std::string& producer, int shard, int64_t from, int max) {
    return ReadLog(producer, shard, from, max);
  };
  flow = std::make_unique<flow::Flow>(std::move(flow_options));
  if (simulated_clock != nullptr) {
    simulated_clock->OnStep([this] {
      for (const flow::DueWork& work : due_works) flow->PokeDue(work.name);
    });
  }
  return flow->Start();
}

absl::Status App::Impl::StartServer() {
  ASSIGN_OR_RETURN(rpc::Authenticator known, MakeAuthenticator(settings.identity, *metrics));
  ops = std::make_unique<rpc::OpsDoor>(*ledger, OpsFunctionsOf(), *credentials.seal_key);
  ops->Serve(router);
  rpc::ServerOptions server_options;
  server_options.service = options.service;
  server_options.listen = settings.listen;
  server_options.grpc_port = settings.grpc_port;
  server_options.health_port = settings.health_port;
  server_options.health = &health;
  server_options.grants = grants.get();
  server_options.access_log = &accesses->log();
  server = std::make_unique<rpc::Server>(std::move(server_options), router, std::move(known),
                                         *credentials.roles, *metrics);
  return server->Start();
}

absl::StatusOr<platform::v1::Progress> App::Impl::Progress() {
  platform::v1::Progress progress;
  progress.set_service(options.service);
  RETURN_IF_ERROR(ReadProgress(*flow, *database, &progress));
  if (auto now = clock->Now(); now.ok()) {
    *progress.mutable_business_time() = base::ToTimestamp(*now);
  }
  return progress;
}

absl::StatusOr<rpc::DeadLetterPage> App::Impl::DeadLetters(int page_size,
                                                           const filter::Cursor& after) {
  const std::string from = after.empty() ? "" : after[0].value_or("");
  ASSIGN_OR_RETURN(flow::DeadLetterPage page, flow->dead_letters().List(page_size, from));
  rpc::DeadLetterPage answer;
  answer.dead_letters = std::move(page.dead_letters);
  if (!page.next.empty()) answer.next.push_back(page.next);
  return answer;
}

rpc::OpsFunctions App::Impl::OpsFunctionsOf() {
  rpc::OpsFunctions functions;
  functions.clock = simulated_clock;
  functions.progress = [this] { return Progress(); };
  functions.diagnosis = [this] {
    return Diagnose({.service = options.service,
                     .database = database.get(),
                     .flow = flow.get(),
                     .migrations = Schemas(),
                     .tls = settings.tls});
  };
  functions.list_dead_letters = [this](int page_size, const filter::Cursor& after) {
    return DeadLetters(page_size, after);
  };
  functions.replay = [this](const std::string& producer, const base::Uuid& aggregate,
                            const std::string& actor) {
    return flow->dead_letters().Replay(producer, aggregate, actor);
  };
  functions.discard = [this](const std::string& producer, const base::Uuid& aggregate,
                             const std::string& reason, const std::string& actor) {
    return flow->dead_letters().Discard(producer, aggregate, reason, actor);
  };
  return functions;
}

absl::StatusOr<platform::v1::ReadLogResponse> App::Impl::ReadLog(const std::string& producer,
                                                                 int shard, int64_t from,
                                                                 int max_events) {
  if (producer == options.service) {
    return ledger->ReadLog(shard, from, max_events, rpc::kMaxLogBytes);
  }
  auto peer = peers.find(producer);
  if (peer == peers.end()) {
    return absl::FailedPreconditionError(
        absl::StrCat(PeerVariable(producer), " is not known to this process"));
  }
  platform::v1::ReadLogRequest request;
  request.set_shard(shard);
  request.set_from_position(from);
  request.set_max_events(max_events);
  platform::v1::ReadLogResponse response;
  RETURN_IF_ERROR(peer->second->Call(kReadLogMethod, request, &response, kPeerLogTimeout));
  return response;
}

absl::Status App::Impl::Ready() const {
  if (!serving) return absl::UnavailableError("starting, or waiting for PostgreSQL");
  return absl::OkStatus();
}

// Callers first, then events: what a caller was answered is still carried to the broker.
void App::Impl::Drain() {
  telemetry::Info("draining");
  serving = false;
  server->Drain();
  flow->Drain(kFlowDrain);
  housekeeping->Stop();
  accesses->Stop();
  tracing->Drain(kTracesDrain);
  grants->Stop();
  admin->Stop();
  telemetry::Info("drained");
}

int App::Run() {
  impl_->tracing =
      std::make_unique<Tracing>(impl_->settings.tracing, impl_->options.service, *impl_->metrics);
  impl_->admin =
      std::make_unique<telemetry::AdminServer>(*impl_->metrics, [this] { return impl_->Ready(); });
  auto admin_port = impl_->admin->Start(impl_->settings.listen, impl_->settings.admin_port);
  if (!admin_port.ok()) return Fail(kExitFailed, admin_port.status());
  absl::Status health = impl_->health.Open(impl_->settings.listen, impl_->settings.health_port);
  if (!health.ok()) return Fail(kExitFailed, health);
  if (auto exit_code = impl_->WaitForSchema()) return *exit_code;
  if (absl::Status status = impl_->StartFlow(); !status.ok()) return Fail(kExitFailed, status);
  impl_->grants->Start();
  impl_->accesses->Start();
  if (absl::Status status = impl_->StartServer(); !status.ok()) return Fail(kExitFailed, status);
  impl_->housekeeping = std::make_unique<Housekeeping>(*impl_->ledger);
  impl_->server->SetServing(true);
  impl_->serving = true;
  WritePorts(impl_->settings.ports_file,
             {impl_->server->grpc_port(), impl_->server->health_port(), *admin_port});
  while (!WaitForStop(absl::Hours(1))) {
  }
  impl_->Drain();
  return 0;
}

db::Database& App::database() { return *impl_->database; }
ledger::Ledger& App::ledger() { return *impl_->ledger; }
base::Clock& App::clock() { return *impl_->clock; }
telemetry::Metrics& App::metrics() { return *impl_->metrics; }
rpc::Router& App::router() { return impl_->router; }
const rpc::Roles& App::roles() { return *impl_->credentials.roles; }
access::GrantBook& App::grants() { return *impl_->grants; }
flow::Subscriptions& App::subscriptions() { return impl_->subscriptions; }
void App::AddDueWork(flow::DueWork work) { impl_->due_works.push_back(std::move(work)); }
const crypto::Vault& App::vault() { return *impl_->credentials.vault; }
const crypto::Key& App::page_token_key() { return *impl_->credentials.seal_key; }
rpc::Peer& App::peer(const std::string& service) { return *impl_->peers.at(service); }

flow::LogReader App::log_reader() {
  return [this](const std::string& producer, int shard, int64_t from, int max_events) {
    return impl_->ReadLog(producer, shard, from, max_events);
  };
}

}  // namespace runtime
}  // namespace ieum
