// Goal: consulting on culture goes from a first diagnosis to a second one, what it recommends is
// looked after until somebody has looked, and each adopted measure counts once. Method: the use
// cases on a real database, the due work, and the events that they leave. row:C9 row:C10
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/base/status.h"
#include "services/casemgmt/engagements/recommendation_dues.h"
#include "tests/integration/casemgmt/culture_world.h"

namespace ieum::casemgmt::testing {
namespace {

using ::testing::IsEmpty;

constexpr auto kAdopted = v1::ADOPTION_OUTCOME_ADOPTED;
constexpr auto kNotAdopted = v1::ADOPTION_OUTCOME_NOT_ADOPTED;

class CultureUseCases : public ::testing::Test {
 protected:
  // Events of the aggregate whose type begins so.
  std::vector<Told> Of(const base::Uuid& aggregate, const std::string& type) {
    std::vector<Told> found;
    for (Told& told : world_.EventsOf(aggregate)) {
      if (told.type == type) found.push_back(std::move(told));
    }
    return found;
  }
  std::string Approved(const base::Uuid& engagement) {
    return Reason(world_.Do([&](auto& work) {
      return ApproveCompletion(work, StepOf(engagement), base::Uuid::NewV7());
    }));
  }
  void Second(const base::Uuid& engagement, const std::string& start) {
    const base::Uuid visit = world_.Plan(engagement, start);
    world_.SetClock(start);
    world_.Hold(engagement, visit);
  }
  // Until the due work has nothing left.
  void Settle() {
    flow::DueWork dues = AdoptionCheckDues(world_.ledger());
    while (true) {
      const auto more = dues.step(Now());
      ASSERT_TRUE(more.ok()) << more.status();
      if (!*more) break;
    }
    EXPECT_EQ(*dues.count_due(Now()), 0);
  }
  absl::Time Now() { return *world_.ledger().clock().Now(); }

