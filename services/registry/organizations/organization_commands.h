// What can be done with organizations. Each use case runs in one transaction, locks first and has
// written nothing when it refuses.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "ieum/registry/v1/events.pb.h"
#include "ieum/registry/v1/organization_service.pb.h"
#include "platform/ledger/ledger.h"
#include "services/registry/organizations/organization.h"

namespace ieum::registry {

struct RegisterOrganizationInput {
  std::optional<base::Uuid> id;  // chosen by the caller
  v1::OrganizationKind kind = v1::ORGANIZATION_KIND_UNSPECIFIED;
  std::string display_name;
  std::string business_number;  // as written
  std::string external_code;
  std::optional<base::Uuid> parent;
  std::optional<v1::OrganizationFacts> facts;
};
// All faulty fields are told at once. ID_TAKEN, BUSINESS_NUMBER_TAKEN, EXTERNAL_CODE_TAKEN. A
// parent is refused as CheckPlace and RequireMayPlace say.
absl::StatusOr<ledger::Done> RegisterOrganization(ledger::UnitOfWork& work,
                                                  const RegisterOrganizationInput& input);

struct UpdateOrganizationInput {
  base::Uuid id;
  std::string etag;
  // Given display_name, business_registration_number and external_code as they are, makes of them
  // what they shall be. Run within the transaction, so that nobody's change is lost.
  std::function<absl::Status(v1::Organization*)> change;
  // Whether it shall be a part of `parent` (nullopt: of none) from now on.
  bool places = false;
  std::optional<base::Uuid> parent;
};
// Changes nothing, and records nothing, where all values are what they were. CHANGE_NEEDS_REVIEW
// for a field that nobody changes alone (changes/sensitive_fields.h); the same of facts and labels.
absl::StatusOr<ledger::Done> UpdateOrganization(ledger::UnitOfWork& work,
                                                const UpdateOrganizationInput& input);

// The parts of an update, for who locks more than it does: what is to be locked (the tree is
// entered where it places), what the update would make, checked, and the update itself.
struct OrganizationUpdate {
  Organization before, after;
  std::vector<std::string> changed;  // paths
};
std::vector<base::Uuid> LocksOf(ledger::UnitOfWork& work, const UpdateOrganizationInput& input);
absl::StatusOr<OrganizationUpdate> PlanUpdate(ledger::UnitOfWork& work,
                                              const UpdateOrganizationInput& input);
// What MakeUpdate would be refused with now, without taking anything: BUSINESS_NUMBER_TAKEN,
// EXTERNAL_CODE_TAKEN.
absl::Status CheckClaims(db::Tx& tx, const OrganizationUpdate& update);
absl::Status MakeUpdate(ledger::UnitOfWork& work, OrganizationUpdate update);

struct RecordFactsInput {
  base::Uuid id;
  std::string etag;
  v1::OrganizationFacts facts;
};
absl::StatusOr<ledger::Done> RecordOrganizationFacts(ledger::UnitOfWork& work,
                                                     const RecordFactsInput& input);
// Its parts, for who has locked the organization and more.
struct FactsUpdate {
  Organization organization;
  v1::OrganizationFacts facts;
};
absl::StatusOr<FactsUpdate> PlanFacts(ledger::UnitOfWork& work, const RecordFactsInput& input);
// What holds on the record's first day without it; the empty message when nothing does.
v1::OrganizationFacts FactsBefore(db::Tx& tx, const FactsUpdate& update);
void MakeFacts(ledger::UnitOfWork& work, FactsUpdate update);

struct DeactivateOrganizationInput {
  base::Uuid id;
  std::string etag;
  v1::DeactivationReason reason = v1::DEACTIVATION_REASON_UNSPECIFIED;
  std::string effective_date;  // "" = today
};
// Also withdraws its waiting and confirmed enrolments, whose seats go to the next in line, and
// loses its open leads.
absl::StatusOr<ledger::Done> DeactivateOrganization(ledger::UnitOfWork& work,
                                                    const DeactivateOrganizationInput& input);

// One that is active, that the caller may change and whose etag is this one; `id` is locked.
absl::StatusOr<Organization> FindForChange(ledger::UnitOfWork& work, const base::Uuid& id,
                                           const std::string& etag);

// What is described of a new organization, checked; faults of its fields go to `errors`. `now`:
// when it is registered.
Organization Described(const base::Uuid& id, const RegisterOrganizationInput& input, absl::Time now,
                       base::FieldErrors* errors);
v1::OrganizationRegistered RegisteredEvent(const Organization& organization,
                                           const std::optional<v1::OrganizationFacts>& facts,
                                           absl::CivilDay today);
v1::OrganizationFactsChanged FactsChangedEvent(const Organization& organization,
                                               const v1::OrganizationFacts& facts,
                                               absl::CivilDay today);

// What its next event will make its version.
inline int64_t NextVersion(const ledger::UnitOfWork& work, const base::Uuid& id) {
  return work.Version(id) + 1;
}

}  // namespace ieum::registry
