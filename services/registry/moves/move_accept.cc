// The hand-over: in one transaction everything that moves has another owner, or nothing has.
#include <algorithm>

#include "ieum/registry/v1/errors.pb.h"
#include "ieum/registry/v1/events.pb.h"
#include "platform/access/subject_id.h"
#include "platform/base/chosen_centre.h"
#include "platform/base/status.h"
#include "services/registry/access/access_store.h"
#include "services/registry/campaigns/campaign_store.h"
#include "services/registry/consents/consent_receipt_store.h"
#include "services/registry/enrolments/enrolment_store.h"
#include "services/registry/enrolments/seating.h"
#include "services/registry/leads/lead_store.h"
#include "services/registry/moves/move_basis.h"
#include "services/registry/moves/move_commands.h"
#include "services/registry/moves/move_events.h"
#include "services/registry/moves/move_store.h"
#include "services/registry/moves/moved_rows_store.h"
#include "services/registry/people/forget_store.h"
#include "services/registry/people/person_store.h"

namespace ieum::registry {
namespace {

// The receiving centre does not see these rows yet; the giving one has offered them.
base::Scope Everybody() { return base::Scope::Everywhere(); }

// Gates first, then everything at once. Rows that came or went meanwhile: all of it again.
MovedRows HoldRows(ledger::UnitOfWork& work, const Move& move) {
  MovedRows rows = FindMovedRows(work.tx(), move);
  std::vector<base::Uuid> gates;
  for (const EnrolmentPlace& place : rows.enrolments) gates.push_back(place.campaign_id);
  EnterGates(work.tx(), Everybody(), gates);
  std::vector<base::Uuid> locked = rows.ids();
  locked.push_back(move.id);
  if (move.person_id) locked.push_back(*move.person_id);
  // Whoever enrols a firm or records a lead of it holds the firm.
  for (const base::Uuid& firm : FirmsOf(work.tx(), move)) locked.push_back(firm);
  work.Lock(std::move(locked));
  if (!(FindMovedRows(work.tx(), move) == rows)) db::Conflict();
  return rows;
}

absl::Status RequireStillThere(ledger::UnitOfWork& work, const Move& move, const MovedRows& rows) {
  if (rows.empty()) return Stale(move);
  if (!move.person_id) return absl::OkStatus();
  const auto owner = FindOwner(work.tx(), Everybody(), *move.person_id);
  if (!owner || owner->merged) return Stale(move);
  RETURN_IF_ERROR(RequireNotErased(work.tx(), *move.person_id));
  if (move.kind == v1::MOVE_KIND_PERSON && owner->centre != move.from_centre) return Stale(move);
  return absl::OkStatus();
}

// One person may have an account at either centre.
absl::Status RequireAnotherPerson(ledger::UnitOfWork& work, const Move& move) {
  const auto decider = FindSubject(work.tx(), access::SubjectId(move.decider));
  const auto requester = FindSubject(work.tx(), access::SubjectId(move.requester));
  if (!decider || !requester || !decider->person) return absl::OkStatus();
  return decider->person == requester->person ? NeedsAnother(move) : absl::OkStatus();
}

absl::Status RequireRoomForLeads(ledger::UnitOfWork& work, const Move& move,
                                 const MovedRows& rows) {
  const auto lead = FindLeadInTheWay(work.tx(), move, rows.leads);
  if (!lead) return absl::OkStatus();
  return base::Forbidden(v1::ERROR_REASON_MOVE_LEAD_EXISTS,
                         "your centre has an open lead of the same firm and edition; end that one "
                         "first",
                         {{"lead", LeadName(*lead)}});
}

void TellPersons(ledger::UnitOfWork& work, const Move& move, const MovedRows& rows,
                 const std::map<base::Uuid, int>& epochs) {
  for (const base::Uuid& id : rows.records) {
    v1::PersonMoved event;
    event.set_person_id(id.ToString());
    event.set_event_date(base::FormatDay(base::KoreaDay(work.now())));
    event.set_centre_id(move.to_centre.ToString());
    event.set_previous_centre_id(base::CentreText(move.from_centre));
    event.set_move_id(move.id.ToString());
    event.set_ownership_epoch(epochs.at(id));
    work.Append(id, "person", PersonName(id), event);
  }
}

void TellEnrolments(ledger::UnitOfWork& work, const Move& move, const MovedRows& rows,
                    const std::map<base::Uuid, int>& epochs) {
  for (const EnrolmentPlace& place : rows.enrolments) {
    const auto enrolment = FindEnrolment(work.tx(), Everybody(), place.id);
    const auto campaign = FindCampaign(work.tx(), Everybody(), place.campaign_id);
    v1::EnrolmentMoved event;
    *event.mutable_enrolment() = EnrolmentFactsOf(*enrolment, *campaign);
    event.set_event_date(base::FormatDay(base::KoreaDay(work.now())));
    event.set_previous_centre_id(base::CentreText(move.from_centre));
    event.set_move_id(move.id.ToString());
    event.set_ownership_epoch(epochs.at(place.id));
    event.set_state(enrolment->state());
    work.Append(place.id, kEnrolmentKind, EnrolmentName(place.campaign_id, place.id), event);
  }
}

void TellLeads(ledger::UnitOfWork& work, const Move& move, const MovedRows& rows,
               const std::map<base::Uuid, int>& epochs) {
  for (const base::Uuid& id : rows.leads) {
    const auto lead = FindLead(work.tx(), Everybody(), id);
    v1::LeadMoved event;
    *event.mutable_lead() = LeadFactsOf(*lead);
    event.set_event_date(base::FormatDay(base::KoreaDay(work.now())));
    event.set_centre_id(move.to_centre.ToString());
    event.set_previous_centre_id(base::CentreText(move.from_centre));
    event.set_move_id(move.id.ToString());
    event.set_ownership_epoch(epochs.at(id));
    event.set_state(lead->state());
    work.Append(id, "lead", LeadName(id), event);
  }
}

// Of the person, or of the one enrolment; a firm's rows have each their own.
int EpochOf(const Move& move, const std::map<base::Uuid, int>& epochs) {
  if (move.kind == v1::MOVE_KIND_ORGANIZATION) return 0;
  return epochs.at(move.kind == v1::MOVE_KIND_PERSON ? *move.person_id : *move.enrolment_id);
}

ledger::Done Carry(ledger::UnitOfWork& work, Move move, const MovedRows& rows,
                   const FoundBasis& found) {
  move.basis = found.basis;
  move.parts = CountParts(work.tx(), rows);
  const auto epochs = HandOver(work.tx(), move, rows, work.now());
  move.ownership_epoch = EpochOf(move, epochs);
  if (found.receipt) {
    InsertConsentReceipt(work.tx(), *found.receipt);
    move.consent_receipt = found.receipt->id;
  }
  SaveMove(work.tx(), work.scope(), move);
  TellPersons(work, move, rows, epochs);
  TellEnrolments(work, move, rows, epochs);
  TellLeads(work, move, rows, epochs);
  return TellOf<v1::OwnershipMoveAccepted>(work, move, move.to_centre.ToString(), [&](auto& event) {
    event.set_basis(move.basis);
    event.set_enrolment_count(static_cast<int>(rows.enrolments.size()));
    event.set_lead_count(static_cast<int>(rows.leads.size()));
  });
}

}  // namespace

absl::StatusOr<ledger::Done> AcceptMove(ledger::UnitOfWork& work, const MoveStepInput& input) {
  const auto known = FindMove(work.tx(), work.scope(), input.id);
  if (!known) return base::NotFound(MoveName(input.id));
  const MovedRows rows = HoldRows(work, known->move);
  Move move = FindMove(work.tx(), work.scope(), input.id)->move;
  // A merge pointed it to somebody else: she is not locked yet.
  if (move.person_id != known->move.person_id) db::Conflict();
  RETURN_IF_ERROR(RequireKeeps(work.scope(), move.to_centre));
  RETURN_IF_ERROR(work.ExpectEtag(input.id, input.etag));
  RETURN_IF_ERROR(Accept(&move, work.caller().actor, work.now()));
  RETURN_IF_ERROR(RequireAnotherPerson(work, move));
  RETURN_IF_ERROR(RequireStillThere(work, move, rows));
  ASSIGN_OR_RETURN(const FoundBasis found, FindBasis(work, move));
  RETURN_IF_ERROR(RequireRoomForLeads(work, move, rows));
  return Carry(work, std::move(move), rows, found);
}

}  // namespace ieum::registry
