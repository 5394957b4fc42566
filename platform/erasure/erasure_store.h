// The table `person_erasure`: persons whose data this service has destroyed.
#pragma once

#include <optional>
#include <vector>

#include "absl/time/time.h"
#include "ieum/platform/v1/ops.pb.h"
#include "platform/db/tx.h"
#include "platform/erasure/erasure.h"

namespace ieum::erasure {

// Destroys the person's key for ever; where there was none, none can be made any more. True when
// there was one.
bool DestroyKey(db::Tx& tx, const Erasure& erasure);

// Writes down, in the transaction that destroyed it, that everything is gone. `told`: whoever keeps
// the proof knows. The same erasure again changes nothing; another one of the same person, after
// a restored database had brought her back there, is to be told anew.
void NoteDestroyed(db::Tx& tx, const Erasure& erasure, bool key_destroyed, bool told);

// What is done and not told yet, the oldest first.
std::vector<Destroyed> Untold(db::Tx& tx, int limit);
int64_t CountUntold(db::Tx& tx);
void NoteTold(db::Tx& tx, const base::Uuid& person);

// The newest one; nullopt = none was ever done.
std::optional<platform::v1::ErasureProgress> ReadProgress(db::Tx& tx);

}  // namespace ieum::erasure
