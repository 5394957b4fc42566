// What registry holds of a person: every kind of record in which she stands, whichever room keeps
// it. It is read here and changed nowhere but in its own room. Nobody else's values stand in any of
// it: who else is concerned, a guardian, a child, the other one of a pair, is told as being there.
#pragma once

#include <vector>

#include "ieum/platform/v1/personal_data.pb.h"
#include "platform/base/scope.h"
#include "platform/base/uuid.h"
#include "platform/db/tx.h"
#include "platform/personal_data/held.h"

namespace ieum::registry {

personal_data::Holdings HeldByRegistry();

// The parts of it, room by room.
std::vector<personal_data::Held> HeldOfPeople();
std::vector<personal_data::Held> HeldOfConsents();
std::vector<personal_data::Held> HeldOfParticipation();
std::vector<personal_data::Held> HeldOfRecords();

// Whom the caller may see, with those of the records that were merged into hers that he may see,
// and the one that stands for her; also of one who was erased. NOT_FOUND.
absl::Status IdentifyPerson(db::Tx& tx, const base::Scope& scope, const base::Uuid& person,
                            platform::v1::ExportPersonalDataResponse* response);

}  // namespace ieum::registry
