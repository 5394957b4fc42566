// Goal: an activity is led from its day to its minutes, each step is told once, and a refused one
// leaves nothing. Method: use cases through the ledger on a real database. row:C28
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ieum/registry/v1/events.pb.h"
#include "platform/base/status.h"
#include "tests/integration/casemgmt/activity_world.h"

namespace ieum::casemgmt::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Activity : public ::testing::Test {
 protected:
  // Refused with this reason, and nothing was written.
  void ExpectRefused(const std::string& reason, ledger::Ledger::UseCase use_case) {
    const int64_t before = world_.EventCount();
    EXPECT_EQ(Reason(world_.Do(use_case)), reason);
    EXPECT_EQ(world_.EventCount(), before);
  }
  std::vector<std::string> TypesOf(const base::Uuid& activity) {
    std::vector<std::string> types;
    for (const Told& told : world_.EventsOf(activity)) types.push_back(told.type);
    return types;
  }
  base::Uuid Body() { return world_.HearFirm(); }
  Attendee Person() { return {.person = base::Uuid::NewV7()}; }

  World world_{"2023-05-24 14:00"};
  Activities activities_{world_};
};

TEST_F(Activity, GoesFromItsDayToItsMinutes) {
  const base::Uuid id = activities_.Entered("2023-05-24");
  IdOf(world_.Do([&](auto& work) { return OpenActivity(work, {.activity_id = id}); }));
  const base::Uuid entry = activities_.Invited(id, Person());
  ASSERT_TRUE(activities_.Answered(id, entry, v1::INVITATION_ANSWER_YES).ok());
  IdOf(world_.Do([&](auto& work) { return ConfirmActivity(work, {.activity_id = id}); }));
  const auto who = activities_.Entry(id, entry).attendance.who;
  EXPECT_EQ(IdOf(activities_.Came(id, who)), entry);
  ASSERT_TRUE(activities_.Held(id).ok());
  const auto minutes = world_.Do([&](auto& work) {
    return PublishMinutes(work, {.activity_id = id}, "안건 1", std::nullopt);
  });
  ASSERT_TRUE(minutes.ok()) << minutes.status();
  EXPECT_EQ(minutes->name, "activities/" + id.ToString() + "/minutes/1");
  EXPECT_THAT(TypesOf(id), ElementsAre("ActivityScheduled", "ActivityOpened", "AttendeeInvited",
                                       "AttendeeAnswered", "ActivityConfirmed",
                                       "AttendanceRecorded", "ActivityHeld", "MinutesPublished"));
  const ActivityView view = activities_.View(id);
  EXPECT_EQ(view.activity.state, v1::ACTIVITY_STATE_REPORTED);
  EXPECT_EQ(view.activity.held_day, Day("2023-05-24"));
  EXPECT_EQ(view.counts.persons, 1);
  EXPECT_EQ(view.version, 8);
}

TEST_F(Activity, IsNotHeldWithoutAnybody) {
  const base::Uuid id = activities_.Confirmed("2023-05-24");
  ExpectRefused("ATTENDANCE_MISSING",
                [&](auto& work) { return HoldActivity(work, {.activity_id = id}, {}); });
  const auto held = activities_.Held(
      id, {.headcounts = {{v1::HEADCOUNT_KIND_TOTAL, 300}, {v1::HEADCOUNT_KIND_WOMEN, 120}}});
  ASSERT_TRUE(held.ok()) << held.status();
  const auto event = world_.LastOf(id).As<v1::ActivityHeld>();
  EXPECT_EQ(event.total_count(), 300);
  EXPECT_EQ(event.person_count(), 0);
  EXPECT_EQ(event.activity().line_code(), "BSN-1");
}

