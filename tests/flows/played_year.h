// A year of scenarios/, played over real services.
#pragma once

#include <memory>
#include <string>

#include "tests/flows/suite.h"
#include "tools/play/player.h"
#include "tools/play/results.h"
#include "tools/play/scenario.h"
#include "tools/play/services.h"

namespace ieum::testing {

// The scenario; a fault of its data ends the process, for nothing can be tested then.
play::Scenario BusanYear();
play::Scenario IncheonYear();
// Only its actions before `cut_off`, and nothing expected.
play::Scenario BusanYearUntil(const std::string& cut_off);

// A suite of its own and everything that was done to it.
class PlayedYear {
 public:
  explicit PlayedYear(play::Scenario scenario, absl::Duration patience = play::kDefaultPatience);

  // Plays to the cut-off; a failure of the test when it does not get there.
  bool Play(play::PlayerHooks hooks = {});
  // What came out; empty after a failure.
  play::Results Read();

  const play::Scenario& scenario() const { return scenario_; }
  // Which resource each key of the scenario became.
  const play::Names& names() const { return player_->names(); }
  Suite& suite() { return suite_; }
  play::Services& services() { return *services_; }

 private:
  const play::Scenario scenario_;
  Suite suite_;
  std::optional<play::Services> services_;
  std::unique_ptr<play::Player> player_;
};

}  // namespace ieum::testing
