// Kills things with -9 at seeded places of a year and starts them again, while the year goes on.
#pragma once

#include <functional>
#include <future>
#include <map>
#include <string>

#include "tests/flows/suite.h"

namespace ieum::testing {

class Strikes {
 public:
  // Each victim (the four services, the broker, PostgreSQL with all its processes) is struck twice:
  // once while an action's call is under way, once right after one was answered.
  Strikes(Suite& suite, size_t actions, uint64_t seed);
  ~Strikes() { Finish(); }

  void BeforeCall(size_t index);
  void AfterCall(size_t index);
  // Waits until everything runs again.
  void Finish();

  // Times that each victim was killed.
  const std::map<std::string, int>& kills() const { return kills_; }

 private:
  void Kill(const std::string& victim);
  void StartAgain(const std::string& victim);

  Suite& suite_;
  std::map<size_t, std::string> during_, after_;  // by index of the action
  std::map<std::string, int> kills_;
  std::future<void> recovery_;
};

}  // namespace ieum::testing
