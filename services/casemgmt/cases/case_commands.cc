#include "services/casemgmt/cases/case_commands.h"

#include "absl/strings/str_cat.h"
#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/casemgmt/cases/case_events.h"
#include "services/casemgmt/cases/case_store.h"
#include "services/casemgmt/cases/case_tasks.h"
#include "services/casemgmt/days.h"

namespace ieum::casemgmt {
namespace {

absl::Status Moved(const base::Uuid& id) {
  return base::Forbidden(v1::ERROR_REASON_OWNERSHIP_MOVED,
                         "another centre leads the case now; only that one changes it",
                         {{"resource", CaseName(id)}});
}

}  // namespace

absl::StatusOr<Case> LoadCase(ledger::UnitOfWork& work, const CaseInput& input) {
  auto c = FindLockedCase(work, input.reach, input.case_id);
  if (!c && LedBefore(work.tx(), input.reach, input.case_id)) return Moved(input.case_id);
  if (!c) return base::NotFound(CaseName(input.case_id));
  if (input.ownership_epoch != 0 && input.ownership_epoch != c->ownership_epoch) {
    return Moved(input.case_id);
  }
  RETURN_IF_ERROR(work.ExpectEtag(input.case_id, input.etag));
  return *std::move(c);
}

absl::StatusOr<absl::CivilDay> DayOf(const ledger::UnitOfWork& work, const Case& c,
                                     const CaseInput& input, std::string_view field) {
  return StepDay(input.day, work.now(), c.last_step_day, field);
}

absl::Status TakeStep(ledger::UnitOfWork&, Case& c, CaseStep step, absl::CivilDay day) {
  return Advance(c, step, day);
}

void SaveCase(ledger::UnitOfWork& work, Case& c, absl::CivilDay day) {
  c.update_time = work.now();
  KeepStateTasks(work, c);  // asks, and so comes before what is written
  UpdateCase(work.tx(), c);
  if (c.state != c.loaded_state) AddTransition(work.tx(), c, day, work.now());
  const bool handed = c.ownership_epoch != c.loaded_epoch || c.manager_subject != c.loaded_manager;
  if (handed) KeepOwner(work.tx(), c, work.now());
  c.loaded_state = c.state;
  c.loaded_epoch = c.ownership_epoch;
  c.loaded_manager = c.manager_subject;
}

void AppendToCase(ledger::UnitOfWork& work, const Case& c, const google::protobuf::Message& event) {
  work.Append(c.id, kCaseKind, CaseName(c.id), event);
}

ledger::Done DoneWith(const Case& c) { return {c.id, CaseName(c.id)}; }

std::string RiskChangeId(const ledger::UnitOfWork& work, const Case& c) {
  return base::Uuid::Derive(c.id, absl::StrCat("risk/", work.Version(c.id))).ToString();
}

void ChangeRisk(ledger::UnitOfWork& work, Case& c, v1::RiskLevel level,
                const std::string& primary_factor, absl::CivilDay day) {
  const v1::RiskLevel before = c.risk_level;
  if (level == before && primary_factor == c.primary_factor) return;
  SetRisk(c, level, primary_factor, day);
  auto event = EventOf<v1::CaseRiskChanged>(c, work.now());
  event.set_previous_level(before);
  event.set_crisis_begun(level == v1::RISK_LEVEL_CRISIS && before != level);
  event.set_risk_change_id(RiskChangeId(work, c));
  AppendToCase(work, c, event);
}

}  // namespace ieum::casemgmt
