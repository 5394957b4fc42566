// Kills things with -9 at seeded places of a year and starts them again, while the year goes on.
#pragma once

#include <atomic>
#include <future>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "tests/flows/sightings.h"
#include "tests/flows/suite.h"

namespace ieum::testing {

class Strikes {
 public:
  // Each victim (the four services, the broker, PostgreSQL with all its processes) is struck twice:
  // once while an action's call is under way, once right after one was answered. Beyond that notify
  // is struck some times when the mail server has just kept a mail and may not have said so yet.
  Strikes(Suite& suite, Sightings& sightings, size_t actions, uint64_t seed);
  ~Strikes() { Finish(); }

  void BeforeCall(size_t index);
  void AfterCall(size_t index);
  // Nothing is killed any more; waits until everything runs again.
  void End();

  // Whether something is killed during this action or right after it.
  bool At(size_t index) const { return during_.contains(index) || after_.contains(index); }
  int mail_kills() const { return mail_kills_; }
  // Times that each victim was killed at its places.
  const std::map<std::string, int>& kills() const { return kills_; }

 private:
  void Finish();  // what is under way
  void WatchMails();
  void Kill(const std::string& victim);
  void StartAgain(const std::string& victim);

  Suite& suite_;
  Sightings& sightings_;
  std::map<size_t, std::string> during_, after_;  // by index of the action
  std::set<size_t> mail_watches_;                 // begin at these actions
  std::map<std::string, int> kills_;
  std::future<void> recovery_;
  std::mutex hand_;  // one kills or starts at a time
  std::atomic<int> mail_kills_{0};
  std::jthread mail_watch_;
};

}  // namespace ieum::testing
