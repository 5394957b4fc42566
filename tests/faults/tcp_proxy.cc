#include "tests/faults/tcp_proxy.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <deque>
#include <optional>
#include <vector>

namespace ieum::faults {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kPiece = 16 << 10;
constexpr size_t kUnderWayMax = 4 << 20;  // of one direction; then nothing more is read
constexpr int kLooksEveryMs = 20;         // at the weather, at least

void MakeNonBlocking(int fd) { fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK); }

sockaddr_in Loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port));
  return address;
}

// What is under way in one direction.
struct Flow {
  struct Piece {
    Clock::time_point due;
    std::string bytes;
  };
  std::deque<Piece> pieces;
  size_t bytes = 0;
  bool ended = false;   // nothing more comes in
  bool closed = false;  // and all has gone out

  bool Wants() const { return !ended && bytes < kUnderWayMax; }
  bool Due() const { return !pieces.empty() && pieces.front().due <= Clock::now(); }
  void Push(std::string piece, Clock::time_point due) {
    if (!pieces.empty()) due = std::max(due, pieces.back().due);  // pieces do not overtake
    bytes += piece.size();
    pieces.push_back({due, std::move(piece)});
  }
};

}  // namespace

struct TcpProxy::Link {
  int service = -1, server = -1;
  Flow up, down;

  ~Link() {
    for (const int fd : {service, server}) {
      if (fd >= 0) close(fd);
    }
  }
  // The other side hears at once that the connection is gone, not that it ended.
  void Break() const {
    const linger now{.l_onoff = 1, .l_linger = 0};
    for (const int fd : {service, server}) setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  }
  // Nullopt when the connection is broken; otherwise what came, if anything.
  static std::optional<std::string> Read(int from, Flow& flow) {
    std::string piece(kPiece, '\0');
    const ssize_t got = recv(from, piece.data(), piece.size(), 0);
    if (got < 0) return errno == EAGAIN ? std::optional<std::string>("") : std::nullopt;
    if (got == 0) flow.ended = true;
    piece.resize(static_cast<size_t>(got));
    return piece;
  }
  // False when the connection is broken.
  static bool Write(int to, Flow& flow) {
    while (flow.Due()) {
      std::string& piece = flow.pieces.front().bytes;
      const ssize_t sent = send(to, piece.data(), piece.size(), MSG_NOSIGNAL);
      if (sent < 0) return errno == EAGAIN;
      flow.bytes -= static_cast<size_t>(sent);
      piece.erase(0, static_cast<size_t>(sent));
      if (!piece.empty()) return true;
      flow.pieces.pop_front();
    }
    if (flow.ended && flow.pieces.empty() && !flow.closed) {
      flow.closed = true;
      shutdown(to, SHUT_WR);
    }
    return true;
  }
};

TcpProxy::TcpProxy(std::string target, Dice dice)
    : target_(std::move(target)), dice_(std::move(dice)) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  wake_ = eventfd(0, EFD_CLOEXEC);
  sockaddr_in address = Loopback(0);
  socklen_t size = sizeof address;
  bind(listener_, reinterpret_cast<sockaddr*>(&address), size);
  listen(listener_, 64);
  getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  MakeNonBlocking(listener_);
  thread_ = std::thread([this] { Work(); });
}

TcpProxy::~TcpProxy() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    ending_ = true;
  }
  eventfd_write(wake_, 1);
  thread_.join();
  links_.clear();
  close(listener_);
  close(wake_);
}

void TcpProxy::Set(const Weather& weather) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    weather_ = weather;
  }
  eventfd_write(wake_, 1);
}

TcpProxy::Traffic TcpProxy::traffic() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return traffic_;
}

int TcpProxy::Dial() const {
  if (target_.starts_with("/")) {
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, target_.c_str(), sizeof address.sun_path - 1);
    if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return fd;
    close(fd);
    return -1;
  }
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = Loopback(std::atoi(target_.c_str() + target_.rfind(':') + 1));
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return fd;
  close(fd);
  return -1;
}

void TcpProxy::Accept() {
  const int service = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (service < 0) return;
  auto link = std::make_unique<Link>();
  link->service = service;
  link->server = Dial();
  ++traffic_.connections;
  if (link->server < 0) return;  // gone with the link: as if nobody listened
  const int at_once = 1;
  for (const int fd : {link->service, link->server}) {
    MakeNonBlocking(fd);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
  }
  links_.push_back(std::move(link));
}

// Called with the mutex held. False when the link is at its end.
bool TcpProxy::Serve(Link& link, short up_ready, short down_ready) {
  const auto arrive = [&](int from, Flow& flow, bool up) {
    const auto piece = Link::Read(from, flow);
    if (!piece) return false;
    if (piece->empty()) return true;
    if (up) traffic_.bytes_up += static_cast<int64_t>(piece->size());
    if (weather_.cut > 0 && dice_.Chance(weather_.cut)) return false;
    const int64_t jitter = dice_.Between(0, absl::ToInt64Microseconds(weather_.jitter));
    flow.Push(*piece, Clock::now() + absl::ToChronoMicroseconds(weather_.delay) +
                          std::chrono::microseconds(jitter));
    return true;
  };
  const bool fine = (!(up_ready & (POLLIN | POLLHUP | POLLERR)) || !link.up.Wants() ||
                     arrive(link.service, link.up, true)) &&
                    (!(down_ready & (POLLIN | POLLHUP | POLLERR)) || !link.down.Wants() ||
                     arrive(link.server, link.down, false)) &&
                    (weather_.stall_up || Link::Write(link.server, link.up)) &&
                    (weather_.stall_down || Link::Write(link.service, link.down));
  if (!fine) link.Break();
  return fine && !(link.up.closed && link.down.closed);
}

void TcpProxy::Work() {
  std::vector<pollfd> polled;
  std::unique_lock<std::mutex> lock(mutex_);
  while (!ending_) {
    polled.assign({{wake_, POLLIN, 0}, {listener_, POLLIN, 0}});
    int wait_ms = kLooksEveryMs;
    for (const auto& link : links_) {
      const auto events = [&](const Flow& in, const Flow& out, bool stalled) {
        const bool late = !stalled && out.Due();  // it was due and did not fit
        if (!out.pieces.empty() && !late) wait_ms = 1;
        return static_cast<short>((in.Wants() ? POLLIN : 0) | (late ? POLLOUT : 0));
      };
      const auto watch = [&](int fd, short what) {
        polled.push_back({what == 0 ? -1 : fd, what, 0});  // one that hung up is not heard for ever
      };
      watch(link->service, events(link->up, link->down, weather_.stall_down));
      watch(link->server, events(link->down, link->up, weather_.stall_up));
    }
    lock.unlock();
    poll(polled.data(), polled.size(), wait_ms);
    lock.lock();
    eventfd_t ignored = 0;
    if (polled[0].revents != 0) eventfd_read(wake_, &ignored);
    size_t at = 2;
    for (auto link = links_.begin(); link != links_.end(); at += 2) {
      const bool lives = Serve(**link, polled[at].revents, polled[at + 1].revents);
      link = lives ? std::next(link) : links_.erase(link);
    }
    if (polled[1].revents != 0) Accept();
  }
}

}  // namespace ieum::faults
