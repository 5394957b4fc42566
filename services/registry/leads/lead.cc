#include "services/registry/leads/lead.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "ieum/registry/v1/errors.pb.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"

namespace ieum::registry {
namespace {

struct Arrow {
  v1::LeadState from, to;
};

constexpr Arrow kArrows[] = {
    {v1::LEAD_STATE_INTEREST, v1::LEAD_STATE_INTENT_SIGNED},
    {v1::LEAD_STATE_INTENT_SIGNED, v1::LEAD_STATE_CONTACTED},
    {v1::LEAD_STATE_CONTACTED, v1::LEAD_STATE_ENROLLED},
    {v1::LEAD_STATE_INTEREST, v1::LEAD_STATE_LOST},
    {v1::LEAD_STATE_INTENT_SIGNED, v1::LEAD_STATE_LOST},
    {v1::LEAD_STATE_CONTACTED, v1::LEAD_STATE_LOST},
};

const char* WhyNot(const Lead& lead, const Enrolment& enrolment, const Campaign& campaign) {
  if (enrolment.organization_id != lead.organization_id) return "is another firm's";
  if (campaign.programme != lead.programme) return "is of another programme";
  if (campaign.edition != lead.edition) return "is of another edition";
  // Whoever acts for all sees both; who reads the lead could not read what it became.
  if (lead.centre && enrolment.centre != lead.centre) return "is another centre's";
  if (enrolment.state() == v1::ENROLMENT_STATE_DENIED) return "was denied";
  if (enrolment.state() == v1::ENROLMENT_STATE_WITHDRAWN) return "was withdrawn";
  return nullptr;
}

}  // namespace

std::string LeadName(const base::Uuid& id) { return "leads/" + id.ToString(); }

bool MayFollow(v1::LeadState from, v1::LeadState to) {
  return std::any_of(std::begin(kArrows), std::end(kArrows),
                     [&](const Arrow& arrow) { return arrow.from == from && arrow.to == to; });
}

absl::Status Step(Lead* lead, const LeadStep& step, std::string_view field) {
  const LeadStep& last = lead->steps.back();
  if (!MayFollow(last.state, step.state)) {
    const std::string from = v1::LeadState_Name(last.state);
    return base::Forbidden(v1::ERROR_REASON_LEAD_STATE,
                           absl::StrCat("the lead is in ", from, ", from where it cannot go to ",
                                        v1::LeadState_Name(step.state)),
                           {{"lead", LeadName(lead->id)}, {"state", from}});
  }
  if (step.day < last.day) {
    return base::InvalidField(v1::ERROR_REASON_DATE_ORDER, field,
                              "must not lie before the last step, of " + base::FormatDay(last.day));
  }
  if (step.state == v1::LEAD_STATE_INTENT_SIGNED) lead->contact_due = step.day + kContactDays;
  lead->steps.push_back(step);
  lead->updated_at = step.recorded_at;
  return absl::OkStatus();
}

bool ContactIsDue(const Lead& lead, absl::CivilDay day) {
  return lead.state() == v1::LEAD_STATE_INTENT_SIGNED && !lead.due_told_at &&
         *lead.contact_due <= day;
}

absl::Status CheckBecame(const Lead& lead, const Enrolment& enrolment, const Campaign& campaign) {
  const char* why = WhyNot(lead, enrolment, campaign);
  if (why == nullptr) return absl::OkStatus();
  return base::Forbidden(v1::ERROR_REASON_LEAD_ENROLMENT_MISMATCH,
                         absl::StrCat("the enrolment ", why),
                         {{"lead", LeadName(lead.id)},
                          {"enrolment", EnrolmentName(enrolment.campaign_id, enrolment.id)}});
}

v1::LeadLossReason LossOf(v1::DeactivationReason reason) {
  const bool never_was = reason == v1::DEACTIVATION_REASON_DUPLICATE ||
                         reason == v1::DEACTIVATION_REASON_ENTERED_IN_ERROR;
  return never_was ? v1::LEAD_LOSS_REASON_ENTERED_IN_ERROR : v1::LEAD_LOSS_REASON_CLOSED_DOWN;
}

v1::LeadFacts LeadFactsOf(const Lead& lead) {
  v1::LeadFacts facts;
  facts.set_lead_id(lead.id.ToString());
  facts.set_organization_id(lead.organization_id.ToString());
  facts.set_programme(lead.programme);
  facts.set_edition(lead.edition);
  facts.set_task(lead.task);
  facts.set_source_code(lead.source_code);
  if (lead.source_campaign_id) facts.set_source_campaign_id(lead.source_campaign_id->ToString());
  if (lead.contact_person_id) facts.set_contact_person_id(lead.contact_person_id->ToString());
  if (lead.contact_due) facts.set_contact_due_date(base::FormatDay(*lead.contact_due));
  return facts;
}

}  // namespace ieum::registry
