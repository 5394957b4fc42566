// The use cases of visits. A visit belongs to its engagement: that is what is locked, and its
// version is the etag.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/ledger/ledger.h"
#include "platform/ledger/unit_of_work.h"
#include "services/casemgmt/engagements/engagement.h"
#include "services/casemgmt/engagements/visit.h"

namespace ieum::casemgmt {

struct PlanVisitInput {
  base::Uuid engagement_id;
  std::string etag;
  std::optional<base::Uuid> visit_id;  // absent = derived from the request
  absl::Time start, end;
  std::optional<base::Uuid> consultant, contact_person;  // absent = the engagement's
};
absl::StatusOr<ledger::Done> PlanVisit(ledger::UnitOfWork& work, const PlanVisitInput& input);

// What every step of a visit says.
struct VisitInput {
  base::Uuid engagement_id, visit_id;
  std::string etag;
};
// The times that it has already: nothing happens.
absl::StatusOr<ledger::Done> RescheduleVisit(ledger::UnitOfWork& work, const VisitInput& input,
                                             absl::Time start, absl::Time end);
absl::StatusOr<ledger::Done> CancelVisit(ledger::UnitOfWork& work, const VisitInput& input,
                                         v1::VisitCancelReason reason);

struct HeldVisitInput {
  std::optional<absl::Time> start, end;  // absent = as planned
  std::optional<base::Uuid> consultant;  // absent = as planned
  std::string minutes, next_step;        // empty minutes = they follow
};
absl::StatusOr<ledger::Done> RecordVisit(ledger::UnitOfWork& work, const VisitInput& input,
                                         const HeldVisitInput& held);
absl::StatusOr<ledger::Done> RecordVisitReport(ledger::UnitOfWork& work, const VisitInput& input,
                                               const std::string& minutes,
                                               const std::string& next_step);

// Cancels what the end of the engagement leaves over: its planned visits that begin after `after`.
// Called after the engagement's own event.
void CancelPlannedVisits(ledger::UnitOfWork& work, const Engagement& engagement, absl::Time after);

}  // namespace ieum::casemgmt
