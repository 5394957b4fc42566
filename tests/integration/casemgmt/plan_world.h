// From the intake to the signed plan in a test: shorthands for assessments, conferences and plans
// of cases. row:C2 row:C4
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "services/casemgmt/assessments/assessment_commands.h"
#include "services/casemgmt/assessments/assessment_store.h"
#include "services/casemgmt/conferences/agenda_store.h"
#include "services/casemgmt/conferences/conference_commands.h"
#include "services/casemgmt/conferences/conference_store.h"
#include "services/casemgmt/plans/plan_commands.h"
#include "services/casemgmt/plans/plan_store.h"
#include "tests/integration/casemgmt/case_world.h"

namespace ieum::casemgmt::testing {

// `Try…`: what came of it. Others must succeed and answer the id.
class Plans {
 public:
  explicit Plans(Cases& cases) : cases_(cases), world_(cases.world()) {}

  // Recorded by the manager. The factors are "RF02 4, RF07 3".
  RecordAssessmentInput Wanted(const base::Uuid& case_id, const std::string& factors,
                               const std::string& day = "");
  absl::StatusOr<ledger::Answer> TryRecord(const RecordAssessmentInput& input);
  base::Uuid Recorded(const base::Uuid& case_id, const std::string& factors = "RF02 4");
  absl::StatusOr<ledger::Answer> TryApprove(const base::Uuid& case_id, const base::Uuid& assessment,
                                            const Staff& by);
  absl::StatusOr<ledger::Answer> TryReturn(const base::Uuid& case_id, const base::Uuid& assessment,
                                           const Staff& by, const std::string& comment = "why?");
  // Recorded by the manager, approved by the supervisor.
  base::Uuid Assessed(const base::Uuid& case_id, const std::string& factors = "RF02 4");
  AssessmentView Assessment(const base::Uuid& case_id, const base::Uuid& id);

  // Of the suite, on the clock's day.
  base::Uuid Conference(const std::vector<base::Uuid>& members = {},
                        const std::optional<base::Uuid>& centre = {});
  void Held(const base::Uuid& conference);
  absl::StatusOr<ledger::Answer> TryAdd(const base::Uuid& conference, const base::Uuid& case_id,
                                        const std::string& question = "what next?");
  base::Uuid OnAgenda(const base::Uuid& conference, const base::Uuid& case_id);
  absl::StatusOr<ledger::Answer> TryClassify(const base::Uuid& conference, const base::Uuid& item,
                                             v1::CaseClassification decided);
  // By a conference of its own.
  void Classified(const base::Uuid& case_id,
                  v1::CaseClassification decided = v1::CASE_CLASSIFICATION_CASE_MANAGEMENT);
  std::optional<AgendaItemView> Item(const base::Uuid& conference, const base::Uuid& item,
                                     const Reach& reach = Reach::Everything());

  // One goal, and an action due on each of these days.
  DraftPlanInput Draft(const base::Uuid& case_id, const std::vector<std::string>& dues);
  absl::StatusOr<ledger::Answer> TryDraft(const DraftPlanInput& input);
  base::Uuid Drafted(const base::Uuid& case_id, const std::vector<std::string>& dues);
  CasePlanInput Of(const base::Uuid& case_id, const base::Uuid& plan, const Staff& by,
                   const std::string& day = "");
  void Submit(const base::Uuid& case_id, const base::Uuid& plan);
  absl::StatusOr<ledger::Answer> TryApprovePlan(const CasePlanInput& input);
  absl::StatusOr<ledger::Answer> TrySign(const CasePlanInput& input);
  // Drafted, submitted, approved and signed on the clock's day.
  base::Uuid Signed(const base::Uuid& case_id, const std::vector<std::string>& dues);
  PlanView Plan(const base::Uuid& case_id, const base::Uuid& id);

  // Assessed, classified: its plan is to be written.
  base::Uuid ToPlan(const CaseWish& wish = {});

 private:
  Cases& cases_;
  World& world_;
};

}  // namespace ieum::casemgmt::testing
