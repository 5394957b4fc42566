// The state of an engagement and its form as their events alone explain it: an independent reading
// of the ledger, to be compared with what the tables say.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "ieum/casemgmt/v1/events.pb.h"
#include "tests/integration/casemgmt/world.h"

namespace ieum::casemgmt::testing {

struct ExplainedVisit {
  v1::VisitState state = v1::VISIT_STATE_PLANNED;
  std::string date, consultant;
  bool reported = false;
  bool operator==(const ExplainedVisit&) const = default;
};

struct ExplainedEngagement {
  v1::EngagementState state = v1::ENGAGEMENT_STATE_UNSPECIFIED;
  std::vector<v1::EngagementState> steps;  // every change of state
  std::map<std::string, ExplainedVisit> visits;
  int visit_count = 0;
  std::set<std::string> schemes;
  // Words about events that contradict those before them; empty = none.
  std::vector<std::string> contradictions;
};
ExplainedEngagement ExplainEngagement(const std::vector<Told>& events);

struct ExplainedRecommendations {
  std::map<std::string, v1::RecommendationState> states;  // by id
  std::map<std::string, std::string> adoptions;           // those that count, by recommendation
  std::vector<std::string> contradictions;
  // The adoption of the recommendation that counts; "" = none.
  std::string Adopted(const std::string& recommendation) const {
    const auto found = adoptions.find(recommendation);
    return found == adoptions.end() ? "" : found->second;
  }
};
ExplainedRecommendations ExplainRecommendations(const std::vector<Told>& events);

struct ExplainedForm {
  v1::ApplicationState state = v1::APPLICATION_STATE_UNSPECIFIED;
  bool waiting = false;
  int draft_version = 0;
  std::string receipt_number, external_receipt_number, score;
  v1::Grade grade = v1::GRADE_UNSPECIFIED;
  std::vector<std::string> contradictions;
};
ExplainedForm ExplainForm(const std::vector<Told>& events);

}  // namespace ieum::casemgmt::testing
