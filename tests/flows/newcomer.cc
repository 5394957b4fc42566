#include "tests/flows/newcomer.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "tests/flows/suite.h"
#include "tests/support/wait.h"

namespace ieum::testing {
namespace {

constexpr char kNobody[] = "127.0.0.1:1";  // a port that no service gets

}  // namespace

Newcomer::Newcomer(std::string service, const std::string& conninfo, const std::string& nats_url)
    : service_(std::move(service)), environment_(keyring_.Environment(service_)) {
  for (const char* port : {"IEUM_GRPC_PORT", "IEUM_HEALTH_PORT", "IEUM_ADMIN_PORT"}) {
    Set(port, std::to_string(FreePort()));
  }
  Set("IEUM_DB", conninfo);
  Set("IEUM_NATS_URL", nats_url);
  Set("IEUM_SMTP_URL", absl::StrCat("smtp://", kNobody));
  Set("IEUM_MAIL_FROM", "ieum@localhost.localdomain");
  for (const std::string& peer : kServices) {
    Set("IEUM_PEER_" + absl::AsciiStrToUpper(peer), kNobody);
  }
}

void Newcomer::Set(const std::string& variable, const std::string& value) {
  environment_[variable] = value;
}

void Newcomer::Spoil(const std::string& variable, const std::string& content) {
  const std::string path = absl::StrCat(dir_.path(), "/spoilt-", variable);
  std::ofstream(path) << content;
  Set(variable, path);
}

void Newcomer::Start(const std::string& word) {
  std::vector<std::string> argv = {absl::StrCat(IEUM_BINARY_DIR, "/bin/ieum-", service_)};
  if (!word.empty()) argv.push_back(word);
  process_.reset();
  const std::string output = dir_.path() + "/output";
  std::filesystem::remove(output);
  auto started = Process::Start({.argv = argv, .environment = environment_, .output_file = output});
  if (started.ok()) {
    process_.emplace(*std::move(started));
  } else {
    ADD_FAILURE() << started.status();
  }
}

void Newcomer::Terminate() { process_->Signal(SIGTERM); }

int Newcomer::ExitCode() {
  if (!WaitFor([this] { return !process_->Running(); })) {
    ADD_FAILURE() << service_ << " does not end:\n" << Output();
    process_->Kill();
  }
  return process_->Wait();
}

int Newcomer::Run(const std::string& word) {
  Start(word);
  return ExitCode();
}

std::string Newcomer::Output() const {
  std::ifstream file(dir_.path() + "/output");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// Of each line with that body. The field `body` is the body itself.
std::vector<std::string> Newcomer::Logged(const std::string& body, const std::string& field) const {
  std::vector<std::string> values;
  std::istringstream lines(Output());
  for (std::string line; std::getline(lines, line);) {
    const auto json = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (!json.is_object() || json.value("body", "") != body) continue;
    EXPECT_EQ(json.value("service_name", ""), service_);
    values.push_back(json.value(field, ""));
  }
  return values;
}

std::vector<std::string> Newcomer::Reasons() const { return Logged("cannot go on", "reason"); }

bool Newcomer::Says(const std::string& body) const {
  return WaitFor([&] { return !Logged(body, "body").empty(); });
}

AdminAnswer Newcomer::Admin(const std::string& path) const {
  return AskAdmin(port("IEUM_ADMIN_PORT"), path);
}

bool Newcomer::BecomesReady() const {
  return WaitFor([this] { return Admin("/readyz").status == 200; });
}

rpc::Peer Newcomer::Driver() const {
  return rpc::Peer(
      {service_, absl::StrCat("127.0.0.1:", port("IEUM_GRPC_PORT")), keyring_.driver_token()});
}

}  // namespace ieum::testing