TEST_F(Activity, IsCountedAnewWithoutLosingWhatWasCountedBefore) {
  const base::Uuid id = activities_.Confirmed("2023-05-24");
  for (const int total : {300, 280}) {
    ASSERT_TRUE(world_
                    .Do([&](auto& work) {
                      return RecordHeadcount(work, {.activity_id = id},
                                             {{v1::HEADCOUNT_KIND_TOTAL, total}});
                    })
                    .ok());
  }
  EXPECT_THAT(activities_.View(id).headcounts,
              ElementsAre(Headcount{v1::HEADCOUNT_KIND_TOTAL, 280}));
  EXPECT_EQ(world_.Ask("SELECT string_agg(revision || ':' || count, ' ' ORDER BY revision) "
                       "FROM headcount"),
            "1:300 2:280");
  ASSERT_TRUE(activities_.Held(id).ok()) << "a count says that somebody came";
  ExpectRefused("ATTENDANCE_MISSING", [&](auto& work) {
    return RecordHeadcount(work, {.activity_id = id}, {{v1::HEADCOUNT_KIND_TOTAL, 0}});
  });
}

TEST_F(Activity, KeepsTheMinutesThatItsCorrectionsCorrect) {
  const base::Uuid id = activities_.Confirmed("2023-05-24");
  ASSERT_TRUE(activities_.Came(id, Person()).ok());
  const auto publish = [&](const std::string& text) {
    return world_.Do(
        [&](auto& work) { return PublishMinutes(work, {.activity_id = id}, text, std::nullopt); });
  };
  EXPECT_EQ(Reason(publish("too early")), "ACTIVITY_STATE");
  ASSERT_TRUE(activities_.Held(id).ok());
  ASSERT_TRUE(publish("안건 1").ok());
  ASSERT_TRUE(publish("안건 1, 2").ok());
  EXPECT_EQ(world_.Ask("SELECT string_agg(revision || ':' || minutes, ' ' ORDER BY revision) "
                       "FROM activity_minutes"),
            "1:안건 1 2:안건 1, 2");
  EXPECT_EQ(world_.LastOf(id).As<v1::MinutesPublished>().revision(), 2);
  ExpectRefused("DATE_ORDER", [&](auto& work) {
    return PublishMinutes(work, {.activity_id = id}, "x", Day("2023-05-23"));
  });
}

TEST_F(Activity, ThatMovesOrEndsTellsEverybodyWhoHasNotDeclined) {
  const base::Uuid id = activities_.Entered("2023-06-07");
  IdOf(world_.Do([&](auto& work) { return OpenActivity(work, {.activity_id = id}); }));
  const base::Uuid silent = activities_.Invited(id, Person());
  const base::Uuid declined = activities_.Invited(id, Person());
  ASSERT_TRUE(activities_.Answered(id, declined, v1::INVITATION_ANSWER_NO).ok());
  const auto told = [&](const std::string& type) {
    std::vector<std::string> ids;
    for (const Told& each : world_.EventsOf(id)) {
      if (each.type != type) continue;
      ids.push_back(each.As<v1::InvitationMoved>().attendance().attendance_id());
    }
    return ids;
  };
  ASSERT_TRUE(world_
                  .Do([&](auto& work) {
                    return RescheduleActivity(work, {.activity_id = id}, Day("2023-06-14"),
                                              Day("2023-06-14"));
                  })
                  .ok());
  EXPECT_THAT(told("InvitationMoved"), ElementsAre(silent.ToString()));
  ASSERT_TRUE(
      world_.Do([&](auto& work) { return PostponeActivity(work, {.activity_id = id}); }).ok());
  EXPECT_THAT(told("InvitationEnded"), ElementsAre(silent.ToString()));
  ExpectRefused("DATE_ORDER", [&](auto& work) {
    return RescheduleActivity(work, {.activity_id = id}, Day("2023-07-05"), Day("2023-07-04"));
  });
  ASSERT_TRUE(world_
                  .Do([&](auto& work) {
                    return RescheduleActivity(work, {.activity_id = id}, Day("2023-07-05"),
                                              Day("2023-07-05"));
                  })
                  .ok());
  EXPECT_EQ(activities_.View(id).activity.state, v1::ACTIVITY_STATE_PLANNED);
}

