#include "bench/rows/smtp_stub.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

namespace ieum::bench {
namespace {

bool Say(int connection, const std::string& line) {
  const std::string bytes = line + "\r\n";
  return send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
         static_cast<ssize_t>(bytes.size());
}

}  // namespace

SmtpStub::SmtpStub() {
  listener_ = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof(address));
  listen(listener_, 64);
  socklen_t size = sizeof(address);
  getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { Run(); });
}

SmtpStub::~SmtpStub() {
  shutdown(listener_, SHUT_RDWR);
  thread_.join();
  for (Visitor& visitor : visitors_) {
    shutdown(visitor.connection, SHUT_RDWR);
    visitor.thread.join();
    close(visitor.connection);
  }
  close(listener_);
}

void SmtpStub::Run() {
  while (true) {
    const int connection = accept(listener_, nullptr, nullptr);
    if (connection < 0) return;
    const int at_once = 1;
    setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof(at_once));
    visitors_.push_back({connection, std::thread([connection] { Serve(connection); })});
  }
}

// Lines one after the other; between DATA and a lone dot they are text.
void SmtpStub::Serve(int connection) {
  std::string buffer;
  bool in_text = false;
  char chunk[16 * 1024];
  if (!Say(connection, "220 stub")) return;
  while (true) {
    const ssize_t size = recv(connection, chunk, sizeof(chunk), 0);
    if (size <= 0) return;
    buffer.append(chunk, static_cast<size_t>(size));
    for (size_t end; (end = buffer.find("\r\n")) != std::string::npos;) {
      const std::string line = buffer.substr(0, end);
      buffer.erase(0, end + 2);
      if (in_text && line != ".") continue;
      const bool begins = !in_text && line.starts_with("DATA");
      in_text = begins;
      if (!Say(connection, begins ? "354 go on" : "250 taken")) return;
    }
  }
}

}  // namespace ieum::bench
