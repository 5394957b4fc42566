// A folder that lies on a small disk of its own for a while.
#pragma once

#include <string>

#include "absl/status/status.h"

namespace ieum::faults {

// Nobody may use the folder while the disk comes and goes.
class SmallDisk {
 public:
  // With room for what the folder holds and `free_bytes` more.
  SmallDisk(std::string folder, uint64_t free_bytes);
  // UNIMPLEMENTED with the reason when it cannot be mounted here.
  absl::Status Insert();
  // Leaves so few bytes, or gives back what was taken.
  absl::Status Fill(uint64_t left_bytes);
  void Empty();
  // The folder lies where it lay before, with what it holds now.
  absl::Status Remove();

 private:
  const std::string folder_, image_, mount_;
  const uint64_t free_bytes_;
};

}  // namespace ieum::faults
