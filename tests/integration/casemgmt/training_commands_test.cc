// Goal: the trainings of a firm count its runs, those who came and those who completed them, from
// events alone, and a correction replaces what was counted. Method: the use cases on a real
// database; rows as reporting counts them, from what was told. row:C9
#include "services/casemgmt/activities/training_commands.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "tests/integration/casemgmt/culture_world.h"

namespace ieum::casemgmt::testing {
namespace {

// What a reader of events alone knows of one training.
struct Counted {
  std::map<std::string, v1::TrainingFacts> living;  // by result
  int runs = 0;
};

class Trainings : public ::testing::Test {
 protected:
  Counted Count(const base::Uuid& training) {
    Counted counted;
    for (const Told& told : world_.EventsOf(training)) {
      if (told.type == "TrainingCompleted") {
        ++counted.runs;
        const auto facts = told.As<v1::TrainingCompleted>().training();
        counted.living[facts.result_id()] = facts;
      } else if (told.type == "TrainingRecounted") {
        const auto event = told.As<v1::TrainingRecounted>();
        EXPECT_EQ(counted.living.erase(event.previous_result_id()), 1u);
        counted.living[event.training().result_id()] = event.training();
      }
    }
    return counted;
  }
  void ExpectCounted(const base::Uuid& training, int attendees, int completers) {
    const Counted counted = Count(training);
    EXPECT_EQ(counted.runs, 1);
    ASSERT_EQ(counted.living.size(), 1u);
    EXPECT_EQ(counted.living.begin()->second.attendee_count(), attendees);
    EXPECT_EQ(counted.living.begin()->second.completer_count(), completers);
    const auto& known = activities_.View(training).activity.training->counts;
    EXPECT_EQ(known.attendees, attendees);
    EXPECT_EQ(known.completers, completers);
  }
  base::Uuid Came(const base::Uuid& training) {
    return IdOf(activities_.Came(training, {.person = base::Uuid::NewV7()}));
  }
  std::string Stayed(const base::Uuid& training, const base::Uuid& entry, int minutes) {
    return Reason(world_.Do([&](auto& work) {
      return RecordAttendedDuration(
          work, {.activity = {.activity_id = training}, .attendance_id = entry}, minutes);
    }));
  }
  std::string Entered(const EnterActivityInput& input) {
    return Reason(world_.Do([&](auto& work) { return EnterActivity(work, input); }));
  }

