#include "services/registry/enrolments/enrolment_service.h"

#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "platform/rpc/paging.h"
#include "services/registry/enrolments/enrolment_commands.h"
#include "services/registry/enrolments/enrolment_store.h"
#include "services/registry/enrolments/enrolment_then_store.h"
#include "services/registry/instants.h"
#include "services/registry/organizations/organization.h"
#include "services/registry/people/person.h"

namespace ieum::registry {
namespace {

constexpr char kPattern[] = "campaigns/{}/enrolments/{}";
constexpr char kAnyCampaign[] = "campaigns/-";
constexpr int kOne = 1;

absl::StatusOr<base::Uuid> IdIn(const char* pattern, const std::string& name,
                                std::string_view field) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(pattern, name, field));
  return ids.back();
}

v1::EnrolmentTransition ToWire(const EnrolmentStep& step) {
  v1::EnrolmentTransition wire;
  wire.set_state(step.state);
  wire.set_date(base::FormatDay(step.day));
  wire.set_denial_reason(step.denial_reason);
  wire.set_withdrawal_reason(step.withdrawal_reason);
  *wire.mutable_record_time() = ToTimestamp(step.recorded_at);
  return wire;
}

v1::EligibilityVerdict VerdictOf(const Enrolment& enrolment) {
  v1::EligibilityVerdict verdict;
  for (const EnrolmentStep& step : enrolment.steps) {
    if (step.denial_reason != v1::DENIAL_REASON_UNSPECIFIED) verdict.set_reason(step.denial_reason);
  }
  verdict.set_eligible(verdict.reason() == v1::DENIAL_REASON_UNSPECIFIED);
  verdict.set_rule_version(enrolment.rule_version);
  *verdict.mutable_rules() = enrolment.rules;
  if (enrolment.facts) *verdict.mutable_facts() = *enrolment.facts;
  if (enrolment.evidence) *verdict.mutable_evidence() = *enrolment.evidence;
  return verdict;
}

v1::Enrolment ToWire(const EnrolmentView& view) {
  const Enrolment& enrolment = view.enrolment;
  v1::Enrolment wire;
  wire.set_name(EnrolmentName(enrolment.campaign_id, enrolment.id));
  if (enrolment.organization_id)
    wire.set_organization(OrganizationName(*enrolment.organization_id));
  if (enrolment.person_id) wire.set_person(PersonName(*enrolment.person_id));
  if (enrolment.employer_id) wire.set_employer(OrganizationName(*enrolment.employer_id));
  if (enrolment.contact_person_id) {
    wire.set_contact_person(PersonName(*enrolment.contact_person_id));
  }
  wire.set_applied_date(base::FormatDay(enrolment.applied_date));
  if (enrolment.application_id) {
    wire.set_application("applications/" + enrolment.application_id->ToString());
  }
  wire.set_state(enrolment.state());
  for (const EnrolmentStep& step : enrolment.steps) *wire.add_transitions() = ToWire(step);
  if (enrolment.rule_version != 0) *wire.mutable_verdict() = VerdictOf(enrolment);
  wire.set_waiting_position(view.waiting_position);
  if (enrolment.offered_until) {
    *wire.mutable_offer_expire_time() = ToTimestamp(*enrolment.offered_until);
  }
  wire.set_programme(view.programme);
  wire.set_edition(view.edition);
  *wire.mutable_create_time() = ToTimestamp(enrolment.created_at);
  *wire.mutable_update_time() = ToTimestamp(enrolment.updated_at());
  if (enrolment.centre) wire.set_centre(OrganizationName(*enrolment.centre));
  wire.set_etag(ledger::FormatEtag(view.version));
  return wire;
}

