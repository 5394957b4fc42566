#include "services/notify/rules/rule_service.h"

#include "platform/base/status.h"
#include "platform/rpc/masks.h"
#include "platform/rpc/paging.h"
#include "platform/rpc/read_one.h"
#include "services/notify/rules/rule_commands.h"
#include "services/notify/rules/rule_store.h"

namespace ieum::notify {
namespace {

const std::vector<std::string>& Changeable() {
  static const auto* paths = new std::vector<std::string>{
      "display_name", "trigger",     "audience", "timing",     "template",
      "channels",     "law_class",   "moves_on", "cancels_on", "change_notice_template",
      "catch_up",     "useful_hours"};
  return *paths;
}

}  // namespace

void RuleDoor::Serve(rpc::Router& router) {
  rpc::ServiceRoutes routes = router.Service("ieum.notify.v1.RuleService");
  routes.Unary("CreateRule", this, &RuleDoor::Create);
  routes.Unary("GetRule", this, &RuleDoor::Get);
  routes.Unary("ListRules", this, &RuleDoor::List);
  routes.Unary("UpdateRule", this, &RuleDoor::Update);
}

absl::StatusOr<v1::Rule> RuleDoor::Show(const std::string& name, int version) {
  ASSIGN_OR_RETURN(const auto found, rpc::ReadOne(database_, "rule_get", name, [&](db::Tx& tx) {
                     return FindRule(tx, RuleCode(name), version);
                   }));
  return ToWire(found);
}

absl::StatusOr<v1::Rule> RuleDoor::Create(rpc::Call& call, const v1::CreateRuleRequest& request) {
  if (request.validate_only()) {
    Rule made;
    RETURN_IF_ERROR(database_.Read("rule_prepare", [&](db::Tx& tx) -> absl::Status {
      ASSIGN_OR_RETURN(made, PrepareRule(tx, request.rule_id(), request.rule()));
      return absl::OkStatus();
    }));
    return ToWire(made);
  }
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request, [&](ledger::UnitOfWork& work) {
                     return DefineRule(work, request.rule_id(), request.rule());
                   }));
  return Show(answer.name, 0);
}

absl::StatusOr<v1::Rule> RuleDoor::Get(rpc::Call&, const v1::GetRuleRequest& request) {
  return Show(request.name(), request.version());
}

absl::StatusOr<v1::ListRulesResponse> RuleDoor::List(rpc::Call&,
                                                     const v1::ListRulesRequest& request) {
  ASSIGN_OR_RETURN(const filter::ListQuery query, rpc::OpenList(request, RuleList(), page_key_));
  v1::ListRulesResponse response;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("rule_list", [&](db::Tx& tx) {
    response.clear_rules();
    next = query.Read(
        tx, [&](const db::Row& row) { *response.add_rules() = ToWire(ReadRuleRow(row)); });
    return absl::OkStatus();
  }));
  response.set_next_page_token(rpc::NextPageToken(request, next, page_key_));
  return response;
}

absl::StatusOr<v1::Rule> RuleDoor::Update(rpc::Call& call, const v1::UpdateRuleRequest& request) {
  ChangeRuleInput input;
  input.code = RuleCode(request.rule().name());
  input.etag = request.rule().etag();
  input.change = [&](v1::Rule* wanted) {
    return rpc::ApplyUpdate(request.update_mask(), request.rule(), wanted, Changeable());
  };
  if (request.validate_only()) {
    Rule made;
    RETURN_IF_ERROR(database_.Read("rule_prepare_change", [&](db::Tx& tx) -> absl::Status {
      ASSIGN_OR_RETURN(made, PrepareRuleChange(tx, input));
      return absl::OkStatus();
    }));
    return ToWire(made);
  }
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request,
                              [&](ledger::UnitOfWork& work) { return ChangeRule(work, input); }));
  return Show(answer.name, 0);
}

}  // namespace ieum::notify
