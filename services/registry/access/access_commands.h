// What can be done with grants. Each command writes the history, the book that this service decides
// by, and the event by which the others learn of it.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "platform/ledger/ledger.h"
#include "services/registry/access/access.h"

namespace ieum::registry {

struct GiveGrantInput {
  std::string account;
  std::string role;
  std::optional<base::Uuid> centre;  // nullopt = everywhere
  std::string reason;
  std::optional<base::Uuid> person;  // nullopt = as it was
  std::string etag;
  bool beyond_own = false;  // the role allows what the caller may not do himself
};
// PERMISSION_DENIED (GRANT_TO_SELF) also where what is beyond one's own goes to another account of
// the same person.
absl::StatusOr<ledger::Done> GiveGrant(ledger::UnitOfWork& work, const GiveGrantInput& input);

struct RevokeGrantInput {
  base::Uuid subject_id;
  base::Uuid id;
  std::string reason;
  std::string etag;
};
absl::StatusOr<ledger::Done> RevokeGrant(ledger::UnitOfWork& work, const RevokeGrantInput& input);

struct CloseSubjectInput {
  std::string account;
  std::string reason;
  std::string etag;
};
absl::StatusOr<ledger::Done> CloseSubject(ledger::UnitOfWork& work, const CloseSubjectInput& input);

struct ReopenSubjectInput {
  base::Uuid id;
  std::string reason;
  std::string etag;
};
absl::StatusOr<ledger::Done> ReopenSubject(ledger::UnitOfWork& work,
                                           const ReopenSubjectInput& input);

struct BreakGlassInput {
  std::optional<base::Uuid> centre;  // nullopt = everywhere
  std::string resource;
  v1::BreakGlassCause cause = v1::BREAK_GLASS_CAUSE_UNSPECIFIED;
  std::string reason;
  absl::Duration duration;
  std::optional<base::Uuid> always_told;  // a person
};
// For the account that asks.
absl::StatusOr<ledger::Done> BreakGlass(ledger::UnitOfWork& work, const BreakGlassInput& input);

// A grant whose time ran out; nothing when it has ended meanwhile.
absl::StatusOr<ledger::Done> ExpireGrant(ledger::UnitOfWork& work, const SubjectGrant& grant);

}  // namespace ieum::registry
