#include "services/registry/organizations/organization_commands.h"

#include "ieum/platform/v1/errors.pb.h"
#include "ieum/registry/v1/errors.pb.h"
#include "ieum/registry/v1/events.pb.h"
#include "platform/access/book_store.h"
#include "platform/base/chosen_centre.h"
#include "platform/base/korea_time.h"
#include "services/registry/changes/sensitive_fields.h"
#include "services/registry/changes/sensitive_store.h"
#include "services/registry/organizations/facts.h"
#include "services/registry/organizations/organization_batch_store.h"
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
std::vector<base::Uuid> WithParent(const base::Uuid& id, const std::optional<base::Uuid>& parent) {
  if (parent && *parent != id) return {id, *parent};
  return {id};
}

}  // namespace

absl::StatusOr<ledger::Done> RegisterOrganization(ledger::UnitOfWork& work,
                                                  const RegisterOrganizationInput& input) {
  if (input.parent) EnterTree(work.tx());
  const base::Uuid id = input.id.value_or(work.DeriveId(kKind));
  work.Lock(WithParent(id, input.parent));
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

std::vector<base::Uuid> LocksOf(ledger::UnitOfWork& work, const UpdateOrganizationInput& input) {
  if (!input.places) return {input.id};
  EnterTree(work.tx());
  return WithParent(input.id, input.parent);
}

absl::StatusOr<OrganizationUpdate> PlanUpdate(ledger::UnitOfWork& work,
                                              const UpdateOrganizationInput& input) {
  OrganizationUpdate update;
  ASSIGN_OR_RETURN(update.before, FindForChange(work, input.id, input.etag));
  ASSIGN_OR_RETURN(update.after, Changed(update.before, input));
  update.changed = ChangedPaths(update.before, update.after);
  if (update.before.parent != update.after.parent) {
    RETURN_IF_ERROR(CheckParent(work, update.after));
  }
  return update;
}

absl::Status CheckClaims(db::Tx& tx, const OrganizationUpdate& update) {
  const auto taken = [&](Claim claim, const std::string& before, const std::string& after) {
    return before != after && !after.empty() && !FindClaims(tx, claim, {after}).empty();
  };
  if (taken(Claim::kBusinessNumber, update.before.business_number, update.after.business_number)) {
    return NumberTaken();
  }
  if (taken(Claim::kExternalCode, update.before.external_code, update.after.external_code)) {
    return CodeTaken();
  }
  return absl::OkStatus();
}

absl::Status MakeUpdate(ledger::UnitOfWork& work, OrganizationUpdate update) {
  Organization& after = update.after;
  RETURN_IF_ERROR(MoveClaims(work.tx(), update.before, after));
  if (update.before.parent != after.parent) AppendPlace(work, after);
  after.updated_at = work.now();
  SaveOrganization(work.tx(), after, NextVersion(work, after.id));

  v1::OrganizationUpdated event;
  event.set_organization_id(after.id.ToString());
  event.set_event_date(Today(work));
  event.set_kind(after.kind);
  event.set_business_registration_number(after.business_number);
  event.set_external_code(after.external_code);
  event.set_parent_id(base::CentreText(after.parent));
  event.mutable_changed_fields()->Assign(update.changed.begin(), update.changed.end());
  work.Append(after.id, kKind, OrganizationName(after.id), event);
  return absl::OkStatus();
}

absl::StatusOr<ledger::Done> UpdateOrganization(ledger::UnitOfWork& work,
                                                const UpdateOrganizationInput& input) {
  work.Lock(LocksOf(work, input));
  ASSIGN_OR_RETURN(OrganizationUpdate update, PlanUpdate(work, input));
  if (!update.changed.empty()) {
    const Sensitive sensitive = FindSensitive(work.tx(), CentreOf(update.before));
    RETURN_IF_ERROR(RequireNoReview(sensitive, Below(kOrganizationFields, update.changed)));
    RETURN_IF_ERROR(MakeUpdate(work, std::move(update)));
  }
  return ledger::Done{input.id, OrganizationName(input.id)};
}

absl::StatusOr<FactsUpdate> PlanFacts(ledger::UnitOfWork& work, const RecordFactsInput& input) {
  FactsUpdate update;
  ASSIGN_OR_RETURN(update.organization, FindForChange(work, input.id, input.etag));
  base::FieldErrors errors;
  update.facts = CheckedFacts(work.tx(), input.facts, &errors);
  RETURN_IF_ERROR(errors.ToStatus());
  return update;
}

v1::OrganizationFacts FactsBefore(db::Tx& tx, const FactsUpdate& update) {
  const auto day = FactsDay(update.facts, "facts");
  if (!day.ok()) return {};
  return FindFacts(tx, update.organization.id, *day).value_or(v1::OrganizationFacts());
}

void MakeFacts(ledger::UnitOfWork& work, FactsUpdate update) {
  Organization& organization = update.organization;
  const int64_t version = NextVersion(work, organization.id);
  PutFacts(work.tx(), organization.id, update.facts, {version, work.now()});
  organization.updated_at = work.now();
  SaveOrganization(work.tx(), organization, version);
  work.Append(organization.id, kKind, OrganizationName(organization.id),
              FactsChangedEvent(organization, update.facts, base::KoreaDay(work.now())));
}

absl::StatusOr<ledger::Done> RecordOrganizationFacts(ledger::UnitOfWork& work,
                                                     const RecordFactsInput& input) {
  work.Lock({input.id});
  ASSIGN_OR_RETURN(FactsUpdate update, PlanFacts(work, input));
  const Sensitive sensitive = FindSensitive(work.tx(), CentreOf(update.organization));
  if (sensitive.AnyBelow(kFactsField)) {
    RETURN_IF_ERROR(
        RequireNoReview(sensitive, ChangedFacts(FactsBefore(work.tx(), update), update.facts)));
  }
  MakeFacts(work, std::move(update));
  return ledger::Done{input.id, OrganizationName(input.id)};
}

}  // namespace ieum::registry
