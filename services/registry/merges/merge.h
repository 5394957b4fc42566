// Two records of one person made one, and what has to hold for that. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "ieum/registry/v1/merge_service.pb.h"
#include "platform/base/uuid.h"
#include "services/registry/enrolments/enrolment.h"
#include "services/registry/people/person.h"

namespace ieum::registry {

struct PersonMerge {
  base::Uuid id;
  base::Uuid survivor;
  base::Uuid duplicate;
  std::optional<base::Uuid> centre;  // the survivor's
  v1::MergeState state = v1::MERGE_STATE_MERGED;
  std::vector<std::string> taken_fields;
  std::string reason;
  std::vector<v1::MergeEffect> effects;
  absl::Time created_at;
  std::string merger;
  std::optional<absl::Time> undone_at;
  std::string undoer, undo_reason;
};

std::string MergeName(const base::Uuid& id);  // "merges/{uuid}"

// INVALID_FIELD, blaming "taken_fields", for one that is no field of a person to be taken, and for
// one that is named twice.
absl::Status CheckTakenFields(const std::vector<std::string>& fields);
// `person` takes these fields from `from`; no other one changes.
void Take(const std::vector<std::string>& fields, const v1::Person& from, v1::Person* person);
// Of these fields those that the survivor still has from the duplicate: what somebody changed since
// stays as it is.
std::vector<std::string> StillTaken(const std::vector<std::string>& fields,
                                    const v1::Person& survivor, const v1::Person& duplicate);

// FAILED_PRECONDITION (MERGE_UNDONE).
absl::Status Undo(PersonMerge* merge, const std::string& undoer, const std::string& reason,
                  absl::Time now);

// Whether two enrolments of one person in one campaign exclude each other: both live, or have lived
// to the end.
bool ExcludeEachOther(const Enrolment& one, const Enrolment& other);
// Of two that do, whether `one` counts: it is further on in the life cycle; where they are equally
// far, it asked first. row:R5
bool Outranks(const Enrolment& one, const Enrolment& other);

}  // namespace ieum::registry
