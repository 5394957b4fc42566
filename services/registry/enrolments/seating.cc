#include "services/registry/enrolments/seating.h"

#include <algorithm>
#include <limits>

#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/registry/campaigns/campaign_store.h"
#include "services/registry/enrolments/eligibility.h"
#include "services/registry/enrolments/enrolment_store.h"
#include "services/registry/instants.h"

namespace ieum::registry {
namespace {

// Whole microseconds, as the database keeps it.
absl::Time OfferEnd(absl::Time now, int hours) {
  return absl::FromUnixMicros(absl::ToUnixMicros(now)) + absl::Hours(hours);
}

// Who takes a step was asked whose campaign or enrolment it is; what follows from it in the line
// and in the seats is the campaign's, whosever enrolments they have become (moves/).
base::Scope Everybody() { return base::Scope::Everywhere(); }

}  // namespace

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
  PutEnrolment(work_.tx(), Everybody(), enrolment);
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

void Seating::Judge(Enrolment* enrolment) {
  enrolment->rule_version = work_.Version(campaign_.id);
  enrolment->rules = campaign_.eligibility;
  const Admission verdict = JudgeAdmission(enrolment->rules, *enrolment->evidence,
                                           enrolment->facts ? &*enrolment->facts : nullptr);
  if (verdict.state == v1::ENROLMENT_STATE_CONFIRMED) {
    ++campaign_.seats_taken;
    return Confirm(enrolment, false);
  }
  EnrolmentStep step = NewStep(verdict.state, StepDay(*enrolment));
  step.denial_reason = verdict.reason;
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
  event.set_reason(step.denial_reason);
  event.set_rule_version(enrolment->rule_version);
  Tell(*enrolment, event);
}

void Seating::Confirm(Enrolment* enrolment, bool promoted) {
  const EnrolmentStep step = NewStep(v1::ENROLMENT_STATE_CONFIRMED, StepDay(*enrolment));
  enrolment->steps.push_back(step);
  auto event = EventOf<v1::EnrolmentConfirmed>(*enrolment);
  event.set_confirmed_date(base::FormatDay(step.day));
  event.set_rule_version(enrolment->rule_version);
  event.set_promoted(promoted);
  Tell(*enrolment, event);
}

void Seating::Offer(Enrolment* enrolment) {
  const EnrolmentStep step = NewStep(v1::ENROLMENT_STATE_OFFERED, StepDay(*enrolment));
  enrolment->steps.push_back(step);
  enrolment->offered_until = OfferEnd(work_.now(), campaign_.offer_hours);
  ++campaign_.offered;
  auto event = EventOf<v1::EnrolmentOffered>(*enrolment);
  event.set_offered_date(base::FormatDay(step.day));
  *event.mutable_expire_time() = ToTimestamp(*enrolment->offered_until);
  event.set_last_accept_date(
      base::FormatDay(base::KoreaDay(*enrolment->offered_until - absl::Microseconds(1))));
  Tell(*enrolment, event);
}

absl::Status Seating::Withdraw(Enrolment* enrolment, v1::WithdrawalReason reason,
                               absl::CivilDay day) {
  const v1::EnrolmentState previous = enrolment->state();
  EnrolmentStep step = NewStep(v1::ENROLMENT_STATE_WITHDRAWN, day);
  step.withdrawal_reason = reason;
  RETURN_IF_ERROR(Step(enrolment, step, "withdrawn_date"));
  Leave(*enrolment, previous);
  return absl::OkStatus();
}

void Seating::Leave(const Enrolment& enrolment, v1::EnrolmentState previous) {
  const bool offered = previous == v1::ENROLMENT_STATE_OFFERED;
  if (HoldsSeat(previous) || offered) --campaign_.seats_taken;
  if (offered) --campaign_.offered;
  if (previous == v1::ENROLMENT_STATE_WAITING) --campaign_.waiting;
  const EnrolmentStep& step = enrolment.steps.back();
  auto event = EventOf<v1::EnrolmentWithdrawn>(enrolment);
  event.set_withdrawn_date(base::FormatDay(step.day));
  event.set_reason(step.withdrawal_reason);
  event.set_previous_state(previous);
  Tell(enrolment, event);
}

void Seating::GiveUpForMerge(Enrolment* enrolment) {
  const v1::EnrolmentState previous = enrolment->state();
  EnrolmentStep step = NewStep(v1::ENROLMENT_STATE_WITHDRAWN, StepDay(*enrolment));
  step.withdrawal_reason = v1::WITHDRAWAL_REASON_MERGED;
  enrolment->steps.push_back(step);
  Leave(*enrolment, previous);
}

void Seating::TakeUpAgain(Enrolment* enrolment) {
  enrolment->steps.pop_back();
  const v1::EnrolmentState state = enrolment->state();
  const bool offered = state == v1::ENROLMENT_STATE_OFFERED;
  if (HoldsSeat(state) || offered) ++campaign_.seats_taken;
  if (offered) ++campaign_.offered;
  if (state == v1::ENROLMENT_STATE_WAITING) ++campaign_.waiting;
  auto event = EventOf<v1::EnrolmentReinstated>(*enrolment);
  event.set_state(state);
  Tell(*enrolment, event);
}

void Seating::Promote(std::vector<Enrolment> line) {
  for (Enrolment& enrolment : line) {
    if (!campaign_.HasFreeSeat()) return;
    --campaign_.waiting;
    ++campaign_.seats_taken;
    if (campaign_.offer_hours > 0) {
      Offer(&enrolment);
    } else {
      Confirm(&enrolment, true);
    }
  }
}

absl::Status Seating::Accept(Enrolment* enrolment) {
  RETURN_IF_ERROR(RequireOffer(*enrolment, work_.now()));
  --campaign_.offered;
  Confirm(enrolment, true);
  return absl::OkStatus();
}

absl::Status Seating::Decline(Enrolment* enrolment) {
  RETURN_IF_ERROR(RequireOffer(*enrolment, work_.now()));
  const absl::CivilDay day = StepDay(*enrolment);
  auto event = EventOf<v1::EnrolmentOfferDeclined>(*enrolment);
  event.set_declined_date(base::FormatDay(day));
  Append(*enrolment, event);
  return Withdraw(enrolment, v1::WITHDRAWAL_REASON_OFFER_DECLINED, day);
}

absl::Status Seating::Expire(Enrolment* enrolment) {
  RETURN_IF_ERROR(RequireOffer(*enrolment, absl::InfinitePast()));
  // It ended when its time was over, whenever that is written down.
  const absl::CivilDay day =
      std::max(base::KoreaDay(*enrolment->offered_until), enrolment->steps.back().day);
  auto event = EventOf<v1::EnrolmentOfferExpired>(*enrolment);
  event.set_expired_date(base::FormatDay(day));
  *event.mutable_expire_time() = ToTimestamp(*enrolment->offered_until);
  Append(*enrolment, event);
  return Withdraw(enrolment, v1::WITHDRAWAL_REASON_OFFER_EXPIRED, day);
}

void Seating::Save() { SaveSeats(work_.tx(), Everybody(), campaign_); }

}  // namespace ieum::registry
