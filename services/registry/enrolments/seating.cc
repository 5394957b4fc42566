#include "services/registry/enrolments/seating.h"

#include <algorithm>
#include <limits>

#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/registry/campaigns/campaign_store.h"
#include "services/registry/enrolments/eligibility.h"
#include "services/registry/enrolments/enrolment_store.h"

namespace ieum::registry {

Seating::Seating(ledger::UnitOfWork& work, Campaign campaign)
    : work_(work), campaign_(std::move(campaign)) {}

int Seating::free_seats() const {
  if (campaign_.capacity == 0) return std::numeric_limits<int>::max();
  return campaign_.capacity - campaign_.seats_taken;
}

absl::CivilDay Seating::today() const { return base::KoreaDay(work_.now()); }

absl::CivilDay Seating::StepDay(const Enrolment& enrolment) const {
  // Another service's clock may be a moment ahead, on the next day already.
  return std::max(today(), enrolment.steps.back().day);
}

EnrolmentStep Seating::NewStep(v1::EnrolmentState state, absl::CivilDay day) const {
  EnrolmentStep step;
  step.state = state;
  step.day = day;
  step.recorded_at = work_.now();
  return step;
}

template <class Event>
Event Seating::EventOf(const Enrolment& enrolment) const {
  Event event;
  *event.mutable_enrolment() = EnrolmentFactsOf(enrolment, campaign_);
  event.set_event_date(base::FormatDay(today()));
  return event;
}

void Seating::Tell(const Enrolment& enrolment, const google::protobuf::Message& event) {
  PutEnrolment(work_.tx(), work_.scope(), enrolment);
  Append(enrolment, event);
}

void Seating::Append(const Enrolment& enrolment, const google::protobuf::Message& event) {
  work_.Append(enrolment.id, kEnrolmentKind, EnrolmentName(campaign_.id, enrolment.id), event);
}

void Seating::Ask(Enrolment* enrolment) {
  enrolment->line = ++campaign_.last_line;
  enrolment->centre = campaign_.centre;
  enrolment->created_at = work_.now();
  enrolment->steps = {NewStep(v1::ENROLMENT_STATE_APPLIED, enrolment->applied_date)};
  auto event = EventOf<v1::EnrolmentApplied>(*enrolment);
  event.set_applied_date(base::FormatDay(enrolment->applied_date));
  Append(*enrolment, event);
}

void Seating::Judge(Enrolment* enrolment, v1::DenialReason reason) {
  enrolment->rule_version = work_.Version(campaign_.id);
  enrolment->rules = campaign_.eligibility;
  EnrolmentStep step = NewStep(Decide(campaign_, &reason), StepDay(*enrolment));
  if (step.state == v1::ENROLMENT_STATE_CONFIRMED) return Confirm(enrolment, false);
  step.denial_reason = reason;
  enrolment->steps.push_back(step);
  if (step.state == v1::ENROLMENT_STATE_WAITING) {
    ++campaign_.waiting;
    auto event = EventOf<v1::EnrolmentWaitlisted>(*enrolment);
    event.set_waitlisted_date(base::FormatDay(step.day));
    event.set_rule_version(enrolment->rule_version);
    return Tell(*enrolment, event);
  }
  auto event = EventOf<v1::EnrolmentDenied>(*enrolment);
  event.set_denied_date(base::FormatDay(step.day));
  event.set_reason(reason);
  event.set_rule_version(enrolment->rule_version);
  Tell(*enrolment, event);
}

void Seating::Confirm(Enrolment* enrolment, bool promoted) {
  const EnrolmentStep step = NewStep(v1::ENROLMENT_STATE_CONFIRMED, StepDay(*enrolment));
  enrolment->steps.push_back(step);
  ++campaign_.seats_taken;
  auto event = EventOf<v1::EnrolmentConfirmed>(*enrolment);
  event.set_confirmed_date(base::FormatDay(step.day));
  event.set_rule_version(enrolment->rule_version);
  event.set_promoted(promoted);
  Tell(*enrolment, event);
}

absl::Status Seating::Withdraw(Enrolment* enrolment, v1::WithdrawalReason reason,
                               absl::CivilDay day) {
  const v1::EnrolmentState previous = enrolment->state();
  EnrolmentStep step = NewStep(v1::ENROLMENT_STATE_WITHDRAWN, day);
  step.withdrawal_reason = reason;
  RETURN_IF_ERROR(Step(enrolment, step, "withdrawn_date"));
  if (HoldsSeat(previous)) --campaign_.seats_taken;
  if (previous == v1::ENROLMENT_STATE_WAITING) --campaign_.waiting;
  auto event = EventOf<v1::EnrolmentWithdrawn>(*enrolment);
  event.set_withdrawn_date(base::FormatDay(day));
  event.set_reason(reason);
  event.set_previous_state(previous);
  Tell(*enrolment, event);
  return absl::OkStatus();
}

void Seating::Promote(std::vector<Enrolment> line) {
  for (Enrolment& enrolment : line) {
    if (!campaign_.HasFreeSeat()) return;
    --campaign_.waiting;
    Confirm(&enrolment, true);
  }
}

void Seating::Save() { SaveSeats(work_.tx(), work_.scope(), campaign_); }

}  // namespace ieum::registry
