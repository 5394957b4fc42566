// What the use cases of every room of the case share: lock the case's id, load it, take the step,
// save, append. The use cases of cases themselves stand in case_steps.h.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "google/protobuf/message.h"
#include "platform/ledger/ledger.h"
#include "platform/ledger/unit_of_work.h"
#include "services/casemgmt/cases/case.h"
#include "services/casemgmt/cases/case_reach.h"

namespace ieum::casemgmt {

struct CaseInput {
  base::Uuid case_id;
  std::string etag;  // empty = no check
  Reach reach;
  int64_t ownership_epoch = 0;        // 0 = not asked; else must be the case's
  std::optional<absl::CivilDay> day;  // of the step; absent = today in Korea
};

// The case after its id was locked. NOT_FOUND (also where it may not be seen), OWNERSHIP_MOVED when
// another centre took it over, STALE_ETAG.
absl::StatusOr<Case> LoadCase(ledger::UnitOfWork& work, const CaseInput& input);
// The day of the step: the one given, else today. DATE_INVALID, DATE_ORDER blaming `field`.
absl::StatusOr<absl::CivilDay> DayOf(const ledger::UnitOfWork& work, const Case& c,
                                     const CaseInput& input, std::string_view field);
// Decides and changes the struct alone: state and due days. The errors of Advance.
absl::Status TakeStep(ledger::UnitOfWork& work, Case& c, CaseStep step, absl::CivilDay day);
// The row; its transition when the state changed; its owner when the epoch did; and the task that
// its state and due day stand for.
void SaveCase(ledger::UnitOfWork& work, Case& c, absl::CivilDay day);
void AppendToCase(ledger::UnitOfWork& work, const Case& c, const google::protobuf::Message& event);
ledger::Done DoneWith(const Case& c);
// Names one change of the level: reminders count by it.
std::string RiskChangeId(const ledger::UnitOfWork& work, const Case& c);
// The level that holds from now on, with CaseRiskChanged when it or the factor is another one. The
// caller saves the case.
void ChangeRisk(ledger::UnitOfWork& work, Case& c, v1::RiskLevel level,
                const std::string& primary_factor, absl::CivilDay day);

}  // namespace ieum::casemgmt
