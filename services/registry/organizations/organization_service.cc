#include "services/registry/organizations/organization_service.h"

#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "platform/rpc/masks.h"
#include "platform/rpc/paging.h"
#include "services/registry/instants.h"
#include "services/registry/organizations/business_number.h"
#include "services/registry/organizations/organization_commands.h"
#include "services/registry/organizations/organization_store.h"

namespace ieum::registry {
namespace {

constexpr char kPattern[] = "organizations/{}";

absl::StatusOr<base::Uuid> IdOf(const std::string& name, std::string_view field) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(kPattern, name, field));
  return ids[0];
}

v1::Organization ToWire(const OrganizationView& view) {
  const Organization& organization = view.organization;
  v1::Organization wire;
  wire.set_name(OrganizationName(organization.id));
  wire.set_kind(organization.kind);
  wire.set_display_name(organization.display_name);
  wire.set_business_registration_number(PrintedBusinessNumber(organization.business_number));
  wire.set_external_code(organization.external_code);
  wire.set_state(organization.state);
  if (view.facts) *wire.mutable_facts() = *view.facts;
  wire.set_deactivation_reason(organization.deactivation_reason);
  if (organization.deactivation_date) {
    wire.set_deactivation_date(base::FormatDay(*organization.deactivation_date));
  }
  *wire.mutable_create_time() = ToTimestamp(organization.created_at);
  *wire.mutable_update_time() = ToTimestamp(organization.updated_at);
  wire.set_etag(ledger::FormatEtag(view.version));
  return wire;
}

// What a rehearsal answers: what was given, under the name and etag that it would have got.
v1::Organization Rehearsed(v1::Organization organization, const ledger::Answer& answer) {
  organization.set_name(answer.name);
  organization.set_etag(ledger::FormatEtag(answer.etag));
  return organization;
}

const std::vector<std::string>& ChangeableFields() {
  static const auto* fields =
      new std::vector<std::string>{"display_name", "business_registration_number", "external_code"};
  return *fields;
}

}  // namespace

void OrganizationDoor::Serve(rpc::Router& router) {
  rpc::ServiceRoutes routes = router.Service("ieum.registry.v1.OrganizationService");
  routes.Unary("CreateOrganization", this, &OrganizationDoor::Create);
  routes.Unary("GetOrganization", this, &OrganizationDoor::Get);
  routes.Unary("ListOrganizations", this, &OrganizationDoor::List);
  routes.Unary("UpdateOrganization", this, &OrganizationDoor::Update);
  routes.Unary("RecordOrganizationFacts", this, &OrganizationDoor::RecordFacts);
  routes.Unary("ListOrganizationFacts", this, &OrganizationDoor::ListFacts);
  routes.Unary("DeactivateOrganization", this, &OrganizationDoor::Deactivate);
}

absl::StatusOr<v1::Organization> OrganizationDoor::Read(const std::string& name) {
  ASSIGN_OR_RETURN(const base::Uuid id, IdOf(name, "name"));
  ASSIGN_OR_RETURN(const std::optional<OrganizationView> view, views_.Find(id));
  if (!view) return base::NotFound(name);
  return ToWire(*view);
}

absl::StatusOr<OrganizationDoor::Views::Found> OrganizationDoor::ReadViews(
    const std::vector<base::Uuid>& ids) {
  ASSIGN_OR_RETURN(const absl::Time now, ledger_.clock().Now());
  Views::Found views;
  RETURN_IF_ERROR(database_.ReadOne("organization_get", [&](db::Tx& tx) {
    views = FindOrganizationViews(tx, ids, base::KoreaDay(now));
    return absl::OkStatus();
  }));
  return views;
}

absl::StatusOr<v1::Organization> OrganizationDoor::Create(
    rpc::Call& call, const v1::CreateOrganizationRequest& request) {
  RegisterOrganizationInput input;
  if (!request.organization_id().empty()) {
    ASSIGN_OR_RETURN(input.id, base::ParseUuid(request.organization_id(), "organization_id"));
  }
  input.kind = request.organization().kind();
  input.display_name = request.organization().display_name();
  input.business_number = request.organization().business_registration_number();
  input.external_code = request.organization().external_code();
  if (request.has_facts()) input.facts = request.facts();
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request, [&](ledger::UnitOfWork& work) {
                     return RegisterOrganization(work, input);
                   }));
  if (request.validate_only()) return Rehearsed(request.organization(), answer);
  return Read(answer.name);
}

