#include "bench/harness/suite.h"

#include <signal.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numeric>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "bench/harness/waiting.h"
#include "platform/crypto/seal.h"
#include "platform/rpc/tls.h"

namespace ieum::bench {
namespace {

constexpr char kProgress[] = "/ieum.platform.v1.OpsService/GetProgress";
constexpr double kStartLimit = 30;

// "registry-2" is a process of registry.
std::string ServiceOf(const std::string& process) { return process.substr(0, process.find('-')); }

std::string Binary(const std::string& service) {
  return absl::StrCat(IEUM_BINARY_DIR, "/bin/ieum-", service);
}

void WriteFile(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

int64_t Sum(const google::protobuf::RepeatedField<int64_t>& positions) {
  return std::accumulate(positions.begin(), positions.end(), int64_t{0});
}

}  // namespace

Suite::Suite(bool locked) : locked_(locked) {
  WriteSecrets();
  if (locked_) MakeCertificates();
  const std::string port_file = dir_.path() + "/smtp-port";
  std::filesystem::create_directory(dir_.path() + "/mail");
  auto smtp = testing::Process::Start(
      {.argv = {"/usr/bin/python3", absl::StrCat(IEUM_SOURCE_DIR, "/deploy/local/smtp_sink.py"),
                "--dir", dir_.path() + "/mail", "--port-file", port_file},
       .output_file = dir_.path() + "/smtp.log"});
  if (smtp.ok()) smtp_.emplace(*std::move(smtp));
  if (!WaitFor([&] { return std::filesystem::exists(port_file); }, kStartLimit)) {
    Die("the mail sink does not start");
  }
  std::ifstream(port_file) >> smtp_port_;
  for (const std::string& service : kServices) AddProcess(service);
  for (const std::string& service : kServices) {
    postgres_.Ask("postgres",
                  absl::StrCat("CREATE DATABASE ieum_", service, " TEMPLATE template0"));
    auto migrated = testing::RunToEnd(
        {.argv = {Binary(service), "migrate"}, .environment = Environment(service)});
    if (!migrated.ok()) Die(std::string(migrated.status().message()));
  }
  // What pgbench writes is nobody's event.
  for (const std::string& service : kServices) {
    postgres_.Ask("postgres", absl::StrCat("CREATE DATABASE ", LimitDatabase(service),
                                           " TEMPLATE ieum_", service));
  }
}

Suite::~Suite() {
  for (auto& [name, process] : processes_) process.Signal(SIGTERM);
  for (auto& [name, process] : processes_) process.Wait();
}

// As `./ieum up` makes them.
void Suite::MakeCertificates() {
  constexpr char kScript[] = R"(set -euo pipefail
    mkdir -p "$PLACE"/{secret,log}
    for part in base tls; do source "$IEUM_ROOT/tools/ieum.d/$part.sh"; done
    tls_make)";
  const auto made =
      testing::RunToEnd({.argv = {"bash", "-c", kScript},
                         .environment = {{"IEUM_ROOT", IEUM_SOURCE_DIR}, {"PLACE", dir_.path()}}});
  if (!made.ok()) Die(std::string(made.status().message()));
  rpc::TlsOptions options;
  options.certificate_file = TlsFile("caller", "/tls.crt");
  options.key_file = TlsFile("caller", "/tls.key");
  options.authority_file = TlsFile("ca", ".crt");
  rpc::UseTls(std::make_shared<rpc::Tls>(options));
}

std::string Suite::TlsFile(const std::string& name, const std::string& end) const {
  return absl::StrCat(dir_.path(), "/secret/tls/", name, end);
}

std::vector<std::string> Suite::TlsWords() const {
  if (!locked_) return {};
  return {"--cert", TlsFile("caller", "/tls.crt"), "--key", TlsFile("caller", "/tls.key"),
          "--ca",   TlsFile("ca", ".crt")};
}

void Suite::AddProcess(const std::string& process) {
  grpc_ports_[process] = testing::FreePort();
  health_ports_[process] = testing::FreePort();
  admin_ports_[process] = testing::FreePort();
  peers_[process] = std::make_unique<rpc::Peer>(rpc::PeerOptions{.service = ServiceOf(process),
                                                                 .address = target(process),
                                                                 .token = token_,
                                                                 .patience = rpc::kCallerPatience});
}

std::string Suite::AddToken(const Account& account) {
  const std::string token = crypto::Base64Url(crypto::Key().bytes());
  accounts_.emplace_back(token, account);
  nlohmann::json identities = nlohmann::json::array();
  for (const auto& [each, of] : accounts_) {
    identities.push_back(
        {{"token", each}, {"subject", of.subject}, {"roles", of.roles}, {"centres", of.centres}});
  }
  WriteFile(dir_.path() + "/tokens.json", identities.dump());
  return token;
}

std::string Suite::AddAccount(const Account& account) {
  const std::string file = absl::StrCat(dir_.path(), "/token-of-", accounts_.size());
  WriteFile(file, AddToken(account));
  return file;
}

std::string Suite::TokenIn(const std::string& file) {
  std::string token;
  std::ifstream(file) >> token;
  return token;
}

void Suite::WriteSecrets() {
  const auto add = [&](const std::string& subject, const std::vector<std::string>& roles) {
    return AddToken({subject, roles, {"*"}});
  };
  token_ = add("bench/driver", {"programme_manager", "operator", "auditor", "centre_head",
                                "case_manager", "supervisor"});
  WriteFile(token_file(), token_);
  for (const std::string& service : kServices) {
    WriteFile(absl::StrCat(dir_.path(), "/token-", service),
              add("service/" + service, {"service"}));
    WriteFile(vault_file(service), crypto::Key().ToBase64());
  }
  WriteFile(dir_.path() + "/seal.key", crypto::Key().ToBase64());
}

std::map<std::string, std::string> Suite::Environment(const std::string& process) const {
  const std::string service = ServiceOf(process);
  std::map<std::string, std::string> environment = {
      {"IEUM_GRPC_PORT", std::to_string(grpc_ports_.at(process))},
      {"IEUM_HEALTH_PORT", std::to_string(health_ports_.at(process))},
      {"IEUM_ADMIN_PORT", std::to_string(admin_ports_.at(process))},
      {"IEUM_DB", database(service)},
      {"IEUM_NATS_URL", nats_.url()},
      {"IEUM_CLOCK", "system"},
      {"IEUM_TOKENS_FILE", dir_.path() + "/tokens.json"},
      {"IEUM_STATIC_TOKENS_ALLOWED", "true"},
      {"IEUM_PLAINTEXT_ALLOWED", "true"},
      {"IEUM_NATS_PASSWORD_ALLOWED", "true"},
      {"IEUM_ROLES_FILE", absl::StrCat(IEUM_SOURCE_DIR, "/deploy/roles.json")},
      {"IEUM_VAULT_KEY_FILE", vault_file(service)},
      {"IEUM_ATTACHMENTS_DIR", dir_.path() + "/attachments"},
      {"IEUM_SEAL_KEY_FILE", dir_.path() + "/seal.key"},
      {"IEUM_PEER_TOKEN_FILE", absl::StrCat(dir_.path(), "/token-", service)},
      {"IEUM_SMTP_URL", absl::StrCat("smtp://127.0.0.1:", smtp_port_)},
      {"IEUM_MAIL_FROM", "ieum@localhost.localdomain"},
  };
  if (locked_) {
    environment.erase("IEUM_PLAINTEXT_ALLOWED");
    environment["IEUM_TLS_CERT_FILE"] = TlsFile(service, "/tls.crt");
    environment["IEUM_TLS_KEY_FILE"] = TlsFile(service, "/tls.key");
    environment["IEUM_TLS_CA_FILE"] = TlsFile("ca", ".crt");
  }
  for (const std::string& peer : kServices) {
    environment["IEUM_PEER_" + absl::AsciiStrToUpper(peer)] = target(peer);
  }
  return environment;
}

void Suite::Spawn(const std::string& process) {
  auto started =
      testing::Process::Start({.argv = {Binary(ServiceOf(process))},
                               .environment = Environment(process),
                               .output_file = absl::StrCat(dir_.path(), "/", process, ".log")});
  if (!started.ok()) Die(absl::StrCat(process, " could not be started"));
  processes_.insert_or_assign(process, *std::move(started));
}

void Suite::Start(const std::vector<std::string>& services) {
  for (const std::string& service : services) {
    auto found = processes_.find(service);
    if (found == processes_.end() || !found->second.Running()) Spawn(service);
  }
  for (const std::string& service : services) {
    if (!WaitFor([&] { return Serves(service); }, kStartLimit)) {
      Die(absl::StrCat(service, " does not serve; its log is in ", dir_.path()));
    }
  }
}

std::string Suite::StartReplica(const std::string& service) {
  const std::string process = service + "-2";
  AddProcess(process);
  Start({process});
  return process;
}

bool Suite::Serves(const std::string& process) const {
  return HttpSaysOk(admin_ports_.at(process), "/readyz");
}

void Suite::Stop(const std::string& service) {
  auto found = processes_.find(service);
  if (found == processes_.end()) return;
  found->second.Signal(SIGTERM);
  found->second.Wait();
  processes_.erase(found);
}

void Suite::Kill(const std::string& service) {
  processes_.at(service).Kill();
  processes_.erase(service);
}

std::map<std::string, pid_t> Suite::Pids() const {
  std::map<std::string, pid_t> pids = {{"postgres", postgres_.pid()}, {"nats", nats_.pid()}};
  for (const auto& [name, process] : processes_) pids[name] = process.pid();
  return pids;
}

std::string Suite::target(const std::string& process) const {
  return absl::StrCat("127.0.0.1:", grpc_ports_.at(process));
}

std::string Suite::health_target(const std::string& process) const {
  return absl::StrCat("127.0.0.1:", health_ports_.at(process));
}

platform::v1::Progress Suite::Progress(const std::string& process) {
  platform::v1::Progress progress;
  (void)peer(process).Call(kProgress, platform::v1::GetProgressRequest(), &progress);
  return progress;
}

int64_t Suite::Behind(const std::string& consumer, const std::string& producer) {
  const platform::v1::Progress written = Progress(producer), applied = Progress(consumer);
  for (const auto& from : applied.consumers()) {
    if (from.producer() != producer) continue;
    return std::max<int64_t>(0, Sum(written.ledger_positions()) - Sum(from.positions()));
  }
  return std::max<int64_t>(1, Sum(written.ledger_positions()));  // it did not say
}

bool Suite::CaughtUp(const std::vector<std::string>& consumers) {
  return std::all_of(consumers.begin(), consumers.end(),
                     [&](const std::string& service) { return Behind(service) == 0; });
}

bool Suite::WaitCaughtUp(const std::vector<std::string>& consumers, double limit) {
  return WaitFor([&] { return CaughtUp(consumers); }, limit, 0.01);
}

}  // namespace ieum::bench