// An organization or a person, and not both.
absl::Status TakeParticipant(const v1::Enrolment& wanted, EnterEnrolmentInput* input) {
  if (wanted.organization().empty() == wanted.person().empty()) {
    base::FieldErrors errors;
    for (const char* field : {"enrolment.organization", "enrolment.person"}) {
      errors.Add("INVALID_FIELD", field, "must name who takes part: an organization or a person");
    }
    return errors.ToStatus();
  }
  if (!wanted.person().empty()) {
    ASSIGN_OR_RETURN(input->person_id, IdIn("persons/{}", wanted.person(), "enrolment.person"));
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(input->organization_id,
                   IdIn("organizations/{}", wanted.organization(), "enrolment.organization"));
  return absl::OkStatus();
}

using Instant = std::optional<absl::Time>;

filter::ListSpec ListAt(const Instant& instant) {
  return instant ? EnrolmentListThen(*instant) : EnrolmentList();
}

// The enrolments of one page, with their steps: those of now, or those known at the instant.
std::vector<EnrolmentView> ReadPage(db::Tx& tx, const base::Scope& scope, const Instant& instant,
                                    const filter::ListQuery& query, filter::Cursor* next) {
  std::vector<EnrolmentView> views;
  *next = query.Read(tx, [&](const db::Row& row) { views.push_back(ReadEnrolmentView(row)); });
  if (instant) {
    AddStepsThen(tx, scope, *instant, &views);
  } else {
    AddSteps(tx, &views);
  }
  return views;
}

template <class Request>
absl::StatusOr<EnrolmentStepInput> StepOf(const Request& request, const std::string& date) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(kPattern, request.name(), "name"));
  return EnrolmentStepInput{ids[0], ids[1], request.etag(), date};
}

}  // namespace

void EnrolmentDoor::Serve(rpc::Router& router) {
  rpc::ServiceRoutes routes = router.Service("ieum.registry.v1.EnrolmentService");
  routes.Unary("CreateEnrolment", this, &EnrolmentDoor::Create);
  routes.Unary("GetEnrolment", this, &EnrolmentDoor::Get);
  routes.Unary("ListEnrolments", this, &EnrolmentDoor::List);
  routes.Unary("ActivateEnrolment", this, &EnrolmentDoor::Activate);
  routes.Unary("CompleteEnrolment", this, &EnrolmentDoor::Complete);
  routes.Unary("WithdrawEnrolment", this, &EnrolmentDoor::Withdraw);
  routes.Unary("AcceptOffer", this, &EnrolmentDoor::Accept);
  routes.Unary("DeclineOffer", this, &EnrolmentDoor::Decline);
}

absl::StatusOr<v1::Enrolment> EnrolmentDoor::Read(const rpc::Call& call, const std::string& name,
                                                  const std::optional<absl::Time>& instant) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(kPattern, name, "name"));
  const filter::ListSpec spec = ListAt(instant);
  ASSIGN_OR_RETURN(filter::ListQuery query,
                   filter::ListQuery::Make(spec, "", "", kOne, {}, call.scope()));
  query.Where("e.campaign_id = {}::uuid AND e.id = {}::uuid",
              {ids[0].ToString(), ids[1].ToString()});
  v1::Enrolment wire;
  RETURN_IF_ERROR(database_.Read("enrolment_get", [&](db::Tx& tx) -> absl::Status {
    filter::Cursor none;
    const auto views = ReadPage(tx, call.scope(), instant, query, &none);
    if (views.empty()) return base::NotFound(name);
    wire = ToWire(views[0]);
    return absl::OkStatus();
  }));
  return wire;
}

absl::StatusOr<v1::Enrolment> EnrolmentDoor::Create(rpc::Call& call,
                                                    const v1::CreateEnrolmentRequest& request) {
  EnterEnrolmentInput input;
  ASSIGN_OR_RETURN(input.campaign_id, IdIn("campaigns/{}", request.parent(), "parent"));
  if (!request.enrolment_id().empty()) {
    ASSIGN_OR_RETURN(input.id, base::ParseUuid(request.enrolment_id(), "enrolment_id"));
  }
  const v1::Enrolment& wanted = request.enrolment();
  RETURN_IF_ERROR(TakeParticipant(wanted, &input));
  if (!wanted.contact_person().empty()) {
    ASSIGN_OR_RETURN(input.contact_person_id,
                     IdIn("persons/{}", wanted.contact_person(), "enrolment.contact_person"));
  }
  input.applied_date = wanted.applied_date();
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request, [&](ledger::UnitOfWork& work) {
                     return EnterEnrolment(work, keys_, input);
                   }));
  if (!request.validate_only()) return Read(call, answer.name);
  v1::Enrolment rehearsed = wanted;
  rehearsed.set_name(answer.name);
  rehearsed.set_etag(ledger::FormatEtag(answer.etag));
  return rehearsed;
}

