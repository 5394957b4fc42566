#include "services/notify/templates/template_service.h"

#include "platform/base/status.h"
#include "platform/rpc/masks.h"
#include "platform/rpc/paging.h"
#include "platform/rpc/read_one.h"
#include "services/notify/templates/template_commands.h"
#include "services/notify/templates/template_store.h"

namespace ieum::notify {

void TemplateDoor::Serve(rpc::Router& router) {
  rpc::ServiceRoutes routes = router.Service("ieum.notify.v1.TemplateService");
  routes.Unary("CreateTemplate", this, &TemplateDoor::Create);
  routes.Unary("GetTemplate", this, &TemplateDoor::Get);
  routes.Unary("ListTemplates", this, &TemplateDoor::List);
  routes.Unary("UpdateTemplate", this, &TemplateDoor::Update);
}

absl::StatusOr<v1::Template> TemplateDoor::Show(const std::string& name, int version) {
  ASSIGN_OR_RETURN(const auto found, rpc::ReadOne(database_, "template_get", name, [&](db::Tx& tx) {
                     return FindTemplate(tx, TemplateCode(name), version);
                   }));
  return ToWire(found);
}

absl::StatusOr<v1::Template> TemplateDoor::Create(rpc::Call& call,
                                                  const v1::CreateTemplateRequest& request) {
  if (request.validate_only()) {
    Template made;
    RETURN_IF_ERROR(database_.Read("template_prepare", [&](db::Tx& tx) -> absl::Status {
      ASSIGN_OR_RETURN(made, PrepareTemplate(tx, request.template_id(), request.template_()));
      return absl::OkStatus();
    }));
    return ToWire(made);
  }
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request, [&](ledger::UnitOfWork& work) {
                     return DefineTemplate(work, request.template_id(), request.template_());
                   }));
  return Show(answer.name, 0);
}

absl::StatusOr<v1::Template> TemplateDoor::Get(rpc::Call&, const v1::GetTemplateRequest& request) {
  return Show(request.name(), request.version());
}

absl::StatusOr<v1::ListTemplatesResponse> TemplateDoor::List(
    rpc::Call&, const v1::ListTemplatesRequest& request) {
  ASSIGN_OR_RETURN(const filter::ListQuery query,
                   rpc::OpenList(request, TemplateList(), page_key_));
  v1::ListTemplatesResponse response;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("template_list", [&](db::Tx& tx) {
    response.clear_templates();
    next = query.Read(
        tx, [&](const db::Row& row) { *response.add_templates() = ToWire(ReadTemplateRow(row)); });
    return absl::OkStatus();
  }));
  response.set_next_page_token(rpc::NextPageToken(request, next, page_key_));
  return response;
}

absl::StatusOr<v1::Template> TemplateDoor::Update(rpc::Call& call,
                                                  const v1::UpdateTemplateRequest& request) {
  ChangeTemplateInput input;
  input.code = TemplateCode(request.template_().name());
  input.etag = request.template_().etag();
  input.change = [&](v1::Template* wanted) {
    return rpc::ApplyUpdate(request.update_mask(), request.template_(), wanted,
                            {"event_type", "ko", "en", "law_class", "channel"});
  };
  if (request.validate_only()) {
    Template made;
    RETURN_IF_ERROR(database_.Read("template_prepare_change", [&](db::Tx& tx) -> absl::Status {
      ASSIGN_OR_RETURN(made, PrepareTemplateChange(tx, input));
      return absl::OkStatus();
    }));
    return ToWire(made);
  }
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request, [&](ledger::UnitOfWork& work) {
                     return ChangeTemplate(work, input);
                   }));
  return Show(answer.name, 0);
}

}  // namespace ieum::notify
