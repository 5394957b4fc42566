// A scenario as read from its folder (scenarios/FORMAT.md), checked before anything is played.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "fmt/format.h"
#include "nlohmann/json.hpp"

namespace ieum::play {

// One organization, person, rule …
struct Entry {
  std::string file;  // "organizations.json"
  std::string key;   // "G001"
  nlohmann::json fields;

  std::string Place() const { return fmt::format("{}, {}", file, key); }
};

struct Action {
  std::string file;  // "days/2023-05.json"
  std::string at;    // as written, the action's identity
  absl::Time time;
  std::string verb;       // `do`
  std::string as;         // whose account does it; "" = the driver's
  nlohmann::json fields;  // without `at`, `do` and `as`

  std::string Place() const { return fmt::format("{}, {} {}", file, at, verb); }
};

struct Scenario {
  std::string folder;
  std::string key, title_ko, title_en;
  std::string programme, edition;
  absl::Time set_up_at, cut_off;
  std::string last_day;  // of what figures count, ISO; the day of the cut-off unless it says so
  std::vector<std::vector<Entry>> masters;  // in the order of Masters()
  std::vector<Action> actions;              // in order of time
  nlohmann::json expected;                  // null when the folder has no expected.json

  // The masters of one list, by its name ("indicators").
  const std::vector<Entry>& Entries(std::string_view list) const;
};

// Reads all files and checks them: unknown words, missing and unknown fields, values that the
// contract does not know, keys that nothing has, order of time. INVALID_ARGUMENT names every fault
// with its file and entry.
absl::StatusOr<Scenario> LoadScenario(const std::string& folder);

}  // namespace ieum::play
