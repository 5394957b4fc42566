#include "services/registry/campaigns/campaign_commands.h"

#include <algorithm>

#include "ieum/platform/v1/errors.pb.h"
#include "ieum/registry/v1/errors.pb.h"
#include "platform/base/korea_time.h"
#include "services/registry/campaigns/campaign_store.h"
#include "services/registry/enrolments/enrolment_store.h"
#include "services/registry/enrolments/seating.h"
#include "services/registry/organizations/centre_commands.h"
#include "services/registry/programmes/programme_commands.h"
#include "services/registry/reference/reference_store.h"

namespace ieum::registry {
namespace {

constexpr char kKind[] = "campaign";

template <class Event>
ledger::Done Tell(ledger::UnitOfWork& work, const Campaign& campaign, Event event) {
  *event.mutable_campaign() = CampaignFactsOf(campaign);
  event.set_event_date(base::FormatDay(base::KoreaDay(work.now())));
  const std::string name = CampaignName(campaign.id);
  work.Append(campaign.id, kKind, name, event);
  return {campaign.id, name};
}

absl::Status IdTaken() {
  return base::AlreadyExists(platform::v1::ERROR_REASON_ID_TAKEN, "a campaign with this id exists");
}

absl::Status CheckTerms(db::Tx& tx, const v1::Campaign& wanted, Campaign* campaign) {
  base::FieldErrors errors;
  TakeTerms(wanted, campaign, &errors);
  const v1::EligibilityRules& rules = campaign->eligibility;
  CheckRuleCodes(
      UnknownRegionPrefixes(tx, {rules.region_prefixes().begin(), rules.region_prefixes().end()}),
      UnknownKsic(tx, {rules.excluded_ksic().begin(), rules.excluded_ksic().end()}), &errors);
  return errors.ToStatus();
}

absl::StatusOr<Campaign> FindBehindGate(ledger::UnitOfWork& work, const base::Uuid& id) {
  EnterGates(work.tx(), work.scope(), {id});
  auto campaign = FindCampaign(work.tx(), work.scope(), id);
  if (!campaign) return base::NotFound(CampaignName(id));
  return *std::move(campaign);
}

// Firms that wait and for whom the new terms have seats.
std::vector<base::Uuid> ToBePromoted(db::Tx& tx, const Campaign& after) {
  const int64_t seats = after.capacity == 0 ? after.waiting : after.capacity - after.seats_taken;
  if (after.waiting == 0 || seats <= 0) return {};
  return FirstInLine(tx, after.id, seats);
}

template <class Event, class Change>
absl::StatusOr<ledger::Done> TakeStep(ledger::UnitOfWork& work, const CampaignStepInput& input,
                                      Change change) {
  ASSIGN_OR_RETURN(Campaign campaign, FindBehindGate(work, input.id));
  work.Lock({input.id});
  RETURN_IF_ERROR(work.ExpectEtag(input.id, input.etag));
  RETURN_IF_ERROR(change(&campaign));
  campaign.updated_at = work.now();
  SaveCampaign(work.tx(), work.scope(), campaign);
  return Tell(work, campaign, Event());
}

}  // namespace

absl::StatusOr<ledger::Done> PlanCampaign(ledger::UnitOfWork& work,
                                          const PlanCampaignInput& input) {
  Campaign campaign;
  campaign.id = input.id.value_or(work.DeriveId(kKind));
  work.Lock({campaign.id});
  if (work.Version(campaign.id) != 0) return IdTaken();
  campaign.programme = input.campaign.programme();
  campaign.edition = input.campaign.edition();
  campaign.code = input.campaign.code();
  campaign.task = input.campaign.task();
  campaign.admission = input.campaign.admission();
  campaign.created_at = work.now();
  ASSIGN_OR_RETURN(campaign.centre, CentreOfNew(work, input.centre, "campaign.centre"));
  RETURN_IF_ERROR(CheckEditionOfCampaign(work.tx(), {campaign.programme, campaign.edition}));
  RETURN_IF_ERROR(CheckTerms(work.tx(), input.campaign, &campaign));
  if (!InsertCampaign(work.tx(), campaign)) {
    if (FindCampaign(work.tx(), base::Scope::Everywhere(), campaign.id))
      return IdTaken();  // somebody was faster
    return base::AlreadyExists(v1::ERROR_REASON_CAMPAIGN_CODE_TAKEN,
                               "this edition of the programme has a campaign of this code");
  }
  return Tell(work, campaign, v1::CampaignCreated());
}

absl::StatusOr<ledger::Done> UpdateCampaign(ledger::UnitOfWork& work,
                                            const UpdateCampaignInput& input) {
  ASSIGN_OR_RETURN(const Campaign before, FindBehindGate(work, input.id));
  v1::Campaign wanted = TermsOf(before);
  RETURN_IF_ERROR(input.change(&wanted));
  Campaign after = before;
  RETURN_IF_ERROR(CheckTerms(work.tx(), wanted, &after));
  const std::vector<base::Uuid> promoted = ToBePromoted(work.tx(), after);
  std::vector<base::Uuid> locked = promoted;
  locked.push_back(input.id);
  work.Lock(std::move(locked));
  RETURN_IF_ERROR(work.ExpectEtag(input.id, input.etag));
  RETURN_IF_ERROR(CheckChange(before, after));
  const std::vector<std::string> changed = ChangedTerms(before, after);
  if (changed.empty()) return ledger::Done{after.id, CampaignName(after.id)};

  after.updated_at = work.now();
  SaveCampaign(work.tx(), work.scope(), after);
  v1::CampaignChanged event;
  event.mutable_changed_fields()->Assign(changed.begin(), changed.end());
  ledger::Done done = Tell(work, after, std::move(event));
  Seating seating(work, after);
  // Whoever looks after them now: they wait in this campaign.
  seating.Promote(FindEnrolments(work.tx(), base::Scope::Everywhere(), promoted));
  seating.Save();
  return done;
}

absl::StatusOr<ledger::Done> OpenCampaign(ledger::UnitOfWork& work,
                                          const CampaignStepInput& input) {
  return TakeStep<v1::CampaignOpened>(work, input,
                                      [](Campaign* campaign) { return Open(campaign); });
}

absl::StatusOr<ledger::Done> CloseCampaign(ledger::UnitOfWork& work,
                                           const CampaignStepInput& input) {
  return TakeStep<v1::CampaignClosed>(
      work, input, [&](Campaign* campaign) { return Close(campaign, work.now()); });
}

}  // namespace ieum::registry
