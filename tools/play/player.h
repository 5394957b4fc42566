// Goes through a scenario: masters first, then day by day to the cut-off.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "tools/play/call_shape.h"
#include "tools/play/clock_driver.h"
#include "tools/play/names.h"
#include "tools/play/scenario.h"
#include "tools/play/services.h"

namespace ieum::play {

// How far it is.
struct Moment {
  absl::Time time;  // business time
  size_t done = 0;  // actions
  size_t total = 0;
  int64_t events = 0;  // in all ledgers when it was last settled
};

struct PlayerHooks {
  // Around the call of each action, so that a test can kill things at any of them. `index` counts
  // from 0; after_call comes at once, before anything is settled.
  std::function<void(size_t index)> before_call;
  std::function<void(size_t index)> after_call;
  // When the masters are in, after each action, and at the cut-off.
  std::function<void(const Moment&)> on_moment;
};

// One thread. Scenario and services outlive it.
class Player {
 public:
  Player(const Scenario& scenario, Services& services, PlayerHooks hooks = {});

  // The whole year. The status names file and action of a call that did not succeed.
  absl::Status Play();

  const Names& names() const { return names_; }
  // Calls made for each `do`.
  const std::map<std::string, int>& calls() const { return calls_; }

 private:
  absl::Status EnterMasters();
  absl::Status Do(const Action& action);
  absl::Status Call(const CallShape& shape, const nlohmann::json& fields, const std::string& words,
                    const std::string& as = "");
  void Tell(size_t done);

  const Scenario& scenario_;
  Services& services_;
  const PlayerHooks hooks_;
  ClockDriver clock_;
  Names names_;
  std::map<std::string, int> calls_;
};

}  // namespace ieum::play
