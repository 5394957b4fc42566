#include "services/registry/enrolments/enrolment.h"

#include "absl/strings/str_cat.h"
#include "ieum/registry/v1/errors.pb.h"
#include "platform/base/chosen_centre.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"

namespace ieum::registry {
namespace {

std::string Text(const std::optional<base::Uuid>& id) { return id ? id->ToString() : ""; }

}  // namespace

bool Enrolment::HoldsSeat() const { return registry::HoldsSeat(state()); }

v1::DenialReason Enrolment::denial_reason() const { return steps.back().denial_reason; }

std::string EnrolmentName(const base::Uuid& campaign, const base::Uuid& enrolment) {
  return CampaignName(campaign) + "/enrolments/" + enrolment.ToString();
}

bool HoldsSeat(v1::EnrolmentState state) {
  return state == v1::ENROLMENT_STATE_CONFIRMED || state == v1::ENROLMENT_STATE_ACTIVE ||
         state == v1::ENROLMENT_STATE_COMPLETED;
}

bool MayFollow(v1::EnrolmentState from, v1::EnrolmentState to) {
  switch (to) {
    case v1::ENROLMENT_STATE_DENIED:
    case v1::ENROLMENT_STATE_WAITING:
      return from == v1::ENROLMENT_STATE_APPLIED;
    case v1::ENROLMENT_STATE_CONFIRMED:
      return from == v1::ENROLMENT_STATE_APPLIED || from == v1::ENROLMENT_STATE_WAITING;
    case v1::ENROLMENT_STATE_ACTIVE:
      return from == v1::ENROLMENT_STATE_CONFIRMED;
    case v1::ENROLMENT_STATE_COMPLETED:
      return from == v1::ENROLMENT_STATE_ACTIVE;
    case v1::ENROLMENT_STATE_WITHDRAWN:
      return from == v1::ENROLMENT_STATE_APPLIED || from == v1::ENROLMENT_STATE_WAITING ||
             from == v1::ENROLMENT_STATE_CONFIRMED || from == v1::ENROLMENT_STATE_ACTIVE;
    default:
      return false;
  }
}

absl::Status Step(Enrolment* enrolment, const EnrolmentStep& step, std::string_view field) {
  const EnrolmentStep& last = enrolment->steps.back();
  if (!MayFollow(last.state, step.state)) {
    const std::string from = v1::EnrolmentState_Name(last.state);
    return base::Forbidden(
        v1::ERROR_REASON_ENROLMENT_STATE,
        absl::StrCat("the enrolment is in ", from, ", from where it cannot go to ",
                     v1::EnrolmentState_Name(step.state)),
        {{"enrolment", EnrolmentName(enrolment->campaign_id, enrolment->id)}, {"state", from}});
  }
  if (step.day < last.day) {
    return base::InvalidField(v1::ERROR_REASON_DATE_ORDER, field,
                              "must not lie before the last step, of " + base::FormatDay(last.day));
  }
  enrolment->steps.push_back(step);
  return absl::OkStatus();
}

v1::EnrolmentFacts EnrolmentFactsOf(const Enrolment& enrolment, const Campaign& campaign) {
  v1::EnrolmentFacts facts;
  facts.set_enrolment_id(enrolment.id.ToString());
  facts.set_campaign_id(campaign.id.ToString());
  facts.set_campaign_code(campaign.code);
  facts.set_programme(campaign.programme);
  facts.set_edition(campaign.edition);
  facts.set_task(campaign.task);
  facts.set_organization_id(enrolment.organization_id.ToString());
  facts.set_organization_kind(enrolment.organization_kind);
  facts.set_application_id(Text(enrolment.application_id));
  facts.set_engagement_id(Text(enrolment.engagement_id));
  facts.set_contact_person_id(Text(enrolment.contact_person_id));
  facts.set_consultant_person_id(Text(enrolment.consultant_person_id));
  if (enrolment.facts) *facts.mutable_facts() = *enrolment.facts;
  facts.set_centre_id(base::CentreText(campaign.centre));
  return facts;
}

}  // namespace ieum::registry
