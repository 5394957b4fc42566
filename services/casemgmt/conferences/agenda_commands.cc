// What is on the agenda of a conference, and what it decides.
#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/casemgmt/cases/case_events.h"
#include "services/casemgmt/conferences/agenda_store.h"
#include "services/casemgmt/conferences/conference_commands.h"
#include "services/casemgmt/conferences/conference_store.h"
#include "services/casemgmt/days.h"

namespace ieum::casemgmt {
namespace {

ledger::Done DoneWith(const AgendaItem& item) {
  return {item.case_id, AgendaItemName(item.conference_id, item.id)};
}

absl::Status CheckHost(const Conference& conference, const Case& c) {
  if (!conference.centre || conference.centre == c.centre) return absl::OkStatus();
  return base::InvalidField("INVALID_FIELD", "parent",
                            "is a conference of another centre than the one that leads the case");
}

// The conference, the item and the case of the item, which are locked: items never change cases.
struct Loaded {
  Conference conference;
  AgendaItem item;
  Case of;
};
absl::StatusOr<Loaded> LoadPending(ledger::UnitOfWork& work, const AgendaItemInput& input) {
  const std::string name = AgendaItemName(input.conference_id, input.item_id);
  const auto seen = FindAgendaItem(work.tx(), input.conference_id, input.item_id);
  if (!seen) return base::NotFound(name);
  work.Lock({input.conference_id, seen->case_id});
  CaseInput of = input.of;
  of.case_id = seen->case_id;
  auto c = LoadCase(work, of);
  // Which case it is, is not told to who does not see it.
  if (absl::IsNotFound(c.status())) return base::NotFound(name);
  RETURN_IF_ERROR(c.status());
  // Whoever may decide about the case may do so, whichever centre's conference it is.
  const auto conference = FindConference(work.tx(), base::Scope::Everywhere(), input.conference_id);
  const auto item = FindAgendaItem(work.tx(), input.conference_id, input.item_id);
  if (!conference || !item) return base::NotFound(name);
  RETURN_IF_ERROR(CheckPending(*item));
  return Loaded{.conference = *conference, .item = *item, .of = *std::move(c)};
}

// Classified, and where it is to be managed its plan begins: two steps of one decision.
absl::Status TakeDecision(ledger::UnitOfWork& work, Case& c, v1::CaseClassification decided,
                          absl::CivilDay day) {
  RETURN_IF_ERROR(TakeStep(work, c, CaseStep::kClassify, day));
  c.classification = decided;
  SaveCase(work, c, day);
  if (decided != v1::CASE_CLASSIFICATION_CASE_MANAGEMENT) return absl::OkStatus();
  RETURN_IF_ERROR(TakeStep(work, c, CaseStep::kBeginPlan, day));
  SaveCase(work, c, day);
  return absl::OkStatus();
}

void TellClassified(ledger::UnitOfWork& work, const Case& c, const AgendaItem& item) {
  auto event = EventOf<v1::CaseClassified>(c, work.now());
  event.set_conference_id(item.conference_id.ToString());
  event.set_agenda_item_id(item.id.ToString());
  event.set_classification(item.classification);
  event.set_classified_date(DayText(item.classified_day));
  if (c.state == v1::CASE_STATE_PLAN) event.set_plan_due_date(DayText(c.plan_due_day));
  AppendToCase(work, c, event);
}

}  // namespace

absl::StatusOr<ledger::Done> AddAgendaItem(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                           const AddAgendaItemInput& input) {
  work.Lock({input.conference_id, input.of.case_id});
  ASSIGN_OR_RETURN(const Case c, LoadCase(work, input.of));
  const auto conference = FindConference(work.tx(), work.scope(), input.conference_id);
  if (!conference) return base::NotFound(ConferenceName(input.conference_id));
  RETURN_IF_ERROR(CheckStep(*conference, ConferenceStep::kAdd));
  RETURN_IF_ERROR(NextState(c, CaseStep::kClassify).status());
  RETURN_IF_ERROR(CheckHost(*conference, c));
  const AgendaItem item{.id = work.DeriveId("agenda_item"),
                        .conference_id = conference->id,
                        .case_id = c.id,
                        .question = input.question,
                        .create_time = work.now(),
                        .update_time = work.now()};
  ASSIGN_OR_RETURN(const SealedWords sealed,
                   SealedWords::ToWrite(work.tx(), keys, c.person, !item.question.empty()));
  if (!InsertAgendaItem(work.tx(), sealed, item)) {
    return base::AlreadyExists(
        v1::ERROR_REASON_AGENDA_LISTED_ALREADY,
        "the case waits on the agenda of a conference; let that one decide, or take it off first");
  }
  auto event = EventOf<v1::CasePutOnAgenda>(c, work.now());
  event.set_conference_id(conference->id.ToString());
  event.set_conference_date(base::FormatDay(conference->day));
  event.set_agenda_item_id(item.id.ToString());
  AppendToCase(work, c, event);
  return DoneWith(item);
}

absl::StatusOr<ledger::Done> WithdrawAgendaItem(ledger::UnitOfWork& work,
                                                const db::PersonKeys& keys,
                                                const AgendaItemInput& input) {
  ASSIGN_OR_RETURN(Loaded loaded, LoadPending(work, input));
  auto& [conference, item, c] = loaded;
  ASSIGN_OR_RETURN(const SealedWords sealed,
                   SealedWords::ToWrite(work.tx(), keys, c.person, false));
  item.state = v1::AGENDA_ITEM_STATE_WITHDRAWN;
  item.update_time = work.now();
  SaveAgendaItem(work.tx(), sealed, item);
  auto event = EventOf<v1::CaseTakenOffAgenda>(c, work.now());
  event.set_conference_id(conference.id.ToString());
  event.set_agenda_item_id(item.id.ToString());
  AppendToCase(work, c, event);
  return DoneWith(item);
}

void TakeOffAgendas(ledger::UnitOfWork& work, const Case& c) {
  const auto item = WithdrawPendingOf(work.tx(), c.id, work.now());
  if (!item) return;
  auto event = EventOf<v1::CaseTakenOffAgenda>(c, work.now());
  event.set_conference_id(item->first.ToString());
  event.set_agenda_item_id(item->second.ToString());
  AppendToCase(work, c, event);
}

absl::StatusOr<ledger::Done> ClassifyCase(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                          const AgendaItemInput& input,
                                          const ClassifyInput& decided) {
  ASSIGN_OR_RETURN(Loaded loaded, LoadPending(work, input));
  auto& [conference, item, c] = loaded;
  RETURN_IF_ERROR(CheckStep(conference, ConferenceStep::kDecide));
  // Both steps are tried before anything is written.
  Case tried = c;
  RETURN_IF_ERROR(Advance(tried, CaseStep::kClassify, conference.day));
  ASSIGN_OR_RETURN(const SealedWords sealed,
                   SealedWords::ToWrite(work.tx(), keys, c.person, !decided.minutes.empty()));
  RETURN_IF_ERROR(TakeDecision(work, c, decided.classification, conference.day));
  item.state = v1::AGENDA_ITEM_STATE_DECIDED;
  item.classification = decided.classification;
  item.classified_day = conference.day;
  item.minutes = decided.minutes;
  item.update_time = work.now();
  SaveAgendaItem(work.tx(), sealed, item);
  TellClassified(work, c, item);
  return DoneWith(item);
}

}  // namespace ieum::casemgmt
