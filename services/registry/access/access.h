// Accounts and what they hold: names, states, and what ends a grant. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "ieum/registry/v1/types.pb.h"
#include "platform/base/uuid.h"

namespace ieum::registry {

// The role of those who are told of a broken glass.
inline constexpr char kSupervisorRole[] = "supervisor";

struct Subject {
  base::Uuid id;  // access::SubjectId(account)
  std::string account;
  v1::SubjectState state = v1::SUBJECT_STATE_OPEN;
  std::optional<base::Uuid> person;
  std::string state_account;  // who closed or reopened it last
  std::string state_reason;
  absl::Time created_at;
  absl::Time updated_at;

  bool closed() const { return state == v1::SUBJECT_STATE_CLOSED; }
};

struct SubjectGrant {
  base::Uuid id;
  base::Uuid subject_id;
  std::string role;
  std::optional<base::Uuid> centre;  // nullopt = everywhere
  v1::GrantKind kind = v1::GRANT_KIND_GIVEN;
  absl::Time given_at;
  std::string giver;
  std::string reason;
  v1::BreakGlassCause cause = v1::BREAK_GLASS_CAUSE_UNSPECIFIED;
  std::string resource;
  std::optional<absl::Time> expires_at;
  std::optional<absl::Time> ended_at;
  std::string ender;
  v1::GrantEnd end = v1::GRANT_END_UNSPECIFIED;
  std::string end_reason;
};

std::string SubjectName(const base::Uuid& id);                           // "subjects/{uuid}"
std::string GrantName(const base::Uuid& subject, const base::Uuid& id);  // ".../grants/{uuid}"
// "organizations/{uuid}", or "*"; and back, nullopt for "*".
std::string CentreName(const std::optional<base::Uuid>& centre);
absl::StatusOr<std::optional<base::Uuid>> CentreOf(const std::string& name, std::string_view field);

// FAILED_PRECONDITION: SUBJECT_CLOSED, SUBJECT_OPEN.
absl::Status RequireOpen(const Subject& subject);
absl::Status RequireClosed(const Subject& subject);

struct Ending {
  v1::GrantEnd what;
  std::string who;  // "" = nobody had to
  std::string why;
  absl::Time at;
};
// FAILED_PRECONDITION (GRANT_ENDED) for one that has ended; a refusal changes nothing.
absl::Status EndGrant(const Ending& ending, SubjectGrant* grant);

}  // namespace ieum::registry
