// Goal: a connection that plays foul harms nobody else. Method: bytes on a plain socket, and
// metadata beyond the limit, while a decent caller goes on.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/integration/rpc/sample_server.h"

namespace ieum::rpc {
namespace {

class Socket {
 public:
  explicit Socket(int port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  }
  ~Socket() { ::close(fd_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  void Send(const std::string& bytes) {
    EXPECT_EQ(::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
  }
  // True when the other side closes within `limit`.
  bool ClosedWithin(absl::Duration limit) {
    const absl::Time end = absl::Now() + limit;
    char bytes[4096];
    while (absl::Now() < end) {
      pollfd wait{fd_, POLLIN, 0};
      const auto left = static_cast<int>(absl::ToInt64Milliseconds(end - absl::Now()));
      if (::poll(&wait, 1, left) == 1 && ::recv(fd_, bytes, sizeof(bytes), 0) <= 0) return true;
    }
    return false;
  }

 private:
  const int fd_;
};

TEST(Hostile, HandshakesThatNeverEndAreClosed) {
  SampleServer server;
  server.gate.OpenAll();
  std::vector<std::unique_ptr<Socket>> sockets;
  for (int i = 0; i < 50; ++i) {
    sockets.push_back(std::make_unique<Socket>(server.server->grpc_port()));
    if (i % 2) sockets.back()->Send("PRI * HTTP/2.0\r\n\r\n");  // half of the preface
  }
  EXPECT_TRUE(server.Hold("decent").status.ok());
  for (const auto& socket : sockets) EXPECT_TRUE(socket->ClosedWithin(2 * kHandshakeTimeout));
  EXPECT_TRUE(server.Hold("decent").status.ok());
}

TEST(Hostile, OtherProtocolsAreClosed) {
  SampleServer server;
  Socket http(server.server->grpc_port());
  http.Send("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
  EXPECT_TRUE(http.ClosedWithin(2 * kHandshakeTimeout));
  server.gate.OpenAll();
  EXPECT_TRUE(server.Hold("decent").status.ok());
}

TEST(Hostile, MetadataBeyondTheLimitIsRefused) {
  SampleServer server;
  server.gate.OpenAll();
  const auto stub =
      sample::v1::SampleService::NewStub(server.NewChannel(server.server->grpc_port()));
  grpc::ClientContext context;
  SampleServer::Prepare(&context, "all", absl::Seconds(20));
  context.AddMetadata("x-large", std::string(2 * kMaxMetadataBytes, 'x'));
  sample::v1::HoldThingResponse response;
  EXPECT_FALSE(stub->HoldThing(&context, {}, &response).ok());
  EXPECT_TRUE(server.Hold("decent").status.ok());
}

TEST(Hostile, RapidCancelsLeaveTheOthersTheirTurn) {
  SampleServer server({.threads = 2});
  server.gate.OpenAll();
  for (int i = 0; i < 500; ++i) {
    HeldCall call(server, "cancelled");
    call.Cancel();
  }
  EXPECT_TRUE(server.Hold("decent").status.ok());
  EXPECT_TRUE(Waiting(server, 0));
}

}  // namespace
}  // namespace ieum::rpc
