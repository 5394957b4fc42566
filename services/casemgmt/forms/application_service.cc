#include "services/casemgmt/forms/application_service.h"

#include "platform/base/status.h"
#include "platform/rpc/masks.h"
#include "platform/rpc/page_fit.h"
#include "platform/rpc/paging.h"
#include "platform/rpc/read_one.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/forms/application_commands.h"
#include "services/casemgmt/forms/application_store.h"
#include "services/casemgmt/forms/application_wire.h"
#include "services/casemgmt/names.h"

namespace ieum::casemgmt {
namespace {

using ledger::UnitOfWork;

template <class Request>
absl::StatusOr<FormStepInput> StepIn(const Request& request, const std::string& day,
                                     std::string_view day_field) {
  FormStepInput input{.etag = request.etag()};
  ASSIGN_OR_RETURN(input.application_id, IdIn("applications", request.name(), "name"));
  ASSIGN_OR_RETURN(input.day, DayIn(day, day_field));
  return input;
}

std::vector<FormAnswer> AnswersIn(const v1::Application& wire) {
  std::vector<FormAnswer> answers;
  for (const v1::FormAnswer& answer : wire.answers()) {
    answers.push_back({.item_code = answer.item_code(), .text = answer.text()});
  }
  return answers;
}

absl::StatusOr<DraftInput> DraftIn(const v1::CreateApplicationRequest& request) {
  const v1::Application& wire = request.application();
  DraftInput input{.form_version = wire.form_version(),
                   .answers = AnswersIn(wire),
                   .signed_by_representative = wire.signed_by_representative()};
  ASSIGN_OR_RETURN(input.application_id, ChosenId(request.application_id(), "application_id"));
  ASSIGN_OR_RETURN(input.engagement_id,
                   IdIn("engagements", wire.engagement(), "application.engagement"));
  return input;
}

absl::StatusOr<RevisionInput> RevisionIn(const v1::UpdateApplicationRequest& request) {
  const v1::Application& wire = request.application();
  RevisionInput input{.etag = wire.etag()};
  ASSIGN_OR_RETURN(input.application_id, IdIn("applications", wire.name(), "application.name"));
  ASSIGN_OR_RETURN(const auto paths,
                   rpc::UpdatePaths(request.update_mask(), wire,
                                    {"form_version", "answers", "signed_by_representative"}));
  for (const std::string& path : paths) {
    if (path == "form_version") input.form_version = wire.form_version();
    if (path == "answers") input.answers = AnswersIn(wire);
    if (path == "signed_by_representative") {
      input.signed_by_representative = wire.signed_by_representative();
    }
  }
  return input;
}

}  // namespace

void FormDoor::Serve(rpc::Router& router) {
  rpc::ServiceRoutes routes = router.Service("ieum.casemgmt.v1.FormService");
  routes.Unary("CreateApplication", this, &FormDoor::Create);
  routes.Unary("GetApplication", this, &FormDoor::Get);
  routes.Unary("ListApplications", this, &FormDoor::List);
  routes.Unary("UpdateApplication", this, &FormDoor::Update);
  routes.Unary("SubmitApplication", this, &FormDoor::Submit);
  routes.Unary("ReceiveApplication", this, &FormDoor::Receive);
  routes.Unary("WithdrawApplication", this, &FormDoor::Withdraw);
  routes.Unary("ForwardApplication", this, &FormDoor::Forward);
  routes.Unary("RecordExternalResult", this, &FormDoor::RecordResult);
}

absl::StatusOr<v1::Application> FormDoor::Read(const Call& call, const base::Uuid& id) {
  ASSIGN_OR_RETURN(const auto view,
                   rpc::ReadOne(database_, "application_get", ApplicationName(id),
                                [&](db::Tx& tx) { return ReadApplication(tx, call.scope(), id); }));
  return ToWire(view);
}

absl::StatusOr<v1::Application> FormDoor::Write(Call& call,
                                                const google::protobuf::Message& request,
                                                const base::Uuid& id,
                                                ledger::Ledger::UseCase use_case) {
  RETURN_IF_ERROR(call.Write(ledger_, request, use_case).status());
  return Read(call, id);
}

absl::StatusOr<v1::Application> FormDoor::Create(Call& call,
                                                 const v1::CreateApplicationRequest& request) {
  ASSIGN_OR_RETURN(const DraftInput input, DraftIn(request));
  ASSIGN_OR_RETURN(const ledger::Answer answer, call.Write(ledger_, request, [&](UnitOfWork& work) {
    return BeginDraft(work, input);
  }));
  if (request.validate_only()) {
    v1::Application rehearsed = request.application();
    rehearsed.set_name(answer.name);
    rehearsed.set_state(v1::APPLICATION_STATE_DRAFT);
    return rehearsed;
  }
  ASSIGN_OR_RETURN(const base::Uuid id, IdIn("applications", answer.name, "name"));
  return Read(call, id);
}

absl::StatusOr<v1::Application> FormDoor::Get(Call& call,
                                              const v1::GetApplicationRequest& request) {
  ASSIGN_OR_RETURN(const base::Uuid id, IdIn("applications", request.name(), "name"));
  return Read(call, id);
}

absl::StatusOr<v1::ListApplicationsResponse> FormDoor::List(
    Call& call, const v1::ListApplicationsRequest& request) {
  return rpc::FittingPage(request, [&](const auto& fitting) { return PageOf(call, fitting); });
}

absl::StatusOr<v1::ListApplicationsResponse> FormDoor::PageOf(
    const Call& call, const v1::ListApplicationsRequest& request) {
  ASSIGN_OR_RETURN(const filter::ListQuery query,
                   rpc::OpenList(call.scope(), request, ApplicationList(), page_key_));
  std::vector<ApplicationView> views;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("application_list", [&](db::Tx& tx) {
    next = ListApplications(tx, query, &views);
    return absl::OkStatus();
  }));
  v1::ListApplicationsResponse response;
  for (const ApplicationView& view : views) *response.add_applications() = ToWire(view);
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

absl::StatusOr<v1::Application> FormDoor::Update(Call& call,
                                                 const v1::UpdateApplicationRequest& request) {
  ASSIGN_OR_RETURN(const RevisionInput input, RevisionIn(request));
  return Write(call, request, input.application_id,
               [&](UnitOfWork& work) { return ReviseDraft(work, input); });
}

absl::StatusOr<v1::Application> FormDoor::Submit(Call& call,
                                                 const v1::SubmitApplicationRequest& request) {
  ASSIGN_OR_RETURN(const FormStepInput input, StepIn(request, "", ""));
  std::optional<absl::Time> submit_time;
  if (request.has_submit_time()) {
    ASSIGN_OR_RETURN(submit_time, InstantIn(request.submit_time(), "submit_time"));
  }
  return Write(call, request, input.application_id,
               [&](UnitOfWork& work) { return casemgmt::Submit(work, input, submit_time); });
}

absl::StatusOr<v1::Application> FormDoor::Receive(Call& call,
                                                  const v1::ReceiveApplicationRequest& request) {
  ASSIGN_OR_RETURN(const FormStepInput input,
                   StepIn(request, request.received_date(), "received_date"));
  return Write(call, request, input.application_id,
               [&](UnitOfWork& work) { return casemgmt::Receive(work, input); });
}

absl::StatusOr<v1::Application> FormDoor::Withdraw(Call& call,
                                                   const v1::WithdrawApplicationRequest& request) {
  ASSIGN_OR_RETURN(const FormStepInput input,
                   StepIn(request, request.withdrawn_date(), "withdrawn_date"));
  return Write(call, request, input.application_id,
               [&](UnitOfWork& work) { return casemgmt::Withdraw(work, input, request.reason()); });
}

absl::StatusOr<v1::Application> FormDoor::Forward(Call& call,
                                                  const v1::ForwardApplicationRequest& request) {
  ASSIGN_OR_RETURN(const FormStepInput input,
                   StepIn(request, request.forwarded_date(), "forwarded_date"));
  return Write(call, request, input.application_id, [&](UnitOfWork& work) {
    return casemgmt::Forward(work, input, request.external_receipt_number());
  });
}

absl::StatusOr<v1::Application> FormDoor::RecordResult(
    Call& call, const v1::RecordExternalResultRequest& request) {
  ASSIGN_OR_RETURN(const FormStepInput input,
                   StepIn(request, request.result_date(), "result_date"));
  return Write(call, request, input.application_id, [&](UnitOfWork& work) {
    return casemgmt::RecordResult(work, input, request.outcome(), request.score());
  });
}

}  // namespace ieum::casemgmt
