#include "tests/flows/suite.h"

#include <signal.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/flows/admin.h"
#include "tests/support/wait.h"

namespace ieum::testing {
namespace {

constexpr char kProgress[] = "/ieum.platform.v1.OpsService/GetProgress";

void WriteFile(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string Binary(const std::string& service) {
  return absl::StrCat(IEUM_BINARY_DIR, "/bin/ieum-", service);
}

void Execute(const std::string& conninfo, const std::string& sql) {
  pqxx::connection connection(conninfo);
  pqxx::nontransaction(connection).exec(sql);
}

}  // namespace

std::string ServiceOf(const std::string& process) { return process.substr(0, process.find('+')); }

Suite::Suite() {
  rpc::UseTls(std::make_shared<rpc::Tls>(seals_.CallerTls()));
  MakeDatabases();
  StartMail();
  for (const std::string& service : kServices) GivePorts(service);
  WriteSuiteFile();
  for (const std::string& service : kServices) {
    const auto migrated = Tell(service, {"migrate"});
    if (!migrated.ok()) ADD_FAILURE() << migrated.status();
  }
  for (const std::string& service : kServices) StartService(service);
}

Suite::~Suite() {
  for (auto& [service, process] : services_) process.Signal(SIGTERM);
  for (auto& [service, process] : services_) process.Wait();
  drivers_.clear();
  rpc::UseTls(nullptr);
}

broker::ConnectionOptions Suite::BrokerAs(const std::string& name) const {
  return {.url = nats_.url(), .name = "test", .access = seals_.AccessOf(name)};
}

void Suite::GivePorts(const std::string& service) {
  if (grpc_ports_.contains(service)) return;
  grpc_ports_[service] = FreePort();
  admin_ports_[service] = FreePort();
  health_ports_[service] = FreePort();
  drivers_[service] =
      std::make_unique<rpc::Peer>(rpc::PeerOptions{.service = ServiceOf(service),
                                                   .address = Address(service),
                                                   .token = keyring_.driver_token(),
                                                   .patience = rpc::kCallerPatience});
}

std::string Suite::Address(const std::string& service) const {
  return absl::StrCat("127.0.0.1:", grpc_ports_.at(service));
}

void Suite::SetEnvironment(const std::string& service, const std::string& variable,
                           const std::string& value) {
  environment_[service][variable] = value;
}

void Suite::LoseServers() {
  nats_.KillNine();
  nats_.WipeStore();
  nats_.Start();
  postgres_.BeginAnew();
  MakeDatabases();
}

void Suite::MakeDatabases() {
  for (const std::string& service : kServices) {
    Execute(postgres_.conninfo() + " dbname=postgres",
            absl::StrCat("CREATE DATABASE ieum_", service, " TEMPLATE template0"));
  }
}

void Suite::StartMail() {
  mail_dir_ = dir_.path() + "/mail";
  std::filesystem::create_directory(mail_dir_);
  const std::string port_file = dir_.path() + "/smtp-port";
  auto started = Process::Start(
      {.argv = {"/usr/bin/python3", absl::StrCat(IEUM_SOURCE_DIR, "/deploy/local/smtp_sink.py"),
                "--dir", mail_dir_, "--port-file", port_file},
       .output_file = dir_.path() + "/smtp.log"});
  if (started.ok()) mail_.emplace(*std::move(started));
  if (!WaitFor([&] { return std::filesystem::exists(port_file); }))
    ADD_FAILURE() << "no mail server";
  mail_port_ = std::atoi(ReadFile(port_file).c_str());
}

void Suite::WriteSuiteFile() {
  nlohmann::json services;
  for (const std::string& service : kServices) {
    services[service] = {{"grpc", Address(service)},
                         {"health", absl::StrCat("127.0.0.1:", health_ports_[service])},
                         {"admin", absl::StrCat("127.0.0.1:", admin_ports_[service])},
                         {"db", DatabaseOf(service)}};
  }
  suite_file_ = dir_.path() + "/suite.json";
  const rpc::TlsOptions tls = seals_.CallerTls();
  const broker::Access auditor = seals_.AccessOf("auditor");
  WriteFile(suite_file_,
            nlohmann::json{
                {"clock", "simulated"},
                {"token_file", keyring_.driver_token_file()},
                {"accounts", {{"SUPERVISOR", {{"token_file", keyring_.supervisor_token_file()}}}}},
                {"mail_dir", mail_dir_},
                {"tls",
                 {{"cert_file", tls.certificate_file},
                  {"key_file", tls.key_file},
                  {"ca_file", tls.authority_file}}},
                {"nats",
                 {{"url", nats_.url()},
                  {"room", auditor.room},
                  {"seed_file", auditor.seed_file},
                  {"cert_file", auditor.certificate_file},
                  {"key_file", auditor.key_file},
                  {"ca_file", auditor.authority_file}}},
                {"keys", keyring_.Files()},
                {"attachments", keyring_.attachments()},
                {"disks", {{"postgresql", dir_.path()}}},
                {"services", services}}
                .dump(2));
}

std::map<std::string, std::string> Suite::Environment(const std::string& process) const {
  const std::string service = ServiceOf(process);
  std::map<std::string, std::string> environment = keyring_.Environment(service);
  // Locked: a service shows its certificate instead of a token.
  for (const char* door :
       {"IEUM_PLAINTEXT_ALLOWED", "IEUM_NATS_PASSWORD_ALLOWED", "IEUM_PEER_TOKEN_FILE"}) {
    environment.erase(door);
  }
  environment.merge(seals_.Environment(service));
  environment.insert({
      {"IEUM_GRPC_PORT", std::to_string(grpc_ports_.at(process))},
      {"IEUM_HEALTH_PORT", std::to_string(health_ports_.at(process))},
      {"IEUM_ADMIN_PORT", std::to_string(admin_ports_.at(process))},
      {"IEUM_DB", DatabaseOf(service)},
      {"IEUM_NATS_URL", nats_.url()},
      {"IEUM_CLOCK", "simulated"},
      {"IEUM_SIMULATED_CLOCK_ALLOWED", "true"},
      {"IEUM_SMTP_URL", absl::StrCat("smtp://127.0.0.1:", mail_port_)},
      {"IEUM_MAIL_FROM", "ieum@localhost.localdomain"},
  });
  for (const std::string& peer : kServices) {
    environment["IEUM_PEER_" + absl::AsciiStrToUpper(peer)] = Address(peer);
  }
  if (const auto more = environment_.find(process); more != environment_.end()) {
    for (const auto& [variable, value] : more->second) environment[variable] = value;
  }
  return environment;
}

bool Suite::SpawnService(const std::string& service) {
  GivePorts(service);
  auto started = Process::Start({.argv = {Binary(ServiceOf(service))},
                                 .environment = Environment(service),
                                 .output_file = absl::StrCat(dir_.path(), "/", service, ".log")});
  if (!started.ok()) {
    ADD_FAILURE() << started.status();
    return false;
  }
  services_.insert_or_assign(service, *std::move(started));
  return true;
}

absl::StatusOr<std::string> Suite::Tell(const std::string& service,
                                        const std::vector<std::string>& words) const {
  std::vector<std::string> argv = {Binary(service)};
  argv.insert(argv.end(), words.begin(), words.end());
  return RunToEnd({.argv = std::move(argv), .environment = Environment(service)});
}

void Suite::StartService(const std::string& service) {
  if (SpawnService(service)) WaitReady(service);
}

bool Suite::ReadyNow(const std::string& service) {
  return AskAdmin(admin_ports_.at(service), "/readyz").status == 200;
}

void Suite::WaitReady(const std::string& service) {
  const bool ready = WaitFor([&] { return ReadyNow(service); }, std::chrono::seconds(30));
  if (!ready) ADD_FAILURE() << service << " is not ready:\n" << LogOf(service);
}

void Suite::KillService(const std::string& service) { services_.at(service).Kill(); }

int Suite::StopService(const std::string& service) {
  services_.at(service).Signal(SIGTERM);
  return services_.at(service).Wait();
}

bool Suite::Running(const std::string& service) { return services_.at(service).Running(); }

platform::v1::Progress Suite::Progress(const std::string& service) {
  platform::v1::Progress progress;
  (void)driver(service).Call(kProgress, platform::v1::GetProgressRequest(), &progress);
  return progress;
}

std::string Suite::Metrics(const std::string& service) {
  return AskAdmin(admin_ports_.at(service), "/metrics").text;
}

int Suite::Mails() const {
  int mails = 0;
  for (const auto& file : std::filesystem::directory_iterator(mail_dir_)) {
    if (file.path().extension() == ".eml") ++mails;
  }
  return mails;
}

bool Suite::SettledNow() {
  std::map<std::string, platform::v1::Progress> all;
  for (const std::string& service : kServices) {
    platform::v1::Progress progress = Progress(service);
    if (progress.service() != service || progress.due_timers() > 0) return false;
    all[service] = std::move(progress);
  }
  for (const auto& [service, progress] : all) {
    for (const auto& consumer : progress.consumers()) {
      const auto& produced = all[consumer.producer()].ledger_positions();
      if (!std::equal(produced.begin(), produced.end(), consumer.positions().begin(),
                      consumer.positions().end())) {
        return false;
      }
    }
  }
  return true;
}

bool Suite::WaitSettled(absl::Duration limit) {
  return WaitFor([this] { return SettledNow(); }, absl::ToChronoMilliseconds(limit));
}

std::string Suite::DatabaseOf(const std::string& service) const {
  return absl::StrCat(postgres_.conninfo(), " dbname=ieum_", service);
}

std::string Suite::Ask(const std::string& service, const std::string& sql) {
  pqxx::connection connection(DatabaseOf(service));
  const pqxx::result rows = pqxx::nontransaction(connection).exec(sql);
  return rows.empty() || rows[0][0].is_null() ? "" : rows[0][0].c_str();
}

std::string Suite::LogOf(const std::string& service) const {
  return ReadFile(absl::StrCat(dir_.path(), "/", service, ".log"));
}

}  // namespace ieum::testing
