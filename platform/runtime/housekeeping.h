// Small regular work in real time: forgetting answers past their retention.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "platform/ledger/ledger.h"

namespace ieum::runtime {

class Housekeeping {
 public:
  explicit Housekeeping(ledger::Ledger& ledger);
  ~Housekeeping();
  void Stop();

 private:
  void Loop();
  ledger::Ledger& ledger_;
  std::mutex mutex_;
  std::condition_variable stopped_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace ieum::runtime
