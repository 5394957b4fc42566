// Goal: visits are planned, moved, cancelled, held and reported by rule, and a consultant is in one
// place at a time, whoever plans at the same moment. Method: the use cases on a real database, many
// threads at once where it matters.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "platform/base/status.h"
#include "tests/integration/casemgmt/world.h"

namespace ieum::casemgmt::testing {
namespace {

class VisitUseCases : public ::testing::Test {
 protected:
  // Contacted, with a consultant of the test's choice.
  base::Uuid Contacted(const base::Uuid& consultant = base::Uuid::NewV7()) {
    const base::Uuid id = world_.Open(campaign_, world_.HearFirm(), consultant);
    world_.Contact(id);
    return id;
  }
  std::string PlanReason(const base::Uuid& engagement, const std::string& start,
                         const std::string& end) {
    return Reason(world_.Do([&](auto& work) {
      return PlanVisit(work,
                       {.engagement_id = engagement, .start = Korea(start), .end = Korea(end)});
    }));
  }
  std::string MoveReason(const base::Uuid& engagement, const base::Uuid& visit,
                         const std::string& start) {
    return Reason(world_.Do([&](auto& work) {
      return RescheduleVisit(work, {.engagement_id = engagement, .visit_id = visit}, Korea(start),
                             Korea(start) + absl::Hours(2));
    }));
  }
  std::string CancelReason(const base::Uuid& engagement, const base::Uuid& visit) {
    return Reason(world_.Do([&](auto& work) {
      return CancelVisit(work, {.engagement_id = engagement, .visit_id = visit},
                         v1::VISIT_CANCEL_REASON_FIRM);
    }));
  }
  std::string HoldReason(const base::Uuid& engagement, const base::Uuid& visit,
                         const HeldVisitInput& held) {
    return Reason(world_.Do([&](auto& work) {
      return RecordVisit(work, {.engagement_id = engagement, .visit_id = visit}, held);
    }));
  }
  std::string ReportReason(const base::Uuid& engagement, const base::Uuid& visit) {
    return Reason(world_.Do([&](auto& work) {
      return RecordVisitReport(work, {.engagement_id = engagement, .visit_id = visit}, "met",
                               "call again");
    }));
  }
  v1::EngagementState StateOf(const base::Uuid& id) {
    return world_.Engagement(id).engagement.state;
  }

  World world_;
  base::Uuid campaign_ = world_.HearCampaign();
};

TEST_F(VisitUseCases, APlannedVisitTellsWhenAndWho) {
  const base::Uuid consultant = base::Uuid::NewV7();
  const base::Uuid id = Contacted(consultant);
  const base::Uuid visit = world_.Plan(id, "2023-05-17 08:30");
  const auto event = world_.LastOf(id).As<v1::VisitPlanned>();
  EXPECT_EQ(event.visit().visit_id(), visit.ToString());
  EXPECT_EQ(event.visit().visit_date(), "2023-05-17");  // 16 May in UTC
  EXPECT_EQ(event.visit().consultant_person_id(), consultant.ToString());
  EXPECT_EQ(event.visit().contact_person_id(), event.engagement().contact_person_id());
  EXPECT_FALSE(event.visit().contact_person_id().empty());
  EXPECT_FALSE(event.visit().report_recorded());
  EXPECT_EQ(event.engagement().state(), v1::ENGAGEMENT_STATE_VISIT_PLANNED);
}

TEST_F(VisitUseCases, PlanningRefusesWhatCannotBe) {
  const base::Uuid lead = world_.Open(campaign_);
  EXPECT_EQ(PlanReason(lead, "2023-05-17 10:00", "2023-05-17 12:00"), "ENGAGEMENT_STATE");
  const base::Uuid id = Contacted();
  EXPECT_EQ(PlanReason(id, "2023-05-17 12:00", "2023-05-17 12:00"), "DATE_ORDER");
  EXPECT_EQ(PlanReason(id, "2023-05-09 10:00", "2023-05-09 12:00"), "DATE_ORDER");
  const auto answer = world_.Do([&](auto& work) {
    return OpenEngagement(work, {.organization_id = world_.HearFirm(), .campaign_id = campaign_});
  });
  const base::Uuid nobody = IdOf(answer);
  world_.Contact(nobody);
  EXPECT_EQ(PlanReason(nobody, "2023-05-17 10:00", "2023-05-17 12:00"), "CONSULTANT_MISSING");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM visit"), "0");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM consultant_hours"), "0");
}