  World world_{"2024-05-20 15:00"};
  Culture culture_{world_};
  Activities activities_{world_};
  const HoldInput counts_ = {
      .headcounts = {{v1::HEADCOUNT_KIND_TOTAL, 11}, {v1::HEADCOUNT_KIND_COMPLETERS, 9}}};
};

TEST_F(Trainings, TellTheFirmTheRunAndItsCompleters) {
  const base::Uuid engagement = culture_.Diagnosed();
  const base::Uuid training = culture_.Training(engagement, "2024-05-20");
  ASSERT_TRUE(activities_.Held(training, counts_).ok());
  const auto event = world_.LastOf(training).As<v1::TrainingCompleted>();
  const auto& facts = event.activity();
  EXPECT_EQ(facts.activity_id(), training.ToString());
  EXPECT_EQ(facts.engagement_id(), engagement.ToString());
  EXPECT_EQ(facts.organization_id(),
            world_.Engagement(engagement).engagement.organization_id.ToString());
  EXPECT_EQ(facts.programme(), "BSN") << "the engagement's";
  EXPECT_EQ(facts.edition(), "2023");
  EXPECT_EQ(facts.line_code(), "INC-4");
  EXPECT_EQ(facts.task(), registry::v1::TASK_KIND_CULTURE_CONSULTING);
  EXPECT_EQ(facts.training_duration(), 120);
  EXPECT_EQ(event.training().held_date(), "2024-05-20");
  ExpectCounted(training, 11, 9);
}

TEST_F(Trainings, CountPeopleByTheTimeThatTheyWereThere) {
  const base::Uuid training = culture_.Training(culture_.Diagnosed(), "2024-05-20");
  const base::Uuid stayed = Came(training), left = Came(training);
  EXPECT_EQ(Stayed(training, stayed, 96), "");
  EXPECT_EQ(Stayed(training, left, 95), "");
  const auto told = world_.LastOf(training).As<v1::AttendedDurationRecorded>();
  EXPECT_FALSE(told.completed());
  EXPECT_EQ(told.attendance().attended_duration(), 95);
  EXPECT_TRUE(activities_.Entry(training, stayed).completed);
  EXPECT_FALSE(activities_.Entry(training, left).completed);
  EXPECT_EQ(Count(training).runs, 0) << "it was not held yet";
  ASSERT_TRUE(activities_.Held(training).ok());
  ExpectCounted(training, 2, 1);
}

TEST_F(Trainings, AreCountedAgainWhenSomethingWasOtherwise) {
  const base::Uuid training = culture_.Training(culture_.Diagnosed(), "2024-05-20");
  const base::Uuid person = Came(training);
  ASSERT_TRUE(activities_.Held(training).ok());
  ExpectCounted(training, 1, 0);
  EXPECT_EQ(Stayed(training, person, 120), "");
  ExpectCounted(training, 1, 1);
  const base::Uuid late = Came(training);
  ExpectCounted(training, 2, 1);
  ASSERT_TRUE(activities_.Retracted(training, late).ok());
  ExpectCounted(training, 1, 1);
  IdOf(world_.Do([&](auto& work) {
    return RecordHeadcount(work, {.activity_id = training}, counts_.headcounts);
  }));
  ExpectCounted(training, 11, 9);
  EXPECT_EQ(Stayed(training, person, 10), "");
  ExpectCounted(training, 11, 9);
  IdOf(world_.Do([&](auto& work) {
    return RecordHeadcount(work, {.activity_id = training},
                           {{v1::HEADCOUNT_KIND_TOTAL, 12}, {v1::HEADCOUNT_KIND_COMPLETERS, 10}});
  }));
  ExpectCounted(training, 12, 10);
}

// Two records that turn out to be one person are one attendee, and two again when they are not:
// told once each, without anybody touching the training.
TEST_F(Trainings, AreCountedAgainWhenTwoWhoCameAreOne) {
  const base::Uuid engagement = culture_.Diagnosed();
  const base::Uuid training = culture_.Training(engagement, "2024-05-20");
  const base::Uuid other = culture_.Training(engagement, "2024-05-20");
  const base::Uuid survivor = base::Uuid::NewV7(), duplicate = base::Uuid::NewV7();
  const base::Uuid one = IdOf(activities_.Came(training, {.person = survivor}));
  const base::Uuid two = IdOf(activities_.Came(training, {.person = duplicate}));
  Came(training);
  IdOf(activities_.Came(other, {.person = duplicate}));
  EXPECT_EQ(Stayed(training, one, 120), "");
  EXPECT_EQ(Stayed(training, two, 120), "");
  ASSERT_TRUE(activities_.Held(training).ok());
  ASSERT_TRUE(activities_.Held(other).ok());
  ExpectCounted(training, 3, 2);

  const auto tell = [&](auto event, int version) {
    event.set_merge_id(base::Uuid::Derive(survivor, "merge").ToString());
    event.set_survivor_person_id(survivor.ToString());
    event.set_duplicate_person_id(duplicate.ToString());
    const absl::Status heard = world_.Hear(event, survivor, version);
    EXPECT_TRUE(heard.ok()) << heard;
  };
  const auto told = [&] { return world_.EventsOf(training).size(); };
  const size_t before = told();
  tell(registry::v1::PersonsMerged(), 7);
  ExpectCounted(training, 2, 1);
  ExpectCounted(other, 1, 0);
  EXPECT_EQ(told(), before + 1);
  tell(registry::v1::PersonsMerged(), 7);
  EXPECT_EQ(told(), before + 1) << "heard again, nothing is otherwise";
  tell(registry::v1::PersonsUnmerged(), 8);
  ExpectCounted(training, 3, 2);
  EXPECT_EQ(told(), before + 2);
  ExpectCounted(other, 1, 0);
  EXPECT_EQ(world_.EventsOf(other).back().type, "TrainingCompleted")
      << "of it nothing is otherwise";
}

TEST_F(Trainings, RefuseWhatIsNotTheirs) {
  const base::Uuid engagement = culture_.Diagnosed();
  const EnterActivityInput good = {.kind = v1::ACTIVITY_KIND_TRAINING,
                                   .start = Day("2024-05-20"),
                                   .end = Day("2024-05-20"),
                                   .label = "교육",
                                   .engagement = engagement,
                                   .training_duration = 60};
  EnterActivityInput input = good;
  input.programme = "INC";
  EXPECT_EQ(Entered(input), "TRAINING_ENGAGEMENT");
  input = good;
  input.engagement = base::Uuid::NewV7();
  EXPECT_EQ(Entered(input), "TRAINING_ENGAGEMENT");
  input = good;
  input.training_duration = 0;
  EXPECT_EQ(Entered(input), "INVALID_FIELD");
  input = good;
  input.engagement.reset();
  EXPECT_EQ(Entered(input), "INVALID_FIELD") << "a duration of nothing";
  input = good;
  input.kind = v1::ACTIVITY_KIND_MEETING;
  EXPECT_EQ(Entered(input), "INVALID_FIELD");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM activity"), "0");
  EXPECT_EQ(Entered(good), "");
  IdOf(world_.Do(
      [&](auto& work) { return Drop(work, StepOf(engagement), v1::DROP_REASON_CLOSED_DOWN); }));
  EXPECT_EQ(Entered(good), "TRAINING_ENGAGEMENT");
}

TEST_F(Trainings, StayTrainings) {
  const base::Uuid training = culture_.Training(culture_.Diagnosed(), "2024-05-20");
  EXPECT_EQ(Reason(world_.Do([&](auto& work) {
              return ChangeActivity(
                  work, {.activity = {.activity_id = training}, .kind = v1::ACTIVITY_KIND_MEETING});
            })),
            "INVALID_FIELD");
}

TEST_F(Trainings, RecordTimeOfThoseWhoCameToOneOnly) {
  const base::Uuid training = culture_.Training(culture_.Diagnosed(), "2024-05-20");
  const base::Uuid invited = activities_.Invited(training, {.person = base::Uuid::NewV7()});
  EXPECT_EQ(Stayed(training, invited, 60), "ATTENDANCE_STATE");
  EXPECT_EQ(Stayed(training, Came(training), 121), "INVALID_FIELD");
  const base::Uuid meeting = activities_.Confirmed("2024-05-20");
  EXPECT_EQ(Stayed(meeting, Came(meeting), 60), "NOT_A_TRAINING");
}

// 20 firms, two visits each; two trainings each and a third for two of them; 388 of 431 complete.
TEST_F(Trainings, OfTwentyFirmsAddUpFromEventsAlone) {
  std::map<std::string, int> firms;
  int runs = 0, attendees = 0, completers = 0;
  for (int firm = 0; firm < 20; ++firm) {
    const base::Uuid engagement = culture_.Diagnosed();
    for (int run = 0; run < (firm < 2 ? 3 : 2); ++run) {
      const base::Uuid training = culture_.Training(engagement, "2024-05-20");
      const int came = runs < 11 ? 11 : 10, completed = runs < 10 ? 10 : 9;
      ++runs;
      ASSERT_TRUE(activities_
                      .Held(training, {.headcounts = {{v1::HEADCOUNT_KIND_TOTAL, came},
                                                      {v1::HEADCOUNT_KIND_COMPLETERS, completed}}})
                      .ok());
      const Counted counted = Count(training);
      ASSERT_EQ(counted.living.size(), 1u);
      attendees += counted.living.begin()->second.attendee_count();
      completers += counted.living.begin()->second.completer_count();
      ++firms[world_.LastOf(training).As<v1::TrainingCompleted>().activity().organization_id()];
    }
  }
  EXPECT_EQ(firms.size(), 20u);
  EXPECT_EQ(runs, 42);
  EXPECT_EQ(attendees, 431);
  EXPECT_EQ(completers, 388);
}

}  // namespace
}  // namespace ieum::casemgmt::testing
