#include "tests/integration/casemgmt/explained_state.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace ieum::casemgmt::testing {
namespace {

bool AnyPlanned(const ExplainedEngagement& so_far) {
  return std::any_of(so_far.visits.begin(), so_far.visits.end(), [](const auto& visit) {
    return visit.second.state == v1::VISIT_STATE_PLANNED;
  });
}

// Events that say by their name alone where the engagement stands.
const std::map<std::string, v1::EngagementState>& Named() {
  static const auto* named = new std::map<std::string, v1::EngagementState>{
      {"EngagementOpened", v1::ENGAGEMENT_STATE_LEAD},
      {"EngagementContacted", v1::ENGAGEMENT_STATE_CONTACTED},
      {"EngagementDiagnosed", v1::ENGAGEMENT_STATE_DIAGNOSED},
      {"EngagementPlanAgreed", v1::ENGAGEMENT_STATE_PLAN_AGREED},
      {"EngagementStarted", v1::ENGAGEMENT_STATE_IN_PROGRESS},
      {"EngagementResultReported", v1::ENGAGEMENT_STATE_RESULT_REPORTED},
      {"EngagementCompleted", v1::ENGAGEMENT_STATE_COMPLETED},
      {"EngagementFollowedUp", v1::ENGAGEMENT_STATE_FOLLOWED_UP},
      {"EngagementDeclined", v1::ENGAGEMENT_STATE_DECLINED},
      {"EngagementDropped", v1::ENGAGEMENT_STATE_DROPPED}};
  return *named;
}

// What one event of a visit makes of the engagement.
v1::EngagementState AfterVisitEvent(const ExplainedEngagement& so_far, const std::string& type) {
  const auto state = so_far.state;
  if (type == "VisitPlanned" && state == v1::ENGAGEMENT_STATE_CONTACTED) {
    return v1::ENGAGEMENT_STATE_VISIT_PLANNED;
  }
  if (state != v1::ENGAGEMENT_STATE_VISIT_PLANNED) return state;
  if (type == "VisitHeld") return v1::ENGAGEMENT_STATE_VISITED;
  if (type == "VisitCancelled" && !AnyPlanned(so_far)) return v1::ENGAGEMENT_STATE_CONTACTED;
  return state;
}

template <class Event>
ExplainedVisit& VisitOf(const Told& told, ExplainedEngagement* so_far) {
  const v1::VisitFacts facts = told.As<Event>().visit();
  ExplainedVisit& visit = so_far->visits[facts.visit_id()];
  visit.date = facts.visit_date();
  visit.consultant = facts.consultant_person_id();
  visit.reported = facts.report_recorded();
  return visit;
}

void TakeVisitEvent(const Told& told, ExplainedEngagement* so_far) {
  if (told.type == "VisitPlanned") VisitOf<v1::VisitPlanned>(told, so_far);
  if (told.type == "VisitRescheduled") VisitOf<v1::VisitRescheduled>(told, so_far);
  if (told.type == "VisitReportRecorded") VisitOf<v1::VisitReportRecorded>(told, so_far);
  if (told.type == "VisitCancelled") {
    VisitOf<v1::VisitCancelled>(told, so_far).state = v1::VISIT_STATE_CANCELLED;
  }
  if (told.type == "VisitHeld") {
    VisitOf<v1::VisitHeld>(told, so_far).state = v1::VISIT_STATE_HELD;
    so_far->visit_count = told.As<v1::VisitHeld>().visit_count();
  }
}

void TakeEngagementEvent(const Told& told, ExplainedEngagement* so_far) {
  TakeVisitEvent(told, so_far);
  if (told.type == "SchemeAdopted") {
    so_far->schemes.insert(told.As<v1::SchemeAdopted>().scheme_code());
  }
  const auto named = Named().find(told.type);
  const v1::EngagementState next =
      named == Named().end() ? AfterVisitEvent(*so_far, told.type) : named->second;
  if (next != so_far->state) so_far->steps.push_back(next);
  so_far->state = next;
}

// Every event carries the facts in its field 1, so that any of them can be read as this one.
v1::EngagementFacts FactsIn(const Told& told) {
  return told.As<v1::EngagementReassigned>().engagement();
}

v1::ApplicationFacts FormFactsIn(const Told& told) {
  return told.As<v1::ApplicationRevised>().application();
}

const std::map<std::string, v1::ApplicationState>& NamedForm() {
  static const auto* named = new std::map<std::string, v1::ApplicationState>{
      {"ApplicationDrafted", v1::APPLICATION_STATE_DRAFT},
      {"ApplicationRevised", v1::APPLICATION_STATE_DRAFT},
      {"ApplicationWindowChanged", v1::APPLICATION_STATE_DRAFT},
      {"ApplicationSubmitted", v1::APPLICATION_STATE_SUBMITTED},
      {"ApplicationReceived", v1::APPLICATION_STATE_RECEIVED},
      {"ApplicationEligible", v1::APPLICATION_STATE_ELIGIBLE},
      {"ApplicationIneligible", v1::APPLICATION_STATE_INELIGIBLE},
      {"ApplicationForwarded", v1::APPLICATION_STATE_FORWARDED},
      {"ApplicationExternalResultRecorded", v1::APPLICATION_STATE_RESULT_RECORDED},
      {"ApplicationWithdrawn", v1::APPLICATION_STATE_WITHDRAWN}};
  return *named;
}

}  // namespace

