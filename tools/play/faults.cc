#include "tools/play/faults.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace ieum::play {

void Faults::Add(std::string_view place, std::string_view what) {
  lines_.push_back(fmt::format("{}: {}", place, what));
}

absl::Status Faults::ToStatus() const {
  if (lines_.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrJoin(lines_, "\n"));
}

}  // namespace ieum::play
