#include "services/registry/campaigns/campaign_service.h"

#include "platform/base/status.h"
#include "platform/rpc/masks.h"
#include "platform/rpc/paging.h"
#include "platform/rpc/read_one.h"
#include "services/registry/campaigns/campaign_commands.h"
#include "services/registry/campaigns/campaign_store.h"
#include "services/registry/instants.h"
#include "services/registry/organizations/organization.h"

namespace ieum::registry {
namespace {

constexpr int kOne = 1;

absl::StatusOr<base::Uuid> IdOf(const std::string& name, std::string_view field) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn("campaigns/{}", name, field));
  return ids[0];
}

v1::Campaign ToWire(const CampaignView& view) {
  const Campaign& campaign = view.campaign;
  v1::Campaign wire = TermsOf(campaign);
  wire.set_name(CampaignName(campaign.id));
  wire.set_programme(campaign.programme);
  wire.set_edition(campaign.edition);
  wire.set_code(campaign.code);
  wire.set_task(campaign.task);
  wire.set_admission(campaign.admission);
  wire.set_state(campaign.state);
  wire.set_enrolled_count(campaign.seats_taken - campaign.offered);
  wire.set_offered_count(campaign.offered);
  wire.set_waiting_count(campaign.waiting);
  *wire.mutable_create_time() = ToTimestamp(campaign.created_at);
  *wire.mutable_update_time() = ToTimestamp(campaign.updated_at);
  if (campaign.centre) wire.set_centre(OrganizationName(*campaign.centre));
  wire.set_etag(ledger::FormatEtag(view.version));
  return wire;
}

using Instant = std::optional<absl::Time>;

// The campaigns of one page: those of now, or those known at the instant.
std::vector<CampaignView> ReadPage(db::Tx& tx, const Instant& instant,
                                   const filter::ListQuery& query, filter::Cursor* next) {
  std::vector<CampaignView> views;
  *next = query.Read(tx, [&](const db::Row& row) { views.push_back(ReadCampaignView(row)); });
  if (instant) AddCountsThen(tx, *instant, &views);
  return views;
}

v1::Campaign Rehearsed(v1::Campaign campaign, const ledger::Answer& answer) {
  campaign.set_name(answer.name);
  campaign.set_etag(ledger::FormatEtag(answer.etag));
  return campaign;
}

const std::vector<std::string>& ChangeableFields() {
  static const auto* fields = new std::vector<std::string>{
      "display_name", "window", "capacity", "waiting_list", "offer_hours", "eligibility"};
  return *fields;
}

}  // namespace

void CampaignDoor::Serve(rpc::Router& router) {
  rpc::ServiceRoutes routes = router.Service("ieum.registry.v1.CampaignService");
  routes.Unary("CreateCampaign", this, &CampaignDoor::Create);
  routes.Unary("GetCampaign", this, &CampaignDoor::Get);
  routes.Unary("ListCampaigns", this, &CampaignDoor::List);
  routes.Unary("UpdateCampaign", this, &CampaignDoor::Update);
  routes.Unary("OpenCampaign", this, &CampaignDoor::Open);
  routes.Unary("CloseCampaign", this, &CampaignDoor::Close);
}

absl::StatusOr<v1::Campaign> CampaignDoor::Read(const rpc::Call& call, const std::string& name) {
  ASSIGN_OR_RETURN(const base::Uuid id, IdOf(name, "name"));
  ASSIGN_OR_RETURN(const auto view, rpc::ReadOne(database_, "campaign_get", name, [&](db::Tx& tx) {
                     return FindCampaignView(tx, call.scope(), id);
                   }));
  return ToWire(view);
}

absl::StatusOr<v1::Campaign> CampaignDoor::Create(rpc::Call& call,
                                                  const v1::CreateCampaignRequest& request) {
  PlanCampaignInput input;
  if (!request.campaign_id().empty()) {
    ASSIGN_OR_RETURN(input.id, base::ParseUuid(request.campaign_id(), "campaign_id"));
  }
  input.campaign = request.campaign();
  ASSIGN_OR_RETURN(input.centre, CentreIn(request.campaign().centre(), "campaign.centre"));
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request,
                              [&](ledger::UnitOfWork& work) { return PlanCampaign(work, input); }));
  if (request.validate_only()) return Rehearsed(request.campaign(), answer);
  return Read(call, answer.name);
}

