// Reading a journal, line by line: a long one is never held whole.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "tools/journal/journal.h"

namespace ieum::journal {

using Entry = std::variant<Attempt, Answer, Marker>;

struct ReadCounts {
  int64_t lines = 0;
  int64_t torn = 0;  // lines that cannot be read: their writer was killed inside of them
};

// Calls `each` for every line in the file's order. NOT_FOUND when there is no such file.
absl::StatusOr<ReadCounts> ReadJournal(const std::string& path,
                                       absl::FunctionRef<void(const Entry&)> each);

}  // namespace ieum::journal