absl::StatusOr<v1::Enrolment> EnrolmentDoor::Get(rpc::Call& call,
                                                 const v1::GetEnrolmentRequest& request) {
  ASSIGN_OR_RETURN(const auto instant, InstantAskedBy(request, ledger_.clock()));
  return Read(call, request.name(), instant);
}

absl::StatusOr<v1::ListEnrolmentsResponse> EnrolmentDoor::List(
    rpc::Call& call, const v1::ListEnrolmentsRequest& request) {
  ASSIGN_OR_RETURN(const auto instant, InstantAskedBy(request, ledger_.clock()));
  const filter::ListSpec spec = ListAt(instant);
  ASSIGN_OR_RETURN(filter::ListQuery query, rpc::OpenList(call.scope(), request, spec, page_key_));
  if (request.parent() != kAnyCampaign) {
    ASSIGN_OR_RETURN(const base::Uuid campaign, IdIn("campaigns/{}", request.parent(), "parent"));
    query.Where("e.campaign_id = {}::uuid", {campaign.ToString()});
  }
  v1::ListEnrolmentsResponse response;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("enrolment_list", [&](db::Tx& tx) {
    response.Clear();
    for (const EnrolmentView& view : ReadPage(tx, call.scope(), instant, query, &next)) {
      *response.add_enrolments() = ToWire(view);
    }
    return absl::OkStatus();
  }));
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

absl::StatusOr<v1::Enrolment> EnrolmentDoor::Activate(rpc::Call& call,
                                                      const v1::ActivateEnrolmentRequest& request) {
  ASSIGN_OR_RETURN(const EnrolmentStepInput input, StepOf(request, request.activated_date()));
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request, [&](ledger::UnitOfWork& work) {
                     return ActivateEnrolment(work, input);
                   }));
  return Read(call, answer.name);
}

absl::StatusOr<v1::Enrolment> EnrolmentDoor::Complete(rpc::Call& call,
                                                      const v1::CompleteEnrolmentRequest& request) {
  ASSIGN_OR_RETURN(const EnrolmentStepInput input, StepOf(request, request.completed_date()));
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request, [&](ledger::UnitOfWork& work) {
                     return CompleteEnrolment(work, input);
                   }));
  return Read(call, answer.name);
}

absl::StatusOr<v1::Enrolment> EnrolmentDoor::Withdraw(rpc::Call& call,
                                                      const v1::WithdrawEnrolmentRequest& request) {
  ASSIGN_OR_RETURN(const EnrolmentStepInput input, StepOf(request, request.withdrawn_date()));
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request, [&](ledger::UnitOfWork& work) {
                     return WithdrawEnrolment(work, input, request.reason());
                   }));
  return Read(call, answer.name);
}

absl::StatusOr<v1::Enrolment> EnrolmentDoor::Accept(rpc::Call& call,
                                                    const v1::AcceptOfferRequest& request) {
  ASSIGN_OR_RETURN(const EnrolmentStepInput input, StepOf(request, ""));
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request,
                              [&](ledger::UnitOfWork& work) { return AcceptOffer(work, input); }));
  return Read(call, answer.name);
}

absl::StatusOr<v1::Enrolment> EnrolmentDoor::Decline(rpc::Call& call,
                                                     const v1::DeclineOfferRequest& request) {
  ASSIGN_OR_RETURN(const EnrolmentStepInput input, StepOf(request, ""));
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request,
                              [&](ledger::UnitOfWork& work) { return DeclineOffer(work, input); }));
  return Read(call, answer.name);
}

}  // namespace ieum::registry