// domain.md BSN-9: a fair is a parent with activities of its own.
TEST_F(Activity, EndsWithItsParts) {
  const base::Uuid fair = activities_.Entered("2023-11-06");
  const base::Uuid award = activities_.Entered("2023-11-07", fair);
  const base::Uuid talk = activities_.Entered("2023-11-08", fair);
  ExpectRefused("PARENT_ACTIVITY", [&](auto& work) {
    return EnterActivity(
        work,
        {.parent = award, .start = Day("2023-11-07"), .end = Day("2023-11-07"), .label = "x"});
  });
  IdOf(world_.Do([&](auto& work) {
    return CancelActivity(work, {.activity_id = talk}, v1::ACTIVITY_CANCEL_REASON_TOO_FEW);
  }));
  IdOf(world_.Do([&](auto& work) {
    return CancelActivity(work, {.activity_id = fair}, v1::ACTIVITY_CANCEL_REASON_FORCE_MAJEURE);
  }));
  EXPECT_EQ(activities_.View(fair).activity.cancel_reason,
            v1::ACTIVITY_CANCEL_REASON_FORCE_MAJEURE);
  EXPECT_EQ(activities_.View(award).activity.cancel_reason,
            v1::ACTIVITY_CANCEL_REASON_PARENT_CANCELLED);
  EXPECT_EQ(activities_.View(talk).activity.cancel_reason, v1::ACTIVITY_CANCEL_REASON_TOO_FEW);
}

TEST_F(Activity, PromisesNoMorePlacesThanItHas) {
  const base::Uuid id = activities_.Entered("2023-06-07", {}, 1);
  const base::Uuid first = activities_.Invited(id, Person());
  const base::Uuid second = activities_.Invited(id, Person());
  EXPECT_EQ(Reason(activities_.Answered(id, first, v1::INVITATION_ANSWER_YES)), "ACTIVITY_STATE")
      << "nobody is asked yet";
  IdOf(world_.Do([&](auto& work) { return OpenActivity(work, {.activity_id = id}); }));
  ASSERT_TRUE(activities_.Answered(id, first, v1::INVITATION_ANSWER_YES).ok());
  EXPECT_EQ(Reason(activities_.Answered(id, second, v1::INVITATION_ANSWER_YES)), "ACTIVITY_FULL");
  ASSERT_TRUE(activities_.Answered(id, second, v1::INVITATION_ANSWER_MAYBE).ok());
  ASSERT_TRUE(activities_.Answered(id, first, v1::INVITATION_ANSWER_NO).ok());
  ASSERT_TRUE(activities_.Answered(id, second, v1::INVITATION_ANSWER_YES).ok());
  EXPECT_EQ(activities_.View(id).counts.yes, 1);
  const int64_t before = world_.EventCount();
  ASSERT_TRUE(activities_.Answered(id, second, v1::INVITATION_ANSWER_YES).ok());
  EXPECT_EQ(world_.EventCount(), before) << "the answer that stands changes nothing";
}

TEST_F(Activity, CountsWhoeverIsScannedOftenOnce) {
  const base::Uuid id = activities_.Confirmed("2023-05-24");
  const base::Uuid firm = Body();
  const Attendee who{.person = base::Uuid::NewV7(), .organization = firm};
  const base::Uuid entry = IdOf(activities_.Came(id, who));
  const int64_t before = world_.EventCount();
  EXPECT_EQ(IdOf(activities_.Came(id, who)), entry);
  EXPECT_EQ(world_.EventCount(), before);
  ASSERT_TRUE(activities_.Came(id, {.person = base::Uuid::NewV7(), .organization = firm}).ok());
  ASSERT_TRUE(activities_.Came(id, {.organization = Body()}).ok());
  const ListCounts counts = activities_.View(id).counts;
  EXPECT_EQ(counts.persons, 2);
  EXPECT_EQ(counts.organizations, 2) << "of one firm two came";
  EXPECT_TRUE(activities_.Entry(id, entry).attendance.walk_in);
}

