#include "services/casemgmt/followups/retention_commands.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/casemgmt/cases/task_store.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/followups/retention_events.h"
#include "services/casemgmt/followups/retention_store.h"

namespace ieum::casemgmt {
namespace {

std::string TaskAbout(const RetentionCheck& check) {
  return absl::StrCat("retention_check/", check.months);
}

void PutTaskOf(ledger::UnitOfWork& work, const Case& c, const RetentionCheck& check) {
  Task task = TaskOf(c, v1::CASE_TASK_KIND_RETENTION_CHECK, TaskAbout(check), check.due);
  task.subject = RetentionCheckName(c.id, check.id);
  PutTask(work, task);
}

void EndTaskOf(ledger::UnitOfWork& work, const RetentionCheck& check, v1::CaseTaskState state) {
  EndTask(work, TaskId(check.case_id, TaskAbout(check)), state);
}

// An id of the check that no other command gives.
base::Uuid NewIdFor(const ledger::UnitOfWork& work, const RetentionCheck& check,
                    const std::string& what) {
  return work.DeriveId(absl::StrCat("retention_check/", check.months, "/", what));
}

void Save(ledger::UnitOfWork& work, RetentionCheck& check) {
  check.update_time = work.now();
  SaveRetentionCheck(work.tx(), check);
}

// From now on it counts among those that were due.
void TellDue(ledger::UnitOfWork& work, const Case& c, const RetentionCheck& check) {
  AppendToCase(work, c, EventOf<v1::RetentionCheckDue>(c, check, work.now()));
}

// One whose day has come when it is planned or moved does not wait for the due work.
void ComeDue(ledger::UnitOfWork& work, const Case& c, RetentionCheck& check) {
  if (check.due > base::KoreaDay(work.now())) return;
  check.state = v1::RETENTION_CHECK_STATE_DUE;
  Save(work, check);
  TellDue(work, c, check);
}

struct Loaded {
  Case c;
  RetentionCheck check;
  absl::CivilDay day;
};

// The check of a case within the caller's reach, where the step can be taken on the day.
absl::StatusOr<Loaded> Load(ledger::UnitOfWork& work, const RetentionInput& input,
                            RetentionStep step, std::string_view day_field) {
  work.Lock({input.c.case_id});
  ASSIGN_OR_RETURN(Case c, LoadCase(work, input.c));
  for (const RetentionCheck& check : RetentionChecksOf(work.tx(), c.id)) {
    if (check.id != input.check_id) continue;
    ASSIGN_OR_RETURN(const absl::CivilDay day,
                     StepDay(input.c.day, work.now(), check.anchor, day_field));
    RETURN_IF_ERROR(CheckStep(check, step, day));
    return Loaded{std::move(c), check, day};
  }
  return base::NotFound(RetentionCheckName(input.c.case_id, input.check_id));
}

ledger::Done DoneWith(const RetentionCheck& check) {
  return {check.case_id, RetentionCheckName(check.case_id, check.id)};
}

// An employer who is asked learns that she was a client.
absl::Status CheckConsent(ledger::UnitOfWork& work, const Case& c, v1::RetentionEvidence evidence) {
  if (evidence != v1::RETENTION_EVIDENCE_EMPLOYER_CONFIRMATION) return absl::OkStatus();
  if (c.person && MayAskEmployer(work.tx(), *c.person, work.now())) return absl::OkStatus();
  return base::Forbidden(
      v1::ERROR_REASON_EVIDENCE_WITHOUT_CONSENT,
      "her employer must not be asked without her consent to provision to a firm; record what she "
      "says herself, or a certificate; if she has just consented, repeat the call");
}

void TakeFinding(ledger::UnitOfWork& work, RetentionCheck& check, const RetentionFinding& found) {
  check.finding = found;
  check.finding->id = NewIdFor(work, check, "result");
  ++check.revision;
  check.state = v1::RETENTION_CHECK_STATE_DONE;
  InsertFinding(work.tx(), check, work.now());
  Save(work, check);
}

// Of a closed case whose employment became known later.
absl::Status CheckCanFollow(const Case& c) {
  if (c.next_case) {
    return base::Forbidden(v1::ERROR_REASON_CASE_REOPENED_ALREADY,
                           "it goes on as another case; work on that one",
                           {{"case", CaseName(*c.next_case)}});
  }
  const bool not_employed = c.close_reason == v1::CASE_CLOSE_REASON_DIED ||
                            c.close_reason == v1::CASE_CLOSE_REASON_JOB_LOST;
  if (!not_employed) return absl::OkStatus();
  return base::Forbidden(v1::ERROR_REASON_CASE_STATE,
                         "it was closed because she was not employed any more; only whoever was "
                         "employed at the closure is followed up");
}

// The follow-up is over when nobody is to be asked any more.
void ArchiveWhenOver(ledger::UnitOfWork& work, Case& c, absl::CivilDay day) {
  if (c.state != v1::CASE_STATE_FOLLOW_UP) return;
  if (!AllOver(RetentionChecksOf(work.tx(), c.id))) return;
  if (!TakeStep(work, c, CaseStep::kArchive, std::max(day, c.last_step_day)).ok()) return;
  SaveCase(work, c, day);
  auto event = EventOf<v1::CaseArchived>(c, work.now());
  event.set_archived_date(base::FormatDay(day));
  AppendToCase(work, c, event);
}

}  // namespace

int OpenRetentionChecks(ledger::UnitOfWork& work, const Case& c, absl::CivilDay anchor,
                        const std::vector<int>& months) {
  int planned = 0;
  for (const int each : months.empty() ? std::vector<int>{3, 6, 12} : months) {
    RetentionCheck check = PlanCheck(c.id, anchor, each, base::Uuid(), work.now());
    check.occurrence = NewIdFor(work, check, "occurrence");
    if (!InsertRetentionCheck(work.tx(), check)) continue;
    AppendToCase(work, c, EventOf<v1::RetentionCheckPlanned>(c, check, work.now()));
    PutTaskOf(work, c, check);
    ComeDue(work, c, check);
    ++planned;
  }
  return planned;
}

void MoveRetentionAnchor(ledger::UnitOfWork& work, const Case& c, absl::CivilDay anchor) {
  for (RetentionCheck& check : RetentionChecksOf(work.tx(), c.id)) {
    const RetentionCheck before = check;
    if (!MoveAnchor(check, anchor, NewIdFor(work, check, "occurrence"))) continue;
    Save(work, check);
    auto event = EventOf<v1::RetentionCheckMoved>(c, check, work.now());
    event.set_previous_due_date(base::FormatDay(before.due));
    event.set_previous_occurrence_id(before.occurrence.ToString());
    AppendToCase(work, c, event);
    PutTaskOf(work, c, check);
    ComeDue(work, c, check);
  }
}

void CancelRetentionChecks(ledger::UnitOfWork& work, const Case& c,
                           v1::RetentionCancelReason reason) {
  for (RetentionCheck& check : RetentionChecksOf(work.tx(), c.id)) {
    if (check.waits()) EndTaskOf(work, check, v1::CASE_TASK_STATE_DROPPED);
    if (check.state != v1::RETENTION_CHECK_STATE_PLANNED) continue;
    // The clock may have passed its day while nobody has told it yet.
    ComeDue(work, c, check);
    if (check.state != v1::RETENTION_CHECK_STATE_PLANNED) continue;
    check.state = v1::RETENTION_CHECK_STATE_CANCELLED;
    check.cancel_reason = reason;
    Save(work, check);
    auto event = EventOf<v1::RetentionCheckCancelled>(c, check, work.now());
    event.set_reason(reason);
    AppendToCase(work, c, event);
  }
}

absl::Status CheckNobodyWaits(ledger::UnitOfWork& work, const Case& c) {
  for (const RetentionCheck& check : RetentionChecksOf(work.tx(), c.id)) {
    if (!check.waits()) continue;
    return base::Forbidden(
        v1::ERROR_REASON_RETENTION_CHECK_STATE,
        absl::StrCat("the check after ", check.months,
                     " months waits; record its result, also that she could not be reached"),
        {{"check", RetentionCheckName(c.id, check.id)}});
  }
  return absl::OkStatus();
}

absl::StatusOr<ledger::Done> BeginFollowUp(ledger::UnitOfWork& work, const CaseInput& input) {
  work.Lock({input.case_id});
  ASSIGN_OR_RETURN(Case c, LoadCase(work, input));
  RETURN_IF_ERROR(CheckCanFollow(c));
  const absl::CivilDay today = base::KoreaDay(work.now());
  RETURN_IF_ERROR(TakeStep(work, c, CaseStep::kFollowUp, today));
  SaveCase(work, c, today);
  // Whatever is closed has the day of it.
  OpenRetentionChecks(work, c, *c.closed_day, c.pace.check_months);
  return DoneWith(c);
}

absl::StatusOr<ledger::Done> LogAttempt(ledger::UnitOfWork& work, const RetentionInput& input,
                                        v1::AttemptChannel channel, v1::AttemptOutcome outcome) {
  ASSIGN_OR_RETURN(Loaded loaded, Load(work, input, RetentionStep::kAttempt, "attempt_date"));
  auto& [c, check, day] = loaded;
  if (check.attempts == kRetentionAttemptsMax) {
    return base::Forbidden(v1::ERROR_REASON_RETENTION_CHECK_STATE,
                           absl::StrCat("there are ", kRetentionAttemptsMax,
                                        " attempts; record that she could not be reached"));
  }
  ++check.attempts;
  InsertAttempt(work.tx(), check.id,
                {.number = check.attempts,
                 .day = day,
                 .channel = channel,
                 .outcome = outcome,
                 .record_time = work.now()});
  Save(work, check);
  auto event = EventOf<v1::RetentionAttempted>(c, check, work.now());
  event.set_attempt_date(base::FormatDay(day));
  event.set_channel(channel);
  event.set_outcome(outcome);
  AppendToCase(work, c, event);
  return DoneWith(check);
}

absl::StatusOr<ledger::Done> RecordResult(ledger::UnitOfWork& work, const RetentionInput& input,
                                          v1::RetentionResult result,
                                          v1::RetentionEvidence evidence) {
  ASSIGN_OR_RETURN(Loaded loaded, Load(work, input, RetentionStep::kRecord, "checked_date"));
  auto& [c, check, day] = loaded;
  RETURN_IF_ERROR(CheckEvidence(result, evidence));
  RETURN_IF_ERROR(CheckConsent(work, c, evidence));
  const bool told = check.state == v1::RETENTION_CHECK_STATE_DUE;
  // Nobody is counted as retained who is not counted as asked: a result makes its check due.
  if (!told) {
    check.state = v1::RETENTION_CHECK_STATE_DUE;
    TellDue(work, c, check);
  }
  TakeFinding(work, check, {.result = result, .evidence = evidence, .day = day});
  auto event = EventOf<v1::RetentionChecked>(c, check, work.now());
  event.set_late(check.late());
  AppendToCase(work, c, event);
  EndTaskOf(work, check, v1::CASE_TASK_STATE_DONE);
  ArchiveWhenOver(work, c, base::KoreaDay(work.now()));
  return DoneWith(check);
}

absl::StatusOr<ledger::Done> CorrectResult(ledger::UnitOfWork& work, const RetentionInput& input,
                                           v1::RetentionResult result,
                                           v1::RetentionEvidence evidence,
                                           v1::RetentionCorrection reason) {
  ASSIGN_OR_RETURN(Loaded loaded, Load(work, input, RetentionStep::kCorrect, "checked_date"));
  auto& [c, check, day] = loaded;
  RETURN_IF_ERROR(CheckEvidence(result, evidence));
  RETURN_IF_ERROR(CheckConsent(work, c, evidence));
  const RetentionFinding before = *check.finding;
  TakeFinding(work, check,
              {.result = result, .evidence = evidence, .day = day, .correction = reason});
  auto event = EventOf<v1::RetentionResultCorrected>(c, check, work.now());
  event.set_previous_result(before.result);
  event.set_previous_result_id(before.id.ToString());
  event.set_reason(reason);
  event.set_late(check.late());
  AppendToCase(work, c, event);
  return DoneWith(check);
}

absl::StatusOr<ledger::Done> TellRetentionCheckDue(ledger::UnitOfWork& work,
                                                   const base::Uuid& case_id,
                                                   const base::Uuid& occurrence) {
  work.Lock({case_id});
  ASSIGN_OR_RETURN(const Case c,
                   LoadCase(work, {.case_id = case_id, .reach = Reach::Everything()}));
  for (RetentionCheck& check : RetentionChecksOf(work.tx(), case_id)) {
    const bool waits = check.state == v1::RETENTION_CHECK_STATE_PLANNED;
    if (check.occurrence == occurrence && waits) ComeDue(work, c, check);
  }
  return DoneWith(c);
}

}  // namespace ieum::casemgmt
