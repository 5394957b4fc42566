// The use cases of engagements. Each is given a transaction, decides, and only then writes; the
// errors are those that EngagementService promises. Empty etag = no check; absent day = today.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "platform/ledger/ledger.h"
#include "platform/ledger/unit_of_work.h"
#include "services/casemgmt/engagements/engagement.h"

namespace ieum::casemgmt {

struct OpenEngagementInput {
  std::optional<base::Uuid> engagement_id;  // absent = derived from the request
  base::Uuid organization_id, campaign_id;
  std::optional<base::Uuid> consultant, manager, contact_person;
  v1::LeadSource lead_source = v1::LEAD_SOURCE_UNSPECIFIED;
  std::optional<absl::CivilDay> lead_day;
  std::vector<v1::VulnerabilityReason> vulnerability_reasons;
};
absl::StatusOr<ledger::Done> OpenEngagement(ledger::UnitOfWork& work,
                                            const OpenEngagementInput& input);

// Each person: absent = stays; present and empty = nobody.
struct ReassignInput {
  base::Uuid engagement_id;
  std::string etag;
  std::optional<std::optional<base::Uuid>> consultant, manager, contact_person;
};
absl::StatusOr<ledger::Done> ReassignEngagement(ledger::UnitOfWork& work,
                                                const ReassignInput& input);

// What every step says.
struct StepInput {
  base::Uuid engagement_id;
  std::string etag;
  std::optional<absl::CivilDay> day;
};
absl::StatusOr<ledger::Done> ContactFirm(ledger::UnitOfWork& work, const StepInput& input);
absl::StatusOr<ledger::Done> FollowUp(ledger::UnitOfWork& work, const StepInput& input);
// The end of an engagement cancels its planned visits and withdraws its recommendations and its
// unfinished form.
absl::StatusOr<ledger::Done> Decline(ledger::UnitOfWork& work, const StepInput& input,
                                     v1::DeclineReason reason);
absl::StatusOr<ledger::Done> Drop(ledger::UnitOfWork& work, const StepInput& input,
                                  v1::DropReason reason);

// Consulting, in focus_commands.cc. That a scheme exists on the day is the caller's to know.
absl::StatusOr<ledger::Done> Diagnose(ledger::UnitOfWork& work, const StepInput& input,
                                      const std::string& score, const std::string& findings);
absl::StatusOr<ledger::Done> Rediagnose(ledger::UnitOfWork& work, const StepInput& input,
                                        const std::string& score, const std::string& findings);
struct PlanInput {
  std::vector<std::string> tasks;
  int planned_visit_count = 0;
  std::vector<std::string> recommended_scheme_codes;
};
absl::StatusOr<ledger::Done> AgreePlan(ledger::UnitOfWork& work, const StepInput& input,
                                       const PlanInput& plan);
absl::StatusOr<ledger::Done> StartWork(ledger::UnitOfWork& work, const StepInput& input);
absl::StatusOr<ledger::Done> ReportResult(ledger::UnitOfWork& work, const StepInput& input,
                                          const std::string& summary);
absl::StatusOr<ledger::Done> ApproveCompletion(ledger::UnitOfWork& work, const StepInput& input,
                                               const base::Uuid& approver);
absl::StatusOr<ledger::Done> AdoptScheme(ledger::UnitOfWork& work, const StepInput& input,
                                         const std::string& scheme_code,
                                         const std::string& evidence);

// What the receipt or hand-over of its form makes of an engagement, in two halves: the first
// refuses, the second writes. The engagement is among the locked aggregates.
struct CompletionByForm {
  Engagement engagement;
  absl::CivilDay day;
};
// `field` is blamed when the day lies before the engagement's last step.
absl::StatusOr<CompletionByForm> DecideCompletionByForm(ledger::UnitOfWork& work,
                                                        const base::Uuid& engagement_id,
                                                        absl::CivilDay day, std::string_view field);
void CompleteByForm(ledger::UnitOfWork& work, const CompletionByForm& completion);

// The engagement behind a form that is begun; its etag is not asked for. NOT_FOUND,
// ENGAGEMENT_STATE.
absl::StatusOr<Engagement> EngagementForForm(ledger::UnitOfWork& work,
                                             const base::Uuid& engagement_id);

// Parts that the use cases of engagements and visits share.

// The engagement after the lock. NOT_FOUND, STALE_ETAG.
absl::StatusOr<Engagement> LoadEngagement(ledger::UnitOfWork& work, const base::Uuid& id,
                                          const std::string& etag);
// A step as it was decided, not yet written.
struct DecidedStep {
  Engagement engagement;  // before the step
  v1::EngagementState next;
  absl::CivilDay day;
};
// `field` is blamed for the day.
absl::StatusOr<DecidedStep> DecideStep(ledger::UnitOfWork& work, const StepInput& input,
                                       EngagementStep step, std::string_view field);
// Moves it and saves it; a change of state is kept as a step of that day.
void SaveStep(ledger::UnitOfWork& work, Engagement& engagement, v1::EngagementState next,
              absl::CivilDay day);
void Append(ledger::UnitOfWork& work, const Engagement& engagement,
            const google::protobuf::Message& event);
ledger::Done DoneWith(const Engagement& engagement);

}  // namespace ieum::casemgmt
