#include "tests/support/commit_cutter.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <pqxx/pqxx>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"

namespace ieum::testing {
namespace {

// As they stand on the wire: a simple query, and the server's word that it is done.
constexpr std::string_view kCommitQuery("COMMIT\0", 7);
constexpr char kPort[] = "5432";

sockaddr_un AddressOf(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  EXPECT_LT(path.size(), sizeof(address.sun_path)) << path;
  std::strncpy(address.sun_path, path.c_str(), sizeof(address.sun_path) - 1);
  return address;
}

std::string SocketOf(const std::string& conninfo) {
  pqxx::connection connection(conninfo);
  pqxx::nontransaction work(connection);
  const auto row =
      work.exec1("SELECT current_setting('unix_socket_directories'), current_setting('port')");
  const std::vector<std::string> folders = absl::StrSplit(row[0].c_str(), ',');
  return absl::StrCat(folders.front(), "/.s.PGSQL.", row[1].c_str());
}

bool SendAll(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

std::string_view Receive(int socket, std::array<char, 65536>& buffer) {
  const ssize_t size = recv(socket, buffer.data(), buffer.size(), 0);
  return {buffer.data(), size > 0 ? static_cast<size_t>(size) : 0};
}

}  // namespace

CommitCutter::CommitCutter(const std::string& conninfo)
    : server_socket_(SocketOf(conninfo)),
      conninfo_(absl::StrCat(conninfo, " host=", dir_.path(), " port=", kPort)) {
  listener_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_un address = AddressOf(absl::StrCat(dir_.path(), "/.s.PGSQL.", kPort));
  EXPECT_EQ(bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
  EXPECT_EQ(listen(listener_, SOMAXCONN), 0);
  EXPECT_EQ(pipe(stop_), 0);
  thread_ = std::thread([this] { Relay(); });
}

CommitCutter::~CommitCutter() {
  close(stop_[1]);
  thread_.join();
  close(stop_[0]);
  close(listener_);
}

void CommitCutter::CutNext(Cut cut, int times) {
  how_ = cut;
  to_cut_ = times;
}

std::optional<Cut> CommitCutter::TakeCut() {
  if (to_cut_ <= 0) return std::nullopt;
  --to_cut_;
  ++cuts_;
  return how_.load();
}

void CommitCutter::Accept() {
  Wire wire;
  wire.client = accept(listener_, nullptr, nullptr);
  wire.server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_un address = AddressOf(server_socket_);
  // A server that is away shows as a connection that ends at once.
  (void)connect(wire.server, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
  wires_.push_back(wire);
}

bool CommitCutter::FromClient(Wire& wire) {
  std::array<char, 65536> buffer;
  const std::string_view bytes = Receive(wire.client, buffer);
  if (bytes.empty()) return false;
  if (bytes.find(kCommitQuery) != std::string_view::npos) {
    const auto cut = TakeCut();
    if (cut == Cut::kBeforeCommit) return false;
    wire.swallow = cut == Cut::kAfterCommit;
  }
  return SendAll(wire.server, bytes);
}

bool CommitCutter::FromServer(Wire& wire) {
  std::array<char, 65536> buffer;
  const std::string_view bytes = Receive(wire.server, buffer);
  // The first word after COMMIT comes when the server has done it.
  if (bytes.empty() || wire.swallow) return false;
  return SendAll(wire.client, bytes);
}

void CommitCutter::Relay() {
  while (true) {
    std::vector<pollfd> ready{{stop_[0], POLLIN, 0}, {listener_, POLLIN, 0}};
    for (const Wire& wire : wires_) {
      ready.push_back({wire.client, POLLIN, 0});
      ready.push_back({wire.server, POLLIN, 0});
    }
    poll(ready.data(), ready.size(), -1);
    if (ready[0].revents != 0) break;
    for (size_t i = wires_.size(); i-- > 0;) {
      const bool client = ready[2 + 2 * i].revents != 0, server = ready[3 + 2 * i].revents != 0;
      if ((!client || FromClient(wires_[i])) && (!server || FromServer(wires_[i]))) continue;
      close(wires_[i].client);
      close(wires_[i].server);
      wires_.erase(wires_.begin() + static_cast<std::ptrdiff_t>(i));
    }
    if (ready[1].revents != 0) Accept();
  }
  for (const Wire& wire : wires_) {
    close(wire.client);
    close(wire.server);
  }
}

}  // namespace ieum::testing
