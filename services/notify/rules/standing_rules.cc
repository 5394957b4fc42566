#include "services/notify/rules/standing_rules.h"

#include <google/protobuf/util/json_util.h>

#include <atomic>
#include <memory>
#include <string>

#include "platform/base/status.h"
#include "platform/crypto/seal.h"
#include "platform/telemetry/log.h"
#include "services/notify/messages/message.h"
#include "services/notify/rules/rule_commands.h"
#include "services/notify/rules/rule_store.h"
#include "services/notify/templates/template_commands.h"
#include "services/notify/templates/template_store.h"

namespace ieum::notify {

// Made by CMake of deploy/access/break_glass_{template,rule}.json.
extern const char kBreakGlassTemplateJson[];
extern const char kBreakGlassRuleJson[];

namespace {

template <class Request>
absl::StatusOr<Request> Read(const char* json) {
  Request request;
  if (google::protobuf::util::JsonStringToMessage(json, &request).ok()) return request;
  return absl::InternalError("deploy/access was built in and cannot be read");
}

// Nothing where the code is taken.
absl::Status Enter(ledger::Ledger& ledger, const char* name, const base::Uuid& id,
                   ledger::Ledger::UseCase use_case) {
  ledger::Command command;
  command.name = name;
  command.request_id = base::Uuid::Derive(id, "standing");
  command.request_hash = crypto::Hash(command.name);
  command.caller.actor = kActor;
  command.caller.correlation_id = command.request_id.ToString();
  const absl::Status entered = ledger.Run(command, use_case).status();
  return absl::IsAlreadyExists(entered) ? absl::OkStatus() : entered;
}

class Standing {
 public:
  explicit Standing(ledger::Ledger& ledger) : ledger_(ledger) {}

  absl::StatusOr<bool> Step() {
    ASSIGN_OR_RETURN(const int64_t missing, Missing());
    if (missing == 0) return false;
    ASSIGN_OR_RETURN(const auto text, Read<v1::CreateTemplateRequest>(kBreakGlassTemplateJson));
    RETURN_IF_ERROR(Enter(ledger_, "DefineStandingTemplate", TemplateId(text.template_id()),
                          [&](ledger::UnitOfWork& work) {
                            return DefineTemplate(work, text.template_id(), text.template_(),
                                                  absl::UnixEpoch());
                          }));
    ASSIGN_OR_RETURN(const auto rule, Read<v1::CreateRuleRequest>(kBreakGlassRuleJson));
    RETURN_IF_ERROR(
        Enter(ledger_, "DefineStandingRule", RuleId(rule.rule_id()), [&](ledger::UnitOfWork& work) {
          return DefineRule(work, rule.rule_id(), rule.rule(), absl::UnixEpoch());
        }));
    telemetry::Info("the rule about broken glass was entered", {{"rule", rule.rule_id()}});
    return false;
  }

  absl::StatusOr<int64_t> Missing() {
    if (there_) return 0;
    RETURN_IF_ERROR(ledger_.database().ReadOne("standing_rules", [&](db::Tx& tx) {
      there_ = FindRule(tx, kBreakGlassCode).has_value();
      return absl::OkStatus();
    }));
    return there_ ? 0 : 1;
  }

 private:
  ledger::Ledger& ledger_;
  std::atomic<bool> there_ = false;  // no rule is ever deleted
};

}  // namespace

flow::DueWork StandingRules(ledger::Ledger& ledger) {
  const auto standing = std::make_shared<Standing>(ledger);
  flow::DueWork work;
  work.name = "standing_rules";
  work.step = [standing](absl::Time) { return standing->Step(); };
  work.count_due = [standing](absl::Time) { return standing->Missing(); };
  return work;
}

}  // namespace ieum::notify
