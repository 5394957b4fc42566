#include "services/reporting/indicators/indicator_commands.h"

#include "absl/strings/str_join.h"
#include "ieum/reporting/v1/errors.pb.h"
#include "ieum/reporting/v1/events.pb.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "platform/rpc/masks.h"
#include "services/reporting/indicators/definition.h"
#include "services/reporting/indicators/indicator_store.h"

namespace ieum::reporting {
namespace {

absl::Status Taken(const std::string& name) {
  return base::AlreadyExists("ID_TAKEN", name + " exists already; choose another code",
                             {{"resource_name", name}});
}

ledger::Done SaveVersion(ledger::UnitOfWork& work, const std::string& code,
                         v1::Indicator indicator) {
  const base::Uuid id = IndicatorId(code);
  const std::string name = "indicators/" + code;
  indicator.set_name(name);
  const int version = static_cast<int>(work.Version(id)) + 1;
  const std::string hash = DefinitionHash(indicator);
  indicator = Canonical(indicator);
  indicator.set_definition_hash(hash);
  InsertIndicator(work.tx(), indicator, code, version, work.now());
  v1::IndicatorDefined event;
  event.set_indicator_code(code);
  event.set_event_date(base::FormatDay(base::KoreaDay(work.now())));
  event.set_definition_version(version);
  event.set_definition_hash(hash);
  work.Append(id, "indicator", name, event);
  return {id, name};
}

}  // namespace

absl::StatusOr<ledger::Done> DefineIndicator(ledger::UnitOfWork& work, const std::string& code,
                                             const v1::Indicator& indicator) {
  const base::Uuid id = IndicatorId(code);
  work.Lock({id});
  if (work.Version(id) != 0) return Taken("indicators/" + code);
  RETURN_IF_ERROR(CheckDefinition(indicator));
  return SaveVersion(work, code, indicator);
}

absl::StatusOr<ledger::Done> RedefineIndicator(ledger::UnitOfWork& work,
                                               const v1::Indicator& indicator,
                                               const google::protobuf::FieldMask& mask) {
  const std::string code = CodeOf(indicator.name());
  const base::Uuid id = IndicatorId(code);
  work.Lock({id});
  const std::optional<v1::Indicator> present = FindIndicator(work.tx(), code);
  if (!present) return base::NotFound(indicator.name());
  RETURN_IF_ERROR(work.ExpectEtag(id, indicator.etag()));
  v1::Indicator changed = *present;
  RETURN_IF_ERROR(rpc::ApplyUpdate(mask, indicator, &changed, ChangeableFields()));
  RETURN_IF_ERROR(CheckDefinition(changed));
  if (DefinitionHash(changed) == DefinitionHash(*present))
    return ledger::Done{id, indicator.name()};
  return SaveVersion(work, code, changed);
}

absl::StatusOr<ledger::Done> DefineFunnel(ledger::UnitOfWork& work, const std::string& code,
                                          const v1::FunnelDefinition& funnel) {
  const base::Uuid id = FunnelId(code);
  work.Lock({id});
  const std::string name = "funnelDefinitions/" + code;
  if (work.Version(id) != 0) return Taken(name);
  std::vector<std::string> codes;
  for (const std::string& step : funnel.steps()) codes.push_back(CodeOf(step));
  const std::vector<std::string> unknown = UnknownIndicators(work.tx(), codes);
  if (!unknown.empty()) {
    return base::InvalidField(
        v1::ERROR_REASON_FUNNEL_STEP_UNKNOWN, "funnel_definition.steps",
        "must name defined indicators; these are not: " + absl::StrJoin(unknown, ", "));
  }
  v1::FunnelDefinition named = funnel;
  named.set_name(name);
  InsertFunnel(work.tx(), named, code);
  v1::FunnelDefined event;
  event.set_funnel_code(code);
  event.set_event_date(base::FormatDay(base::KoreaDay(work.now())));
  work.Append(id, "funnel", name, event);
  return ledger::Done{id, name};
}

}  // namespace ieum::reporting
