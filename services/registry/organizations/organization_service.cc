#include "services/registry/organizations/organization_service.h"

#include <algorithm>

#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "platform/rpc/paging.h"
#include "services/registry/dates.h"
#include "services/registry/instants.h"
#include "services/registry/organizations/dated_record_commands.h"
#include "services/registry/organizations/organization_commands.h"
#include "services/registry/organizations/organization_requests.h"
#include "services/registry/organizations/organization_search_store.h"
#include "services/registry/organizations/organization_wire.h"

namespace ieum::registry {
namespace {

constexpr char kPattern[] = "organizations/{}";

absl::StatusOr<base::Uuid> IdOf(const std::string& name, std::string_view field) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(kPattern, name, field));
  return ids[0];
}

// What a rehearsal answers: what was given, under the name and etag that it would have got.
v1::Organization Rehearsed(v1::Organization organization, const ledger::Answer& answer) {
  organization.set_name(answer.name);
  organization.set_etag(ledger::FormatEtag(answer.etag));
  return organization;
}

constexpr int kFound = 20;  // of a search that says no number
constexpr int kMostFound = 100;

}  // namespace

absl::StatusOr<Moment> MomentAsked(const google::protobuf::Timestamp* read_time,
                                   const std::string& facts_date, absl::Time now) {
  Moment moment;
  ASSIGN_OR_RETURN(moment.instant, InstantAsked(read_time, now));
  moment.day = base::KoreaDay(moment.instant.value_or(now));
  if (facts_date.empty()) return moment;
  ASSIGN_OR_RETURN(moment.day, ReadDate(facts_date, "facts_date"));
  return moment;
}

void OrganizationDoor::Serve(rpc::Router& router) {
  rpc::ServiceRoutes routes = router.Service("ieum.registry.v1.OrganizationService");
  routes.Unary("CreateOrganization", this, &OrganizationDoor::Create);
  routes.Unary("GetOrganization", this, &OrganizationDoor::Get);
  routes.Unary("ListOrganizations", this, &OrganizationDoor::List);
  routes.Unary("UpdateOrganization", this, &OrganizationDoor::Update);
  routes.Unary("RecordOrganizationFacts", this, &OrganizationDoor::RecordFacts);
  routes.Unary("SearchOrganizations", this, &OrganizationDoor::Search);
  routes.Unary("RecordOrganizationLabel", this, &OrganizationDoor::RecordLabel);
  routes.Unary("RecordCouncilTerm", this, &OrganizationDoor::RecordTerm);
  routes.Unary("DeactivateOrganization", this, &OrganizationDoor::Deactivate);
  records_.Serve(routes);
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
  ASSIGN_OR_RETURN(input.parent, CentreIn(request.organization().parent(), "organization.parent"));
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
  if (!request.has_read_time() && request.facts_date().empty()) return Read(request.name());
  ASSIGN_OR_RETURN(const base::Uuid id, IdOf(request.name(), "name"));
  ASSIGN_OR_RETURN(const absl::Time now, ledger_.clock().Now());
  ASSIGN_OR_RETURN(const Moment moment, MomentAskedBy(request, now));
  std::optional<OrganizationView> view;
  RETURN_IF_ERROR(database_.ReadOne("organization_get_then", [&](db::Tx& tx) {
    view.reset();
    if (moment.instant) {
      view = FindOrganizationViewThen(tx, id, moment.day, *moment.instant);
    } else {
      const auto found = FindOrganizationViews(tx, {id}, moment.day);
      if (!found.empty()) view = found.begin()->second;
    }
    return absl::OkStatus();
  }));
  if (!view) return base::NotFound(request.name());
  return ToWire(*view);
}

absl::StatusOr<v1::ListOrganizationsResponse> OrganizationDoor::List(
    rpc::Call&, const v1::ListOrganizationsRequest& request) {
  ASSIGN_OR_RETURN(const absl::Time now, ledger_.clock().Now());
  ASSIGN_OR_RETURN(const Moment moment, MomentAskedBy(request, now));
  const filter::ListSpec spec = moment.instant ? OrganizationListThen(moment.day, *moment.instant)
                                               : OrganizationList(moment.day);
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
  ASSIGN_OR_RETURN(const UpdateOrganizationInput input, InputOf(request));
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request, [&](ledger::UnitOfWork& work) {
                     return UpdateOrganization(work, input);
                   }));
  if (request.validate_only()) return Rehearsed(request.organization(), answer);
  return Read(answer.name);
}

template <class Request>
absl::StatusOr<v1::Organization> OrganizationDoor::Record(rpc::Call& call, const Request& request,
                                                          ledger::Ledger::UseCase use_case) {
  ASSIGN_OR_RETURN(const ledger::Answer answer, call.Write(ledger_, request, use_case));
  ASSIGN_OR_RETURN(v1::Organization organization, Read(answer.name));
  if (request.validate_only()) organization.set_etag(ledger::FormatEtag(answer.etag));
  return organization;
}

absl::StatusOr<v1::Organization> OrganizationDoor::RecordFacts(
    rpc::Call& call, const v1::RecordOrganizationFactsRequest& request) {
  ASSIGN_OR_RETURN(const RecordFactsInput input, InputOf(request));
  return Record(call, request,
                [&](ledger::UnitOfWork& work) { return RecordOrganizationFacts(work, input); });
}

absl::StatusOr<v1::Organization> OrganizationDoor::RecordLabel(
    rpc::Call& call, const v1::RecordOrganizationLabelRequest& request) {
  ASSIGN_OR_RETURN(const RecordLabelInput input, InputOf(request));
  return Record(call, request,
                [&](ledger::UnitOfWork& work) { return RecordOrganizationLabel(work, input); });
}

absl::StatusOr<v1::Organization> OrganizationDoor::RecordTerm(
    rpc::Call& call, const v1::RecordCouncilTermRequest& request) {
  RecordTermInput input;
  ASSIGN_OR_RETURN(input.id, IdOf(request.name(), "name"));
  input.etag = request.etag();
  input.term = request.term();
  return Record(call, request,
                [&](ledger::UnitOfWork& work) { return RecordCouncilTerm(work, input); });
}

absl::StatusOr<v1::SearchOrganizationsResponse> OrganizationDoor::Search(
    rpc::Call&, const v1::SearchOrganizationsRequest& request) {
  ASSIGN_OR_RETURN(const absl::Time now, ledger_.clock().Now());
  const int most =
      request.max_results() == 0 ? kFound : std::min(request.max_results(), kMostFound);
  NameSearch search{
      .deactivated_too = request.show_deactivated(), .limit = most + 1, .day = base::KoreaDay(now)};
  std::vector<OrganizationView> found;
  RETURN_IF_ERROR(database_.Read("organization_search", [&](db::Tx& tx) -> absl::Status {
    search.form = SearchForm(tx, request.query());
    if (search.form.empty()) {
      return base::InvalidField("INVALID_FIELD", "query",
                                "must have more than spaces, signs and the form of a company");
    }
    found = FindByName(tx, search);
    return absl::OkStatus();
  }));
  v1::SearchOrganizationsResponse response;
  response.set_incomplete(found.size() > static_cast<size_t>(most));
  if (response.incomplete()) found.resize(most);
  for (const OrganizationView& view : found) *response.add_organizations() = ToWire(view);
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
