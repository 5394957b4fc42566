// The laws of the house (INV1–INV9), each in a pair of files of its own with the same shape: the
// header holds what can be judged without any server, and `Check…`, which reads and judges.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "tools/audit/subject.h"
#include "tools/audit/tally.h"

namespace ieum::audit {

struct Law {
  const char* id;    // "INV1"
  const char* says;  // in a few words
  // Not OK only when something could not be read.
  absl::Status (*check)(Subject& subject, Tally& tally);
};

// In their order.
const std::vector<Law>& Laws();

struct Finding {
  const Law* law = nullptr;
  Tally tally;
  absl::Status status;  // why the law could not be looked at to the end
};

// Looks at all laws, or only at those whose id is named. INV8 comes first of all: it waits for
// rest, which the others count on.
std::vector<Finding> Audit(Subject& subject, const std::vector<std::string>& only = {});

}  // namespace ieum::audit