absl::StatusOr<v1::Campaign> CampaignDoor::Get(rpc::Call& call,
                                               const v1::GetCampaignRequest& request) {
  ASSIGN_OR_RETURN(const Instant instant, InstantAskedBy(request, ledger_.clock()));
  return instant ? ReadThen(call, request.name(), *instant) : Read(call, request.name());
}

absl::StatusOr<v1::Campaign> CampaignDoor::ReadThen(const rpc::Call& call, const std::string& name,
                                                    absl::Time instant) {
  ASSIGN_OR_RETURN(const base::Uuid id, IdOf(name, "name"));
  const filter::ListSpec spec = CampaignListThen(instant);
  ASSIGN_OR_RETURN(filter::ListQuery query,
                   filter::ListQuery::Make(spec, "", "", kOne, {}, call.scope()));
  query.Where("c.id = {}::uuid", {id.ToString()});
  std::vector<CampaignView> views;
  RETURN_IF_ERROR(database_.Read("campaign_get_then", [&](db::Tx& tx) {
    filter::Cursor none;
    views = ReadPage(tx, instant, query, &none);
    return absl::OkStatus();
  }));
  if (views.empty()) return base::NotFound(name);
  return ToWire(views[0]);
}

absl::StatusOr<v1::ListCampaignsResponse> CampaignDoor::List(
    rpc::Call& call, const v1::ListCampaignsRequest& request) {
  ASSIGN_OR_RETURN(const Instant instant, InstantAskedBy(request, ledger_.clock()));
  const filter::ListSpec spec = instant ? CampaignListThen(*instant) : CampaignList();
  ASSIGN_OR_RETURN(const filter::ListQuery query,
                   rpc::OpenList(call.scope(), request, spec, page_key_));
  v1::ListCampaignsResponse response;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("campaign_list", [&](db::Tx& tx) {
    response.Clear();
    for (const CampaignView& view : ReadPage(tx, instant, query, &next)) {
      *response.add_campaigns() = ToWire(view);
    }
    return absl::OkStatus();
  }));
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

absl::StatusOr<v1::Campaign> CampaignDoor::Update(rpc::Call& call,
                                                  const v1::UpdateCampaignRequest& request) {
  UpdateCampaignInput input;
  ASSIGN_OR_RETURN(input.id, IdOf(request.campaign().name(), "campaign.name"));
  input.etag = request.campaign().etag();
  input.change = [&](v1::Campaign* campaign) {
    return rpc::ApplyUpdate(request.update_mask(), request.campaign(), campaign,
                            ChangeableFields());
  };
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request, [&](ledger::UnitOfWork& work) {
                     return UpdateCampaign(work, input);
                   }));
  if (request.validate_only()) return Rehearsed(request.campaign(), answer);
  return Read(call, answer.name);
}

absl::StatusOr<v1::Campaign> CampaignDoor::Open(rpc::Call& call,
                                                const v1::OpenCampaignRequest& request) {
  CampaignStepInput input;
  ASSIGN_OR_RETURN(input.id, IdOf(request.name(), "name"));
  input.etag = request.etag();
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request,
                              [&](ledger::UnitOfWork& work) { return OpenCampaign(work, input); }));
  return Read(call, answer.name);
}

absl::StatusOr<v1::Campaign> CampaignDoor::Close(rpc::Call& call,
                                                 const v1::CloseCampaignRequest& request) {
  CampaignStepInput input;
  ASSIGN_OR_RETURN(input.id, IdOf(request.name(), "name"));
  input.etag = request.etag();
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request, [&](ledger::UnitOfWork& work) {
                     return CloseCampaign(work, input);
                   }));
  return Read(call, answer.name);
}

}  // namespace ieum::registry