  World world_{"2024-04-15 09:30"};
  Culture culture_{world_};
};

TEST_F(CultureUseCases, CompletionTakesTwoVisitsAndASecondDiagnosis) {
  const base::Uuid engagement = culture_.Started();
  Second(engagement, "2024-06-10 10:00");
  IdOf(world_.Do([&](auto& work) { return ReportResult(work, StepOf(engagement), "done"); }));
  EXPECT_EQ(Approved(engagement), "DIAGNOSIS_MISSING");
  ASSERT_TRUE(culture_.Diagnosed(engagement, "70.5").ok());
  const auto told = world_.LastOf(engagement).As<v1::EngagementRediagnosed>();
  EXPECT_EQ(told.previous_score(), "61.2");
  EXPECT_EQ(told.score(), "70.5");
  EXPECT_EQ(told.gain(), "9.3");
  EXPECT_EQ(told.engagement().task(), registry::v1::TASK_KIND_CULTURE_CONSULTING);
  EXPECT_EQ(Approved(engagement), "");
  const auto view = world_.Engagement(engagement);
  EXPECT_EQ(view.engagement.state, v1::ENGAGEMENT_STATE_COMPLETED);
  EXPECT_EQ(view.engagement.second_diagnosis->score, "70.5");
  EXPECT_EQ(view.engagement.terms.min_visits, 2);
}

TEST_F(CultureUseCases, AFirmHasOneOpenConsultingOnCultureInAYear) {
  const base::Uuid firm = world_.HearFirm(), consultant = base::Uuid::NewV7();
  const base::Uuid first = world_.Open(culture_.Campaign(), firm, consultant);
  const OpenEngagementInput again = {.organization_id = firm, .campaign_id = culture_.Campaign()};
  const auto open = [&] {
    return Reason(world_.Do([&](auto& work) { return OpenEngagement(work, again); }));
  };
  EXPECT_EQ(open(), "ENGAGEMENT_OPEN_ALREADY") << "in another campaign of the edition, too";
  IdOf(world_.Do(
      [&](auto& work) { return Decline(work, StepOf(first), v1::DECLINE_REASON_NO_CAPACITY); }));
  EXPECT_EQ(open(), "");
}

TEST_F(CultureUseCases, ItsResultIsNotApprovedByWhoConsulted) {
  const base::Uuid engagement = culture_.Started();
  Second(engagement, "2024-06-10 10:00");
  ASSERT_TRUE(culture_.Diagnosed(engagement, "70.5").ok());
  IdOf(world_.Do([&](auto& work) { return ReportResult(work, StepOf(engagement), "done"); }));
  const base::Uuid consultant = *world_.Engagement(engagement).engagement.consultant;
  EXPECT_EQ(Reason(world_.Do([&](auto& work) {
              return ApproveCompletion(work, StepOf(engagement), consultant);
            })),
            "APPROVER_IS_CONSULTANT");
}

TEST_F(CultureUseCases, OneVisitIsTooFew) {
  const base::Uuid engagement = culture_.Started();
  ASSERT_TRUE(culture_.Diagnosed(engagement, "70.5").ok());
  IdOf(world_.Do([&](auto& work) { return ReportResult(work, StepOf(engagement), "done"); }));
  EXPECT_EQ(Approved(engagement), "VISITS_MISSING");
}

TEST_F(CultureUseCases, ASecondDiagnosisIsNoEarlierThanTheFirst) {
  const base::Uuid early = culture_.Diagnosed();
  EXPECT_EQ(Reason(culture_.Diagnosed(early, "70.5")), "ENGAGEMENT_STATE")
      << "nothing was done yet";
  const base::Uuid engagement = culture_.Started();
  const auto refused = world_.Do(
      [&](auto& work) { return Rediagnose(work, StepOf(engagement, "2024-04-14"), "70.5", ""); });
  EXPECT_EQ(Reason(refused), "DATE_ORDER");
  EXPECT_EQ(Reason(culture_.Diagnosed(engagement, "")), "INVALID_FIELD");
  const base::Uuid campaign = world_.Visited(world_.HearCampaign());
  EXPECT_EQ(Reason(culture_.Diagnosed(campaign, "70.5")), "STEP_NOT_OF_TASK");
}

TEST_F(CultureUseCases, ARecommendationIsLookedAfterThreeSixAndTwelveMonthsLater) {
  const base::Uuid engagement = culture_.Diagnosed();
  const base::Uuid recommendation = culture_.Recommended(engagement, "");
  const auto told = Of(engagement, "MeasureRecommended");
  ASSERT_EQ(told.size(), 1u);
  const auto event = told[0].As<v1::MeasureRecommended>();
  EXPECT_EQ(event.recommendation().scheme_code(), "FLEX");
  ASSERT_EQ(event.checks_size(), 3);
  EXPECT_EQ(event.checks(0).due_date(), "2024-07-15");
  EXPECT_EQ(event.checks(2).due_date(), "2025-04-15");
  // What is to be done is the consultant's to do.
  const auto tasks = Of(engagement, "CaseTaskSet");
  ASSERT_EQ(tasks.size(), 3u);
  const auto task = tasks[0].As<v1::CaseTaskSet>().task();
  EXPECT_EQ(task.kind(), v1::CASE_TASK_KIND_ADOPTION_CHECK);
  EXPECT_EQ(task.due_date(), "2024-07-15");
  EXPECT_EQ(task.owner_person_id(), event.engagement().consultant_person_id());
  EXPECT_EQ(culture_.Of(engagement, recommendation).state, v1::RECOMMENDATION_STATE_OPEN);
}

TEST_F(CultureUseCases, ADueCheckIsToldOnceAlsoWhenTheWorkIsRepeated) {
  const base::Uuid engagement = culture_.Diagnosed();
  const base::Uuid recommendation = culture_.Recommended(engagement, "");
  world_.SetClock("2024-07-14 23:59");
  Settle();
  EXPECT_THAT(Of(engagement, "AdoptionCheckDue"), IsEmpty());
  world_.SetClock("2024-07-15 00:00");
  Settle();
  Settle();
  const auto told = Of(engagement, "AdoptionCheckDue");
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].As<v1::AdoptionCheckDue>().check().months(), 3);
  EXPECT_EQ(culture_.Of(engagement, recommendation).checks[0].state, v1::ADOPTION_CHECK_STATE_DUE);
}

