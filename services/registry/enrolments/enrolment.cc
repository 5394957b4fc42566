#include "services/registry/enrolments/enrolment.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ieum/registry/v1/errors.pb.h"
#include "platform/base/chosen_centre.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"

namespace ieum::registry {
namespace {

std::string Text(const std::optional<base::Uuid>& id) { return id ? id->ToString() : ""; }

struct Arrow {
  v1::EnrolmentState from, to;
};

constexpr Arrow kArrows[] = {
    {v1::ENROLMENT_STATE_APPLIED, v1::ENROLMENT_STATE_DENIED},
    {v1::ENROLMENT_STATE_APPLIED, v1::ENROLMENT_STATE_WAITING},
    {v1::ENROLMENT_STATE_APPLIED, v1::ENROLMENT_STATE_CONFIRMED},
    {v1::ENROLMENT_STATE_APPLIED, v1::ENROLMENT_STATE_WITHDRAWN},
    {v1::ENROLMENT_STATE_WAITING, v1::ENROLMENT_STATE_OFFERED},
    {v1::ENROLMENT_STATE_WAITING, v1::ENROLMENT_STATE_CONFIRMED},
    {v1::ENROLMENT_STATE_WAITING, v1::ENROLMENT_STATE_WITHDRAWN},
    {v1::ENROLMENT_STATE_OFFERED, v1::ENROLMENT_STATE_CONFIRMED},
    {v1::ENROLMENT_STATE_OFFERED, v1::ENROLMENT_STATE_WITHDRAWN},
    {v1::ENROLMENT_STATE_CONFIRMED, v1::ENROLMENT_STATE_ACTIVE},
    {v1::ENROLMENT_STATE_CONFIRMED, v1::ENROLMENT_STATE_WITHDRAWN},
    {v1::ENROLMENT_STATE_ACTIVE, v1::ENROLMENT_STATE_COMPLETED},
    {v1::ENROLMENT_STATE_ACTIVE, v1::ENROLMENT_STATE_WITHDRAWN},
};

// The refusal tells where it could go instead.
absl::Status WrongState(const Enrolment& enrolment, std::string_view why) {
  const std::string from = v1::EnrolmentState_Name(enrolment.state());
  std::vector<std::string> left;
  for (const v1::EnrolmentState state : StepsFrom(enrolment.state())) {
    left.push_back(v1::EnrolmentState_Name(state));
  }
  const std::string next = absl::StrJoin(left, ", ");
  return base::Forbidden(v1::ERROR_REASON_ENROLMENT_STATE,
                         absl::StrCat("the enrolment is in ", from, "; ", std::string(why),
                                      next.empty() ? "; that is final" : "; left are: " + next),
                         {{"enrolment", EnrolmentName(enrolment.campaign_id, enrolment.id)},
                          {"state", from},
                          {"next", next}});
}

}  // namespace

v1::DenialReason Enrolment::denial_reason() const { return steps.back().denial_reason; }

std::string EnrolmentName(const base::Uuid& campaign, const base::Uuid& enrolment) {
  return CampaignName(campaign) + "/enrolments/" + enrolment.ToString();
}

base::Uuid AttributionId(const Enrolment& enrolment) {
  return base::Uuid::Derive(enrolment.id, absl::StrCat("attribution/", enrolment.attribution));
}

bool HoldsSeat(v1::EnrolmentState state) {
  return state == v1::ENROLMENT_STATE_CONFIRMED || state == v1::ENROLMENT_STATE_ACTIVE ||
         state == v1::ENROLMENT_STATE_COMPLETED;
}

bool MayFollow(v1::EnrolmentState from, v1::EnrolmentState to) {
  return std::any_of(std::begin(kArrows), std::end(kArrows),
                     [&](const Arrow& arrow) { return arrow.from == from && arrow.to == to; });
}

std::vector<v1::EnrolmentState> StepsFrom(v1::EnrolmentState state) {
  std::vector<v1::EnrolmentState> steps;
  for (const Arrow& arrow : kArrows) {
    if (arrow.from == state) steps.push_back(arrow.to);
  }
  return steps;
}

absl::Status Step(Enrolment* enrolment, const EnrolmentStep& step, std::string_view field) {
  const EnrolmentStep& last = enrolment->steps.back();
  if (!MayFollow(last.state, step.state)) {
    return WrongState(*enrolment, "it cannot go to " + v1::EnrolmentState_Name(step.state));
  }
  if (step.day < last.day) {
    return base::InvalidField(v1::ERROR_REASON_DATE_ORDER, field,
                              "must not lie before the last step, of " + base::FormatDay(last.day));
  }
  enrolment->steps.push_back(step);
  return absl::OkStatus();
}

absl::Status RequireOffer(const Enrolment& enrolment, absl::Time now) {
  if (enrolment.state() != v1::ENROLMENT_STATE_OFFERED) {
    return WrongState(enrolment, "no seat is held for it");
  }
  if (now < *enrolment.offered_until) return absl::OkStatus();
  const std::string until =
      absl::FormatTime("%Y-%m-%d %H:%M", *enrolment.offered_until, base::Korea());
  return base::Forbidden(
      v1::ERROR_REASON_OFFER_EXPIRED,
      absl::StrCat("the seat was held until ", until, " (Korea); it goes to the next in line"),
      {{"enrolment", EnrolmentName(enrolment.campaign_id, enrolment.id)}, {"until", until}});
}

absl::Status CheckSpokenReason(v1::WithdrawalReason reason) {
  if (reason == v1::WITHDRAWAL_REASON_MERGED) {
    return base::InvalidField("INVALID_FIELD", "reason", "is given by merges alone");
  }
  if (reason != v1::WITHDRAWAL_REASON_OFFER_DECLINED &&
      reason != v1::WITHDRAWAL_REASON_OFFER_EXPIRED) {
    return absl::OkStatus();
  }
  return base::InvalidField("INVALID_FIELD", "reason",
                            "is given by offers alone; decline the offer instead");
}

v1::EnrolmentFacts EnrolmentFactsOf(const Enrolment& enrolment, const Campaign& campaign) {
  v1::EnrolmentFacts facts;
  facts.set_enrolment_id(enrolment.id.ToString());
  facts.set_campaign_id(campaign.id.ToString());
  facts.set_campaign_code(campaign.code);
  facts.set_programme(campaign.programme);
  facts.set_edition(campaign.edition);
  facts.set_task(campaign.task);
  facts.set_organization_id(Text(enrolment.organization_id));
  facts.set_organization_kind(enrolment.organization_kind);
  facts.set_application_id(Text(enrolment.application_id));
  facts.set_engagement_id(Text(enrolment.engagement_id));
  facts.set_contact_person_id(Text(enrolment.contact_person_id));
  facts.set_consultant_person_id(Text(enrolment.consultant_person_id));
  if (enrolment.facts) *facts.mutable_facts() = *enrolment.facts;
  facts.set_centre_id(base::CentreText(enrolment.centre));
  if (enrolment.person_id) {
    facts.set_person_id(enrolment.person_id->ToString());
    facts.set_employer_id(Text(enrolment.employer_id));
    facts.set_attribution_id(AttributionId(enrolment).ToString());
  }
  return facts;
}

}  // namespace ieum::registry
