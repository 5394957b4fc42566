#include "services/casemgmt/engagements/engagement_commands.h"

#include "absl/strings/str_cat.h"
#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/status.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/engagements/engagement_events.h"
#include "services/casemgmt/engagements/engagement_store.h"
#include "services/casemgmt/engagements/recommendation_commands.h"
#include "services/casemgmt/engagements/visit_commands.h"
#include "services/casemgmt/forms/application_commands.h"
#include "services/casemgmt/references/reference_store.h"

namespace ieum::casemgmt {

absl::StatusOr<Engagement> LoadEngagement(ledger::UnitOfWork& work, const base::Uuid& id,
                                          const std::string& etag) {
  const auto engagement = FindEngagement(work.tx(), work.scope(), id);
  if (!engagement) return base::NotFound(EngagementName(id));
  RETURN_IF_ERROR(work.ExpectEtag(id, etag));
  return *engagement;
}

void SaveStep(ledger::UnitOfWork& work, Engagement& engagement, v1::EngagementState next,
              absl::CivilDay day) {
  engagement.update_time = work.now();
  if (next != engagement.state) {
    engagement.state = next;
    engagement.last_step_day = day;
    InsertTransition(work.tx(), engagement.id, {next, day, work.now()});
  }
  SaveEngagement(work.tx(), work.scope(), engagement);
}

void Append(ledger::UnitOfWork& work, const Engagement& engagement,
            const google::protobuf::Message& event) {
  work.Append(engagement.id, "engagement", EngagementName(engagement.id), event);
}

ledger::Done DoneWith(const Engagement& engagement) {
  return {engagement.id, EngagementName(engagement.id)};
}

namespace {

Engagement NewEngagement(const OpenEngagementInput& input, const base::Uuid& id,
                         const CampaignReference& campaign, absl::CivilDay day, absl::Time now) {
  Engagement engagement;
  engagement.id = id;
  engagement.organization_id = input.organization_id;
  engagement.campaign_id = campaign.id;
  engagement.campaign_code = campaign.code;
  engagement.programme = campaign.programme;
  engagement.edition = campaign.edition;
  engagement.task = campaign.task;
  engagement.centre = campaign.centre;
  engagement.consultant = input.consultant;
  engagement.manager = input.manager;
  engagement.contact_person = input.contact_person;
  engagement.lead_source = input.lead_source;
  engagement.lead_day = engagement.last_step_day = day;
  engagement.vulnerability_reasons = input.vulnerability_reasons;
  engagement.create_time = engagement.update_time = now;
  return engagement;
}

absl::Status IdTaken() {
  return base::AlreadyExists("ID_TAKEN", "there is an engagement with this id; choose another");
}

// The first refusal, or the engagement as it would be opened.
absl::StatusOr<Engagement> DecideOpening(ledger::UnitOfWork& work, const base::Uuid& id,
                                         const OpenEngagementInput& input) {
  if (work.Version(id) != 0) return IdTaken();
  const absl::CivilDay today = base::KoreaDay(work.now());
  RETURN_IF_ERROR(CheckTakesPart(FindOrganization(work.tx(), input.organization_id), today));
  const auto campaign = FindCampaign(work.tx(), work.scope(), input.campaign_id);
  if (!campaign) {
    return base::Forbidden(v1::ERROR_REASON_CAMPAIGN_UNKNOWN,
                           "the campaign is not known here; if it was made a moment ago, repeat "
                           "the call");
  }
  RETURN_IF_ERROR(CheckReasons(campaign->task, input.vulnerability_reasons));
  ASSIGN_OR_RETURN(
      const absl::CivilDay day,
      StepDay(input.lead_day, work.now(), absl::CivilDay::min(), "engagement.lead_date"));
  return NewEngagement(input, id, *campaign, day, work.now());
}

// Locks the engagement and the forms that end or change with it. One that was begun or finished
// between the look and the lock makes the command run again.
std::vector<base::Uuid> LockWithForms(ledger::UnitOfWork& work, const base::Uuid& engagement_id) {
  const std::vector<base::Uuid> forms = UnfinishedForms(work, engagement_id);
  std::vector<base::Uuid> ids = forms;
  ids.push_back(engagement_id);
  work.Lock(std::move(ids));
  if (UnfinishedForms(work, engagement_id) != forms) db::Conflict();
  return forms;
}

void CloseWhatHangsOn(ledger::UnitOfWork& work, const Engagement& engagement,
                      const std::vector<base::Uuid>& forms, absl::CivilDay day) {
  CancelPlannedVisits(work, engagement, absl::InfinitePast());
  WithdrawRecommendations(work, engagement);
  WithdrawWithEngagement(work, forms, day);
}

}  // namespace

absl::StatusOr<DecidedStep> DecideStep(ledger::UnitOfWork& work, const StepInput& input,
                                       EngagementStep step, std::string_view field) {
  ASSIGN_OR_RETURN(Engagement engagement, LoadEngagement(work, input.engagement_id, input.etag));
  ASSIGN_OR_RETURN(const v1::EngagementState next,
                   NextState(engagement.task, engagement.state, step));
  ASSIGN_OR_RETURN(const absl::CivilDay day,
                   StepDay(input.day, work.now(), engagement.last_step_day, field));
  return DecidedStep{std::move(engagement), next, day};
}

absl::StatusOr<ledger::Done> OpenEngagement(ledger::UnitOfWork& work,
                                            const OpenEngagementInput& input) {
  const base::Uuid id = input.engagement_id.value_or(work.DeriveId("engagement"));
  work.Lock({id});
  ASSIGN_OR_RETURN(const Engagement engagement, DecideOpening(work, id, input));
  if (!InsertEngagement(work.tx(), engagement)) {
    if (FindEngagement(work.tx(), base::Scope::Everywhere(), id))
      return IdTaken();  // somebody was faster
    return base::AlreadyExists(v1::ERROR_REASON_ENGAGEMENT_OPEN_ALREADY,
                               "the firm has an open engagement of this task in this edition; "
                               "complete, decline or drop it first");
  }
  InsertTransition(work.tx(), id, {engagement.state, engagement.lead_day, work.now()});
  auto event = EventOf<v1::EngagementOpened>(engagement, work.now());
  event.set_lead_date(base::FormatDay(engagement.lead_day));
  event.set_lead_source(engagement.lead_source);
  for (const auto reason : engagement.vulnerability_reasons) {
    event.add_vulnerability_reasons(reason);
  }
  Append(work, engagement, event);
  return DoneWith(engagement);
}

absl::StatusOr<ledger::Done> ReassignEngagement(ledger::UnitOfWork& work,
                                                const ReassignInput& input) {
  const std::vector<base::Uuid> forms = LockWithForms(work, input.engagement_id);
  ASSIGN_OR_RETURN(Engagement engagement, LoadEngagement(work, input.engagement_id, input.etag));
  ASSIGN_OR_RETURN(const v1::EngagementState next,
                   NextState(engagement.task, engagement.state, EngagementStep::kReassign));
  if (input.consultant) engagement.consultant = *input.consultant;
  if (input.manager) engagement.manager = *input.manager;
  if (input.contact_person) engagement.contact_person = *input.contact_person;
  SaveStep(work, engagement, next, engagement.last_step_day);
  Append(work, engagement, EventOf<v1::EngagementReassigned>(engagement, work.now()));
  GiveAdoptionChecks(work, engagement);
  TellDraftsOfNewPeople(work, forms);
  return DoneWith(engagement);
}

absl::StatusOr<ledger::Done> ContactFirm(ledger::UnitOfWork& work, const StepInput& input) {
  work.Lock({input.engagement_id});
  ASSIGN_OR_RETURN(DecidedStep step,
                   DecideStep(work, input, EngagementStep::kContact, "contact_date"));
  SaveStep(work, step.engagement, step.next, step.day);
  auto event = EventOf<v1::EngagementContacted>(step.engagement, work.now());
  event.set_contact_date(base::FormatDay(step.day));
  Append(work, step.engagement, event);
  return DoneWith(step.engagement);
}

absl::StatusOr<ledger::Done> FollowUp(ledger::UnitOfWork& work, const StepInput& input) {
  work.Lock({input.engagement_id});
  ASSIGN_OR_RETURN(DecidedStep step,
                   DecideStep(work, input, EngagementStep::kFollowUp, "followed_up_date"));
  SaveStep(work, step.engagement, step.next, step.day);
  auto event = EventOf<v1::EngagementFollowedUp>(step.engagement, work.now());
  event.set_followed_up_date(base::FormatDay(step.day));
  Append(work, step.engagement, event);
  return DoneWith(step.engagement);
}

absl::StatusOr<ledger::Done> Decline(ledger::UnitOfWork& work, const StepInput& input,
                                     v1::DeclineReason reason) {
  const std::vector<base::Uuid> forms = LockWithForms(work, input.engagement_id);
  ASSIGN_OR_RETURN(DecidedStep step,
                   DecideStep(work, input, EngagementStep::kDecline, "declined_date"));
  step.engagement.decline_reason = reason;
  SaveStep(work, step.engagement, step.next, step.day);
  auto event = EventOf<v1::EngagementDeclined>(step.engagement, work.now());
  event.set_declined_date(base::FormatDay(step.day));
  event.set_reason(reason);
  Append(work, step.engagement, event);
  CloseWhatHangsOn(work, step.engagement, forms, step.day);
  return DoneWith(step.engagement);
}

absl::StatusOr<ledger::Done> Drop(ledger::UnitOfWork& work, const StepInput& input,
                                  v1::DropReason reason) {
  const std::vector<base::Uuid> forms = LockWithForms(work, input.engagement_id);
  ASSIGN_OR_RETURN(DecidedStep step,
                   DecideStep(work, input, EngagementStep::kDrop, "dropped_date"));
  step.engagement.drop_reason = reason;
  SaveStep(work, step.engagement, step.next, step.day);
  auto event = EventOf<v1::EngagementDropped>(step.engagement, work.now());
  event.set_dropped_date(base::FormatDay(step.day));
  event.set_reason(reason);
  Append(work, step.engagement, event);
  CloseWhatHangsOn(work, step.engagement, forms, step.day);
  return DoneWith(step.engagement);
}

absl::StatusOr<CompletionByForm> DecideCompletionByForm(ledger::UnitOfWork& work,
                                                        const base::Uuid& engagement_id,
                                                        absl::CivilDay day,
                                                        std::string_view field) {
  ASSIGN_OR_RETURN(DecidedStep step, DecideStep(work, {.engagement_id = engagement_id, .day = day},
                                                EngagementStep::kCompleteByForm, field));
  return CompletionByForm{std::move(step.engagement), day};
}

void CompleteByForm(ledger::UnitOfWork& work, const CompletionByForm& completion) {
  Engagement engagement = completion.engagement;
  SaveStep(work, engagement, v1::ENGAGEMENT_STATE_COMPLETED, completion.day);
  auto event = EventOf<v1::EngagementCompleted>(engagement, work.now());
  event.set_completed_date(base::FormatDay(completion.day));
  event.set_visit_count(engagement.visit_count);
  Append(work, engagement, event);
  CancelPlannedVisits(work, engagement, work.now());
}

absl::StatusOr<Engagement> EngagementForForm(ledger::UnitOfWork& work,
                                             const base::Uuid& engagement_id) {
  ASSIGN_OR_RETURN(Engagement engagement, LoadEngagement(work, engagement_id, ""));
  RETURN_IF_ERROR(
      NextState(engagement.task, engagement.state, EngagementStep::kDraftForm).status());
  return engagement;
}

}  // namespace ieum::casemgmt
