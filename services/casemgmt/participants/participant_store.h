// The tokens by which events and figures know a person. A token says nothing of whom it is of; only
// this table does, until the person is erased.
#pragma once

#include <optional>
#include <vector>

#include "platform/base/uuid.h"
#include "platform/db/tx.h"
#include "platform/ledger/unit_of_work.h"

namespace ieum::casemgmt {

// The token of the person, made now when she has none; of her survivor, where her record was merged
// into another one. Two commands that make it at the same moment run one after the other.
base::Uuid ParticipantOf(ledger::UnitOfWork& work, const base::Uuid& person);

// Her token without making one; nullopt = she has none.
std::optional<base::Uuid> FindParticipant(db::Tx& tx, const base::Uuid& person);

// A token as it is kept.
struct Participant {
  base::Uuid token;
  std::optional<base::Uuid> person;       // nullopt = erased
  std::optional<base::Uuid> joined_into;  // stands for it; nullopt = itself
  std::optional<base::Uuid> joining;      // names that, while it lasts
};
std::optional<Participant> FindToken(db::Tx& tx, const base::Uuid& token);
// Tokens that were made for any of these records, in order.
std::vector<Participant> TokensOf(db::Tx& tx, const std::vector<base::Uuid>& persons);
void SaveJoining(db::Tx& tx, const Participant& participant);
// Whose tokens they were is no longer known. Answers how many.
int64_t ForgetParticipants(db::Tx& tx, const base::Uuid& person);

// All records that are one person with this one, and who stands for them, as merges say now.
std::vector<base::Uuid> RecordsOf(db::Tx& tx, const base::Uuid& person);
base::Uuid SurvivorOf(db::Tx& tx, const base::Uuid& person);

}  // namespace ieum::casemgmt
