#include "services/casemgmt/engagements/visit_commands.h"

#include <algorithm>

#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/status.h"
#include "services/casemgmt/engagements/engagement_commands.h"
#include "services/casemgmt/engagements/engagement_events.h"
#include "services/casemgmt/engagements/visit_store.h"

namespace ieum::casemgmt {
namespace {

absl::Status ConsultantBusy() {
  return base::Forbidden(v1::ERROR_REASON_CONSULTANT_BUSY,
                         "the consultant has another visit at that time; choose another time or "
                         "another consultant");
}

ledger::Done DoneWith(const Visit& visit) {
  return {visit.engagement_id, VisitName(visit.engagement_id, visit.id)};
}

struct Loaded {
  Engagement engagement;
  Visit visit;
};

absl::StatusOr<Loaded> Load(ledger::UnitOfWork& work, const VisitInput& input) {
  work.Lock({input.engagement_id});
  const auto visit = FindVisit(work.tx(), work.scope(), input.engagement_id, input.visit_id);
  if (!visit) return base::NotFound(VisitName(input.engagement_id, input.visit_id));
  ASSIGN_OR_RETURN(Engagement engagement, LoadEngagement(work, input.engagement_id, input.etag));
  return Loaded{std::move(engagement), *visit};
}

Visit NewVisit(const PlanVisitInput& input, const base::Uuid& id, const Engagement& engagement,
               absl::Time now) {
  Visit visit;
  visit.id = id;
  visit.engagement_id = engagement.id;
  visit.centre = engagement.centre;
  visit.start = input.start;
  visit.end = input.end;
  visit.consultant = input.consultant ? *input.consultant : *engagement.consultant;
  visit.contact_person = input.contact_person ? input.contact_person : engagement.contact_person;
  visit.create_time = visit.update_time = now;
  return visit;
}

// A visit that is put on paper after it took place was planned on its own day at the latest.
absl::StatusOr<absl::CivilDay> PlanningDay(const Engagement& engagement, v1::EngagementState next,
                                           absl::Time start, absl::Time now) {
  const absl::CivilDay day = std::min(base::KoreaDay(now), base::KoreaDay(start));
  if (next != engagement.state && day < engagement.last_step_day) {
    return base::InvalidField(v1::ERROR_REASON_DATE_ORDER, "start_time",
                              "must not be before the day on which the firm was contacted");
  }
  return day;
}

}  // namespace

absl::StatusOr<ledger::Done> PlanVisit(ledger::UnitOfWork& work, const PlanVisitInput& input) {
  work.Lock({input.engagement_id});
  ASSIGN_OR_RETURN(Engagement engagement, LoadEngagement(work, input.engagement_id, input.etag));
  ASSIGN_OR_RETURN(const v1::EngagementState next,
                   NextState(engagement.task, engagement.state, EngagementStep::kPlanVisit));
  RETURN_IF_ERROR(CheckTimes(input.start, input.end));
  if (!input.consultant && !engagement.consultant) {
    return base::Forbidden(v1::ERROR_REASON_CONSULTANT_MISSING,
                           "nobody is assigned to the engagement; say who visits");
  }
  ASSIGN_OR_RETURN(const absl::CivilDay day,
                   PlanningDay(engagement, next, input.start, work.now()));
  const Visit visit =
      NewVisit(input, input.visit_id.value_or(work.DeriveId("visit")), engagement, work.now());
  if (!InsertVisit(work.tx(), visit)) {
    return base::AlreadyExists("ID_TAKEN", "there is a visit with this id; choose another");
  }
  if (!TakeHours(work.tx(), visit)) return ConsultantBusy();
  SaveStep(work, engagement, next, day);
  Append(work, engagement, EventOf<v1::VisitPlanned>(engagement, visit, work.now()));
  return DoneWith(visit);
}

absl::StatusOr<ledger::Done> RescheduleVisit(ledger::UnitOfWork& work, const VisitInput& input,
                                             absl::Time start, absl::Time end) {
  ASSIGN_OR_RETURN(Loaded loaded, Load(work, input));
  auto& [engagement, visit] = loaded;
  RETURN_IF_ERROR(NextState(visit.state, VisitStep::kReschedule).status());
  ASSIGN_OR_RETURN(const v1::EngagementState next,
                   NextState(engagement.task, engagement.state, EngagementStep::kMoveVisit));
  RETURN_IF_ERROR(CheckTimes(start, end));
  if (visit.start == start && visit.end == end) return DoneWith(visit);
  const absl::CivilDay previous = visit.day();
  visit.start = start;
  visit.end = end;
  visit.update_time = work.now();
  if (!TakeHours(work.tx(), visit)) return ConsultantBusy();
  SaveVisit(work.tx(), work.scope(), visit);
  SaveStep(work, engagement, next, engagement.last_step_day);
  auto event = EventOf<v1::VisitRescheduled>(engagement, visit, work.now());
  event.set_previous_visit_date(base::FormatDay(previous));
  Append(work, engagement, event);
  return DoneWith(visit);
}

absl::StatusOr<ledger::Done> CancelVisit(ledger::UnitOfWork& work, const VisitInput& input,
                                         v1::VisitCancelReason reason) {
  ASSIGN_OR_RETURN(Loaded loaded, Load(work, input));
  auto& [engagement, visit] = loaded;
  ASSIGN_OR_RETURN(visit.state, NextState(visit.state, VisitStep::kCancel));
  const std::vector<Visit> visits = VisitsOf(work.tx(), work.scope(), engagement.id);
  const auto planned = std::count_if(visits.begin(), visits.end(), [](const Visit& each) {
    return each.state == v1::VISIT_STATE_PLANNED;
  });
  v1::EngagementState next = engagement.state;
  if (engagement.state == v1::ENGAGEMENT_STATE_VISIT_PLANNED && planned == 1) {
    ASSIGN_OR_RETURN(
        next, NextState(engagement.task, engagement.state, EngagementStep::kLoseLastPlannedVisit));
  }
  visit.cancel_reason = reason;
  visit.update_time = work.now();
  FreeHours(work.tx(), visit.id);
  SaveVisit(work.tx(), work.scope(), visit);
  SaveStep(work, engagement, next, base::KoreaDay(work.now()));
  auto event = EventOf<v1::VisitCancelled>(engagement, visit, work.now());
  event.set_reason(reason);
  Append(work, engagement, event);
  return DoneWith(visit);
}

absl::StatusOr<ledger::Done> RecordVisit(ledger::UnitOfWork& work, const VisitInput& input,
                                         const HeldVisitInput& held) {
  ASSIGN_OR_RETURN(Loaded loaded, Load(work, input));
  auto& [engagement, visit] = loaded;
  ASSIGN_OR_RETURN(visit.state, NextState(visit.state, VisitStep::kHold));
  ASSIGN_OR_RETURN(const v1::EngagementState next,
                   NextState(engagement.task, engagement.state, EngagementStep::kHoldVisit));
  visit.start = held.start.value_or(visit.start);
  visit.end = held.end.value_or(visit.end);
  visit.consultant = held.consultant.value_or(visit.consultant);
  RETURN_IF_ERROR(CheckTimes(visit.start, visit.end));
  RETURN_IF_ERROR(
      CheckHeldAt(visit.start, work.now(),
                  next == engagement.state ? engagement.lead_day : engagement.last_step_day));
  visit.minutes = held.minutes;
  visit.next_step = held.next_step;
  if (!visit.minutes.empty()) visit.report_time = work.now();
  visit.update_time = work.now();
  if (!TakeHours(work.tx(), visit)) return ConsultantBusy();
  SaveVisit(work.tx(), work.scope(), visit);
  ++engagement.visit_count;
  SaveStep(work, engagement, next, visit.day());
  auto event = EventOf<v1::VisitHeld>(engagement, visit, work.now());
  event.set_visit_count(engagement.visit_count);
  Append(work, engagement, event);
  return DoneWith(visit);
}

absl::StatusOr<ledger::Done> RecordVisitReport(ledger::UnitOfWork& work, const VisitInput& input,
                                               const std::string& minutes,
                                               const std::string& next_step) {
  ASSIGN_OR_RETURN(Loaded loaded, Load(work, input));
  auto& [engagement, visit] = loaded;
  RETURN_IF_ERROR(NextState(visit.state, VisitStep::kReport).status());
  RETURN_IF_ERROR(CheckNoMinutes(visit));
  visit.minutes = minutes;
  if (!next_step.empty()) visit.next_step = next_step;
  visit.report_time = visit.update_time = work.now();
  SaveVisit(work.tx(), work.scope(), visit);
  SaveStep(work, engagement, engagement.state, engagement.last_step_day);
  Append(work, engagement, EventOf<v1::VisitReportRecorded>(engagement, visit, work.now()));
  return DoneWith(visit);
}

void CancelPlannedVisits(ledger::UnitOfWork& work, const Engagement& engagement, absl::Time after) {
  for (Visit& visit : VisitsOf(work.tx(), work.scope(), engagement.id)) {
    if (visit.state != v1::VISIT_STATE_PLANNED || visit.start <= after) continue;
    visit.state = v1::VISIT_STATE_CANCELLED;
    visit.cancel_reason = v1::VISIT_CANCEL_REASON_ENGAGEMENT_ENDED;
    visit.update_time = work.now();
    FreeHours(work.tx(), visit.id);
    SaveVisit(work.tx(), work.scope(), visit);
    auto event = EventOf<v1::VisitCancelled>(engagement, visit, work.now());
    event.set_reason(visit.cancel_reason);
    Append(work, engagement, event);
  }
}

}  // namespace ieum::casemgmt
