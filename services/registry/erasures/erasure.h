// The end of a person's data: what forbids it, and what is written down about it. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "ieum/registry/v1/erasure_service.pb.h"
#include "platform/base/uuid.h"

namespace ieum::registry {

// What stands in the way of an erasure as it was found.
struct Obstacles {
  bool held = false;           // somebody holds the data
  bool takes_part = false;     // she takes part in something that has not ended
  bool contact_there = false;  // a firm that takes part is reached or advised through her
};
// Those that count for this reason, in their order: what she asks for herself, or what should never
// have been recorded, is not refused for the sake of a firm's contact (개인정보 보호법 제37조).
std::vector<v1::ErasureObstacle> ObstaclesFor(v1::ErasureReason reason, const Obstacles& found);
// LEGAL_HOLD or PERSON_IN_USE, by the first of them; OK when there is none.
absl::Status RequireNone(const std::vector<v1::ErasureObstacle>& obstacles,
                         const base::Uuid& person);
// INVALID_FIELD for RETENTION: only what a rule calls for is called so.
absl::Status CheckAskedReason(v1::ErasureReason reason);

// The proof.
struct ErasureRecord {
  base::Uuid id;
  int64_t number = 0;  // given by the database, as is the hash
  base::Uuid person_id;
  std::optional<base::Uuid> centre;
  v1::ErasureReason reason = v1::ERASURE_REASON_UNSPECIFIED;
  std::string rule;  // of retention; "" = none called for it
  std::optional<base::Uuid> run;
  absl::Time erased_at;
  std::string eraser;
  v1::Erasure parts;  // destroyed_parts and kept_parts alone
  std::string hash;   // bytes
};

struct Confirmation {
  std::string service;
  bool key_destroyed = false;
  std::optional<absl::Time> destroyed_at;  // real time, of the service; nullopt = just now
  absl::Time confirmed_at;
};

// All services of the suite: each is to confirm, registry with the erasure itself.
const std::vector<std::string>& ConfirmingServices();
// Those of them that have not.
std::vector<std::string> Missing(const std::vector<Confirmation>& confirmations);

std::string ErasureName(const base::Uuid& id);  // "erasures/…"

// That a person's data must not be erased.
struct LegalHold {
  base::Uuid id;
  base::Uuid person_id;
  std::optional<base::Uuid> centre;  // the person's
  std::string reason;
  std::optional<absl::CivilDay> end_date;  // last day; nullopt = until released
  absl::Time placed_at;
  std::string placer;
  std::optional<absl::Time> released_at;
  std::string releaser;
  std::string release_reason;
};
// HOLD_RELEASED.
absl::Status Release(LegalHold* hold, std::string reason, std::string releaser, absl::Time now);

std::string LegalHoldName(const base::Uuid& id);  // "legalHolds/…"

}  // namespace ieum::registry
