// How a case begins, and how a closed one goes on.
#include "absl/strings/str_cat.h"
#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/chosen_centre.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/casemgmt/activities/attendance_store.h"
#include "services/casemgmt/cases/case_events.h"
#include "services/casemgmt/cases/case_steps.h"
#include "services/casemgmt/cases/case_store.h"
#include "services/casemgmt/cases/case_tasks.h"
#include "services/casemgmt/cases/case_template_store.h"
#include "services/casemgmt/cases/case_words_store.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/followups/retention_commands.h"
#include "services/casemgmt/participants/participant_store.h"

namespace ieum::casemgmt {
namespace {

constexpr absl::Duration kAskAgainAfter = absl::Seconds(60);

// Whose case it is stays with whoever sees it: another centre is asked, not found out.
absl::Status OpenAlready(ledger::UnitOfWork& work, const Reach& reach, const base::Uuid& id) {
  if (!FindCase(work.tx(), reach, id)) {
    return base::AlreadyExists(
        v1::ERROR_REASON_CASE_OPEN_ALREADY,
        "she has an open case of this programme and edition that somebody else keeps; ask your "
        "supervisor to have it given to you or transferred to your centre");
  }
  return base::AlreadyExists(v1::ERROR_REASON_CASE_OPEN_ALREADY,
                             "she has an open case of this programme and edition; go on with it",
                             {{"case", CaseName(id)}});
}

absl::Status IdTaken() {
  return base::AlreadyExists("ID_TAKEN", "there is a case with this id; choose another");
}

absl::Status CheckSource(const OpenCaseInput& input) {
  const bool enrolled = input.source == v1::CASE_SOURCE_ENROLMENT;
  if (enrolled != input.source_enrolment.has_value()) {
    return base::InvalidField("INVALID_FIELD", "case.source_enrolment",
                              "goes with source ENROLMENT, and with no other");
  }
  const bool sent = input.source == v1::CASE_SOURCE_FIRM ||
                    input.source == v1::CASE_SOURCE_CENTRE ||
                    input.source == v1::CASE_SOURCE_AGENCY;
  if (input.source_organization && !sent) {
    return base::InvalidField("INVALID_FIELD", "case.source_organization",
                              "goes with sources FIRM, CENTRE and AGENCY");
  }
  return absl::OkStatus();
}

absl::Status CheckFree(ledger::UnitOfWork& work, const Reach& reach, const base::Uuid& person,
                       const std::string& programme, const std::string& edition) {
  if (WasErased(work.tx(), person)) {
    return base::Forbidden("PERSON_ERASED", "the person's data was erased");
  }
  HoldOpeningOf(work.tx(), person);
  const auto open = FindOpenCase(work.tx(), person, programme, edition);
  return open ? OpenAlready(work, reach, *open) : absl::OkStatus();
}

Case NewCase(const OpenCaseInput& input, const base::Uuid& id, absl::Time now) {
  Case c;
  c.id = id;
  c.person = input.person;
  c.programme = input.programme;
  c.edition = input.edition;
  c.line_code = input.line_code;
  c.source = input.source;
  c.source_campaign = input.source_campaign;
  c.source_enrolment = input.source_enrolment;
  c.source_organization = input.source_organization;
  c.manager_subject = input.managers.subject;
  c.manager = input.managers.manager;
  c.supervisor = input.managers.supervisor;
  if (input.crisis) c.risk_level = v1::RISK_LEVEL_CRISIS;
  c.create_time = c.update_time = now;
  return c;
}

// The pace of its template, and the first day that hangs on it.
absl::Status Pace(ledger::UnitOfWork& work, Case& c, absl::CivilDay opened,
                  const base::BusinessCalendar& calendar) {
  if (const auto found = TemplateFor(work.tx(), c.programme, c.centre)) {
    c.template_id = found->id;
    c.template_version = found->version;
    c.pace = found->pace;
  }
  c.opened_day = c.last_step_day = opened;
  c.due_day = ContactDue(c.pace, c.risk_level, opened, calendar);
  if (c.due_day) return absl::OkStatus();
  return base::Unavailable("the holidays of that year are not known yet; try again when they are",
                           kAskAgainAfter);
}

// Everything is decided. False when somebody was faster.
bool Begin(ledger::UnitOfWork& work, Case& c) {
  c.participant = ParticipantOf(work, *c.person);
  if (!InsertCase(work.tx(), c)) return false;
  AddTransition(work.tx(), c, c.opened_day, work.now());
  KeepOwner(work.tx(), c, work.now());
  c.loaded_state = c.state;
  c.loaded_epoch = c.ownership_epoch;
  c.loaded_manager = c.manager_subject;
  auto event = EventOf<v1::CaseOpened>(c, work.now());
  event.set_opened_date(base::FormatDay(c.opened_day));
  event.set_contact_due_date(DayText(c.due_day));
  if (c.reopened_from) event.set_reopened_from_case_id(c.reopened_from->ToString());
  AppendToCase(work, c, event);
  KeepStateTasks(work, c);
  return true;
}

// A crisis that begins with the case is told as any other.
void TellCrisis(ledger::UnitOfWork& work, const Case& c) {
  if (c.risk_level != v1::RISK_LEVEL_CRISIS) return;
  auto event = EventOf<v1::CaseRiskChanged>(c, work.now());
  event.set_crisis_begun(true);
  event.set_risk_change_id(RiskChangeId(work, c));
  AppendToCase(work, c, event);
}

}  // namespace

absl::StatusOr<ledger::Done> OpenCase(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                      const OpenCaseInput& input,
                                      const base::BusinessCalendar& calendar) {
  const base::Uuid id = input.case_id.value_or(work.DeriveId("case"));
  work.Lock({id});
  if (work.Version(id) != 0) return IdTaken();
  RETURN_IF_ERROR(CheckSource(input));
  ASSIGN_OR_RETURN(
      const absl::CivilDay opened,
      StepDay(input.day, work.now(), absl::CivilDay(1900, 1, 1), "case.referred_date"));
  Case c = NewCase(input, id, work.now());
  ASSIGN_OR_RETURN(c.centre, base::ChosenCentre(work.scope(), input.centre, "case.centre"));
  RETURN_IF_ERROR(CheckFree(work, input.reach, input.person, input.programme, input.edition));
  RETURN_IF_ERROR(Pace(work, c, opened, calendar));
  if (!Begin(work, c)) db::Conflict();
  TellCrisis(work, c);
  RETURN_IF_ERROR(KeepWords(work, keys, c, v1::CASE_WORDS_KIND_SOURCE, input.source_words));
  return DoneWith(c);
}

absl::StatusOr<ledger::Done> ReopenCase(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                        const CaseInput& input,
                                        const std::optional<base::Uuid>& next_id,
                                        const std::string& words,
                                        const base::BusinessCalendar& calendar) {
  const base::Uuid id = next_id.value_or(work.DeriveId("case"));
  if (id == input.case_id) return IdTaken();
  work.Lock({input.case_id, id});
  ASSIGN_OR_RETURN(Case before, LoadCase(work, input));
  const bool followed = before.state == v1::CASE_STATE_FOLLOW_UP;
  if (work.Version(id) != 0) return IdTaken();
  ASSIGN_OR_RETURN(const absl::CivilDay day,
                   StepDay(input.day, work.now(), before.closed_day.value_or(before.opened_day),
                           "reopened_date"));
  RETURN_IF_ERROR(TakeStep(work, before, CaseStep::kReopen, day));
  if (!before.person) return base::Forbidden("PERSON_ERASED", "the person's data was erased");
  RETURN_IF_ERROR(CheckFree(work, input.reach, *before.person, before.programme, before.edition));
  Case next = NewCase({.person = *before.person,
                       .programme = before.programme,
                       .edition = before.edition,
                       .line_code = before.line_code,
                       .source = v1::CASE_SOURCE_REOPENED,
                       .managers = {.subject = before.manager_subject,
                                    .manager = before.manager,
                                    .supervisor = before.supervisor}},
                      id, work.now());
  next.centre = before.centre;
  next.reopened_from = before.id;
  RETURN_IF_ERROR(Pace(work, next, day, calendar));
  if (!Begin(work, next)) db::Conflict();
  before.next_case = id;
  SaveCase(work, before, day);
  auto event = EventOf<v1::CaseReopened>(before, work.now());
  event.set_reopened_date(base::FormatDay(day));
  event.set_next_case_id(id.ToString());
  AppendToCase(work, before, event);
  if (followed) CancelRetentionChecks(work, before, v1::RETENTION_CANCEL_REASON_REOPENED);
  RETURN_IF_ERROR(KeepWords(work, keys, next, v1::CASE_WORDS_KIND_REOPENING, words));
  return DoneWith(next);
}

}  // namespace ieum::casemgmt
