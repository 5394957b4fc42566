// A random life of one engagement: what people and registry do with it, and what must hold after
// it.
#pragma once

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/casemgmt/engagements/recommendation_commands.h"
#include "services/casemgmt/engagements/recommendation_store.h"
#include "tests/integration/casemgmt/explained_state.h"

namespace ieum::casemgmt::testing {
enum class Act {
  kContact,
  kPlan,
  kMove,
  kCancel,
  kHold,
  kReport,
  kDiagnose,
  kAgree,
  kStart,
  kAdopt,
  kResult,
  kComplete,
  kFollowUp,
  kDecline,
  kDrop,
  kReassign,
  kRediagnose,
  kRecommend,
  kCheck,
  kDraft,
  kRevise,
  kSubmit,
  kReceive,
  kForward,
  kExternalResult,
  kWithdraw,
  kAdmit,
  kWait,
  kRefuse,
  kEndEnrolment,
  kMoveWindow,
  kCount,
};
inline constexpr int kActs = static_cast<int>(Act::kCount);

// One random life. The clock only goes forward, so lives follow each other in one world.
class Life {
 public:
  Life(World& world, absl::Time* now, const CampaignWish& wish)
      : world_(world), now_(*now), wish_(wish), campaign_(world.HearCampaign(wish)) {
    engagement_ = world_.Open(campaign_, world_.HearFirm(), consultant_);
  }

  // `choice` below kActs is that act, any other the natural next step.
  void Do(int choice, int detail) {
    now_ += absl::Hours(7 * detail);
    world_.SetClock(absl::FormatTime("%Y-%m-%d %H:%M", now_, base::Korea()));
    const int64_t before = world_.EventCount();
    const auto status = Try(choice < kActs ? static_cast<Act>(choice) : Natural(), detail);
    if (status.ok()) return;
    RC_ASSERT(world_.EventCount() == before);
    RC_ASSERT(!base::ReasonOf(status).empty());
  }

  void CheckEngagement() {
    const std::vector<Told> events = world_.EventsOf(engagement_);
    const ExplainedEngagement explained = ExplainEngagement(events);
    const EngagementView view = world_.Engagement(engagement_);
    RC_ASSERT(explained.contradictions == std::vector<std::string>());
    RC_ASSERT(view.version == static_cast<int64_t>(events.size()));
    RC_ASSERT(view.engagement.state == explained.state);
    RC_ASSERT(view.engagement.visit_count == explained.visit_count);
    RC_ASSERT(view.adoptions.size() == explained.schemes.size());
    std::vector<v1::EngagementState> steps;
    for (const auto& transition : view.transitions) steps.push_back(transition.state);
    RC_ASSERT(steps == explained.steps);
    RC_ASSERT(KnownVisits() == explained.visits);
    RC_ASSERT(HoursTaken() == HoursNeeded(explained));
  }

  void CheckRecommendations() {
    const ExplainedRecommendations explained = ExplainRecommendations(world_.EventsOf(engagement_));
    RC_ASSERT(explained.contradictions == std::vector<std::string>());
    const std::vector<Recommendation> known = Recommendations();
    RC_ASSERT(known.size() == explained.states.size());
    const bool ended =
        state() == v1::ENGAGEMENT_STATE_DECLINED || state() == v1::ENGAGEMENT_STATE_DROPPED;
    for (const Recommendation& each : known) {
      const std::string id = each.id.ToString();
      RC_ASSERT(explained.states.at(id) == each.state);
      const std::string adoption = each.adoption ? each.adoption->id.ToString() : "";
      RC_ASSERT(explained.Adopted(id) == adoption);
      for (const AdoptionCheck& check : each.checks) RC_ASSERT(!ended || !check.waits());
    }
  }

