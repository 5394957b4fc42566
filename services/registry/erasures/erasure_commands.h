// What can be done about the end of a person's data. Every use case locks the person: a hold that
// is placed while somebody erases comes before it or finds her gone.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/db/person_keys.h"
#include "platform/ledger/ledger.h"
#include "services/registry/erasures/erasure.h"
#include "services/registry/erasures/retention.h"

namespace ieum::registry {

struct ErasePersonInput {
  base::Uuid id;
  v1::ErasureReason reason = v1::ERASURE_REASON_UNSPECIFIED;
  std::string etag;
  std::string rule;  // of retention
};
// The name of the answer is that of the proof.
absl::StatusOr<ledger::Done> ErasePerson(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                         const ErasePersonInput& input);

// What an erasure would do, for whom the scope holds: parts and obstacles, and nothing is changed.
// NOT_FOUND, PERMISSION_DENIED, PERSON_ERASED as for the erasure itself.
absl::StatusOr<v1::Erasure> RehearseErasure(db::Tx& tx, const base::Scope& scope,
                                            const ErasePersonInput& input, absl::Time now);

struct ConfirmErasureInput {
  base::Uuid id;
  std::string service;
  bool key_destroyed = false;
  absl::Time destroyed_at;  // real time, there
};
// Said again, it changes nothing.
absl::StatusOr<ledger::Done> ConfirmErasure(ledger::UnitOfWork& work,
                                            const ConfirmErasureInput& input);

struct PlaceHoldInput {
  std::optional<base::Uuid> id;  // chosen by the caller
  base::Uuid person_id;
  std::string reason;
  std::string end_date;  // "" = until released
};
absl::StatusOr<ledger::Done> PlaceHold(ledger::UnitOfWork& work, const PlaceHoldInput& input);

struct ReleaseHoldInput {
  base::Uuid id;
  std::string reason;
  std::string etag;
};
absl::StatusOr<ledger::Done> ReleaseHold(ledger::UnitOfWork& work, const ReleaseHoldInput& input);

struct RunRetentionInput {
  std::vector<std::string> rules;  // empty = all
  int limit = 0;
};
// The rules of these codes; RETENTION_RULE_UNKNOWN blaming "rules".
absl::StatusOr<std::vector<RetentionRule>> RulesNamed(db::Tx& tx,
                                                      const std::vector<std::string>& codes);
// Erases whose time is over and whom nobody holds, in one transaction.
absl::StatusOr<ledger::Done> RunRetention(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                          const RunRetentionInput& input);

// Of the daily round. One whose time was over when she was found, and is no more, is left alone.
absl::StatusOr<ledger::Done> EraseByRule(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                         const base::Uuid& person, const std::string& rule);

}  // namespace ieum::registry
