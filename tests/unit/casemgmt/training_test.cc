// Goal: a training counts for the firm of its engagement, and whoever was there for 80 % of its
// time completed it. Method: minutes around the bound, counts with and without names, and every
// reason why an activity cannot be a training. row:C9
#include "services/casemgmt/activities/training.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/base/status.h"

namespace ieum::casemgmt {
namespace {

using ::testing::ElementsAre;

base::Uuid Id(int number) {
  return *base::Uuid::Parse("0190aaaa-0000-7000-8000-00000000000" + std::to_string(number));
}

Engagement Culture() {
  Engagement engagement;
  engagement.id = Id(1);
  engagement.organization_id = Id(2);
  engagement.programme = "INC";
  engagement.edition = "2024";
  engagement.task = registry::v1::TASK_KIND_CULTURE_CONSULTING;
  engagement.state = v1::ENGAGEMENT_STATE_IN_PROGRESS;
  engagement.centre = Id(3);
  return engagement;
}

Activity OneRun() {
  Activity activity;
  activity.kind = v1::ACTIVITY_KIND_TRAINING;
  return activity;
}

std::string Refused(const Engagement& engagement, Activity activity) {
  return base::ReasonOf(BecomeTraining(engagement, 120, &activity));
}

TEST(Training, IsCompletedByFourFifthsOfItsTime) {
  const Training training{.duration = 120};
  EXPECT_FALSE(CompletesTraining(training, 95));
  EXPECT_TRUE(CompletesTraining(training, 96));
  EXPECT_FALSE(CompletesTraining({.duration = 7}, 5)) << "5.6 minutes are needed";
  EXPECT_TRUE(CompletesTraining({.duration = 7}, 6));
}

TEST(Training, CountsThoseWithANameAmongThoseWithout) {
  const NamedAttendees named{.persons = 3, .completed = 2};
  EXPECT_EQ(CountsOf(named, {}), (TrainingCounts{3, 2}));
  EXPECT_EQ(CountsOf(named, {{v1::HEADCOUNT_KIND_TOTAL, 11}, {v1::HEADCOUNT_KIND_COMPLETERS, 9}}),
            (TrainingCounts{11, 9}));
  EXPECT_EQ(CountsOf(named, {{v1::HEADCOUNT_KIND_COMPLETERS, 9}}), (TrainingCounts{9, 9}))
      << "whoever completed it came";
  EXPECT_EQ(CountsOf(named, {{v1::HEADCOUNT_KIND_TOTAL, 2}, {v1::HEADCOUNT_KIND_COMPLETERS, 1}}),
            (TrainingCounts{3, 2}))
      << "names say more";
}

TEST(Training, BelongsToItsEngagement) {
  Activity activity = OneRun();
  ASSERT_TRUE(BecomeTraining(Culture(), 120, &activity).ok());
  EXPECT_EQ(activity.programme, "INC");
  EXPECT_EQ(activity.edition, "2024");
  EXPECT_EQ(activity.task, registry::v1::TASK_KIND_CULTURE_CONSULTING);
  EXPECT_EQ(activity.centre, Id(3));
  EXPECT_EQ(activity.training,
            (Training{.engagement = Id(1), .organization = Id(2), .duration = 120}));
}

TEST(Training, IsOfAConsultingOnCultureThatGoesOn) {
  Engagement engagement = Culture();
  engagement.task = registry::v1::TASK_KIND_FOCUS_CONSULTING;
  EXPECT_EQ(Refused(engagement, OneRun()), "TRAINING_ENGAGEMENT");
  for (const auto state : {v1::ENGAGEMENT_STATE_DECLINED, v1::ENGAGEMENT_STATE_DROPPED}) {
    engagement = Culture();
    engagement.state = state;
    EXPECT_EQ(Refused(engagement, OneRun()), "TRAINING_ENGAGEMENT");
  }
  Activity activity = OneRun();
  EXPECT_EQ(base::ReasonOf(BecomeTraining(std::nullopt, 120, &activity)), "TRAINING_ENGAGEMENT");
}

TEST(Training, AsksForNothingThatItsEngagementHasNot) {
  for (const auto& spoil : std::vector<void (*)(Activity*)>{
           [](Activity* y) { y->programme = "BSN"; }, [](Activity* y) { y->edition = "2023"; },
           [](Activity* y) { y->task = registry::v1::TASK_KIND_CAMPAIGN; },
           [](Activity* y) { y->centre = Id(9); }}) {
    Activity activity = OneRun();
    spoil(&activity);
    EXPECT_EQ(Refused(Culture(), activity), "TRAINING_ENGAGEMENT");
  }
  Activity same = OneRun();
  same.programme = "INC";
  same.centre = Id(3);
  EXPECT_EQ(Refused(Culture(), same), "");
}

TEST(Training, IsATrainingThatTakesTime) {
  Activity meeting = OneRun();
  meeting.kind = v1::ACTIVITY_KIND_MEETING;
  EXPECT_THAT(base::FieldsOf(BecomeTraining(Culture(), 120, &meeting)),
              ElementsAre("activity.kind"));
  Activity activity = OneRun();
  EXPECT_THAT(base::FieldsOf(BecomeTraining(Culture(), 0, &activity)),
              ElementsAre("activity.training_duration"));
}

TEST(Duration, IsOfATrainingAndNoLongerThanIt) {
  Activity activity = OneRun();
  EXPECT_EQ(base::ReasonOf(CheckDuration(activity, 10)), "NOT_A_TRAINING");
  activity.training = Training{.duration = 120};
  EXPECT_TRUE(CheckDuration(activity, 120).ok());
  EXPECT_THAT(base::FieldsOf(CheckDuration(activity, 121)), ElementsAre("attended_duration"));
}

}  // namespace
}  // namespace ieum::casemgmt
