// An erasure as far as one service is concerned: what it held of a person was destroyed for ever.
#pragma once

#include "absl/time/time.h"
#include "platform/base/uuid.h"

namespace ieum::erasure {

struct Erasure {
  base::Uuid person_id;
  base::Uuid erasure_id;  // of the proof, where the person's data are kept
  absl::Time erased_at;   // there, business time
};

// Of an erasure that was done here.
struct Destroyed {
  Erasure erasure;
  bool key_destroyed = false;  // there was a key
  absl::Time destroyed_at;     // real time
};

}  // namespace ieum::erasure
