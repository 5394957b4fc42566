#include "services/casemgmt/reactions.h"

#include <map>

#include "ieum/registry/v1/events.pb.h"
#include "platform/access/listen.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "platform/erasure/listen.h"
#include "services/casemgmt/activities/plan_reactions.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/engagements/engagement_move_commands.h"
#include "services/casemgmt/forms/application_commands.h"
#include "services/casemgmt/participants/person_reactions.h"
#include "services/casemgmt/references/reference_commands.h"
#include "services/casemgmt/references/reference_store.h"

namespace ieum::casemgmt {
namespace {

namespace registry = ieum::registry::v1;
using flow::ReceivedEvent;
using ledger::UnitOfWork;

// The events of one organization in a run become one row: the last kind, and its deactivation.
absl::Status HearOf(const ReceivedEvent& event, HeardOrganization* heard) {
  OrganizationReference& organization = heard->organization;
  organization.id = event.aggregate_id();
  heard->version = event.envelope.aggregate_version();
  if (event.Is<registry::OrganizationRegistered>()) {
    organization.kind = event.As<registry::OrganizationRegistered>().kind();
  } else if (event.Is<registry::OrganizationUpdated>()) {
    organization.kind = event.As<registry::OrganizationUpdated>().kind();
  } else if (event.Is<registry::OrganizationDeactivated>()) {
    const auto& deactivated = event.As<registry::OrganizationDeactivated>();
    organization.kind = deactivated.kind();
    ASSIGN_OR_RETURN(organization.inactive_from,
                     DayIn(deactivated.effective_date(), "effective_date"));
  }
  return absl::OkStatus();
}

absl::Status KeepHeard(db::Tx& tx, absl::Span<const ReceivedEvent> events) {
  std::map<base::Uuid, HeardOrganization> by_id;
  for (const ReceivedEvent& event : events) {
    RETURN_IF_ERROR(HearOf(event, &by_id[event.aggregate_id()]));
  }
  std::vector<HeardOrganization> heard;
  for (auto& [id, each] : by_id) heard.push_back(std::move(each));
  KeepOrganizations(tx, heard);
  return absl::OkStatus();
}

// Enrolments without a form of ours concern nobody here.
constexpr auto kOfAForm = [](const auto& event) {
  return !event.enrolment().application_id().empty();
};

absl::Status Judge(UnitOfWork& work, const registry::EnrolmentFacts& enrolment, FormStep step,
                   const std::string& day, registry::DenialReason reason = {}) {
  Verdict verdict{.step = step, .denial_reason = reason};
  ASSIGN_OR_RETURN(verdict.application_id,
                   base::ParseUuid(enrolment.application_id(), "enrolment.application_id"));
  ASSIGN_OR_RETURN(verdict.enrolment_id,
                   base::ParseUuid(enrolment.enrolment_id(), "enrolment.enrolment_id"));
  ASSIGN_OR_RETURN(const auto given, DayIn(day, "event"));
  verdict.day = given.value_or(base::KoreaDay(work.now()));
  return ApplyVerdict(work, verdict);
}

// "" is the whole suite.
absl::StatusOr<std::optional<base::Uuid>> CentreIn(const std::string& text,
                                                   std::string_view field) {
  if (text.empty()) return std::optional<base::Uuid>();
  ASSIGN_OR_RETURN(const base::Uuid id, base::ParseUuid(text, field));
  return std::optional(id);
}

// An enrolment that another centre took over takes the engagement that it came of along.
absl::Status Follow(UnitOfWork& work, const registry::EnrolmentMoved& event, const ReceivedEvent&) {
  FollowMoveInput input;
  ASSIGN_OR_RETURN(input.engagement_id,
                   base::ParseUuid(event.enrolment().engagement_id(), "enrolment.engagement_id"));
  ASSIGN_OR_RETURN(input.from, CentreIn(event.previous_centre_id(), "previous_centre_id"));
  ASSIGN_OR_RETURN(input.to, CentreIn(event.enrolment().centre_id(), "enrolment.centre_id"));
  input.move_id = event.move_id();
  return FollowMove(work, input);
}

template <class Event>
void LearnFrom(flow::Subscriptions& on) {
  on.React<Event>(
      [](UnitOfWork& work, const Event& event, const ReceivedEvent& received) -> absl::Status {
        ASSIGN_OR_RETURN(const CampaignReference campaign, CampaignOf(event.campaign()));
        return LearnCampaign(work, campaign, received.envelope.aggregate_version());
      });
}

}  // namespace

void Reactions::Listen(flow::Subscriptions& on) {
  access::Listen<registry::GrantGiven, registry::GrantEnded, registry::SubjectClosed,
                 registry::SubjectReopened>(on);
  access::ListenToCentres<registry::CentrePlaced>(on);
  erasure::Listen<registry::PersonErased>(on);
  erasure::ListenApart<registry::PersonKeptApart, registry::PersonPutBack>(on);
  ListenToPlans(on);
  ListenToPeople(on);
  on.Sink<registry::OrganizationRegistered, registry::OrganizationUpdated,
          registry::OrganizationDeactivated>(KeepHeard);
  LearnFrom<registry::CampaignCreated>(on);
  LearnFrom<registry::CampaignChanged>(on);
  LearnFrom<registry::CampaignOpened>(on);
  LearnFrom<registry::CampaignClosed>(on);
  // Versions that registry's restored ledger has not reached yet would hide what it says next.
  on.OnRewind([](db::Tx& tx, const flow::Rewind& rewind) {
    ForgetReferenceVersions(tx);
    ForgetVanishedPlans(tx);
    ForgetVanishedWords(tx, rewind);
    if (rewind.producer == "registry") erasure::PutVanishedBack(tx, rewind.kept);
    return absl::OkStatus();
  });
  on.ReactIf<registry::EnrolmentMoved>(
      [](const auto& event) { return !event.enrolment().engagement_id().empty(); }, Follow);
  on.ReactIf<registry::EnrolmentConfirmed>(
      kOfAForm, [](UnitOfWork& work, const auto& event, const auto&) {
        return Judge(work, event.enrolment(), FormStep::kAdmit, event.confirmed_date());
      });
  on.ReactIf<registry::EnrolmentWaitlisted>(
      kOfAForm, [](UnitOfWork& work, const auto& event, const auto&) {
        return Judge(work, event.enrolment(), FormStep::kWait, event.waitlisted_date());
      });
  on.ReactIf<registry::EnrolmentDenied>(kOfAForm, [](UnitOfWork& work, const auto& event,
                                                     const auto&) {
    return Judge(work, event.enrolment(), FormStep::kRefuse, event.denied_date(), event.reason());
  });
  on.ReactIf<registry::EnrolmentWithdrawn>(kOfAForm, [](UnitOfWork& work, const auto& event,
                                                        const auto&) {
    return Judge(work, event.enrolment(), FormStep::kWithdrawWithEnrolment, event.withdrawn_date());
  });
}

}  // namespace ieum::casemgmt