TEST_F(CultureUseCases, AnAdoptedMeasureCountsOnceFromTheDayOnWhichItWasFound) {
  const base::Uuid engagement = culture_.Diagnosed();
  const base::Uuid recommendation = culture_.Recommended(engagement, "");
  EXPECT_EQ(Reason(culture_.Checked(engagement, recommendation, 3, kAdopted)), "CHECK_EARLY");
  world_.SetClock("2024-07-10 10:00");
  ASSERT_TRUE(culture_.Checked(engagement, recommendation, 3, kAdopted).ok());
  world_.SetClock("2024-10-16 10:00");
  ASSERT_TRUE(culture_.Checked(engagement, recommendation, 6, kAdopted).ok());
  const auto adopted = Of(engagement, "MeasureAdopted");
  ASSERT_EQ(adopted.size(), 1u);
  const auto event = adopted[0].As<v1::MeasureAdopted>();
  EXPECT_EQ(event.adopted_date(), "2024-07-10");
  EXPECT_EQ(event.check().evidence(), v1::ADOPTION_EVIDENCE_WORK_RULES);
  EXPECT_EQ(event.recommendation().state(), v1::RECOMMENDATION_STATE_ADOPTED);
  EXPECT_FALSE(event.adoption_id().empty());
  EXPECT_EQ(Of(engagement, "AdoptionChecked").size(), 2u);
  EXPECT_EQ(Of(engagement, "CaseTaskEnded").size(), 2u);
}

// What a firm gives up again was adopted all the same; what was never so is taken back.
TEST_F(CultureUseCases, OnlyAMistakeTakesAnAdoptionBack) {
  const base::Uuid engagement = culture_.Diagnosed();
  const base::Uuid recommendation = culture_.Recommended(engagement, "", {3, 6});
  world_.SetClock("2024-10-16 10:00");
  ASSERT_TRUE(culture_.Checked(engagement, recommendation, 3, kAdopted, "2024-07-15").ok());
  ASSERT_TRUE(culture_.Checked(engagement, recommendation, 6, kNotAdopted).ok());
  EXPECT_EQ(culture_.Of(engagement, recommendation).state, v1::RECOMMENDATION_STATE_NOT_ADOPTED);
  EXPECT_THAT(Of(engagement, "MeasureAdoptionRetracted"), IsEmpty());
  ASSERT_TRUE(culture_.Checked(engagement, recommendation, 3, kNotAdopted, "2024-07-15").ok());
  const auto retracted = Of(engagement, "MeasureAdoptionRetracted");
  ASSERT_EQ(retracted.size(), 1u);
  const auto event = retracted[0].As<v1::MeasureAdoptionRetracted>();
  EXPECT_EQ(event.adoption_id(),
            Of(engagement, "MeasureAdopted")[0].As<v1::MeasureAdopted>().adoption_id());
  EXPECT_EQ(event.adopted_date(), "2024-07-15");
  EXPECT_EQ(Of(engagement, "AdoptionChecked")[2].As<v1::AdoptionChecked>().previous_outcome(),
            kAdopted);
  // What was corrected is kept.
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM adoption_finding"), "3");
}

TEST_F(CultureUseCases, AnAdoptionThatWasFoundOnAnotherDayCountsOnThatDay) {
  const base::Uuid engagement = culture_.Diagnosed();
  const base::Uuid recommendation = culture_.Recommended(engagement, "", {3});
  world_.SetClock("2024-10-16 10:00");
  ASSERT_TRUE(culture_.Checked(engagement, recommendation, 3, kAdopted, "2024-07-15").ok());
  ASSERT_TRUE(culture_.Checked(engagement, recommendation, 3, kAdopted, "2024-07-20").ok());
  const auto adopted = Of(engagement, "MeasureAdopted");
  ASSERT_EQ(adopted.size(), 2u);
  EXPECT_EQ(adopted[1].As<v1::MeasureAdopted>().adopted_date(), "2024-07-20");
  EXPECT_EQ(Of(engagement, "MeasureAdoptionRetracted").size(), 1u);
}