TEST_F(VisitUseCases, AChosenVisitIdIsTakenOnce) {
  const base::Uuid id = Contacted(), visit = base::Uuid::NewV7();
  const auto plan = [&](const std::string& start) {
    return Reason(world_.Do([&](auto& work) {
      return PlanVisit(work, {.engagement_id = id,
                              .visit_id = visit,
                              .start = Korea(start),
                              .end = Korea(start) + absl::Hours(1)});
    }));
  };
  EXPECT_EQ(plan("2023-05-17 10:00"), "");
  EXPECT_EQ(plan("2023-05-18 10:00"), "ID_TAKEN");
}

TEST_F(VisitUseCases, AConsultantIsInOnePlaceAtATime) {
  const base::Uuid consultant = base::Uuid::NewV7();
  const base::Uuid first = Contacted(consultant), second = Contacted(consultant);
  EXPECT_EQ(PlanReason(first, "2023-05-17 10:00", "2023-05-17 12:00"), "");
  const auto before = world_.EventCount();
  EXPECT_EQ(PlanReason(second, "2023-05-17 11:59", "2023-05-17 13:00"), "CONSULTANT_BUSY");
  EXPECT_EQ(PlanReason(second, "2023-05-17 10:30", "2023-05-17 11:00"), "CONSULTANT_BUSY");
  EXPECT_EQ(PlanReason(second, "2023-05-17 09:00", "2023-05-17 10:01"), "CONSULTANT_BUSY");
  EXPECT_EQ(PlanReason(first, "2023-05-17 11:00", "2023-05-17 13:00"), "CONSULTANT_BUSY");
  EXPECT_EQ(world_.EventCount(), before);
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM visit"), "1");
  // One after the other is possible, and so is another consultant.
  EXPECT_EQ(PlanReason(second, "2023-05-17 12:00", "2023-05-17 13:00"), "");
  EXPECT_EQ(PlanReason(Contacted(), "2023-05-17 10:00", "2023-05-17 12:00"), "");
}

