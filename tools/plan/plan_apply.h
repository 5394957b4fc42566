// Brings a suite's registry to what a plan file says: programme, edition, campaigns. What is so
// already is left alone, so that a second run changes nothing.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/message.h"
#include "tools/plan/plan_file.h"

namespace ieum::plan {

// One call of the registry: "/ieum.registry.v1.ProgrammeService/GetEdition".
using Caller =
    std::function<absl::Status(const std::string& method, const google::protobuf::Message& request,
                               google::protobuf::Message* response)>;

struct Wish {
  bool approve = false;  // a plan that is not yet
  bool dry_run = false;  // differences only
};

struct Outcome {
  std::vector<std::string> changes;  // one in words each; empty = nothing differed
  std::vector<Fault> faults;         // what the registry refused, with lines of the file
  bool approved = false;             // by this run
};

// The registry is asked first whether it takes what the file says, and nothing is written unless it
// does. What cannot be asked yet is tried when what it hangs on has been written, and stops the run
// there: the edition of a programme that was not registered, the campaigns of an edition that was
// not planned. An error is one that has no line: no connection, no permission.
absl::StatusOr<Outcome> ApplyPlan(const Plan& plan, const Wish& wish, const Caller& caller);

}  // namespace ieum::plan
