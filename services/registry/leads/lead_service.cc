#include "services/registry/leads/lead_service.h"

#include "absl/strings/match.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "platform/rpc/paging.h"
#include "services/registry/instants.h"
#include "services/registry/leads/lead_commands.h"
#include "services/registry/leads/lead_store.h"
#include "services/registry/organizations/organization.h"
#include "services/registry/people/person.h"

namespace ieum::registry {
namespace {

constexpr int kOne = 1;

absl::StatusOr<base::Uuid> IdIn(const char* pattern, const std::string& name,
                                std::string_view field) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(pattern, name, field));
  return ids.back();
}

v1::LeadTransition ToWire(const LeadStep& step) {
  v1::LeadTransition wire;
  wire.set_state(step.state);
  wire.set_date(base::FormatDay(step.day));
  wire.set_channel(step.channel);
  wire.set_loss_reason(step.loss_reason);
  *wire.mutable_record_time() = ToTimestamp(step.recorded_at);
  return wire;
}

v1::Lead ToWire(const LeadView& view) {
  const Lead& lead = view.lead;
  v1::Lead wire;
  wire.set_name(LeadName(lead.id));
  wire.set_organization(OrganizationName(lead.organization_id));
  wire.set_programme(lead.programme);
  wire.set_edition(lead.edition);
  wire.set_task(lead.task);
  wire.set_source_code(lead.source_code);
  wire.set_source(lead.source);
  if (lead.contact_person_id) wire.set_contact_person(PersonName(*lead.contact_person_id));
  wire.set_interest_date(base::FormatDay(lead.steps.front().day));
  if (lead.centre) wire.set_centre(OrganizationName(*lead.centre));
  wire.set_state(lead.state());
  for (const LeadStep& step : lead.steps) *wire.add_transitions() = ToWire(step);
  if (lead.contact_due) wire.set_contact_due_date(base::FormatDay(*lead.contact_due));
  if (lead.enrolment_id) {
    wire.set_enrolment(EnrolmentName(*lead.campaign_id, *lead.enrolment_id));
  }
  *wire.mutable_create_time() = ToTimestamp(lead.created_at);
  *wire.mutable_update_time() = ToTimestamp(lead.updated_at);
  wire.set_etag(ledger::FormatEtag(view.version));
  return wire;
}

// The leads of one page, with their steps.
std::vector<LeadView> ReadPage(db::Tx& tx, const filter::ListQuery& query, filter::Cursor* next) {
  std::vector<LeadView> views;
  *next = query.Read(tx, [&](const db::Row& row) { views.push_back(ReadLeadView(row)); });
  AddSteps(tx, &views);
  return views;
}

absl::StatusOr<RecordLeadInput> InputOf(const v1::CreateLeadRequest& request) {
  RecordLeadInput input;
  if (!request.lead_id().empty()) {
    ASSIGN_OR_RETURN(input.id, base::ParseUuid(request.lead_id(), "lead_id"));
  }
  input.lead = request.lead();
  ASSIGN_OR_RETURN(input.organization_id,
                   IdIn("organizations/{}", request.lead().organization(), "lead.organization"));
  if (absl::StartsWith(request.lead().source(), "campaigns/")) {
    ASSIGN_OR_RETURN(input.source_campaign_id,
                     IdIn("campaigns/{}", request.lead().source(), "lead.source"));
  }
  if (!request.lead().contact_person().empty()) {
    ASSIGN_OR_RETURN(input.contact_person_id,
                     IdIn("persons/{}", request.lead().contact_person(), "lead.contact_person"));
  }
  ASSIGN_OR_RETURN(input.centre, CentreIn(request.lead().centre(), "lead.centre"));
  return input;
}

template <class Request>
absl::StatusOr<LeadStepInput> StepOf(const Request& request, const std::string& date) {
  ASSIGN_OR_RETURN(const base::Uuid id, IdIn("leads/{}", request.name(), "name"));
  return LeadStepInput{id, request.etag(), date};
}

}  // namespace

