#include "services/casemgmt/conferences/conference_commands.h"

#include "platform/base/chosen_centre.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/casemgmt/cases/case_events.h"
#include "services/casemgmt/conferences/agenda_store.h"
#include "services/casemgmt/conferences/conference_events.h"
#include "services/casemgmt/conferences/conference_store.h"
#include "services/casemgmt/days.h"

namespace ieum::casemgmt {
namespace {

// A conference may be recorded long after its day.
const absl::CivilDay kFirstDay(1900, 1, 1);

// The conference after the lock. NOT_FOUND, STALE_ETAG, CONFERENCE_STATE.
absl::StatusOr<Conference> LoadForStep(ledger::UnitOfWork& work, const ConferenceInput& input,
                                       ConferenceStep step) {
  auto conference = FindConference(work.tx(), work.scope(), input.conference_id);
  if (!conference) return base::NotFound(ConferenceName(input.conference_id));
  RETURN_IF_ERROR(work.ExpectEtag(input.conference_id, input.etag));
  RETURN_IF_ERROR(CheckStep(*conference, step));
  return *std::move(conference);
}

void Save(ledger::UnitOfWork& work, Conference& conference) {
  conference.update_time = work.now();
  SaveConference(work.tx(), work.scope(), conference);
}

void Append(ledger::UnitOfWork& work, const Conference& conference,
            const google::protobuf::Message& event) {
  work.Append(conference.id, kConferenceKind, ConferenceName(conference.id), event);
}

ledger::Done DoneWith(const Conference& conference) {
  return {conference.id, ConferenceName(conference.id)};
}

// Locks the conference and the cases that wait on its agenda. One that was put there or decided
// about between the look and the lock makes the command run again.
std::vector<base::Uuid> LockWithCases(ledger::UnitOfWork& work, const base::Uuid& conference_id) {
  const std::vector<base::Uuid> cases = PendingCases(work.tx(), conference_id);
  std::vector<base::Uuid> ids = cases;
  ids.push_back(conference_id);
  work.Lock(std::move(ids));
  if (PendingCases(work.tx(), conference_id) != cases) db::Conflict();
  return cases;
}

absl::Status TellTakenOff(ledger::UnitOfWork& work, const Conference& conference,
                          const base::Uuid& case_id, const base::Uuid& item_id) {
  ASSIGN_OR_RETURN(const Case c,
                   LoadCase(work, {.case_id = case_id, .reach = Reach::Everything()}));
  auto event = EventOf<v1::CaseTakenOffAgenda>(c, work.now());
  event.set_conference_id(conference.id.ToString());
  event.set_agenda_item_id(item_id.ToString());
  AppendToCase(work, c, event);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ledger::Done> ScheduleConference(ledger::UnitOfWork& work,
                                                const ScheduleConferenceInput& input) {
  Conference conference;
  conference.id = input.conference_id.value_or(work.DeriveId("conference"));
  work.Lock({conference.id});
  ASSIGN_OR_RETURN(conference.centre,
                   base::ChosenCentre(work.scope(), input.centre, "conference.centre"));
  ASSIGN_OR_RETURN(conference.members, SeatsOf(input.members));
  conference.day = input.day;
  conference.create_time = conference.update_time = work.now();
  if (work.Version(conference.id) != 0 || !InsertConference(work.tx(), conference)) {
    return base::AlreadyExists("ID_TAKEN", "there is a conference with this id; choose another");
  }
  Append(work, conference, EventOf<v1::ConferenceScheduled>(conference, work.now()));
  return DoneWith(conference);
}

absl::StatusOr<ledger::Done> ChangeConference(
    ledger::UnitOfWork& work, const ConferenceInput& input,
    const std::optional<absl::CivilDay>& day,
    const std::optional<std::vector<base::Uuid>>& members) {
  work.Lock({input.conference_id});
  const ConferenceStep step = day ? ConferenceStep::kReschedule : ConferenceStep::kSeat;
  ASSIGN_OR_RETURN(Conference conference, LoadForStep(work, input, step));
  const absl::CivilDay before = conference.day;
  if (members) {
    ASSIGN_OR_RETURN(conference.members, SeatsOf(*members));
  }
  conference.day = day.value_or(before);
  Save(work, conference);
  auto event = EventOf<v1::ConferenceChanged>(conference, work.now());
  event.set_previous_conference_date(base::FormatDay(before));
  Append(work, conference, event);
  return DoneWith(conference);
}

absl::StatusOr<ledger::Done> HoldConference(ledger::UnitOfWork& work, const ConferenceInput& input,
                                            const std::optional<absl::CivilDay>& held) {
  work.Lock({input.conference_id});
  ASSIGN_OR_RETURN(Conference conference, LoadForStep(work, input, ConferenceStep::kHold));
  ASSIGN_OR_RETURN(conference.day,
                   StepDay(held.value_or(conference.day), work.now(), kFirstDay, "held_date"));
  conference.state = v1::CONFERENCE_STATE_HELD;
  Save(work, conference);
  auto event = EventOf<v1::ConferenceHeld>(conference, work.now());
  event.set_held_date(base::FormatDay(conference.day));
  event.set_case_count(static_cast<int>(PendingCases(work.tx(), conference.id).size()));
  Append(work, conference, event);
  return DoneWith(conference);
}

absl::StatusOr<ledger::Done> CancelConference(ledger::UnitOfWork& work,
                                              const ConferenceInput& input) {
  LockWithCases(work, input.conference_id);
  ASSIGN_OR_RETURN(Conference conference, LoadForStep(work, input, ConferenceStep::kCancel));
  conference.state = v1::CONFERENCE_STATE_CANCELLED;
  Save(work, conference);
  for (const auto& [case_id, item_id] : WithdrawAll(work.tx(), conference.id, work.now())) {
    RETURN_IF_ERROR(TellTakenOff(work, conference, case_id, item_id));
  }
  Append(work, conference, EventOf<v1::ConferenceCancelled>(conference, work.now()));
  return DoneWith(conference);
}

}  // namespace ieum::casemgmt
