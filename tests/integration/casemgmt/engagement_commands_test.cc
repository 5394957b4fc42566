// Goal: engagements go their road, refuse what is not on it, and tell what happened completely.
// Method: the use cases on a real database, and the events that they leave.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "tests/integration/casemgmt/world.h"

namespace ieum::casemgmt::testing {
namespace {

using ::testing::ElementsAre;

CampaignWish FocusWish() {
  return {.task = registry::v1::TASK_KIND_FOCUS_CONSULTING,
          .admission = registry::v1::ADMISSION_MODE_NONE,
          .window_end = ""};
}

class EngagementUseCases : public ::testing::Test {
 protected:
  std::vector<std::string> TypesOf(const base::Uuid& id) {
    std::vector<std::string> types;
    for (const Told& told : world_.EventsOf(id)) types.push_back(told.type);
    return types;
  }
  v1::EngagementState StateOf(const base::Uuid& id) {
    return world_.Engagement(id).engagement.state;
  }
  std::string OpenReason(const OpenEngagementInput& input) {
    return Reason(world_.Do([&](auto& work) { return OpenEngagement(work, input); }));
  }
  // Through focus consulting up to the result report, with three held visits.
  base::Uuid Reported(const base::Uuid& consultant, const std::string& minutes = "met") {
    const base::Uuid id =
        world_.Open(world_.HearCampaign(FocusWish()), world_.HearFirm(), consultant);
    world_.Contact(id);
    for (const char* start : {"2023-05-10 10:00", "2023-05-10 12:00", "2023-05-10 14:00"}) {
      const base::Uuid visit = world_.Plan(id, start);
      world_.SetClock(start);
      world_.Hold(id, visit, minutes);
      if (start != std::string("2023-05-10 10:00")) continue;
      IdOf(world_.Do([&](auto& work) { return Diagnose(work, StepOf(id), "62.5", "long hours"); }));
      IdOf(world_.Do([&](auto& work) {
        return AgreePlan(work, StepOf(id),
                         {.tasks = {"정시 퇴근", "annual \"leave\""},
                          .planned_visit_count = 3,
                          .recommended_scheme_codes = {"FLEX"}});
      }));
      IdOf(world_.Do([&](auto& work) { return StartWork(work, StepOf(id)); }));
    }
    IdOf(world_.Do([&](auto& work) { return ReportResult(work, StepOf(id), "done"); }));
    return id;
  }