TEST_F(Activity, TakesBackWhoWasScannedByMistakeAndKeepsTheInvitation) {
  const base::Uuid id = activities_.Confirmed("2023-05-24");
  const Attendee who = Person();
  const base::Uuid entry = activities_.Invited(id, who);
  EXPECT_EQ(Reason(activities_.Retracted(id, entry)), "ATTENDANCE_STATE");
  ASSERT_TRUE(activities_.Came(id, who).ok());
  EXPECT_EQ(Reason(activities_.Answered(id, entry, v1::INVITATION_ANSWER_NO)), "ATTENDANCE_STATE");
  ASSERT_TRUE(activities_.Retracted(id, entry).ok());
  EXPECT_EQ(world_.LastOf(id).As<v1::AttendanceRetracted>().retracted_date(), "2023-05-24");
  EXPECT_FALSE(activities_.Entry(id, entry).attendance.came());
  ASSERT_TRUE(activities_.Came(id, who).ok());
  ASSERT_TRUE(activities_.Held(id).ok());
  EXPECT_EQ(Reason(activities_.Retracted(id, entry)), "ATTENDANCE_MISSING");
}

TEST_F(Activity, RefusesWhoIsListedUnknownErasedOrTooEarly) {
  const base::Uuid id = activities_.Confirmed("2023-05-25");
  const Attendee who = Person();
  EXPECT_EQ(Reason(activities_.Came(id, who)), "DATE_INVALID") << "it is tomorrow";
  activities_.Invited(id, who);
  const auto invite = [&](const Attendee& attendee) {
    return [&, attendee](auto& work) {
      return Invite(work, {.activity = {.activity_id = id}, .who = attendee});
    };
  };
  ExpectRefused("ATTENDEE_LISTED_ALREADY", invite(who));
  ExpectRefused("INVALID_FIELD", invite({}));
  ExpectRefused("ORGANIZATION_UNKNOWN", invite({.organization = base::Uuid::NewV7()}));
  const base::Uuid erased = base::Uuid::NewV7();
  world_.Ask(
      "INSERT INTO person_erasure (person_id, erasure_id, erased_at, key_destroyed) VALUES "
      "('" +
      erased.ToString() + "', gen_random_uuid(), now(), false) RETURNING 1");
  ExpectRefused("PERSON_ERASED", invite({.person = erased}));
  ExpectRefused("NOT_FOUND", [&](auto& work) {
    return OpenActivity(work, {.activity_id = base::Uuid::NewV7()});
  });
  ExpectRefused("STALE_ETAG", [&](auto& work) {
    return PostponeActivity(work, {.activity_id = id, .etag = "\"1\""});
  });
}

TEST_F(Activity, OfAPlanIsNotRenamedHere) {
  const base::Uuid id = base::Uuid::NewV7();
  ASSERT_TRUE(activities_.Plan<registry::v1::ActivityPlanned>(id, "2023-05-24", 3).ok());
  ExpectRefused("INVALID_FIELD", [&](auto& work) {
    return ChangeActivity(work, {.activity = {.activity_id = id}, .label = "x"});
  });
  ASSERT_TRUE(world_
                  .Do([&](auto& work) {
                    return ChangeActivity(work, {.activity = {.activity_id = id},
                                                 .label = "추진단 협의회",  // as the plan has it
                                                 .place = "부산시청 대회의실",
                                                 .capacity = 40,
                                                 .changed_fields = {"place", "capacity"}});
                  })
                  .ok());
  EXPECT_EQ(activities_.View(id).activity.capacity, 40);
  EXPECT_EQ(world_.LastOf(id).As<v1::ActivityChanged>().activity().place(), "부산시청 대회의실");
}

