#include "services/casemgmt/cases/case_template_service.h"

#include "platform/base/status.h"
#include "platform/rpc/paging.h"
#include "platform/rpc/read_one.h"
#include "services/casemgmt/cases/case_template_commands.h"
#include "services/casemgmt/cases/case_template_store.h"
#include "services/casemgmt/cases/case_wire.h"
#include "services/casemgmt/names.h"

namespace ieum::casemgmt {

using ledger::UnitOfWork;

void CaseTemplateDoor::Serve(rpc::Router& router) {
  rpc::ServiceRoutes routes = router.Service("ieum.casemgmt.v1.CaseTemplateService");
  routes.Unary("CreateCaseTemplate", this, &CaseTemplateDoor::Create);
  routes.Unary("PublishCaseTemplate", this, &CaseTemplateDoor::Publish);
  routes.Unary("GetCaseTemplate", this, &CaseTemplateDoor::Get);
  routes.Unary("ListCaseTemplates", this, &CaseTemplateDoor::List);
}

absl::StatusOr<v1::CaseTemplate> CaseTemplateDoor::Read(const Call& call, const std::string& name) {
  ASSIGN_OR_RETURN(const base::Uuid id, IdIn("caseTemplates", name, "name"));
  ASSIGN_OR_RETURN(const CaseTemplateView view,
                   rpc::ReadOne(database_, "case_template_get", name,
                                [&](db::Tx& tx) { return ReadTemplate(tx, call.scope(), id); }));
  return ToWire(view);
}

absl::StatusOr<v1::CaseTemplate> CaseTemplateDoor::Create(
    Call& call, const v1::CreateCaseTemplateRequest& request) {
  const v1::CaseTemplate& wire = request.case_template();
  NewTemplateInput input{.programme = wire.programme(), .pace = PaceIn(wire.pace())};
  ASSIGN_OR_RETURN(input.id, ChosenId(request.case_template_id(), "case_template_id"));
  ASSIGN_OR_RETURN(input.centre,
                   OptionalIdIn("organizations", wire.centre(), "case_template.centre"));
  ASSIGN_OR_RETURN(const ledger::Answer answer, call.Write(ledger_, request, [&](UnitOfWork& work) {
    return CreateTemplate(work, input);
  }));
  return Read(call, answer.name);
}

absl::StatusOr<v1::CaseTemplate> CaseTemplateDoor::Publish(
    Call& call, const v1::PublishCaseTemplateRequest& request) {
  ASSIGN_OR_RETURN(const base::Uuid id, IdIn("caseTemplates", request.name(), "name"));
  const CasePace pace = PaceIn(request.pace());
  RETURN_IF_ERROR(
      call.Write(ledger_, request,
                 [&](UnitOfWork& work) { return PublishTemplate(work, id, request.etag(), pace); })
          .status());
  return Read(call, request.name());
}

absl::StatusOr<v1::CaseTemplate> CaseTemplateDoor::Get(Call& call,
                                                       const v1::GetCaseTemplateRequest& request) {
  return Read(call, request.name());
}

absl::StatusOr<v1::ListCaseTemplatesResponse> CaseTemplateDoor::List(
    Call& call, const v1::ListCaseTemplatesRequest& request) {
  ASSIGN_OR_RETURN(filter::ListQuery query,
                   rpc::OpenList(call.scope(), request, TemplateList(), page_key_));
  query.Where("(t.centre_id IS NULL OR {}::boolean OR t.centre_id = ANY({}::uuid[]))",
              {call.scope().everywhere() ? "t" : "f", call.scope().AsArray()});
  std::vector<CaseTemplateView> views;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("case_template_list", [&](db::Tx& tx) {
    next = ListTemplates(tx, query, &views);
    return absl::OkStatus();
  }));
  v1::ListCaseTemplatesResponse response;
  for (const CaseTemplateView& view : views) *response.add_case_templates() = ToWire(view);
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

}  // namespace ieum::casemgmt
