#include "services/casemgmt/references/reference.h"

#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/casemgmt/days.h"

namespace ieum::casemgmt {

absl::StatusOr<CampaignReference> CampaignOf(const registry::v1::CampaignFacts& facts) {
  CampaignReference campaign;
  ASSIGN_OR_RETURN(campaign.id, base::ParseUuid(facts.campaign_id(), "campaign.campaign_id"));
  campaign.code = facts.campaign_code();
  campaign.programme = facts.programme();
  campaign.edition = facts.edition();
  campaign.task = facts.task();
  campaign.admission = facts.admission();
  campaign.state = facts.state();
  if (facts.has_window_start_time() && facts.has_window_end_time()) {
    ASSIGN_OR_RETURN(campaign.window_start,
                     InstantIn(facts.window_start_time(), "campaign.window_start_time"));
    ASSIGN_OR_RETURN(campaign.window_end,
                     InstantIn(facts.window_end_time(), "campaign.window_end_time"));
  }
  ASSIGN_OR_RETURN(campaign.window_end_date,
                   DayIn(facts.window_end_date(), "campaign.window_end_date"));
  if (!facts.centre_id().empty()) {
    ASSIGN_OR_RETURN(campaign.centre, base::ParseUuid(facts.centre_id(), "campaign.centre_id"));
  }
  return campaign;
}

namespace {

absl::Status CheckKnown(const std::optional<OrganizationReference>& organization) {
  if (organization) return absl::OkStatus();
  return base::Forbidden(v1::ERROR_REASON_ORGANIZATION_UNKNOWN,
                         "the organization is not known here; if it was registered a moment ago, "
                         "repeat the call");
}

}  // namespace

absl::Status CheckActive(const std::optional<OrganizationReference>& organization,
                         absl::CivilDay on) {
  RETURN_IF_ERROR(CheckKnown(organization));
  if (organization->inactive_from && on >= *organization->inactive_from) {
    return base::Forbidden(v1::ERROR_REASON_ORGANIZATION_INACTIVE,
                           "the organization was deactivated; only an active one can take part");
  }
  return absl::OkStatus();
}

absl::Status CheckTakesPart(const std::optional<OrganizationReference>& organization,
                            absl::CivilDay on) {
  RETURN_IF_ERROR(CheckKnown(organization));
  if (organization->kind != registry::v1::ORGANIZATION_KIND_FIRM) {
    return base::Forbidden(v1::ERROR_REASON_ORGANIZATION_NOT_FIRM,
                           "the organization is no firm; only firms are engaged");
  }
  return CheckActive(organization, on);
}

absl::Status CheckInWindow(const CampaignReference& campaign, absl::Time instant) {
  if (campaign.state != registry::v1::CAMPAIGN_STATE_OPEN) {
    return base::Forbidden(v1::ERROR_REASON_WINDOW_CLOSED,
                           "the campaign is not open, so it takes no forms");
  }
  const bool early = campaign.window_start && instant < *campaign.window_start;
  const bool late = campaign.window_end && instant >= *campaign.window_end;
  if (early || late) {
    return base::Forbidden(v1::ERROR_REASON_WINDOW_CLOSED,
                           early ? "the form was handed in before the campaign's window began"
                                 : "the form was handed in after the campaign's window had ended");
  }
  return absl::OkStatus();
}

}  // namespace ieum::casemgmt
