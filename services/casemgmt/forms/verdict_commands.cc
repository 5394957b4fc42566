#include <algorithm>

#include "platform/telemetry/log.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/forms/application_commands.h"
#include "services/casemgmt/forms/application_events.h"
#include "services/casemgmt/forms/application_store.h"

namespace ieum::casemgmt {
namespace {

void Admit(ledger::UnitOfWork& work, Application& form, const Verdict& verdict) {
  form.state = v1::APPLICATION_STATE_ELIGIBLE;
  form.waiting = verdict.step == FormStep::kWait;
  SaveStep(work, form, std::max(form.last_step_day, verdict.day));
  auto event = EventOf<v1::ApplicationEligible>(form, work.now());
  event.set_enrolment_id(verdict.enrolment_id.ToString());
  event.set_waiting(form.waiting);
  Append(work, form, event);
}

void Refuse(ledger::UnitOfWork& work, Application& form, const Verdict& verdict) {
  form.state = v1::APPLICATION_STATE_INELIGIBLE;
  form.denial_reason = verdict.denial_reason;
  SaveStep(work, form, std::max(form.last_step_day, verdict.day));
  auto event = EventOf<v1::ApplicationIneligible>(form, work.now());
  event.set_enrolment_id(verdict.enrolment_id.ToString());
  event.set_reason(verdict.denial_reason);
  Append(work, form, event);
}

}  // namespace

absl::Status ApplyVerdict(ledger::UnitOfWork& work, const Verdict& verdict) {
  work.Lock({verdict.application_id});
  auto form = FindApplication(work.tx(), work.scope(), verdict.application_id);
  if (!form) {
    // Registry learns ids of forms from our ledger alone, so this form was lost by a restore or was
    // never ours: nothing here can move, and waiting for it would park the enrolment for ever.
    telemetry::Warn("verdict on an unknown form",
                    {{"application_id", verdict.application_id.ToString()}});
    return absl::OkStatus();
  }
  if (!Changes(*form, verdict)) return absl::OkStatus();
  form->enrolment = verdict.enrolment_id;
  switch (verdict.step) {
    case FormStep::kAdmit:
    case FormStep::kWait:
      Admit(work, *form, verdict);
      break;
    case FormStep::kRefuse:
      Refuse(work, *form, verdict);
      break;
    default:
      WriteWithdrawal(work, *form, v1::APPLICATION_WITHDRAWAL_REASON_ENROLMENT_WITHDRAWN,
                      std::max(form->last_step_day, verdict.day));
  }
  return absl::OkStatus();
}

std::vector<base::Uuid> UnfinishedForms(ledger::UnitOfWork& work, const base::Uuid& engagement_id) {
  return UnfinishedFormsOf(work.tx(), work.scope(), engagement_id);
}

void WithdrawWithEngagement(ledger::UnitOfWork& work, const std::vector<base::Uuid>& forms,
                            absl::CivilDay day) {
  for (const base::Uuid& id : forms) {
    Application form = *FindApplication(work.tx(), work.scope(), id);
    if (!NextState(form.state, FormStep::kWithdrawWithEngagement).ok()) continue;
    WriteWithdrawal(work, form, v1::APPLICATION_WITHDRAWAL_REASON_ENGAGEMENT_ENDED,
                    std::max(form.last_step_day, day));
  }
}

void TellDraftsOfNewPeople(ledger::UnitOfWork& work, const std::vector<base::Uuid>& forms) {
  for (const base::Uuid& id : forms) {
    const Application form = *FindApplication(work.tx(), work.scope(), id);
    if (form.state != v1::APPLICATION_STATE_DRAFT) continue;
    Append(work, form, EventOf<v1::ApplicationRevised>(form, work.now()));
  }
}

void TellDraftsOfNewWindow(ledger::UnitOfWork& work, const base::Uuid& campaign_id,
                           const std::optional<absl::CivilDay>& previous_end_date) {
  const std::vector<base::Uuid> drafts = DraftsOf(work.tx(), campaign_id);
  work.Lock(drafts);
  for (const base::Uuid& id : drafts) {
    const Application draft = *FindApplication(work.tx(), work.scope(), id);
    if (draft.state != v1::APPLICATION_STATE_DRAFT) continue;  // handed in before the lock
    auto event = EventOf<v1::ApplicationWindowChanged>(draft, work.now());
    event.set_previous_window_end_date(DayText(previous_end_date));
    Append(work, draft, event);
  }
}

}  // namespace ieum::casemgmt
