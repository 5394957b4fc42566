// Collects every fault of a scenario's data, so that whoever wrote it hears of all at once.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace ieum::play {

class Faults {
 public:
  // `place` says where: "days/2023-05.json, 2023-05-11T10:00:00+09:00 engagement.planVisit".
  void Add(std::string_view place, std::string_view what);
  void Add(std::string_view place, const absl::Status& status) {
    Add(place, std::string(status.message()));
  }

  // OK when there is none; otherwise INVALID_ARGUMENT with one line for each.
  absl::Status ToStatus() const;

 private:
  std::vector<std::string> lines_;
};

}  // namespace ieum::play