TEST_F(CultureUseCases, ABrokenOffEngagementIsLookedAfterNoMore) {
  const base::Uuid engagement = culture_.Diagnosed();
  const base::Uuid open = culture_.Recommended(engagement, "");
  const base::Uuid found = culture_.Recommended(engagement, "");
  world_.SetClock("2024-07-15 10:00");
  ASSERT_TRUE(culture_.Checked(engagement, found, 3, kAdopted).ok());
  IdOf(world_.Do(
      [&](auto& work) { return Drop(work, StepOf(engagement), v1::DROP_REASON_CLOSED_DOWN); }));
  EXPECT_EQ(Of(engagement, "RecommendationWithdrawn").size(), 2u);
  EXPECT_EQ(culture_.Of(engagement, open).state, v1::RECOMMENDATION_STATE_WITHDRAWN);
  EXPECT_EQ(culture_.Of(engagement, found).state, v1::RECOMMENDATION_STATE_ADOPTED)
      << "what was found stays found";
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM case_task WHERE state = 1"), "0");
  world_.SetClock("2025-04-15 10:00");
  Settle();
  EXPECT_THAT(Of(engagement, "AdoptionCheckDue"), IsEmpty());
  EXPECT_EQ(Reason(culture_.Checked(engagement, open, 3, kAdopted)), "RECOMMENDATION_STATE");
}

TEST_F(CultureUseCases, AnotherConsultantLooksAfterWhatIsOpen) {
  const base::Uuid engagement = culture_.Diagnosed();
  culture_.Recommended(engagement, "");
  const base::Uuid consultant = base::Uuid::NewV7();
  IdOf(world_.Do([&](auto& work) {
    return ReassignEngagement(
        work, {.engagement_id = engagement, .consultant = std::optional(consultant)});
  }));
  EXPECT_EQ(Of(engagement, "CaseTaskReassigned").size(), 3u);
  EXPECT_EQ(world_.Ask("SELECT string_agg(DISTINCT owner_id::text, ',') FROM case_task"),
            consultant.ToString());
}

TEST_F(CultureUseCases, RecommendationsComeOfADiagnosisAndAreNotWithoutEnd) {
  const base::Uuid visited = world_.Visited(culture_.Campaign());
  const auto refused = world_.Do([&](auto& work) {
    return RecommendMeasure(work, {.step = StepOf(visited), .measure = "x"});
  });
  EXPECT_EQ(Reason(refused), "ENGAGEMENT_STATE");
  const base::Uuid engagement = culture_.Diagnosed();
  for (int i = 0; i < kRecommendationsMax; ++i) culture_.Recommended(engagement, "", {1});
  EXPECT_EQ(Reason(world_.Do([&](auto& work) {
              return RecommendMeasure(work, {.step = StepOf(engagement), .measure = "x"});
            })),
            "RECOMMENDATION_LIMIT");
}

TEST_F(CultureUseCases, ARepeatedRequestRecommendsOnce) {
  const base::Uuid engagement = culture_.Diagnosed(), request = base::Uuid::NewV7();
  const auto recommend = [&](auto& work) {
    return RecommendMeasure(work, {.step = StepOf(engagement), .measure = "x"});
  };
  const auto first = world_.DoAs(request, "body", recommend);
  const auto again = world_.DoAs(request, "body", recommend);
  EXPECT_EQ(IdOf(first), IdOf(again));
  EXPECT_EQ(Of(engagement, "MeasureRecommended").size(), 1u);
}

}  // namespace
}  // namespace ieum::casemgmt::testing
