// Kills things with -9 at seeded places of a year and starts them again, while the year goes on.
#pragma once

#include <functional>
#include <future>
#include <map>
#include <string>

#include "tests/flows/sightings.h"
#include "tests/flows/suite.h"

namespace ieum::testing {

class Strikes {
 public:
  // Each victim (the four services, the broker, PostgreSQL with all its processes) is struck twice:
  // once while an action's call is under way, once right after one was answered.
  Strikes(Suite& suite, Sightings& sightings, size_t actions, uint64_t seed);
  ~Strikes() { Finish(); }

  void BeforeCall(size_t index);
  void AfterCall(size_t index);
  // Waits until everything runs again.
  void Finish();

  // Whether something is killed during this action or right after it.
  bool At(size_t index) const { return during_.contains(index) || after_.contains(index); }
  // Times that each victim was killed.
  const std::map<std::string, int>& kills() const { return kills_; }

 private:
  void Kill(const std::string& victim);
  void StartAgain(const std::string& victim);

  Suite& suite_;
  Sightings& sightings_;
  std::map<size_t, std::string> during_, after_;  // by index of the action
  std::map<std::string, int> kills_;
  std::future<void> recovery_;
};

}  // namespace ieum::testing
