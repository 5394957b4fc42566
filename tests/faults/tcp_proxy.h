// Stands between a service and what it talks to, and makes the way between them long or bad. What
// the kernel's own queues cannot do everywhere, it does for one link: nothing else notices.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "absl/time/time.h"
#include "tests/faults/dice.h"

namespace ieum::faults {

struct Weather {
  absl::Duration delay;   // each way
  absl::Duration jitter;  // more, up to this
  double cut = 0;         // probability with which a piece ends its connection instead of arriving
  bool stall_up = false;  // nothing arrives that the service says
  bool stall_down = false;  // nothing arrives that is said to the service
};

// Thread-safe.
class TcpProxy {
 public:
  // `target`: "127.0.0.1:4222", or the path of a unix socket. Works until it is destroyed.
  TcpProxy(std::string target, Dice dice);
  ~TcpProxy();
  TcpProxy(const TcpProxy&) = delete;
  TcpProxy& operator=(const TcpProxy&) = delete;

  int port() const { return port_; }
  void Set(const Weather& weather);

  struct Traffic {
    int64_t connections = 0;  // that the service has made
    int64_t bytes_up = 0;     // that the service has said
  };
  Traffic traffic() const;

 private:
  struct Link;
  void Work();
  void Accept();
  int Dial() const;
  bool Serve(Link& link, short up_ready, short down_ready);

  const std::string target_;
  Dice dice_;
  int listener_ = -1, wake_ = -1;
  int port_ = 0;
  mutable std::mutex mutex_;
  Weather weather_;
  Traffic traffic_;
  bool ending_ = false;
  std::list<std::unique_ptr<Link>> links_;
  std::thread thread_;
};

}  // namespace ieum::faults
