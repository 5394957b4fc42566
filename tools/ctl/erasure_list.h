// The list of erasures that is kept where no restored database takes it back: a line of JSON each,
// ids and no personal data.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/base/uuid.h"

namespace ieum::ctl {

// One line: whose data must not come back.
struct ErasureEntry {
  int64_t number = 0;
  std::string person, hash;  // "persons/{uuid}"; of the proof
};

// None of a file that is not there. INVALID_ARGUMENT names the line that is none.
absl::StatusOr<std::vector<ErasureEntry>> ReadErasureList(const std::string& file);
// INVALID_ARGUMENT also when the file is not there or holds nobody: a mistyped name is no list.
absl::StatusOr<std::vector<ErasureEntry>> NeedErasureList(const std::string& file);
// Who is in a list that is needed.
absl::StatusOr<std::vector<base::Uuid>> ErasedPersons(const std::string& file);

}  // namespace ieum::ctl
