#include "services/registry/changes/change_commands.h"

#include <utility>

#include "absl/strings/str_join.h"
#include "ieum/platform/v1/errors.pb.h"
#include "ieum/registry/v1/errors.pb.h"
#include "ieum/registry/v1/events.pb.h"
#include "platform/access/subject_id.h"
#include "platform/base/chosen_centre.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/registry/access/access_store.h"
#include "services/registry/access/spoken_reason.h"
#include "services/registry/changes/change_store.h"
#include "services/registry/changes/sensitive_fields.h"
#include "services/registry/people/person.h"

namespace ieum::registry {
namespace {

constexpr char kKind[] = "change_request";

template <class Event>
Event EventOf(const ledger::UnitOfWork& work, const Change& change) {
  Event event;
  event.set_change_request_id(change.id.ToString());
  event.set_event_date(base::FormatDay(base::KoreaDay(work.now())));
  if (change.of_person()) {
    event.set_person_id(change.target.ToString());
  } else {
    event.set_organization_id(change.target.ToString());
  }
  event.mutable_fields()->Assign(change.fields.begin(), change.fields.end());
  event.set_centre_id(base::CentreText(change.centre));
  return event;
}

template <class Event>
ledger::Done Tell(ledger::UnitOfWork& work, const Change& change, const Event& event) {
  const std::string name = ChangeName(change.id);
  work.Append(change.id, kKind, name, event);
  return ledger::Done{change.id, name};
}

// Ends it, and tells so.
template <class Event>
ledger::Done Settle(ledger::UnitOfWork& work, Change change, v1::ChangeState state,
                    const std::string& decider) {
  End(&change, state, decider, work.now());
  SaveEnd(work.tx(), work.scope(), change);
  return Tell(work, change, EventOf<Event>(work, change));
}

Account AccountOf(const std::optional<Subject>& subject, const std::string& name) {
  return {name, subject ? subject->person : std::nullopt};
}

// That the caller is somebody else than who asked, and still somebody. His account may be of
// another service's keeping, and then nobody here knows who he is.
absl::Status CheckDecider(ledger::UnitOfWork& work, const Change& change) {
  const std::string& actor = work.caller().actor;
  const auto decider = FindSubject(work.tx(), access::SubjectId(actor));
  const auto requester = FindSubject(work.tx(), access::SubjectId(change.requester));
  if (decider) RETURN_IF_ERROR(RequireOpen(*decider));
  return RequireOther(change, AccountOf(requester, change.requester), AccountOf(decider, actor));
}

absl::StatusOr<Change> FindKnown(ledger::UnitOfWork& work, const base::Uuid& id) {
  auto change = FindChange(work.tx(), work.scope(), id);
  if (!change) return base::NotFound(ChangeName(id));
  return *std::move(change);
}

// A person is locked with it: who moves her to another centre, merges or erases her, waits.
absl::Status LockWithTarget(ledger::UnitOfWork& work, const base::Uuid& id) {
  ASSIGN_OR_RETURN(const Change known, FindKnown(work, id));
  work.Lock({id, known.target});
  return absl::OkStatus();
}

// What a decision may be made of: it is locked, waits, and has this etag.
absl::StatusOr<Change> FindToDecide(ledger::UnitOfWork& work, const DecideChangeInput& input) {
  ASSIGN_OR_RETURN(Change change, FindKnown(work, input.id));
  RETURN_IF_ERROR(work.ExpectEtag(input.id, input.etag));
  RETURN_IF_ERROR(RequireWaiting(change, work.now()));
  return change;
}

// Whose staff decide. Of a firm, which is everybody's, the caller says it.
absl::StatusOr<std::optional<base::Uuid>> DecidingCentre(const ledger::UnitOfWork& work,
                                                         const Proposal& proposal,
                                                         const RequestChangeInput& input) {
  if (proposal.everybodys) return base::ChosenCentre(work.scope(), input.centre, "centre");
  if (!input.centre || input.centre == proposal.change.centre) return proposal.change.centre;
  return base::InvalidField("INVALID_FIELD", "centre",
                            "must be left empty: what is changed says whose it is");
}

absl::Status CheckMayChange(const base::Scope& may_change, const Proposal& proposal) {
  const bool may = proposal.everybodys ? !may_change.empty()
                                       : may_change.Holds(base::CentreText(proposal.change.centre));
  if (may) return absl::OkStatus();
  return base::Error(absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED",
                     "who may not change it does not ask for a change of it, or approve one");
}

absl::Status CheckNoneWaits(ledger::UnitOfWork& work, const Change& change) {
  const auto waiting = FindWaiting(work.tx(), change);
  if (!waiting) return absl::OkStatus();
  return base::Forbidden(v1::ERROR_REASON_CHANGE_PENDING,
                         "a change of the same field waits already; it is decided first",
                         {{"change_request", ChangeName(*waiting)}});
}

absl::Status CheckFresh(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                        const Change& change) {
  ASSIGN_OR_RETURN(const std::vector<std::string> stale, StaleFields(work, keys, change));
  if (stale.empty()) return absl::OkStatus();
  return base::Forbidden(
      v1::ERROR_REASON_CHANGE_STALE,
      "what would be changed has become another since; look at it and ask for the change anew",
      {{"fields", absl::StrJoin(stale, ", ")}});
}

}  // namespace

absl::StatusOr<ledger::Done> RequestChange(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                           const RequestChangeInput& input, Change* made) {
  RETURN_IF_ERROR(CheckSaysNobody(input.reason));
  const base::Uuid id = work.DeriveId(kKind);
  std::vector<base::Uuid> locked = LocksOf(work, input.wanted);
  locked.push_back(id);
  work.Lock(std::move(locked));
  ASSIGN_OR_RETURN(const Proposal proposal, Propose(work, keys, input.wanted));
  RETURN_IF_ERROR(CheckMayChange(input.may_change, proposal));
  Change change = proposal.change;
  ASSIGN_OR_RETURN(change.centre, DecidingCentre(work, proposal, input));
  change.id = id;
  change.reason = input.reason;
  change.requester = work.caller().actor;
  change.created_at = work.now();
  change.expires_at = work.now() + kChangeLife;
  change.seen_version = work.Version(change.target);
  RETURN_IF_ERROR(CheckNoneWaits(work, change));

  ASSIGN_OR_RETURN(const bool inserted, InsertChange(work.tx(), keys, change));
  if (!inserted) {
    return base::AlreadyExists(platform::v1::ERROR_REASON_ID_TAKEN,
                               "this request was answered long ago");
  }
  auto event = EventOf<v1::ChangeRequested>(work, change);
  event.set_expire_date(base::FormatDay(base::KoreaDay(change.expires_at)));
  if (made != nullptr) *made = change;
  return Tell(work, change, event);
}

absl::StatusOr<ledger::Done> ApproveChange(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                           const DecideChangeInput& input) {
  // What is wanted never changes, so it can be looked at before the locks.
  ASSIGN_OR_RETURN(Change known, FindKnown(work, input.id));
  RETURN_IF_ERROR(OpenValues(work.tx(), keys, &known));
  ASSIGN_OR_RETURN(const WantedChange wanted, WantedOf(known));
  std::vector<base::Uuid> locked = LocksOf(work, wanted);
  locked.push_back(input.id);
  work.Lock(std::move(locked));

  ASSIGN_OR_RETURN(Change change, FindToDecide(work, input));
  RETURN_IF_ERROR(CheckDecider(work, change));
  RETURN_IF_ERROR(OpenValues(work.tx(), keys, &change));
  RETURN_IF_ERROR(CheckFresh(work, keys, change));
  ASSIGN_OR_RETURN(const Proposal proposal, Propose(work, keys, wanted));
  RETURN_IF_ERROR(CheckMayChange(input.may_change, proposal));
  const int64_t before = work.Version(change.target);
  RETURN_IF_ERROR(proposal.make());
  // Of a person the first event tells of her fields, of an organization the last one.
  change.applied_version = change.of_person() ? before + 1 : work.Version(change.target);
  End(&change, v1::CHANGE_STATE_APPROVED, work.caller().actor, work.now());
  SaveEnd(work.tx(), work.scope(), change);
  auto event = EventOf<v1::ChangeApproved>(work, change);
  event.set_applied_version(change.applied_version);
  return Tell(work, change, event);
}

absl::StatusOr<ledger::Done> RejectChange(ledger::UnitOfWork& work,
                                          const DecideChangeInput& input) {
  RETURN_IF_ERROR(CheckSaysNobody(input.reason));
  RETURN_IF_ERROR(LockWithTarget(work, input.id));
  ASSIGN_OR_RETURN(Change change, FindToDecide(work, input));
  RETURN_IF_ERROR(CheckDecider(work, change));
  change.decide_reason = input.reason;
  return Settle<v1::ChangeRejected>(work, std::move(change), v1::CHANGE_STATE_REJECTED,
                                    work.caller().actor);
}

absl::StatusOr<ledger::Done> WithdrawChange(ledger::UnitOfWork& work,
                                            const DecideChangeInput& input) {
  RETURN_IF_ERROR(LockWithTarget(work, input.id));
  ASSIGN_OR_RETURN(Change change, FindToDecide(work, input));
  RETURN_IF_ERROR(RequireOwn(change, work.caller().actor));
  return Settle<v1::ChangeWithdrawn>(work, std::move(change), v1::CHANGE_STATE_WITHDRAWN,
                                     work.caller().actor);
}

absl::StatusOr<ledger::Done> SettleDueChange(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                             const base::Uuid& id) {
  RETURN_IF_ERROR(LockWithTarget(work, id));
  ASSIGN_OR_RETURN(Change change, FindKnown(work, id));
  if (change.state != v1::CHANGE_STATE_REQUESTED) return ledger::Done{id, ChangeName(id)};
  if (work.now() >= change.expires_at) {
    return Settle<v1::ChangeExpired>(work, std::move(change), v1::CHANGE_STATE_EXPIRED, "");
  }
  RETURN_IF_ERROR(OpenValues(work.tx(), keys, &change));
  ASSIGN_OR_RETURN(const auto stale, StaleFields(work, keys, change));
  if (!stale.empty()) {
    return Settle<v1::ChangeOutdated>(work, std::move(change), v1::CHANGE_STATE_STALE, "");
  }
  SaveSeen(work.tx(), id, work.Version(change.target));
  return ledger::Done{id, ChangeName(id)};
}

std::vector<base::Uuid> WaitingChangesOf(db::Tx& tx, const base::Uuid& person) {
  std::vector<base::Uuid> ids;
  for (const Change& change : WaitingOf(tx, person)) ids.push_back(change.id);
  return ids;
}

void CancelChanges(ledger::UnitOfWork& work, const base::Uuid& person) {
  for (Change& change : WaitingOf(work.tx(), person)) {
    End(&change, v1::CHANGE_STATE_CANCELLED, "", work.now());
    // A record that was merged into hers may be of another centre.
    SaveEnd(work.tx(), base::Scope::Everywhere(), change);
    Tell(work, change, EventOf<v1::ChangeCancelled>(work, change));
  }
  ForgetValues(work.tx(), person);
}

}  // namespace ieum::registry
