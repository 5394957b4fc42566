// Keeping data apart that are to be erased and must not be (law:L13), and the end of that. Every
// use case locks the person, as erasures and holds do.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "platform/db/person_keys.h"
#include "platform/ledger/ledger.h"
#include "services/registry/erasures/erasure.h"

namespace ieum::registry {

struct KeepApartInput {
  base::Uuid id;
  v1::ErasureReason reason = v1::ERASURE_REASON_UNSPECIFIED;
  std::string etag;
};
absl::StatusOr<ledger::Done> KeepPersonApart(ledger::UnitOfWork& work, const KeepApartInput& input);

struct ApartInput {
  base::Uuid id;
  std::string reason;  // in words
  std::string etag;
};
// Writes down that the caller looks; the name of the answer is that of the look. It shows nothing.
absl::StatusOr<ledger::Done> LookAtApart(ledger::UnitOfWork& work, const ApartInput& input);
absl::StatusOr<base::Uuid> LookIdIn(const std::string& name);

absl::StatusOr<ledger::Done> PutPersonBack(ledger::UnitOfWork& work, const ApartInput& input);

// Of the daily round: one whose time is over by the rule while somebody holds her data. One of whom
// that is not so any more is left alone.
absl::StatusOr<ledger::Done> KeepApartByRule(ledger::UnitOfWork& work, const base::Uuid& person,
                                             const std::string& rule);

// Nobody holds them any more: the data are erased for the reason for which they were kept apart.
// One who was put back meanwhile is left alone; LEGAL_HOLD where somebody holds them again.
absl::StatusOr<ledger::Done> EraseApart(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                        const base::Uuid& person);

}  // namespace ieum::registry
