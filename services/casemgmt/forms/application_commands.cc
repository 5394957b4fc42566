#include "services/casemgmt/forms/application_commands.h"

#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/status.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/engagements/engagement_commands.h"
#include "services/casemgmt/forms/application_events.h"
#include "services/casemgmt/forms/application_store.h"
#include "services/casemgmt/references/reference_store.h"

namespace ieum::casemgmt {
namespace {

ledger::Done DoneWith(const Application& application) {
  return {application.id, ApplicationName(application.id)};
}

absl::StatusOr<Application> Load(ledger::UnitOfWork& work, const base::Uuid& id,
                                 const std::string& etag) {
  auto application = FindApplication(work.tx(), work.scope(), id);
  if (!application) return base::NotFound(ApplicationName(id));
  RETURN_IF_ERROR(work.ExpectEtag(id, etag));
  return *std::move(application);
}

// The form and the engagement behind it, which never changes.
void LockWithEngagement(ledger::UnitOfWork& work, const base::Uuid& id) {
  std::vector<base::Uuid> ids = {id};
  if (const auto application = FindApplication(work.tx(), work.scope(), id)) {
    ids.push_back(application->engagement_id);
  }
  work.Lock(std::move(ids));
}

absl::StatusOr<std::optional<CompletionByForm>> DecideCompletion(ledger::UnitOfWork& work,
                                                                 const Application& application,
                                                                 FormStep step, absl::CivilDay day,
                                                                 std::string_view field) {
  if (!CompletesEngagement(application.task, application.admission, step)) {
    return std::optional<CompletionByForm>();
  }
  ASSIGN_OR_RETURN(CompletionByForm completion,
                   DecideCompletionByForm(work, application.engagement_id, day, field));
  return std::optional<CompletionByForm>(std::move(completion));
}

Application NewDraft(const DraftInput& input, const base::Uuid& id, const Engagement& engagement,
                     const CampaignReference& campaign, absl::Time now) {
  Application draft;
  draft.id = id;
  draft.engagement_id = engagement.id;
  draft.organization_id = engagement.organization_id;
  draft.campaign_id = engagement.campaign_id;
  draft.form_version = input.form_version;
  draft.answers = input.answers;
  draft.signed_by_representative = input.signed_by_representative;
  draft.last_step_day = base::KoreaDay(now);
  draft.create_time = draft.update_time = now;
  draft.campaign_code = campaign.code;
  draft.programme = campaign.programme;
  draft.edition = campaign.edition;
  draft.task = campaign.task;
  draft.centre = engagement.centre;
  draft.admission = campaign.admission;
  draft.window_end_date = campaign.window_end_date;
  draft.consultant = engagement.consultant;
  draft.contact_person = engagement.contact_person;
  return draft;
}

}  // namespace

void Append(ledger::UnitOfWork& work, const Application& application,
            const google::protobuf::Message& event) {
  work.Append(application.id, "application", ApplicationName(application.id), event);
}

void SaveStep(ledger::UnitOfWork& work, Application& application, absl::CivilDay day) {
  application.last_step_day = day;
  application.update_time = work.now();
  SaveApplication(work.tx(), work.scope(), application);
}

void WriteWithdrawal(ledger::UnitOfWork& work, Application& application,
                     v1::ApplicationWithdrawalReason reason, absl::CivilDay day) {
  const v1::ApplicationState previous = application.state;
  application.state = v1::APPLICATION_STATE_WITHDRAWN;
  application.withdrawal_reason = reason;
  application.waiting = false;
  SaveStep(work, application, day);
  auto event = EventOf<v1::ApplicationWithdrawn>(application, work.now());
  event.set_withdrawn_date(base::FormatDay(day));
  event.set_reason(reason);
  event.set_previous_state(previous);
  Append(work, application, event);
}

namespace {

absl::Status IdTaken() {
  return base::AlreadyExists("ID_TAKEN", "there is a form with this id; choose another");
}

}  // namespace

absl::StatusOr<ledger::Done> BeginDraft(ledger::UnitOfWork& work, const DraftInput& input) {
  const base::Uuid id = input.application_id.value_or(work.DeriveId("application"));
  work.Lock({id, input.engagement_id});
  if (work.Version(id) != 0) return IdTaken();
  ASSIGN_OR_RETURN(const Engagement engagement, EngagementForForm(work, input.engagement_id));
  // Held, so that a window that moves meanwhile finds this draft or is found by it.
  const auto campaign = HoldCampaign(work.tx(), base::Scope::Everywhere(), engagement.campaign_id);
  if (!campaign || campaign->admission == registry::v1::ADMISSION_MODE_NONE) {
    return base::Forbidden(v1::ERROR_REASON_CAMPAIGN_WITHOUT_FORMS, "the campaign takes no forms");
  }
  RETURN_IF_ERROR(CheckAnswers(input.answers, "application.answers"));
  const Application draft = NewDraft(input, id, engagement, *campaign, work.now());
  if (!InsertApplication(work.tx(), draft)) {
    if (FindApplication(work.tx(), base::Scope::Everywhere(), id))
      return IdTaken();  // somebody was faster
    return base::AlreadyExists(v1::ERROR_REASON_APPLICATION_OPEN_ALREADY,
                               "the firm has a living form for this campaign");
  }
  Append(work, draft, EventOf<v1::ApplicationDrafted>(draft, work.now()));
  return DoneWith(draft);
}

absl::StatusOr<ledger::Done> ReviseDraft(ledger::UnitOfWork& work, const RevisionInput& input) {
  work.Lock({input.application_id});
  ASSIGN_OR_RETURN(Application draft, Load(work, input.application_id, input.etag));
  RETURN_IF_ERROR(NextState(draft.state, FormStep::kRevise).status());
  if (input.answers) RETURN_IF_ERROR(CheckAnswers(*input.answers, "application.answers"));
  draft.form_version = input.form_version.value_or(draft.form_version);
  draft.answers = input.answers.value_or(draft.answers);
  draft.signed_by_representative =
      input.signed_by_representative.value_or(draft.signed_by_representative);
  ++draft.draft_version;
  SaveStep(work, draft, draft.last_step_day);
  Append(work, draft, EventOf<v1::ApplicationRevised>(draft, work.now()));
  return DoneWith(draft);
}

absl::StatusOr<ledger::Done> Submit(ledger::UnitOfWork& work, const FormStepInput& input,
                                    const std::optional<absl::Time>& submit_time) {
  work.Lock({input.application_id});
  ASSIGN_OR_RETURN(Application form, Load(work, input.application_id, input.etag));
  ASSIGN_OR_RETURN(form.state, NextState(form.state, FormStep::kSubmit));
  form.submit_time = submit_time.value_or(work.now());
  if (*form.submit_time > work.now()) {
    return base::InvalidField(v1::ERROR_REASON_DATE_INVALID, "submit_time",
                              "must not be in the future");
  }
  // The form says whose it is; its campaign may be another centre's.
  const auto campaign = FindCampaign(work.tx(), base::Scope::Everywhere(), form.campaign_id);
  RETURN_IF_ERROR(CheckInWindow(*campaign, *form.submit_time));
  if (!form.signed_by_representative) {
    return base::Forbidden(v1::ERROR_REASON_SIGNATURE_MISSING,
                           "the firm's representative has not signed the form");
  }
  SaveStep(work, form, base::KoreaDay(*form.submit_time));
  auto event = EventOf<v1::ApplicationSubmitted>(form, work.now());
  *event.mutable_submitted_time() = ToTimestamp(*form.submit_time);
  Append(work, form, event);
  return DoneWith(form);
}

absl::StatusOr<ledger::Done> Receive(ledger::UnitOfWork& work, const FormStepInput& input) {
  LockWithEngagement(work, input.application_id);
  ASSIGN_OR_RETURN(Application form, Load(work, input.application_id, input.etag));
  ASSIGN_OR_RETURN(form.state, NextState(form.state, FormStep::kReceive));
  ASSIGN_OR_RETURN(const absl::CivilDay day,
                   StepDay(input.day, work.now(), form.last_step_day, "received_date"));
  ASSIGN_OR_RETURN(const auto completion,
                   DecideCompletion(work, form, FormStep::kReceive, day, "received_date"));
  form.received_day = day;
  form.receipt_number = ReceiptNumber(form, NextReceiptNumber(work.tx(), form.campaign_id));
  SaveStep(work, form, day);
  auto event = EventOf<v1::ApplicationReceived>(form, work.now());
  *event.mutable_submitted_time() = ToTimestamp(*form.submit_time);
  event.set_received_date(base::FormatDay(day));
  Append(work, form, event);
  if (completion) CompleteByForm(work, *completion);
  return DoneWith(form);
}

absl::StatusOr<ledger::Done> Forward(ledger::UnitOfWork& work, const FormStepInput& input,
                                     const std::string& external_receipt_number) {
  LockWithEngagement(work, input.application_id);
  ASSIGN_OR_RETURN(Application form, Load(work, input.application_id, input.etag));
  if (form.admission != registry::v1::ADMISSION_MODE_EXTERNAL) {
    return base::Forbidden(v1::ERROR_REASON_ADMISSION_NOT_EXTERNAL,
                           "the campaign's own rules decide about its forms; none is handed on");
  }
  ASSIGN_OR_RETURN(form.state, NextState(form.state, FormStep::kForward));
  ASSIGN_OR_RETURN(const absl::CivilDay day,
                   StepDay(input.day, work.now(), form.last_step_day, "forwarded_date"));
  ASSIGN_OR_RETURN(const auto completion,
                   DecideCompletion(work, form, FormStep::kForward, day, "forwarded_date"));
  if (!InsertExternalReceipt(work.tx(), form.campaign_id, external_receipt_number, form.id)) {
    return base::AlreadyExists(v1::ERROR_REASON_EXTERNAL_RECEIPT_TAKEN,
                               "another form of this campaign has the external receipt number");
  }
  form.forwarded_day = day;
  form.external_receipt_number = external_receipt_number;
  SaveStep(work, form, day);
  auto event = EventOf<v1::ApplicationForwarded>(form, work.now());
  event.set_forwarded_date(base::FormatDay(day));
  event.set_external_receipt_number(external_receipt_number);
  Append(work, form, event);
  if (completion) CompleteByForm(work, *completion);
  return DoneWith(form);
}

absl::StatusOr<ledger::Done> RecordResult(ledger::UnitOfWork& work, const FormStepInput& input,
                                          v1::ExternalOutcome outcome, const std::string& score) {
  work.Lock({input.application_id});
  ASSIGN_OR_RETURN(Application form, Load(work, input.application_id, input.etag));
  ASSIGN_OR_RETURN(form.state, NextState(form.state, FormStep::kRecordResult));
  ASSIGN_OR_RETURN(const absl::CivilDay day,
                   StepDay(input.day, work.now(), form.last_step_day, "result_date"));
  ASSIGN_OR_RETURN(form.result, JudgeResult(outcome, score, day));
  SaveStep(work, form, day);
  auto event = EventOf<v1::ApplicationExternalResultRecorded>(form, work.now());
  event.set_result_date(base::FormatDay(day));
  event.set_outcome(outcome);
  event.set_score(form.result->score);
  event.set_grade(form.result->grade);
  event.set_valid_until_date(DayText(form.result->valid_until));
  Append(work, form, event);
  return DoneWith(form);
}

absl::StatusOr<ledger::Done> Withdraw(ledger::UnitOfWork& work, const FormStepInput& input,
                                      v1::ApplicationWithdrawalReason reason) {
  work.Lock({input.application_id});
  ASSIGN_OR_RETURN(Application form, Load(work, input.application_id, input.etag));
  RETURN_IF_ERROR(NextState(form.state, FormStep::kWithdraw).status());
  ASSIGN_OR_RETURN(const absl::CivilDay day,
                   StepDay(input.day, work.now(), form.last_step_day, "withdrawn_date"));
  WriteWithdrawal(work, form, reason, day);
  return DoneWith(form);
}

}  // namespace ieum::casemgmt
