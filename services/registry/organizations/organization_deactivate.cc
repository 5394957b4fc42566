// Deactivation reaches into enrolments and leads: seats and places in the line are given back in
// the same transaction, and nobody is to be contacted about next year any more.
#include <algorithm>
#include <map>

#include "ieum/registry/v1/events.pb.h"
#include "platform/base/korea_time.h"
#include "services/registry/campaigns/campaign_store.h"
#include "services/registry/dates.h"
#include "services/registry/enrolments/enrolment_store.h"
#include "services/registry/enrolments/seating.h"
#include "services/registry/leads/lead_commands.h"
#include "services/registry/leads/lead_store.h"
#include "services/registry/organizations/organization_commands.h"
#include "services/registry/organizations/organization_store.h"

namespace ieum::registry {
namespace {

// What the organization gives back in one campaign, and who is next there.
struct Release {
  std::vector<base::Uuid> enrolments;
  std::vector<base::Uuid> next;
};
using Releases = std::map<base::Uuid, Release>;  // by campaign

std::vector<base::Uuid> CampaignsOf(const std::vector<EnrolmentPlace>& places) {
  std::vector<base::Uuid> campaigns;
  for (const EnrolmentPlace& place : places) campaigns.push_back(place.campaign_id);
  std::sort(campaigns.begin(), campaigns.end());
  campaigns.erase(std::unique(campaigns.begin(), campaigns.end()), campaigns.end());
  return campaigns;
}

// Enters the gates of all campaigns concerned and locks everything that will be written. An
// enrolment made in a further campaign meanwhile starts the transaction again.
// `leads`: those that are open, locked too.
Releases LockReleases(ledger::UnitOfWork& work, const base::Uuid& organization,
                      std::vector<base::Uuid>* leads) {
  db::Tx& tx = work.tx();
  const auto campaigns = CampaignsOf(WaitingAndConfirmedOf(tx, organization));
  EnterGates(tx, work.scope(), campaigns);
  Releases releases;
  std::vector<base::Uuid> locked = {organization};
  for (const EnrolmentPlace& place : WaitingAndConfirmedOf(tx, organization)) {
    releases[place.campaign_id].enrolments.push_back(place.id);
    locked.push_back(place.id);
  }
  for (auto& [campaign, release] : releases) {
    release.next = FirstInLine(tx, campaign, static_cast<int64_t>(release.enrolments.size()),
                               release.enrolments);
    locked.push_back(campaign);
    locked.insert(locked.end(), release.next.begin(), release.next.end());
  }
  *leads = OpenLeadsOf(tx, organization);
  locked.insert(locked.end(), leads->begin(), leads->end());
  work.Lock(std::move(locked));
  // Enrolling and a new lead lock the organization too, so from here on this stands still.
  if (OpenLeadsOf(tx, organization) != *leads) db::Conflict();
  const auto now = CampaignsOf(WaitingAndConfirmedOf(tx, organization));
  if (!std::includes(campaigns.begin(), campaigns.end(), now.begin(), now.end())) db::Conflict();
  return releases;
}

absl::Status GiveBack(ledger::UnitOfWork& work, const base::Uuid& campaign_id,
                      const Release& release, absl::CivilDay day) {
  db::Tx& tx = work.tx();
  Seating seating(work, *FindCampaign(tx, work.scope(), campaign_id));
  for (Enrolment& enrolment : FindEnrolments(tx, work.scope(), release.enrolments)) {
    const absl::CivilDay step_day = std::max(day, enrolment.steps.back().day);
    RETURN_IF_ERROR(
        seating.Withdraw(&enrolment, v1::WITHDRAWAL_REASON_ORGANIZATION_DEACTIVATED, step_day));
  }
  seating.Promote(FindEnrolments(tx, work.scope(), release.next));
  seating.Save();
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ledger::Done> DeactivateOrganization(ledger::UnitOfWork& work,
                                                    const DeactivateOrganizationInput& input) {
  const absl::CivilDay today = base::KoreaDay(work.now());
  ASSIGN_OR_RETURN(const absl::CivilDay day,
                   ReadPastDate(input.effective_date, "effective_date", today));
  std::vector<base::Uuid> leads;
  const Releases releases = LockReleases(work, input.id, &leads);
  auto organization = FindOrganization(work.tx(), input.id);
  if (!organization) return base::NotFound(OrganizationName(input.id));
  RETURN_IF_ERROR(work.ExpectEtag(input.id, input.etag));
  RETURN_IF_ERROR(RequireActive(*organization));

  organization->state = v1::ORGANIZATION_STATE_INACTIVE;
  organization->deactivation_reason = input.reason;
  organization->deactivation_date = day;
  organization->updated_at = work.now();
  SaveOrganization(work.tx(), *organization, NextVersion(work, input.id));
  DropClaim(work.tx(), Claim::kBusinessNumber, organization->business_number);

  v1::OrganizationDeactivated event;
  event.set_organization_id(input.id.ToString());
  event.set_event_date(base::FormatDay(today));
  event.set_kind(organization->kind);
  event.set_effective_date(base::FormatDay(day));
  event.set_reason(input.reason);
  const std::string name = OrganizationName(input.id);
  work.Append(input.id, "organization", name, event);
  for (const auto& [campaign, release] : releases) {
    RETURN_IF_ERROR(GiveBack(work, campaign, release, day));
  }
  RETURN_IF_ERROR(LoseWithFirm(work, leads, day, input.reason));
  return ledger::Done{input.id, name};
}

}  // namespace ieum::registry
