// A mail server that takes everything at once and keeps nothing: the limit of what a sender can
// reach. As many connections as come.
#pragma once

#include <thread>
#include <vector>

namespace ieum::bench {

class SmtpStub {
 public:
  SmtpStub();
  ~SmtpStub();
  int port() const { return port_; }

 private:
  struct Visitor {
    int connection;
    std::thread thread;
  };
  void Run();
  static void Serve(int connection);

  int listener_ = -1;
  int port_ = 0;
  std::vector<Visitor> visitors_;  // of the accepting thread, until it ends
  std::thread thread_;
};

}  // namespace ieum::bench