ExplainedEngagement ExplainEngagement(const std::vector<Told>& events) {
  ExplainedEngagement so_far;
  for (const Told& told : events) {
    if (absl::StartsWith(told.type, "CaseTask")) continue;  // of what is to be done, not of it
    TakeEngagementEvent(told, &so_far);
    const auto said = FactsIn(told).state();
    if (said != so_far.state) {
      so_far.contradictions.push_back(
          absl::StrCat(told.type, " says state ", said, ", not ", static_cast<int>(so_far.state)));
    }
  }
  return so_far;
}

ExplainedForm ExplainForm(const std::vector<Told>& events) {
  ExplainedForm so_far;
  for (const Told& told : events) {
    so_far.state = NamedForm().at(told.type);
    const v1::ApplicationFacts facts = FormFactsIn(told);
    so_far.draft_version = facts.draft_version();
    so_far.receipt_number = facts.receipt_number();
    so_far.waiting =
        told.type == "ApplicationEligible" && told.As<v1::ApplicationEligible>().waiting();
    if (told.type == "ApplicationForwarded") {
      so_far.external_receipt_number =
          told.As<v1::ApplicationForwarded>().external_receipt_number();
    }
    if (told.type == "ApplicationExternalResultRecorded") {
      so_far.grade = told.As<v1::ApplicationExternalResultRecorded>().grade();
      so_far.score = told.As<v1::ApplicationExternalResultRecorded>().score();
    }
    if (facts.state() != so_far.state) {
      so_far.contradictions.push_back(absl::StrCat(told.type, " says state ", facts.state()));
    }
  }
  return so_far;
}

ExplainedRecommendations ExplainRecommendations(const std::vector<Told>& events) {
  ExplainedRecommendations explained;
  const auto keep = [&](const v1::RecommendationFacts& facts) {
    explained.states[facts.recommendation_id()] = facts.state();
  };
  for (const Told& told : events) {
    if (told.type == "MeasureRecommended") {
      keep(told.As<v1::MeasureRecommended>().recommendation());
    } else if (told.type == "AdoptionChecked") {
      keep(told.As<v1::AdoptionChecked>().recommendation());
    } else if (told.type == "RecommendationWithdrawn") {
      keep(told.As<v1::RecommendationWithdrawn>().recommendation());
    } else if (told.type == "MeasureAdopted") {
      const auto event = told.As<v1::MeasureAdopted>();
      const std::string& id = event.recommendation().recommendation_id();
      if (!explained.adoptions.emplace(id, event.adoption_id()).second) {
        explained.contradictions.push_back(id + " is adopted twice");
      }
    } else if (told.type == "MeasureAdoptionRetracted") {
      const auto event = told.As<v1::MeasureAdoptionRetracted>();
      const std::string& id = event.recommendation().recommendation_id();
      if (explained.Adopted(id) != event.adoption_id()) {
        explained.contradictions.push_back(id + " takes back what does not count");
      }
      explained.adoptions.erase(id);
    }
  }
  return explained;
}

}  // namespace ieum::casemgmt::testing
