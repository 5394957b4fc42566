// A mail server that takes everything at once and keeps nothing: the limit of what a sender can
// reach. One connection after the other.
#pragma once

#include <atomic>
#include <thread>

namespace ieum::bench {

class SmtpStub {
 public:
  SmtpStub();
  ~SmtpStub();
  int port() const { return port_; }

 private:
  void Run();
  void Serve(int connection);

  int listener_ = -1;
  int port_ = 0;
  std::atomic<int> connection_{-1};
  std::thread thread_;
};

}  // namespace ieum::bench
