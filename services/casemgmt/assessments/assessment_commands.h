// The use cases of the risk instrument and of assessments. Each is given a transaction, decides,
// and only then writes; the errors are those that AssessmentService promises. Assessments are parts
// of their case: its id is locked, its ledger tells of them.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "platform/db/person_keys.h"
#include "platform/ledger/ledger.h"
#include "platform/ledger/unit_of_work.h"
#include "services/casemgmt/assessments/assessment.h"
#include "services/casemgmt/cases/case_commands.h"

namespace ieum::casemgmt {

// The next version of its code; `version`, `id` and `create_time` are the command's to give.
// `instrument_id`: as wished.
absl::StatusOr<ledger::Done> MakeInstrument(ledger::UnitOfWork& work, Instrument instrument,
                                            const std::optional<base::Uuid>& instrument_id);

struct RecordAssessmentInput {
  CaseInput of;                             // its day is the day on which she was asked
  std::optional<base::Uuid> instrument_id;  // absent = the case's last one, else the newest RISK
  Answers answers;
  std::string needs;  // words
  Staff author;
};
// The answer names the assessment.
absl::StatusOr<ledger::Done> RecordAssessment(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                              const RecordAssessmentInput& input);

struct DecideAssessmentInput {
  CaseInput of;  // its day is the day of the decision
  base::Uuid assessment_id;
  Staff decider;
  std::string comment;  // words; of a return
};
absl::StatusOr<ledger::Done> ApproveAssessment(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                               const DecideAssessmentInput& input);
absl::StatusOr<ledger::Done> ReturnAssessment(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                              const DecideAssessmentInput& input);

}  // namespace ieum::casemgmt
