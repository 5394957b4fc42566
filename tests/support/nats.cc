#include "tests/support/nats.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/support/wait.h"

namespace ieum::testing {

NatsServer::NatsServer(Begin begin, std::string settings)
    : settings_(std::move(settings)), port_(FreePort()) {
  if (begin == Begin::kStarted) Start();
}

NatsServer::~NatsServer() {
  if (server_) server_->Kill();
}

std::string NatsServer::url() const { return absl::StrCat("nats://127.0.0.1:", port_); }

void NatsServer::Start() {
  WriteSettings();
  auto server = Process::Start(
      {.argv = {"nats-server", "-c", dir_.path() + "/nats.conf"}, .output_file = log_file()});
  if (server.ok()) server_.emplace(*std::move(server));
  if (!WaitFor([this] { return Answers(); })) {
    ADD_FAILURE() << "nats-server did not start on port " << port_;
  }
}

// All of it in the file: a reload would take what only the command line said for gone.
void NatsServer::WriteSettings() const {
  std::ofstream(dir_.path() + "/nats.conf")
      << "listen: \"127.0.0.1:" << port_ << "\"\njetstream { store_dir: \"" << store() << "\" }\n"
      << settings_ << "\n";
}

void NatsServer::Reload() {
  WriteSettings();
  server_->Signal(SIGHUP);
}

void NatsServer::Stop() {
  server_->Signal(SIGTERM);
  server_->Wait();
}

void NatsServer::KillNine() { server_->Kill(); }

void NatsServer::WipeStore() { std::filesystem::remove_all(store()); }

// The port is opened when JetStream has recovered its store, and the greeting comes at once.
bool NatsServer::Answers() const {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port_));
  char greeting = 0;
  const bool answers = connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0 &&
                       recv(fd, &greeting, 1, 0) == 1;
  close(fd);
  return answers;
}

}  // namespace ieum::testing
