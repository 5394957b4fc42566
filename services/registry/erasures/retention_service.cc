#include <algorithm>
#include <map>

#include "platform/base/status.h"
#include "platform/rpc/paging.h"
#include "services/registry/erasures/erasure_commands.h"
#include "services/registry/erasures/erasure_service.h"
#include "services/registry/erasures/erasure_store.h"
#include "services/registry/erasures/retention_store.h"
#include "services/registry/instants.h"
#include "services/registry/people/person.h"

namespace ieum::registry {
namespace {

constexpr int kMostPersons = 100;  // of one run; each costs some twenty statements

v1::RetentionRule ToWire(const RetentionRule& rule) {
  v1::RetentionRule wire;
  wire.set_name("retentionRules/" + rule.code);
  wire.set_trigger(rule.trigger);
  wire.set_period(rule.period_text);
  wire.set_counting(rule.counting);
  wire.set_review_required(rule.review_required);
  wire.set_source(rule.source);
  return wire;
}

// Whose time is over by one rule; one who is over by several is named by each.
v1::RetentionResult Rehearsed(db::Tx& tx, const RetentionRule& rule, absl::Time now, int limit) {
  v1::RetentionResult result;
  result.set_rule(rule.code);
  std::vector<base::Uuid> over = PersonsOver(tx, rule, now, false, limit + 1);
  result.set_more(static_cast<int>(over.size()) > limit);
  if (result.more()) over.resize(limit);
  for (const base::Uuid& person : over) result.add_persons(PersonName(person));
  for (const base::Uuid& person : PersonsOver(tx, rule, now, true, kMostPersons)) {
    result.add_held_persons(PersonName(person));
  }
  return result;
}

}  // namespace

absl::StatusOr<v1::ListRetentionRulesResponse> ErasureDoor::ListRules(
    rpc::Call& call, const v1::ListRetentionRulesRequest& request) {
  ASSIGN_OR_RETURN(const filter::ListQuery query,
                   rpc::OpenList(call.scope(), request, RetentionRuleList(), page_key_));
  v1::ListRetentionRulesResponse response;
  filter::Cursor next;
  absl::Status unread;
  RETURN_IF_ERROR(database_.Read("retention_rule_list", [&](db::Tx& tx) {
    response.Clear();
    unread = absl::OkStatus();
    next = query.Read(tx, [&](const db::Row& row) {
      const auto rule = ReadRetentionRule(row);
      unread.Update(rule.status());
      if (rule.ok()) *response.add_retention_rules() = ToWire(*rule);
    });
    return unread;
  }));
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

absl::StatusOr<v1::RetentionRun> ErasureDoor::DryRun(const std::vector<std::string>& rules,
                                                     int limit, absl::Time now) {
  v1::RetentionRun run;
  RETURN_IF_ERROR(database_.Read("retention_dry_run", [&](db::Tx& tx) -> absl::Status {
    run.Clear();
    *run.mutable_run_time() = ToTimestamp(now);
    ASSIGN_OR_RETURN(const std::vector<RetentionRule> named, RulesNamed(tx, rules));
    for (const RetentionRule& rule : named) *run.add_results() = Rehearsed(tx, rule, now, limit);
    return absl::OkStatus();
  }));
  return run;
}

absl::StatusOr<v1::RetentionRun> ErasureDoor::ReadRun(const std::string& name) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn("retentionRuns/{}", name, "name"));
  v1::RetentionRun wire;
  RETURN_IF_ERROR(database_.Read("retention_run_get", [&](db::Tx& tx) -> absl::Status {
    const auto run = FindRun(tx, ids[0]);
    if (!run) return base::NotFound(name);
    wire.Clear();
    wire.set_name(name);
    *wire.mutable_run_time() = ToTimestamp(run->run_at);
    wire.set_runner(run->runner);
    std::map<std::string, v1::RetentionResult*> results;
    for (const std::string& rule : run->rules) {
      results[rule] = wire.add_results();
      results[rule]->set_rule(rule);
    }
    for (const ErasureRecord& record : RecordsOfRun(tx, run->id)) {
      const auto result = results.find(record.rule);
      if (result != results.end()) result->second->add_persons(PersonName(record.person_id));
    }
    return absl::OkStatus();
  }));
  return wire;
}

absl::StatusOr<v1::RetentionRun> ErasureDoor::Run(rpc::Call& call,
                                                  const v1::RunRetentionRequest& request) {
  RunRetentionInput input{.rules = {request.rules().begin(), request.rules().end()}};
  input.limit = request.limit() == 0 ? kMostPersons : std::min(request.limit(), kMostPersons);
  ASSIGN_OR_RETURN(const absl::Time now, ledger_.clock().Now());
  if (request.validate_only()) return DryRun(input.rules, input.limit, now);
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request, [&](ledger::UnitOfWork& work) {
                     return RunRetention(work, keys_, input);
                   }));
  return ReadRun(answer.name);
}

absl::StatusOr<v1::RetentionRun> ErasureDoor::GetRun(rpc::Call&,
                                                     const v1::GetRetentionRunRequest& request) {
  return ReadRun(request.name());
}

}  // namespace ieum::registry