  World world_;
};

TEST_F(EngagementUseCases, OpeningTellsWhoWhatAndWhen) {
  const base::Uuid campaign = world_.HearCampaign(FocusWish()), firm = world_.HearFirm();
  const base::Uuid person = base::Uuid::NewV7();
  const auto answer = world_.Do([&](auto& work) {
    return OpenEngagement(work, {.organization_id = firm,
                                 .campaign_id = campaign,
                                 .consultant = person,
                                 .lead_source = v1::LEAD_SOURCE_REFERRAL,
                                 .lead_day = absl::CivilDay(2023, 5, 8),
                                 .vulnerability_reasons = {v1::VULNERABILITY_REASON_SHIFT_WORK}});
  });
  EXPECT_EQ(answer->etag, 1);
  const auto event = world_.LastOf(IdOf(answer)).As<v1::EngagementOpened>();
  EXPECT_EQ(event.engagement().organization_id(), firm.ToString());
  EXPECT_EQ(event.engagement().campaign_id(), campaign.ToString());
  EXPECT_EQ(event.engagement().programme(), "BSN");
  EXPECT_EQ(event.engagement().edition(), "2023");
  EXPECT_EQ(event.engagement().task(), registry::v1::TASK_KIND_FOCUS_CONSULTING);
  EXPECT_EQ(event.engagement().consultant_person_id(), person.ToString());
  EXPECT_EQ(event.engagement().state(), v1::ENGAGEMENT_STATE_LEAD);
  EXPECT_EQ(event.event_date(), "2023-05-10");
  EXPECT_EQ(event.lead_date(), "2023-05-08");
  EXPECT_THAT(event.vulnerability_reasons(), ElementsAre(v1::VULNERABILITY_REASON_SHIFT_WORK));
  const EngagementView view = world_.Engagement(IdOf(answer));
  EXPECT_THAT(view.engagement.vulnerability_reasons,
              ElementsAre(v1::VULNERABILITY_REASON_SHIFT_WORK));
  EXPECT_EQ(view.transitions.size(), 1u);
}

TEST_F(EngagementUseCases, OpeningNeedsAKnownActiveFirmAndAKnownCampaign) {
  const base::Uuid campaign = world_.HearCampaign(), firm = world_.HearFirm();
  EXPECT_EQ(OpenReason({.organization_id = base::Uuid::NewV7(), .campaign_id = campaign}),
            "ORGANIZATION_UNKNOWN");
  EXPECT_EQ(OpenReason({.organization_id = firm, .campaign_id = base::Uuid::NewV7()}),
            "CAMPAIGN_UNKNOWN");
  registry::v1::OrganizationDeactivated gone;
  gone.set_kind(registry::v1::ORGANIZATION_KIND_FIRM);
  gone.set_effective_date("2023-05-10");
  ASSERT_TRUE(world_.Hear(gone, firm, 2).ok());
  EXPECT_EQ(OpenReason({.organization_id = firm, .campaign_id = campaign}),
            "ORGANIZATION_INACTIVE");
  EXPECT_EQ(world_.EventCount(), 0);
}

TEST_F(EngagementUseCases, OpeningRefusesAFutureLeadAndReasonsOfAnotherTask) {
  const base::Uuid campaign = world_.HearCampaign(), firm = world_.HearFirm();
  EXPECT_EQ(OpenReason({.organization_id = firm,
                        .campaign_id = campaign,
                        .lead_day = absl::CivilDay(2023, 5, 11)}),
            "DATE_INVALID");
  EXPECT_EQ(OpenReason({.organization_id = firm,
                        .campaign_id = campaign,
                        .vulnerability_reasons = {v1::VULNERABILITY_REASON_SMALL}}),
            "INVALID_FIELD");
}

TEST_F(EngagementUseCases, AFirmHasOneOpenEngagementOfATaskInAnEdition) {
  const base::Uuid campaign = world_.HearCampaign(), firm = world_.HearFirm();
  const base::Uuid first = world_.Open(campaign, firm, base::Uuid::NewV7());
  // Another campaign of the same task and edition is the same door.
  EXPECT_EQ(OpenReason({.organization_id = firm, .campaign_id = world_.HearCampaign()}),
            "ENGAGEMENT_OPEN_ALREADY");
  EXPECT_EQ(OpenReason({.organization_id = firm, .campaign_id = world_.HearCampaign(FocusWish())}),
            "");
  EXPECT_EQ(OpenReason(
                {.organization_id = firm, .campaign_id = world_.HearCampaign({.edition = "2024"})}),
            "");
  IdOf(world_.Do(
      [&](auto& work) { return Decline(work, StepOf(first), v1::DECLINE_REASON_NO_CAPACITY); }));
  EXPECT_EQ(OpenReason({.organization_id = firm, .campaign_id = campaign}), "");
}

TEST_F(EngagementUseCases, OfManyOpenedAtOnceOneStays) {
  const base::Uuid campaign = world_.HearCampaign(), firm = world_.HearFirm();
  std::vector<std::string> reasons(8);
  std::vector<std::thread> threads;
  for (std::string& reason : reasons) {
    threads.emplace_back(
        [&] { reason = OpenReason({.organization_id = firm, .campaign_id = campaign}); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(std::count(reasons.begin(), reasons.end(), ""), 1);
  EXPECT_EQ(std::count(reasons.begin(), reasons.end(), "ENGAGEMENT_OPEN_ALREADY"), 7);
  EXPECT_EQ(world_.EventCount(), 1);
}

// row:R27
TEST_F(EngagementUseCases, TheSameRequestIsOneOpening) {
  const OpenEngagementInput input{.organization_id = world_.HearFirm(),
                                  .campaign_id = world_.HearCampaign()};
  const base::Uuid request = base::Uuid::NewV7();
  const auto open = [&](auto& work) { return OpenEngagement(work, input); };
  const auto first = world_.DoAs(request, "body", open);
  const auto again = world_.DoAs(request, "body", open);
  EXPECT_EQ(first->name, again->name);
  EXPECT_EQ(first->etag, again->etag);
  EXPECT_TRUE(again->replayed);
  EXPECT_EQ(world_.EventCount(), 1);
  EXPECT_EQ(Reason(world_.DoAs(request, "another body", open)), "REQUEST_ID_REUSED");
}

TEST_F(EngagementUseCases, AChosenIdIsTakenOnce) {
  const base::Uuid id = base::Uuid::NewV7(), campaign = world_.HearCampaign();
  EXPECT_EQ(
      OpenReason(
          {.engagement_id = id, .organization_id = world_.HearFirm(), .campaign_id = campaign}),
      "");
  EXPECT_EQ(
      OpenReason(
          {.engagement_id = id, .organization_id = world_.HearFirm(), .campaign_id = campaign}),
      "ID_TAKEN");
}

// row:R26
TEST_F(EngagementUseCases, AStaleEtagIsRefused) {
  const base::Uuid id = world_.Open(world_.HearCampaign());
  world_.Contact(id);
  StepInput stale = StepOf(id);
  stale.etag = "\"1\"";
  EXPECT_EQ(Reason(world_.Do([&](auto& work) {
              return Decline(work, stale, v1::DECLINE_REASON_NOT_INTERESTED);
            })),
            "STALE_ETAG");
  stale.etag = "\"2\"";
  EXPECT_EQ(Reason(world_.Do([&](auto& work) {
              return Decline(work, stale, v1::DECLINE_REASON_NOT_INTERESTED);
            })),
            "");
}

TEST_F(EngagementUseCases, AnUnknownEngagementIsNotFound) {
  EXPECT_EQ(
      Reason(world_.Do([&](auto& work) { return ContactFirm(work, StepOf(base::Uuid::NewV7())); })),
      "NOT_FOUND");
}

TEST_F(EngagementUseCases, AnIllegalJumpLeavesNothing) {
  const base::Uuid id = world_.Open(world_.HearCampaign(FocusWish()));
  const auto before = world_.EventCount();
  EXPECT_EQ(Reason(world_.Do([&](auto& work) { return StartWork(work, StepOf(id)); })),
            "ENGAGEMENT_STATE");
  EXPECT_EQ(Reason(world_.Do([&](auto& work) { return FollowUp(work, StepOf(id)); })),
            "ENGAGEMENT_STATE");
  EXPECT_EQ(world_.EventCount(), before);
  EXPECT_EQ(world_.Engagement(id).version, 1);
}

TEST_F(EngagementUseCases, FocusConsultingStepsAreNotOfOtherTasks) {
  const base::Uuid id = world_.Visited(world_.HearCampaign());
  EXPECT_EQ(Reason(world_.Do([&](auto& work) { return Diagnose(work, StepOf(id), "1", ""); })),
            "STEP_NOT_OF_TASK");
  EXPECT_EQ(Reason(world_.Do([&](auto& work) {
              return ApproveCompletion(work, StepOf(id), base::Uuid::NewV7());
            })),
            "STEP_NOT_OF_TASK");
}

TEST_F(EngagementUseCases, AStepIsNeitherInTheFutureNorBeforeTheLast) {
  const base::Uuid id = world_.Open(world_.HearCampaign());
  EXPECT_EQ(
      Reason(world_.Do([&](auto& work) { return ContactFirm(work, StepOf(id, "2023-05-11")); })),
      "DATE_INVALID");
  EXPECT_EQ(
      Reason(world_.Do([&](auto& work) { return ContactFirm(work, StepOf(id, "2023-05-09")); })),
      "DATE_ORDER");
}

// row:C9
TEST_F(EngagementUseCases, FocusConsultingGoesItsWholeRoad) {
  const base::Uuid consultant = base::Uuid::NewV7(), approver = base::Uuid::NewV7();
  const base::Uuid id = Reported(consultant);
  IdOf(world_.Do([&](auto& work) { return ApproveCompletion(work, StepOf(id), approver); }));
  IdOf(world_.Do([&](auto& work) { return FollowUp(work, StepOf(id)); }));
  EXPECT_THAT(TypesOf(id), ElementsAre("EngagementOpened", "EngagementContacted", "VisitPlanned",
                                       "VisitHeld", "EngagementDiagnosed", "EngagementPlanAgreed",
                                       "EngagementStarted", "VisitPlanned", "VisitHeld",
                                       "VisitPlanned", "VisitHeld", "EngagementResultReported",
                                       "EngagementCompleted", "EngagementFollowedUp"));
  const auto completed = world_.EventsOf(id)[12].As<v1::EngagementCompleted>();
  EXPECT_EQ(completed.visit_count(), 3);
  EXPECT_EQ(completed.approver_person_id(), approver.ToString());
  const EngagementView view = world_.Engagement(id);
  EXPECT_EQ(view.engagement.diagnosis->score, "62.5");
  EXPECT_THAT(view.engagement.plan->tasks, ElementsAre("정시 퇴근", "annual \"leave\""));
  EXPECT_EQ(view.engagement.result_summary, "done");
  std::vector<v1::EngagementState> states;
  for (const auto& transition : view.transitions) states.push_back(transition.state);
  EXPECT_THAT(states,
              ElementsAre(v1::ENGAGEMENT_STATE_LEAD, v1::ENGAGEMENT_STATE_CONTACTED,
                          v1::ENGAGEMENT_STATE_VISIT_PLANNED, v1::ENGAGEMENT_STATE_VISITED,
                          v1::ENGAGEMENT_STATE_DIAGNOSED, v1::ENGAGEMENT_STATE_PLAN_AGREED,
                          v1::ENGAGEMENT_STATE_IN_PROGRESS, v1::ENGAGEMENT_STATE_RESULT_REPORTED,
                          v1::ENGAGEMENT_STATE_COMPLETED, v1::ENGAGEMENT_STATE_FOLLOWED_UP));
}

TEST_F(EngagementUseCases, TheConsultantDoesNotApprove) {
  const base::Uuid consultant = base::Uuid::NewV7();
  const base::Uuid id = Reported(consultant);
  EXPECT_EQ(Reason(world_.Do(
                [&](auto& work) { return ApproveCompletion(work, StepOf(id), consultant); })),
            "APPROVER_IS_CONSULTANT");
}

TEST_F(EngagementUseCases, ACompletionNeedsTheMinutesOfAllVisits) {
  const base::Uuid id = Reported(base::Uuid::NewV7(), "");
  EXPECT_EQ(Reason(world_.Do([&](auto& work) {
              return ApproveCompletion(work, StepOf(id), base::Uuid::NewV7());
            })),
            "MINUTES_MISSING");
}

// row:C10
TEST_F(EngagementUseCases, AnAdoptedSchemeIsRecordedOnceWithItsEvidence) {
  const base::Uuid id = Reported(base::Uuid::NewV7());
  const auto adopt = [&](const std::string& code, const std::string& day = "") {
    return Reason(world_.Do(
        [&](auto& work) { return AdoptScheme(work, StepOf(id, day), code, "취업규칙 제12조"); }));
  };
  EXPECT_EQ(adopt("FLEX"), "");
  EXPECT_EQ(adopt("FLEX"), "SCHEME_ADOPTED_ALREADY");
  EXPECT_EQ(adopt("ENV", "2023-05-11"), "DATE_INVALID");
  EXPECT_EQ(adopt("ENV"), "");
  const EngagementView view = world_.Engagement(id);
  ASSERT_EQ(view.adoptions.size(), 2u);
  EXPECT_EQ(view.adoptions[0].evidence, "취업규칙 제12조");
  const auto event = world_.LastOf(id).As<v1::SchemeAdopted>();
  EXPECT_EQ(event.scheme_code(), "ENV");
  EXPECT_EQ(event.adopted_date(), "2023-05-10");
  EXPECT_EQ(event.adoption_id(), view.adoptions[1].id.ToString());
}

TEST_F(EngagementUseCases, ASchemeIsNotAdoptedBeforeTheWorkHasBegun) {
  const base::Uuid id = world_.Visited(world_.HearCampaign(FocusWish()));
  EXPECT_EQ(
      Reason(world_.Do([&](auto& work) { return AdoptScheme(work, StepOf(id), "FLEX", "문서"); })),
      "ENGAGEMENT_STATE");
}

TEST_F(EngagementUseCases, TheEndCancelsPlannedVisitsAndWithdrawsTheUnfinishedForm) {
  const base::Uuid id = world_.Visited(world_.HearCampaign());
  const base::Uuid visit = world_.Plan(id, "2023-05-20 10:00");
  const base::Uuid form = world_.Draft(id);
  IdOf(world_.Do([&](auto& work) { return Drop(work, StepOf(id), v1::DROP_REASON_UNREACHABLE); }));
  EXPECT_EQ(StateOf(id), v1::ENGAGEMENT_STATE_DROPPED);
  EXPECT_EQ(world_.Visit(id, visit).visit.state, v1::VISIT_STATE_CANCELLED);
  const auto cancelled = world_.LastOf(id).As<v1::VisitCancelled>();
  EXPECT_EQ(cancelled.reason(), v1::VISIT_CANCEL_REASON_ENGAGEMENT_ENDED);
  EXPECT_EQ(cancelled.engagement().state(), v1::ENGAGEMENT_STATE_DROPPED);
  const auto withdrawn = world_.LastOf(form).As<v1::ApplicationWithdrawn>();
  EXPECT_EQ(withdrawn.reason(), v1::APPLICATION_WITHDRAWAL_REASON_ENGAGEMENT_ENDED);
  EXPECT_EQ(withdrawn.previous_state(), v1::APPLICATION_STATE_DRAFT);
}

TEST_F(EngagementUseCases, AReassignedEngagementTellsItsDraftToo) {
  const base::Uuid id = world_.Visited(world_.HearCampaign());
  const base::Uuid visit = world_.Plan(id, "2023-05-20 10:00");
  const base::Uuid form = world_.Draft(id);
  const base::Uuid consultant = base::Uuid::NewV7();
  const auto before = world_.Engagement(id).engagement;
  IdOf(world_.Do([&](auto& work) {
    return ReassignEngagement(work, {.engagement_id = id,
                                     .consultant = std::optional(consultant),
                                     .manager = std::optional<base::Uuid>()});
  }));
  const auto after = world_.Engagement(id).engagement;
  EXPECT_EQ(after.consultant, consultant);
  EXPECT_EQ(after.manager, std::nullopt);
  EXPECT_EQ(after.contact_person, before.contact_person);
  EXPECT_EQ(world_.Visit(id, visit).visit.consultant, before.consultant);
  const Told told = world_.LastOf(form);
  EXPECT_EQ(told.type, "ApplicationRevised");
  const auto facts = told.As<v1::ApplicationRevised>().application();
  EXPECT_EQ(facts.consultant_person_id(), consultant.ToString());
  EXPECT_EQ(facts.draft_version(), 1);
}

TEST_F(EngagementUseCases, AnEndedEngagementIsNotReassigned) {
  const base::Uuid id = world_.Open(world_.HearCampaign());
  IdOf(world_.Do([&](auto& work) { return Drop(work, StepOf(id), v1::DROP_REASON_MERGED); }));
  EXPECT_EQ(Reason(world_.Do(
                [&](auto& work) { return ReassignEngagement(work, {.engagement_id = id}); })),
            "ENGAGEMENT_STATE");
}

}  // namespace
}  // namespace ieum::casemgmt::testing
