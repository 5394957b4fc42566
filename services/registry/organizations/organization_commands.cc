#include "services/registry/organizations/organization_commands.h"

#include "ieum/platform/v1/errors.pb.h"
#include "ieum/registry/v1/errors.pb.h"
#include "ieum/registry/v1/events.pb.h"
#include "platform/access/book_store.h"
#include "platform/base/chosen_centre.h"
#include "platform/base/korea_time.h"
#include "services/registry/organizations/facts.h"
#include "services/registry/organizations/organization_store.h"
#include "services/registry/organizations/organization_tree_store.h"
#include "services/registry/printed_name.h"
#include "services/registry/reference/reference_store.h"

namespace ieum::registry {
namespace {

constexpr char kKind[] = "organization";

std::string Today(const ledger::UnitOfWork& work) {
  return base::FormatDay(base::KoreaDay(work.now()));
}

absl::Status IdTaken() {
  return base::AlreadyExists(platform::v1::ERROR_REASON_ID_TAKEN,
                             "an organization with this id exists");
}

absl::Status NumberTaken() {
  return base::AlreadyExists(v1::ERROR_REASON_BUSINESS_NUMBER_TAKEN,
                             "an active organization has this business registration number");
}

absl::Status CodeTaken() {
  return base::AlreadyExists(v1::ERROR_REASON_EXTERNAL_CODE_TAKEN,
                             "another organization has this external code");
}

// The record, checked on its own day and completed; faults go to `errors`.
v1::OrganizationFacts CheckedFacts(db::Tx& tx, v1::OrganizationFacts facts,
                                   base::FieldErrors* errors) {
  const auto day = FactsDay(facts, "facts");
  if (!day.ok()) {
    errors->Add(day.status());
    return facts;
  }
  const CodeFindings codes = FindCodes(tx, facts, *day);
  CheckFacts(facts, codes, *day, "facts", errors);
  facts.set_valid_from(base::FormatDay(*day));
  return CompleteFacts(std::move(facts), codes);
}

// Where the parent is new, refuses what may not be.
absl::Status CheckParent(ledger::UnitOfWork& work, const Organization& organization) {
  RETURN_IF_ERROR(RequireMayPlace(work.scope(), organization));
  if (!organization.parent) return absl::OkStatus();
  return CheckPlace(organization, FindPlace(work.tx(), organization.id, *organization.parent),
                    "organization.parent");
}

// Which centres are below which is everybody's to know who decides who may do what. Before the
// event of the change itself: that one's version is the version that is read back.
void AppendPlace(ledger::UnitOfWork& work, const Organization& organization) {
  if (organization.kind != v1::ORGANIZATION_KIND_CENTRE) return;
  access::PutCentre(work.tx(), organization.id, organization.parent, 0);
  v1::CentrePlaced event;
  event.set_organization_id(organization.id.ToString());
  event.set_event_date(Today(work));
  event.set_parent_id(base::CentreText(organization.parent));
  work.Append(organization.id, kKind, OrganizationName(organization.id), event);
}

}  // namespace

absl::StatusOr<Organization> FindForChange(ledger::UnitOfWork& work, const base::Uuid& id,
                                           const std::string& etag) {
  const auto organization = FindOrganization(work.tx(), id);
  if (!organization) return base::NotFound(OrganizationName(id));
  RETURN_IF_ERROR(RequireMayChange(work.scope(), *organization));
  RETURN_IF_ERROR(work.ExpectEtag(id, etag));
  RETURN_IF_ERROR(RequireActive(*organization));
  return *organization;
}

Organization Described(const base::Uuid& id, const RegisterOrganizationInput& input, absl::Time now,
                       base::FieldErrors* errors) {
  Organization organization;
  organization.id = id;
  organization.kind = input.kind;
  organization.display_name =
      CheckPrintedName(input.display_name, "organization.display_name", kTitleMax, errors);
  organization.business_number = CheckBusinessNumber(
      input.business_number, "organization.business_registration_number", errors);
  organization.external_code = input.external_code;
  organization.parent = input.parent;
  organization.created_at = now;
  return organization;
}

v1::OrganizationRegistered RegisteredEvent(const Organization& organization,
                                           const std::optional<v1::OrganizationFacts>& facts,
                                           absl::CivilDay today) {
  v1::OrganizationRegistered event;
  event.set_organization_id(organization.id.ToString());
  event.set_event_date(base::FormatDay(today));
  event.set_kind(organization.kind);
  event.set_business_registration_number(organization.business_number);
  event.set_external_code(organization.external_code);
  event.set_parent_id(base::CentreText(organization.parent));
  if (facts) *event.mutable_facts() = *facts;
  return event;
}

v1::OrganizationFactsChanged FactsChangedEvent(const Organization& organization,
                                               const v1::OrganizationFacts& facts,
                                               absl::CivilDay today) {
  v1::OrganizationFactsChanged event;
  event.set_organization_id(organization.id.ToString());
  event.set_event_date(base::FormatDay(today));
  event.set_kind(organization.kind);
  *event.mutable_facts() = facts;
  return event;
}

namespace {

// The parent too, if there is one: it must not be deactivated meanwhile.
void LockWithParent(ledger::UnitOfWork& work, const base::Uuid& id,
                    const std::optional<base::Uuid>& parent) {
  if (parent && *parent != id) {
    work.Lock({id, *parent});
  } else {
    work.Lock({id});
  }
}

}  // namespace

absl::StatusOr<ledger::Done> RegisterOrganization(ledger::UnitOfWork& work,
                                                  const RegisterOrganizationInput& input) {
  if (input.parent) EnterTree(work.tx());
  const base::Uuid id = input.id.value_or(work.DeriveId(kKind));
  LockWithParent(work, id, input.parent);
  if (work.Version(id) != 0) return IdTaken();
  base::FieldErrors errors;
  const Organization organization = Described(id, input, work.now(), &errors);
  RETURN_IF_ERROR(RequireMayChange(work.scope(), organization));
  std::optional<v1::OrganizationFacts> facts = input.facts;
  if (facts) facts = CheckedFacts(work.tx(), *std::move(facts), &errors);
  RETURN_IF_ERROR(errors.ToStatus());
  if (organization.parent) {
    RETURN_IF_ERROR(CheckParent(work, organization));
    AppendPlace(work, organization);
  }

  // The id before the claims: of two that register one organization at once, the slower one hears
  // what it would have heard later.
  const int64_t version = NextVersion(work, organization.id);
  if (!InsertOrganization(work.tx(), organization, version)) return IdTaken();
  if (!TakeClaim(work.tx(), Claim::kBusinessNumber, organization.business_number,
                 organization.id)) {
    return NumberTaken();
  }
  if (!TakeClaim(work.tx(), Claim::kExternalCode, organization.external_code, organization.id)) {
    return CodeTaken();
  }
  if (facts) PutFacts(work.tx(), organization.id, *facts, {version, work.now()});

  const std::string name = OrganizationName(organization.id);
  work.Append(organization.id, kKind, name,
              RegisteredEvent(organization, facts, base::KoreaDay(work.now())));
  return ledger::Done{organization.id, name};
}

namespace {

// What the change makes of it, checked.
absl::StatusOr<Organization> Changed(const Organization& before,
                                     const UpdateOrganizationInput& input) {
  v1::Organization wanted;
  wanted.set_display_name(before.display_name);
  wanted.set_business_registration_number(before.business_number);
  wanted.set_external_code(before.external_code);
  RETURN_IF_ERROR(input.change(&wanted));
  Organization after = before;
  base::FieldErrors errors;
  after.display_name =
      CheckPrintedName(wanted.display_name(), "organization.display_name", kTitleMax, &errors);
  after.business_number = CheckBusinessNumber(wanted.business_registration_number(),
                                              "organization.business_registration_number", &errors);
  after.external_code = wanted.external_code();
  if (input.places) after.parent = input.parent;
  RETURN_IF_ERROR(errors.ToStatus());
  return after;
}

std::vector<std::string> ChangedPaths(const Organization& before, const Organization& after) {
  std::vector<std::string> paths;
  if (before.display_name != after.display_name) paths.push_back("display_name");
  if (before.business_number != after.business_number) {
    paths.push_back("business_registration_number");
  }
  if (before.external_code != after.external_code) paths.push_back("external_code");
  if (before.parent != after.parent) paths.push_back("parent");
  return paths;
}

// Takes what is new before giving back what is old.
absl::Status MoveClaims(db::Tx& tx, const Organization& before, const Organization& after) {
  const bool number = before.business_number != after.business_number;
  const bool code = before.external_code != after.external_code;
  if (number && !TakeClaim(tx, Claim::kBusinessNumber, after.business_number, after.id)) {
    return NumberTaken();
  }
  if (code && !TakeClaim(tx, Claim::kExternalCode, after.external_code, after.id)) {
    return CodeTaken();
  }
  if (number) DropClaim(tx, Claim::kBusinessNumber, before.business_number);
  if (code) DropClaim(tx, Claim::kExternalCode, before.external_code);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ledger::Done> UpdateOrganization(ledger::UnitOfWork& work,
                                                const UpdateOrganizationInput& input) {
  if (input.places) EnterTree(work.tx());
  LockWithParent(work, input.id, input.places ? input.parent : std::nullopt);
  ASSIGN_OR_RETURN(const Organization before, FindForChange(work, input.id, input.etag));
  ASSIGN_OR_RETURN(Organization after, Changed(before, input));
  const std::vector<std::string> changed = ChangedPaths(before, after);
  const std::string name = OrganizationName(after.id);
  if (changed.empty()) return ledger::Done{after.id, name};
  const bool placed = before.parent != after.parent;
  if (placed) RETURN_IF_ERROR(CheckParent(work, after));

  RETURN_IF_ERROR(MoveClaims(work.tx(), before, after));
  if (placed) AppendPlace(work, after);
  after.updated_at = work.now();
  SaveOrganization(work.tx(), after, NextVersion(work, after.id));

  v1::OrganizationUpdated event;
  event.set_organization_id(after.id.ToString());
  event.set_event_date(Today(work));
  event.set_kind(after.kind);
  event.set_business_registration_number(after.business_number);
  event.set_external_code(after.external_code);
  event.set_parent_id(base::CentreText(after.parent));
  event.mutable_changed_fields()->Assign(changed.begin(), changed.end());
  work.Append(after.id, kKind, name, event);
  return ledger::Done{after.id, name};
}

absl::StatusOr<ledger::Done> RecordOrganizationFacts(ledger::UnitOfWork& work,
                                                     const RecordFactsInput& input) {
  work.Lock({input.id});
  ASSIGN_OR_RETURN(Organization organization, FindForChange(work, input.id, input.etag));
  base::FieldErrors errors;
  const v1::OrganizationFacts facts = CheckedFacts(work.tx(), input.facts, &errors);
  RETURN_IF_ERROR(errors.ToStatus());

  const int64_t version = NextVersion(work, organization.id);
  PutFacts(work.tx(), organization.id, facts, {version, work.now()});
  organization.updated_at = work.now();
  SaveOrganization(work.tx(), organization, version);

  const std::string name = OrganizationName(organization.id);
  work.Append(organization.id, kKind, name,
              FactsChangedEvent(organization, facts, base::KoreaDay(work.now())));
  return ledger::Done{organization.id, name};
}

}  // namespace ieum::registry
