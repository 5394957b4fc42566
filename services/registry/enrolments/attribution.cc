#include "services/registry/enrolments/attribution.h"

#include <algorithm>

#include "platform/base/chosen_centre.h"
#include "platform/base/korea_time.h"
#include "services/registry/campaigns/campaign_store.h"
#include "services/registry/enrolments/enrolment_store.h"
#include "services/registry/enrolments/seating.h"
#include "services/registry/moves/ownership_store.h"
#include "services/registry/people/employment.h"
#include "services/registry/people/employment_store.h"

namespace ieum::registry {
namespace {

// A person's employment is one fact, whosever campaigns it is counted in.
base::Scope Everybody() { return base::Scope::Everywhere(); }

// Day of the first step to a state; "" when it was never there.
std::string DayOf(const Enrolment& enrolment, v1::EnrolmentState state) {
  for (const EnrolmentStep& step : enrolment.steps) {
    if (step.state == state) return base::FormatDay(step.day);
  }
  return "";
}

std::vector<EnrolmentPlace> PlacesOf(ledger::UnitOfWork& work,
                                     const std::vector<base::Uuid>& persons) {
  std::vector<EnrolmentPlace> places;
  for (const base::Uuid& person : persons) {
    const std::vector<EnrolmentPlace> own = EnrolmentsOf(work.tx(), person);
    places.insert(places.end(), own.begin(), own.end());
  }
  return places;
}

// Without having taken part.
bool Ended(v1::EnrolmentState state) {
  return state == v1::ENROLMENT_STATE_DENIED || state == v1::ENROLMENT_STATE_WITHDRAWN;
}

// Who looked after it when it got its seat: what was counted for that centre is corrected there,
// though another one looks after it now (moves/).
std::optional<base::Uuid> CountingCentre(db::Tx& tx, const Enrolment& enrolment) {
  for (const EnrolmentStep& step : enrolment.steps) {
    if (step.state != v1::ENROLMENT_STATE_CONFIRMED) continue;
    return CentreAt(tx, enrolment.id, step.recorded_at, enrolment.centre);
  }
  return enrolment.centre;
}

void Tell(ledger::UnitOfWork& work, const Enrolment& before, const Enrolment& now) {
  const auto campaign = FindCampaign(work.tx(), Everybody(), now.campaign_id);
  v1::EnrolmentEmployerCorrected event;
  *event.mutable_enrolment() = EnrolmentFactsOf(now, *campaign);
  event.mutable_enrolment()->set_centre_id(base::CentreText(CountingCentre(work.tx(), now)));
  event.set_event_date(base::FormatDay(base::KoreaDay(work.now())));
  event.set_previous_employer_id(base::CentreText(before.employer_id));
  event.set_previous_attribution_id(AttributionId(before).ToString());
  event.set_state(now.state());
  event.set_applied_date(base::FormatDay(now.applied_date));
  event.set_confirmed_date(DayOf(now, v1::ENROLMENT_STATE_CONFIRMED));
  event.set_completed_date(DayOf(now, v1::ENROLMENT_STATE_COMPLETED));
  work.Append(now.id, kEnrolmentKind, EnrolmentName(now.campaign_id, now.id), event);
}

}  // namespace

std::vector<base::Uuid> LockWithEnrolments(ledger::UnitOfWork& work, const base::Uuid& person,
                                           v1::AffiliationRole role,
                                           std::vector<base::Uuid> others) {
  others.push_back(person);
  if (!IsEmployment(role)) {
    work.Lock(std::move(others));
    return {};
  }
  const std::vector<base::Uuid> enrolments = EnterGatesOf(work, {person});
  others.insert(others.end(), enrolments.begin(), enrolments.end());
  work.Lock(std::move(others));
  RequireStill(work, {person}, enrolments);
  return enrolments;
}

std::vector<base::Uuid> EnterGatesOf(ledger::UnitOfWork& work,
                                     const std::vector<base::Uuid>& persons) {
  std::vector<base::Uuid> campaigns, enrolments;
  for (const EnrolmentPlace& place : PlacesOf(work, persons)) {
    campaigns.push_back(place.campaign_id);
    enrolments.push_back(place.id);
  }
  if (!campaigns.empty()) EnterGates(work.tx(), Everybody(), campaigns);
  return enrolments;
}

void RequireStill(ledger::UnitOfWork& work, const std::vector<base::Uuid>& persons,
                  const std::vector<base::Uuid>& enrolments) {
  // Who enrols a person locks her too, so from here on this stands still.
  std::vector<base::Uuid> now;
  for (const EnrolmentPlace& place : PlacesOf(work, persons)) now.push_back(place.id);
  if (now != enrolments) db::Conflict();
}

void AttributeAnew(ledger::UnitOfWork& work, const std::vector<base::Uuid>& enrolments,
                   const std::vector<Affiliation>& employments) {
  for (const Enrolment& before : FindEnrolments(work.tx(), Everybody(), enrolments)) {
    if (Ended(before.state())) continue;
    Enrolment now = before;
    now.employer_id = EmployerOn(employments, before.applied_date);
    if (now.employer_id == before.employer_id) continue;
    ++now.attribution;
    SaveEmployer(work.tx(), Everybody(), now);
    Tell(work, before, now);
  }
}

void AttributeAnewOf(ledger::UnitOfWork& work, const base::Uuid& person) {
  std::vector<base::Uuid> enrolments;
  for (const EnrolmentPlace& place : PlacesOf(work, {person})) enrolments.push_back(place.id);
  if (enrolments.empty()) return;
  AttributeAnew(work, enrolments, EmploymentsOf(work.tx(), person));
}

}  // namespace ieum::registry