TEST_F(VisitUseCases, OfManyVisitsPlannedAtOnceForOneConsultantOneStays) {
  const base::Uuid consultant = base::Uuid::NewV7();
  std::vector<base::Uuid> engagements(8);
  for (base::Uuid& id : engagements) id = Contacted(consultant);
  std::vector<std::string> reasons(engagements.size());
  std::vector<std::thread> threads;
  for (size_t i = 0; i < engagements.size(); ++i) {
    threads.emplace_back([&, i] {
      reasons[i] = PlanReason(engagements[i], "2023-05-17 10:00", "2023-05-17 12:00");
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(std::count(reasons.begin(), reasons.end(), ""), 1);
  EXPECT_EQ(std::count(reasons.begin(), reasons.end(), "CONSULTANT_BUSY"), 7);
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM visit"), "1");
}

TEST_F(VisitUseCases, OfManyVisitsMovedAtOnceToOneHourOneArrives) {
  const base::Uuid consultant = base::Uuid::NewV7();
  std::vector<std::pair<base::Uuid, base::Uuid>> visits(6);
  for (size_t i = 0; i < visits.size(); ++i) {
    visits[i].first = Contacted(consultant);
    visits[i].second = world_.Plan(visits[i].first, absl::StrCat("2023-05-1", i, " 13:00"));
  }
  std::vector<std::string> reasons(visits.size());
  std::vector<std::thread> threads;
  for (size_t i = 0; i < visits.size(); ++i) {
    threads.emplace_back(
        [&, i] { reasons[i] = MoveReason(visits[i].first, visits[i].second, "2023-05-25 10:00"); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(std::count(reasons.begin(), reasons.end(), ""), 1);
  EXPECT_EQ(std::count(reasons.begin(), reasons.end(), "CONSULTANT_BUSY"), 5);
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM visit WHERE visit_date = '2023-05-25'"), "1");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM consultant_hours"), "6");
}

TEST_F(VisitUseCases, AMovedVisitTellsBothDaysAndFreesItsOldHours) {
  const base::Uuid consultant = base::Uuid::NewV7();
  const base::Uuid id = Contacted(consultant), other = Contacted(consultant);
  const base::Uuid visit = world_.Plan(id, "2023-05-17 10:00");
  EXPECT_EQ(MoveReason(id, visit, "2023-05-17 11:00"), "");  // over its own old hours
  EXPECT_EQ(MoveReason(id, visit, "2023-05-19 10:00"), "");
  const auto event = world_.LastOf(id).As<v1::VisitRescheduled>();
  EXPECT_EQ(event.previous_visit_date(), "2023-05-17");
  EXPECT_EQ(event.visit().visit_date(), "2023-05-19");
  EXPECT_EQ(PlanReason(other, "2023-05-17 10:00", "2023-05-17 12:00"), "");
}

TEST_F(VisitUseCases, AVisitMovedToItsOwnTimeStaysSilent) {
  const base::Uuid id = Contacted();
  const base::Uuid visit = world_.Plan(id, "2023-05-17 10:00");
  const auto before = world_.EventCount();
  EXPECT_EQ(MoveReason(id, visit, "2023-05-17 10:00"), "");
  EXPECT_EQ(world_.EventCount(), before);
}

TEST_F(VisitUseCases, TheLastCancelledVisitTakesTheEngagementBack) {
  const base::Uuid id = Contacted();
  const base::Uuid first = world_.Plan(id, "2023-05-17 10:00");
  const base::Uuid second = world_.Plan(id, "2023-05-18 10:00");
  EXPECT_EQ(CancelReason(id, first), "");
  EXPECT_EQ(StateOf(id), v1::ENGAGEMENT_STATE_VISIT_PLANNED);
  EXPECT_EQ(CancelReason(id, second), "");
  EXPECT_EQ(StateOf(id), v1::ENGAGEMENT_STATE_CONTACTED);
  EXPECT_EQ(CancelReason(id, second), "VISIT_STATE");
  EXPECT_EQ(PlanReason(id, "2023-05-17 10:00", "2023-05-17 12:00"), "");  // the hours are free
}

TEST_F(VisitUseCases, AHeldVisitTellsItsRealDayAndWhetherMinutesCameWithIt) {
  const base::Uuid id = Contacted();
  const base::Uuid visit = world_.Plan(id, "2023-05-17 10:00");
  world_.SetClock("2023-05-18 16:00");
  EXPECT_EQ(
      HoldReason(id, visit, {.start = Korea("2023-05-18 14:00"), .end = Korea("2023-05-18 15:00")}),
      "");
  auto held = world_.LastOf(id).As<v1::VisitHeld>();
  EXPECT_EQ(held.visit().visit_date(), "2023-05-18");
  EXPECT_FALSE(held.visit().report_recorded());
  EXPECT_EQ(held.visit_count(), 1);
  EXPECT_EQ(held.engagement().state(), v1::ENGAGEMENT_STATE_VISITED);
  const base::Uuid second = world_.Plan(id, "2023-05-18 16:00");
  EXPECT_EQ(HoldReason(id, second, {.minutes = "met"}), "");
  held = world_.LastOf(id).As<v1::VisitHeld>();
  EXPECT_TRUE(held.visit().report_recorded());
  EXPECT_EQ(held.visit_count(), 2);
  EXPECT_EQ(world_.Engagement(id).engagement.visit_count, 2);
  EXPECT_TRUE(world_.Visit(id, second).visit.report_time.has_value());
}

TEST_F(VisitUseCases, HoldingRefusesTheFutureAndTheConsultantsOtherVisits) {
  const base::Uuid consultant = base::Uuid::NewV7(), stand_in = base::Uuid::NewV7();
  const base::Uuid id = Contacted(consultant), other = Contacted(stand_in);
  const base::Uuid visit = world_.Plan(id, "2023-05-17 10:00");
  world_.Plan(other, "2023-05-17 11:00");
  EXPECT_EQ(HoldReason(id, visit, {}), "DATE_INVALID");
  world_.SetClock("2023-05-17 13:00");
  EXPECT_EQ(HoldReason(id, visit, {.start = Korea("2023-05-09 10:00")}), "DATE_ORDER");
  EXPECT_EQ(HoldReason(id, visit, {.end = Korea("2023-05-17 09:00")}), "DATE_ORDER");
  EXPECT_EQ(HoldReason(id, visit, {.consultant = stand_in}), "CONSULTANT_BUSY");
  EXPECT_EQ(world_.Visit(id, visit).visit.state, v1::VISIT_STATE_PLANNED);
  EXPECT_EQ(HoldReason(id, visit, {}), "");
  EXPECT_EQ(HoldReason(id, visit, {}), "VISIT_STATE");
}

TEST_F(VisitUseCases, MinutesAreAddedOnceAlsoAfterCompletion) {
  const base::Uuid id = Contacted();
  const base::Uuid visit = world_.Plan(id, "2023-05-17 10:00");
  EXPECT_EQ(ReportReason(id, visit), "VISIT_STATE");
  world_.SetClock("2023-05-17 13:00");
  EXPECT_EQ(HoldReason(id, visit, {}), "");
  world_.Received(id);
  EXPECT_EQ(StateOf(id), v1::ENGAGEMENT_STATE_COMPLETED);
  EXPECT_EQ(ReportReason(id, visit), "");
  const auto event = world_.LastOf(id).As<v1::VisitReportRecorded>();
  EXPECT_TRUE(event.visit().report_recorded());
  EXPECT_EQ(event.engagement().state(), v1::ENGAGEMENT_STATE_COMPLETED);
  EXPECT_EQ(ReportReason(id, visit), "MINUTES_RECORDED_ALREADY");
  EXPECT_EQ(world_.Visit(id, visit).visit.next_step, "call again");
}

TEST_F(VisitUseCases, CompletionCancelsWhatIsToComeAndLeavesWhatMayHaveTakenPlace) {
  const base::Uuid id = Contacted();
  const base::Uuid first = world_.Plan(id, "2023-05-17 10:00");
  const base::Uuid forgotten = world_.Plan(id, "2023-05-18 10:00");
  const base::Uuid to_come = world_.Plan(id, "2023-06-18 10:00");
  world_.SetClock("2023-05-19 09:00");
  EXPECT_EQ(HoldReason(id, first, {}), "");
  world_.Received(id);
  EXPECT_EQ(world_.Visit(id, to_come).visit.state, v1::VISIT_STATE_CANCELLED);
  EXPECT_EQ(world_.Visit(id, forgotten).visit.state, v1::VISIT_STATE_PLANNED);
  EXPECT_EQ(MoveReason(id, forgotten, "2023-06-01 10:00"), "ENGAGEMENT_STATE");
  EXPECT_EQ(HoldReason(id, forgotten, {}), "");
  EXPECT_EQ(StateOf(id), v1::ENGAGEMENT_STATE_COMPLETED);
}

TEST_F(VisitUseCases, AVisitOfAnotherEngagementIsNotFound) {
  const base::Uuid id = Contacted(), other = Contacted();
  const base::Uuid visit = world_.Plan(id, "2023-05-17 10:00");
  EXPECT_EQ(CancelReason(other, visit), "NOT_FOUND");
}

// row:R26
TEST_F(VisitUseCases, AStaleEtagOfTheEngagementIsRefused) {
  const base::Uuid id = Contacted();
  const base::Uuid visit = world_.Plan(id, "2023-05-17 10:00");
  EXPECT_EQ(Reason(world_.Do([&](auto& work) {
              return CancelVisit(work, {.engagement_id = id, .visit_id = visit, .etag = "\"2\""},
                                 v1::VISIT_CANCEL_REASON_FIRM);
            })),
            "STALE_ETAG");
}

}  // namespace
}  // namespace ieum::casemgmt::testing