// law:L14 law:L15
TEST_F(Activity, ForgetsWhoWasErasedAndStillCountsHer) {
  const base::Uuid id = activities_.Confirmed("2023-05-24");
  const Attendee who{.person = base::Uuid::NewV7(), .organization = Body()};
  const base::Uuid entry = IdOf(activities_.Came(id, who));
  const base::Uuid invited = activities_.Invited(activities_.Entered("2023-06-07"), who);
  registry::v1::PersonErased event;
  event.set_person_id(who.person->ToString());
  event.set_erasure_id(base::Uuid::NewV7().ToString());
  ASSERT_TRUE(world_.Hear(event, *who.person, 9).ok());
  ASSERT_TRUE(world_.Hear(event, *who.person, 9).ok()) << "again, with no more to forget";
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM attendance WHERE person_id IS NOT NULL"), "0");
  EXPECT_TRUE(activities_.Entry(id, entry).attendance.anonymised);
  const ListCounts counts = activities_.View(id).counts;
  EXPECT_EQ(counts.persons, 1);
  EXPECT_EQ(counts.organizations, 1);
  const auto told = world_.LastOf(id).As<v1::AttendanceAnonymised>();
  EXPECT_EQ(told.attendance().attendance_id(), entry.ToString());
  EXPECT_EQ(told.attendance().person_id(), "");
  EXPECT_FALSE(invited.nil());
}

class Merged : public Activity {
 protected:
  registry::v1::PersonsMerged Merge() {
    registry::v1::PersonsMerged event;
    event.set_merge_id(merge_.ToString());
    event.set_survivor_person_id(survivor_.ToString());
    event.set_duplicate_person_id(duplicate_.ToString());
    return event;
  }
  absl::Status Undo() {
    registry::v1::PersonsUnmerged event;
    event.set_merge_id(merge_.ToString());
    event.set_survivor_person_id(survivor_.ToString());
    event.set_duplicate_person_id(duplicate_.ToString());
    return world_.Hear(event, survivor_, 8);
  }
  std::string IdsOf(const base::Uuid& person) {
    return world_.Ask(
        "SELECT count(*) FROM attendance t WHERE t.person_id IN "
        "(SELECT person_ids('" +
        person.ToString() + "'))");
  }

  const base::Uuid merge_ = base::Uuid::NewV7(), survivor_ = base::Uuid::NewV7(),
                   duplicate_ = base::Uuid::NewV7();
};

TEST_F(Merged, IsOnePersonUntilTheMergeIsUndone) {
  const base::Uuid id = activities_.Confirmed("2023-05-24");
  const base::Uuid one = IdOf(activities_.Came(id, {.person = survivor_}));
  const base::Uuid two = IdOf(activities_.Came(id, {.person = duplicate_}));
  EXPECT_EQ(activities_.View(id).counts.persons, 2);
  ASSERT_TRUE(world_.Hear(Merge(), survivor_, 7).ok());
  EXPECT_EQ(activities_.View(id).counts.persons, 1);
  EXPECT_EQ(activities_.Entry(id, two).survivor, survivor_);
  EXPECT_EQ(IdsOf(duplicate_), "2");
  EXPECT_EQ(IdsOf(survivor_), "2");
  const int64_t before = world_.EventCount();
  EXPECT_EQ(IdOf(activities_.Came(id, {.person = duplicate_})), one) << "she is there already";
  EXPECT_EQ(world_.EventCount(), before);
  ASSERT_TRUE(Undo().ok());
  EXPECT_EQ(activities_.View(id).counts.persons, 2);
  EXPECT_EQ(activities_.Entry(id, two).survivor, duplicate_);
  EXPECT_EQ(IdsOf(duplicate_), "1");
}

TEST_F(Merged, IsNotHeardOfInTheWrongOrder) {
  ASSERT_TRUE(Undo().ok());
  ASSERT_TRUE(world_.Hear(Merge(), survivor_, 7).ok());
  const base::Uuid id = activities_.Confirmed("2023-05-24");
  ASSERT_TRUE(activities_.Came(id, {.person = survivor_}).ok());
  EXPECT_EQ(IdsOf(duplicate_), "0") << "an undone merge never stands again";
}

}  // namespace
}  // namespace ieum::casemgmt::testing