void LeadDoor::Serve(rpc::Router& router) {
  rpc::ServiceRoutes routes = router.Service("ieum.registry.v1.LeadService");
  routes.Unary("CreateLead", this, &LeadDoor::Create);
  routes.Unary("GetLead", this, &LeadDoor::Get);
  routes.Unary("ListLeads", this, &LeadDoor::List);
  routes.Unary("SignLead", this, &LeadDoor::Sign);
  routes.Unary("ContactLead", this, &LeadDoor::Contact);
  routes.Unary("EnrolLead", this, &LeadDoor::Enrol);
  routes.Unary("LoseLead", this, &LeadDoor::Lose);
}

absl::StatusOr<v1::Lead> LeadDoor::Read(const rpc::Call& call, const std::string& name) {
  ASSIGN_OR_RETURN(const base::Uuid id, IdIn("leads/{}", name, "name"));
  ASSIGN_OR_RETURN(filter::ListQuery query,
                   filter::ListQuery::Make(LeadList(), "", "", kOne, {}, call.scope()));
  query.Where("l.id = {}::uuid", {id.ToString()});
  v1::Lead wire;
  RETURN_IF_ERROR(database_.Read("lead_get", [&](db::Tx& tx) -> absl::Status {
    filter::Cursor none;
    const auto views = ReadPage(tx, query, &none);
    if (views.empty()) return base::NotFound(name);
    wire = ToWire(views[0]);
    return absl::OkStatus();
  }));
  return wire;
}

absl::StatusOr<v1::Lead> LeadDoor::Create(rpc::Call& call, const v1::CreateLeadRequest& request) {
  ASSIGN_OR_RETURN(const RecordLeadInput input, InputOf(request));
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request,
                              [&](ledger::UnitOfWork& work) { return RecordLead(work, input); }));
  if (!request.validate_only()) return Read(call, answer.name);
  v1::Lead rehearsed = request.lead();
  rehearsed.set_name(answer.name);
  rehearsed.set_etag(ledger::FormatEtag(answer.etag));
  return rehearsed;
}

absl::StatusOr<v1::Lead> LeadDoor::Get(rpc::Call& call, const v1::GetLeadRequest& request) {
  return Read(call, request.name());
}

absl::StatusOr<v1::ListLeadsResponse> LeadDoor::List(rpc::Call& call,
                                                     const v1::ListLeadsRequest& request) {
  ASSIGN_OR_RETURN(const filter::ListQuery query,
                   rpc::OpenList(call.scope(), request, LeadList(), page_key_));
  v1::ListLeadsResponse response;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("lead_list", [&](db::Tx& tx) {
    response.Clear();
    for (const LeadView& view : ReadPage(tx, query, &next)) {
      *response.add_leads() = ToWire(view);
    }
    return absl::OkStatus();
  }));
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

absl::StatusOr<v1::Lead> LeadDoor::Sign(rpc::Call& call, const v1::SignLeadRequest& request) {
  ASSIGN_OR_RETURN(const LeadStepInput input, StepOf(request, request.signed_date()));
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request,
                              [&](ledger::UnitOfWork& work) { return SignLead(work, input); }));
  return Read(call, answer.name);
}

absl::StatusOr<v1::Lead> LeadDoor::Contact(rpc::Call& call, const v1::ContactLeadRequest& request) {
  ASSIGN_OR_RETURN(const LeadStepInput input, StepOf(request, request.contacted_date()));
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request, [&](ledger::UnitOfWork& work) {
                     return ContactLead(work, input, request.channel());
                   }));
  return Read(call, answer.name);
}

absl::StatusOr<v1::Lead> LeadDoor::Enrol(rpc::Call& call, const v1::EnrolLeadRequest& request) {
  ASSIGN_OR_RETURN(const LeadStepInput input, StepOf(request, ""));
  ASSIGN_OR_RETURN(const auto ids,
                   base::IdsIn("campaigns/{}/enrolments/{}", request.enrolment(), "enrolment"));
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request, [&](ledger::UnitOfWork& work) {
                     return EnrolLead(work, input, ids[0], ids[1]);
                   }));
  return Read(call, answer.name);
}

absl::StatusOr<v1::Lead> LeadDoor::Lose(rpc::Call& call, const v1::LoseLeadRequest& request) {
  ASSIGN_OR_RETURN(const LeadStepInput input, StepOf(request, request.lost_date()));
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request, [&](ledger::UnitOfWork& work) {
                     return LoseLead(work, input, request.reason());
                   }));
  return Read(call, answer.name);
}

}  // namespace ieum::registry
