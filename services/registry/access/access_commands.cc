#include "services/registry/access/access_commands.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "ieum/platform/v1/errors.pb.h"
#include "ieum/registry/v1/errors.pb.h"
#include "ieum/registry/v1/events.pb.h"
#include "platform/access/book_store.h"
#include "platform/access/subject_id.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/registry/access/access_store.h"
#include "services/registry/instants.h"
#include "services/registry/organizations/organization_store.h"
#include "services/registry/people/person_store.h"
#include "services/registry/people/standing_store.h"

namespace ieum::registry {
namespace {

constexpr char kKind[] = "subject";
constexpr char kEverywhere[] = "*";
constexpr char kBreakGlassRole[] = "break_glass";
constexpr char kServiceAccounts[] = "service/";

template <class Event>
Event EventOf(const ledger::UnitOfWork& work, const base::Uuid& subject) {
  Event event;
  event.set_subject_id(subject.ToString());
  event.set_event_date(base::FormatDay(base::KoreaDay(work.now())));
  return event;
}

template <class Event>
Event EventOf(const ledger::UnitOfWork& work, const SubjectGrant& grant) {
  auto event = EventOf<Event>(work, grant.subject_id);
  event.set_grant_id(grant.id.ToString());
  event.set_role(grant.role);
  if (grant.centre) event.set_centre_id(grant.centre->ToString());
  event.set_kind(grant.kind);
  return event;
}

template <class Event>
void Tell(ledger::UnitOfWork& work, const base::Uuid& subject, const Event& event) {
  work.Append(subject, kKind, SubjectName(subject), event);
}

// The account's subject, made now where it was never heard of; its aggregate is locked.
Subject SubjectOf(ledger::UnitOfWork& work, const std::string& account) {
  const base::Uuid id = access::SubjectId(account);
  if (auto known = FindSubject(work.tx(), id)) return *std::move(known);
  Subject subject;
  subject.id = id;
  subject.account = account;
  subject.created_at = work.now();
  return subject;
}

void Save(ledger::UnitOfWork& work, Subject subject) {
  subject.updated_at = work.now();
  PutSubject(work.tx(), subject);
}

absl::Status CheckAccount(const std::string& account) {
  if (!account.starts_with(kServiceAccounts)) return absl::OkStatus();
  return base::InvalidField(v1::ERROR_REASON_ACCOUNT_OF_SERVICE, "account",
                            "a service is known by its certificate and holds its own role");
}

// A centre, or another body that acts in the programme; never a firm.
absl::Status CheckCentre(db::Tx& tx, const std::optional<base::Uuid>& centre) {
  if (!centre) return absl::OkStatus();
  const auto organization = FindOrganization(tx, *centre);
  if (organization && organization->active() && organization->kind != v1::ORGANIZATION_KIND_FIRM) {
    return absl::OkStatus();
  }
  return base::InvalidField(v1::ERROR_REASON_CENTRE_UNKNOWN, "centre",
                            "must be a centre, a council body or an agency that is active, or *");
}

absl::Status CheckPerson(db::Tx& tx, const base::Scope& scope,
                         const std::optional<base::Uuid>& person) {
  if (!person) return absl::OkStatus();
  const auto owner = FindOwner(tx, scope, *person);
  if (!owner) {
    return base::InvalidField(v1::ERROR_REASON_PERSON_UNKNOWN, "person",
                              "must be a person who is registered, or empty");
  }
  // People are compared by the record that stands for all of theirs.
  return owner->merged ? RequireUnmerged(tx, scope, *person) : absl::OkStatus();
}

// What the account holds of the wanted role in the wanted centre; nullptr for nothing.
const SubjectGrant* SameIn(const std::vector<SubjectGrant>& living, const SubjectGrant& wanted) {
  const auto same = std::find_if(living.begin(), living.end(), [&](const SubjectGrant& grant) {
    return grant.role == wanted.role && grant.centre == wanted.centre;
  });
  return same == living.end() ? nullptr : &*same;
}

absl::Status Exists(const SubjectGrant& grant) {
  return base::AlreadyExists(v1::ERROR_REASON_GRANT_EXISTS,
                             "the account holds this role in this centre",
                             {{"grant", GrantName(grant.subject_id, grant.id)}});
}

ledger::Done Begin(ledger::UnitOfWork& work, const Subject& subject, const SubjectGrant& grant) {
  Save(work, subject);
  InsertGrant(work.tx(), grant);
  access::PutGrant(work.tx(),
                   {grant.id, grant.subject_id, grant.role,
                    grant.centre ? grant.centre->ToString() : kEverywhere, grant.expires_at},
                   0);
  auto event = EventOf<v1::GrantGiven>(work, grant);
  if (grant.expires_at) *event.mutable_expire_time() = ToTimestamp(*grant.expires_at);
  Tell(work, grant.subject_id, event);
  return {grant.subject_id, GrantName(grant.subject_id, grant.id)};
}

absl::Status End(ledger::UnitOfWork& work, const Ending& ending, SubjectGrant grant) {
  RETURN_IF_ERROR(EndGrant(ending, &grant));
  SaveEnd(work.tx(), grant);
  access::RemoveGrant(work.tx(), grant.id);
  auto event = EventOf<v1::GrantEnded>(work, grant);
  event.set_end(ending.what);
  Tell(work, grant.subject_id, event);
  return absl::OkStatus();
}

Ending ExpiryOf(const SubjectGrant& grant) {
  return {v1::GRANT_END_EXPIRED, "", "", *grant.expires_at};
}

SubjectGrant NewGrant(const ledger::UnitOfWork& work, const base::Uuid& subject,
                      const std::optional<base::Uuid>& centre, const std::string& reason) {
  SubjectGrant grant;
  grant.id = work.DeriveId("grant");
  grant.subject_id = subject;
  grant.centre = centre;
  grant.given_at = work.now();
  grant.giver = work.caller().actor;
  grant.reason = reason;
  return grant;
}

// The person behind an account is told of broken glass in every centre that it supervises. So who
// acts for some centres names the person of an account that has none and holds nothing elsewhere;
// another one is put there by who acts for all.
absl::Status CheckMayName(const base::Scope& scope, const Subject& subject,
                          const std::vector<SubjectGrant>& living,
                          const std::optional<base::Uuid>& person) {
  if (!person || subject.person == person || scope.everywhere()) return absl::OkStatus();
  const bool all = std::all_of(living.begin(), living.end(), [&](const SubjectGrant& grant) {
    return scope.Holds(grant.centre ? grant.centre->ToString() : "");
  });
  if (!subject.person && all) return absl::OkStatus();
  return base::Error(
      absl::StatusCode::kPermissionDenied, platform::v1::ERROR_REASON_PERMISSION_DENIED,
      "only who acts for every centre changes the person of this account", {{"field", "person"}});
}

// Another centre may have said who stands behind the account; whoever makes a supervisor of it says
// who is to hear of broken glass.
absl::Status CheckNamesWhoIsTold(const base::Scope& scope, const Subject& subject,
                                 const GiveGrantInput& input) {
  if (input.role != kSupervisorRole || scope.everywhere() || !subject.person || input.person) {
    return absl::OkStatus();
  }
  return base::InvalidField(platform::v1::ERROR_REASON_INVALID_FIELD, "person",
                            "somebody is named behind this account already and would be told of "
                            "broken glass in the centre: say who it is");
}

// Of a role that he does not hold himself: a second account is the same pair of hands.
absl::Status CheckIsSomebodyElse(ledger::UnitOfWork& work, const Subject& subject,
                                 const GiveGrantInput& input) {
  if (!input.beyond_own) return absl::OkStatus();
  const auto giver = FindSubject(work.tx(), access::SubjectId(work.caller().actor));
  // Another name for the account, given with the role, does not make it somebody else's.
  const bool same =
      giver && giver->person && (giver->person == subject.person || giver->person == input.person);
  if (!same) return absl::OkStatus();
  return base::Error(absl::StatusCode::kPermissionDenied, v1::ERROR_REASON_GRANT_TO_SELF,
                     "both accounts are one person's; somebody else must give it",
                     {{"field", "account"}});
}

// Nobody is told of what he does himself, under whichever account that has the same person.
absl::StatusOr<std::vector<base::Uuid>> ToBeTold(ledger::UnitOfWork& work,
                                                 const BreakGlassInput& input,
                                                 const Subject& subject) {
  std::vector<base::Uuid> told = Supervisors(work.tx(), input.centre, subject);
  if (input.always_told && input.always_told != subject.person &&
      std::find(told.begin(), told.end(), *input.always_told) == told.end()) {
    told.push_back(*input.always_told);
  }
  if (told.empty()) {
    return base::Forbidden(v1::ERROR_REASON_SUPERVISOR_MISSING,
                           "nobody would be told: give a supervisor of the centre a person, or set "
                           "IEUM_BREAK_GLASS_PERSON");
  }
  // Of two persons one is somebody else; the one who is always told was chosen with care.
  if (subject.person || told.size() > 1 || input.always_told) return told;
  return base::Forbidden(
      v1::ERROR_REASON_SUPERVISOR_MISSING,
      "the only person who would be told may be the caller, whose account has no "
      "person: name it with GiveGrant (`person`) by somebody else, or let a "
      "second person supervise the centre");
}

}  // namespace

absl::StatusOr<ledger::Done> GiveGrant(ledger::UnitOfWork& work, const GiveGrantInput& input) {
  RETURN_IF_ERROR(CheckAccount(input.account));
  const base::Uuid id = access::SubjectId(input.account);
  work.Lock({id});
  Subject subject = SubjectOf(work, input.account);
  RETURN_IF_ERROR(work.ExpectEtag(id, input.etag));
  RETURN_IF_ERROR(RequireOpen(subject));
  RETURN_IF_ERROR(CheckCentre(work.tx(), input.centre));
  RETURN_IF_ERROR(CheckPerson(work.tx(), work.scope(), input.person));
  RETURN_IF_ERROR(CheckIsSomebodyElse(work, subject, input));
  SubjectGrant grant = NewGrant(work, id, input.centre, input.reason);
  grant.role = input.role;
  const auto living = LivingGrants(work.tx(), id);
  if (const SubjectGrant* same = SameIn(living, grant)) return Exists(*same);
  RETURN_IF_ERROR(CheckMayName(work.scope(), subject, living, input.person));
  RETURN_IF_ERROR(CheckNamesWhoIsTold(work.scope(), subject, input));
  if (input.person) subject.person = input.person;
  return Begin(work, subject, grant);
}

absl::StatusOr<ledger::Done> RevokeGrant(ledger::UnitOfWork& work, const RevokeGrantInput& input) {
  work.Lock({input.subject_id});
  const auto grant = FindGrant(work.tx(), work.scope(), input.id);
  const std::string name = GrantName(input.subject_id, input.id);
  if (!grant || grant->subject_id != input.subject_id) return base::NotFound(name);
  RETURN_IF_ERROR(work.ExpectEtag(input.subject_id, input.etag));
  const Ending ending{v1::GRANT_END_REVOKED, work.caller().actor, input.reason, work.now()};
  RETURN_IF_ERROR(End(work, ending, *grant));
  return ledger::Done{input.subject_id, name};
}

absl::StatusOr<ledger::Done> CloseSubject(ledger::UnitOfWork& work,
                                          const CloseSubjectInput& input) {
  RETURN_IF_ERROR(CheckAccount(input.account));
  const base::Uuid id = access::SubjectId(input.account);
  work.Lock({id});
  Subject subject = SubjectOf(work, input.account);
  const std::vector<SubjectGrant> living = LivingGrants(work.tx(), id);
  RETURN_IF_ERROR(work.ExpectEtag(id, input.etag));
  RETURN_IF_ERROR(RequireOpen(subject));
  subject.state = v1::SUBJECT_STATE_CLOSED;
  subject.state_account = work.caller().actor;
  subject.state_reason = input.reason;
  Save(work, subject);
  access::SetClosed(work.tx(), id, true);
  // First: whoever has heard of one of these events alone refuses him whatever a token says.
  Tell(work, id, EventOf<v1::SubjectClosed>(work, id));
  const Ending ending{v1::GRANT_END_SUBJECT_CLOSED, work.caller().actor, input.reason, work.now()};
  for (const SubjectGrant& grant : living) RETURN_IF_ERROR(End(work, ending, grant));
  return ledger::Done{id, SubjectName(id)};
}

absl::StatusOr<ledger::Done> ReopenSubject(ledger::UnitOfWork& work,
                                           const ReopenSubjectInput& input) {
  work.Lock({input.id});
  auto subject = FindSubject(work.tx(), input.id);
  if (!subject) return base::NotFound(SubjectName(input.id));
  RETURN_IF_ERROR(work.ExpectEtag(input.id, input.etag));
  RETURN_IF_ERROR(RequireClosed(*subject));
  subject->state = v1::SUBJECT_STATE_OPEN;
  subject->state_account = work.caller().actor;
  subject->state_reason = input.reason;
  Save(work, *subject);
  access::SetClosed(work.tx(), input.id, false);
  Tell(work, input.id, EventOf<v1::SubjectReopened>(work, input.id));
  return ledger::Done{input.id, SubjectName(input.id)};
}

absl::StatusOr<ledger::Done> BreakGlass(ledger::UnitOfWork& work, const BreakGlassInput& input) {
  const std::string& account = work.caller().actor;
  RETURN_IF_ERROR(CheckAccount(account));
  const base::Uuid id = access::SubjectId(account);
  work.Lock({id});
  const Subject subject = SubjectOf(work, account);
  RETURN_IF_ERROR(RequireOpen(subject));
  RETURN_IF_ERROR(CheckCentre(work.tx(), input.centre));
  SubjectGrant grant = NewGrant(work, id, input.centre, input.reason);
  grant.role = kBreakGlassRole;
  grant.kind = v1::GRANT_KIND_BREAK_GLASS;
  grant.cause = input.cause;
  grant.resource = input.resource;
  grant.expires_at = work.now() + input.duration;
  const auto living = LivingGrants(work.tx(), id);
  const SubjectGrant* before = SameIn(living, grant);
  if (before != nullptr && *before->expires_at > work.now()) return Exists(*before);
  ASSIGN_OR_RETURN(const std::vector<base::Uuid> told, ToBeTold(work, input, subject));
  if (before != nullptr) RETURN_IF_ERROR(End(work, ExpiryOf(*before), *before));
  ledger::Done done = Begin(work, subject, grant);
  auto alert = EventOf<v1::BreakGlassAlerted>(work, id);
  alert.set_grant_id(grant.id.ToString());
  if (grant.centre) alert.set_centre_organization_id(grant.centre->ToString());
  alert.set_cause(grant.cause);
  *alert.mutable_expire_time() = ToTimestamp(*grant.expires_at);
  for (const base::Uuid& person : told) {
    alert.set_alert_id(base::Uuid::Derive(grant.id, person.ToString()).ToString());
    alert.set_supervisor_person_id(person.ToString());
    Tell(work, id, alert);
  }
  return done;
}

absl::StatusOr<ledger::Done> ExpireGrant(ledger::UnitOfWork& work, const SubjectGrant& grant) {
  work.Lock({grant.subject_id});
  const auto now = FindGrant(work.tx(), base::Scope::Everywhere(), grant.id);
  const ledger::Done done{grant.subject_id, GrantName(grant.subject_id, grant.id)};
  if (!now || now->ended_at) return done;
  RETURN_IF_ERROR(End(work, ExpiryOf(*now), *now));
  return done;
}

}  // namespace ieum::registry