  void CheckForms() {
    for (const base::Uuid& id : forms_) {
      const std::vector<Told> events = world_.EventsOf(id);
      const ExplainedForm explained = ExplainForm(events);
      const ApplicationView view = world_.Form(id);
      RC_ASSERT(explained.contradictions == std::vector<std::string>());
      RC_ASSERT(view.version == static_cast<int64_t>(events.size()));
      RC_ASSERT(view.application.state == explained.state);
      RC_ASSERT(view.application.waiting == explained.waiting);
      RC_ASSERT(view.application.draft_version == explained.draft_version);
      RC_ASSERT(view.application.receipt_number == explained.receipt_number);
      RC_ASSERT(view.application.external_receipt_number == explained.external_receipt_number);
      const auto result = view.application.result.value_or(ExternalResult());
      RC_ASSERT(result.grade == explained.grade);
      RC_ASSERT(result.score == explained.score);
    }
  }

  v1::EngagementState state() { return world_.Engagement(engagement_).engagement.state; }

 private:
  std::vector<Recommendation> Recommendations() {
    std::vector<Recommendation> all;
    EXPECT_TRUE(world_.database()
                    .Read("test_read",
                          [&](db::Tx& tx) {
                            all = RecommendationsOf(tx, base::Scope::Everywhere(), engagement_);
                            return absl::OkStatus();
                          })
                    .ok());
    return all;
  }
  Act Natural();
  // A second diagnosis.
  bool Lacking() {
    const casemgmt::Engagement engagement = world_.Engagement(engagement_).engagement;
    return engagement.terms.second_diagnosis && !engagement.second_diagnosis;
  }
  // Another visit, planned and then held.
  Act Further() {
    for (const auto& [id, visit] : KnownVisits()) {
      if (visit.state == v1::VISIT_STATE_PLANNED) return Act::kHold;
    }
    return Act::kPlan;
  }
  Act NaturalOfForm();

  absl::Status Try(Act act, int detail) {
    if (act >= Act::kDraft) return TryForm(act, detail);
    if (act >= Act::kPlan && act <= Act::kReport) return TryVisit(act, detail);
    return world_.Do([&](auto& work) { return Step(work, act, detail); }).status();
  }

  absl::StatusOr<ledger::Done> Step(ledger::UnitOfWork& work, Act act, int detail);

  // What a check of the first recommendation found; early ones are refused.
  absl::StatusOr<ledger::Done> Check(ledger::UnitOfWork& work, int detail);

  absl::Status TryVisit(Act act, int detail);
  absl::Status Plan(int detail);

  absl::Status TryForm(Act act, int detail);
  absl::Status Draft();
  absl::Status MoveWindow(int detail);
  // One enrolment a form, as registry has it.
  template <class Event>
  absl::Status HearAs(Event event) {
    event.mutable_enrolment()->set_application_id(forms_.back().ToString());
    event.mutable_enrolment()->set_enrolment_id(
        base::Uuid::Derive(forms_.back(), "enrolment").ToString());
    return world_.Hear(event, base::Uuid::Derive(forms_.back(), "enrolment"));
  }
  absl::Status Hear(Act act);

  std::map<std::string, ExplainedVisit> KnownVisits() {
    std::map<std::string, ExplainedVisit> known;
    for (const base::Uuid& id : visits_) {
      const casemgmt::Visit visit = world_.Visit(engagement_, id).visit;
      known[id.ToString()] = {.state = visit.state,
                              .date = base::FormatDay(visit.day()),
                              .consultant = visit.consultant.ToString(),
                              .reported = !visit.minutes.empty()};
    }
    return known;
  }
  int HoursTaken() {
    return std::stoi(world_.Ask("SELECT count(*) FROM consultant_hours WHERE consultant_id = '" +
                                consultant_.ToString() + "'"));
  }
  static int HoursNeeded(const ExplainedEngagement& explained) {
    return static_cast<int>(std::count_if(
        explained.visits.begin(), explained.visits.end(),
        [](const auto& visit) { return visit.second.state != v1::VISIT_STATE_CANCELLED; }));
  }

  World& world_;
  absl::Time& now_;
  CampaignWish wish_;
  base::Uuid campaign_, engagement_, consultant_ = base::Uuid::NewV7();
  int64_t campaign_version_ = 2;
  std::vector<base::Uuid> visits_, forms_;
};

}  // namespace ieum::casemgmt::testing