absl::StatusOr<v1::Organization> OrganizationDoor::Get(rpc::Call&,
                                                       const v1::GetOrganizationRequest& request) {
  return Read(request.name());
}

absl::StatusOr<v1::ListOrganizationsResponse> OrganizationDoor::List(
    rpc::Call&, const v1::ListOrganizationsRequest& request) {
  ASSIGN_OR_RETURN(const absl::Time now, ledger_.clock().Now());
  const filter::ListSpec spec = OrganizationList(base::KoreaDay(now));
  ASSIGN_OR_RETURN(filter::ListQuery query, rpc::OpenList(request, spec, page_key_));
  if (!request.show_deactivated()) query.Where("o.state = 1");
  v1::ListOrganizationsResponse response;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("organization_list", [&](db::Tx& tx) {
    response.Clear();
    next = query.Read(tx, [&](const db::Row& row) {
      *response.add_organizations() = ToWire(ReadOrganizationView(row));
    });
    return absl::OkStatus();
  }));
  response.set_next_page_token(rpc::NextPageToken(request, next, page_key_));
  return response;
}

absl::StatusOr<v1::Organization> OrganizationDoor::Update(
    rpc::Call& call, const v1::UpdateOrganizationRequest& request) {
  UpdateOrganizationInput input;
  ASSIGN_OR_RETURN(input.id, IdOf(request.organization().name(), "organization.name"));
  input.etag = request.organization().etag();
  input.change = [&](v1::Organization* organization) {
    return rpc::ApplyUpdate(request.update_mask(), request.organization(), organization,
                            ChangeableFields());
  };
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request, [&](ledger::UnitOfWork& work) {
                     return UpdateOrganization(work, input);
                   }));
  if (request.validate_only()) return Rehearsed(request.organization(), answer);
  return Read(answer.name);
}

absl::StatusOr<v1::Organization> OrganizationDoor::RecordFacts(
    rpc::Call& call, const v1::RecordOrganizationFactsRequest& request) {
  RecordFactsInput input;
  ASSIGN_OR_RETURN(input.id, IdOf(request.name(), "name"));
  input.etag = request.etag();
  input.facts = request.facts();
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request, [&](ledger::UnitOfWork& work) {
                     return RecordOrganizationFacts(work, input);
                   }));
  ASSIGN_OR_RETURN(v1::Organization organization, Read(answer.name));
  if (request.validate_only()) organization.set_etag(ledger::FormatEtag(answer.etag));
  return organization;
}

absl::StatusOr<v1::ListOrganizationFactsResponse> OrganizationDoor::ListFacts(
    rpc::Call&, const v1::ListOrganizationFactsRequest& request) {
  ASSIGN_OR_RETURN(const base::Uuid id, IdOf(request.parent(), "parent"));
  ASSIGN_OR_RETURN(filter::ListQuery query, rpc::OpenList(request, FactsList(), page_key_));
  query.Where("f.organization_id = {}::uuid", {id.ToString()});
  v1::ListOrganizationFactsResponse response;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("organization_facts_list", [&](db::Tx& tx) -> absl::Status {
    response.Clear();
    if (!FindOrganization(tx, id)) return base::NotFound(request.parent());
    next = query.Read(tx, [&](const db::Row& row) { *response.add_facts() = ReadFactsRow(row); });
    return absl::OkStatus();
  }));
  response.set_next_page_token(rpc::NextPageToken(request, next, page_key_));
  return response;
}

absl::StatusOr<v1::Organization> OrganizationDoor::Deactivate(
    rpc::Call& call, const v1::DeactivateOrganizationRequest& request) {
  DeactivateOrganizationInput input;
  ASSIGN_OR_RETURN(input.id, IdOf(request.name(), "name"));
  input.etag = request.etag();
  input.reason = request.reason();
  input.effective_date = request.effective_date();
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request, [&](ledger::UnitOfWork& work) {
                     return DeactivateOrganization(work, input);
                   }));
  return Read(answer.name);
}

}  // namespace ieum::registry
