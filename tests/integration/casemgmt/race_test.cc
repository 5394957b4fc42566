// Goal: of several that choose one id at the same moment, one wins and the others hear the reason
// that they would have heard later. Method: real concurrency on a real database, several rounds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <barrier>
#include <thread>

#include "platform/erasure/erasure_store.h"
#include "services/casemgmt/erasures/forgetting.h"
#include "tests/integration/casemgmt/activity_world.h"

namespace ieum::casemgmt::testing {
namespace {

using ::testing::ElementsAre;

// What several are told who do something at once, "" for none, sorted.
template <class F>
std::vector<std::string> ReasonsAtOnce(F ask) {
  constexpr int kCallers = 4;
  std::vector<std::string> reasons(kCallers);
  std::barrier gate(kCallers);
  std::vector<std::thread> threads;
  for (int caller = 0; caller < kCallers; ++caller) {
    threads.emplace_back([&, caller] {
      gate.arrive_and_wait();
      reasons[caller] = ask(caller);
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::sort(reasons.begin(), reasons.end());
  return reasons;
}

TEST(Race, ForAnEngagementsIdHasOneWinner) {
  World world;
  const base::Uuid campaign = world.HearCampaign();
  for (int round = 0; round < 8; ++round) {
    const base::Uuid id = base::Uuid::NewV7();
    const base::Uuid firms[] = {world.HearFirm(), world.HearFirm(), world.HearFirm(),
                                world.HearFirm()};
    EXPECT_THAT(ReasonsAtOnce([&](int caller) {
                  return Reason(world.Do([&](auto& work) {
                    return OpenEngagement(work,
                                          {.engagement_id = id,
                                           .organization_id = firms[round % 2 == 0 ? 0 : caller],
                                           .campaign_id = campaign});
                  }));
                }),
                ElementsAre("", "ID_TAKEN", "ID_TAKEN", "ID_TAKEN"));
  }
}

TEST(Race, ForAFormsIdHasOneWinner) {
  World world;
  const base::Uuid campaign = world.HearCampaign();
  for (int round = 0; round < 4; ++round) {
    const base::Uuid id = base::Uuid::NewV7();
    std::vector<base::Uuid> engagements;
    for (int caller = 0; caller < 4; ++caller) engagements.push_back(world.Visited(campaign));
    EXPECT_THAT(ReasonsAtOnce([&](int caller) {
                  return Reason(world.Do([&](auto& work) {
                    return BeginDraft(work,
                                      {.application_id = id, .engagement_id = engagements[caller]});
                  }));
                }),
                ElementsAre("", "ID_TAKEN", "ID_TAKEN", "ID_TAKEN"));
  }
}

// row:C28
TEST(Race, OfTwoHundredCheckInsCountsEachPersonOnce) {
  constexpr int kScans = 200, kPeople = 50, kScanners = 8;
  World world("2023-05-24 14:00");
  Activities activities(world);
  const base::Uuid id = activities.Confirmed("2023-05-24");
  std::vector<Attendee> people;
  for (int person = 0; person < kPeople; ++person) {
    people.push_back({.person = base::Uuid::NewV7()});
    if (person % 2 == 0) activities.Invited(id, people.back());
  }
  std::atomic<int> next = 0, refused = 0;
  std::barrier gate(kScanners);
  std::vector<std::thread> scanners;
  for (int scanner = 0; scanner < kScanners; ++scanner) {
    scanners.emplace_back([&] {
      gate.arrive_and_wait();
      for (int scan = next++; scan < kScans; scan = next++) {
        if (!activities.Came(id, people[scan % kPeople]).ok()) ++refused;
      }
    });
  }
  for (std::thread& scanner : scanners) scanner.join();
  EXPECT_EQ(refused, 0);
  EXPECT_EQ(world.Ask("SELECT count(*) || ' ' || count(DISTINCT person_id) FROM attendance "
                      "WHERE checked_in_at IS NOT NULL"),
            "50 50");
  const std::vector<Told> told = world.EventsOf(id);
  EXPECT_EQ(std::count_if(told.begin(), told.end(),
                          [](const Told& each) { return each.type == "AttendanceRecorded"; }),
            kPeople);
}

TEST(Race, ForTheLastPlaceHasOneWinner) {
  World world("2023-05-10 14:00");
  Activities activities(world);
  for (int round = 0; round < 4; ++round) {
    const base::Uuid id = activities.Entered("2023-05-24", {}, 1);
    IdOf(world.Do([&](auto& work) { return OpenActivity(work, {.activity_id = id}); }));
    std::vector<base::Uuid> entries;
    for (int caller = 0; caller < 4; ++caller) {
      entries.push_back(activities.Invited(id, {.person = base::Uuid::NewV7()}));
    }
    EXPECT_THAT(
        ReasonsAtOnce([&](int caller) {
          return Reason(activities.Answered(id, entries[caller], v1::INVITATION_ANSWER_YES));
        }),
        ElementsAre("", "ACTIVITY_FULL", "ACTIVITY_FULL", "ACTIVITY_FULL"));
  }
}

// A part is cancelled with its parent, or not made at all.
TEST(Race, OfANewPartAndTheEndOfItsParentLeavesNoOrphan) {
  World world("2023-05-10 14:00");
  Activities activities(world);
  for (int round = 0; round < 8; ++round) {
    const base::Uuid fair = activities.Entered("2023-11-06");
    ReasonsAtOnce([&](int caller) {
      return Reason(world.Do([&](auto& work) -> absl::StatusOr<ledger::Done> {
        if (caller == 0) {
          return CancelActivity(work, {.activity_id = fair}, v1::ACTIVITY_CANCEL_REASON_ORGANISER);
        }
        return EnterActivity(
            work,
            {.parent = fair, .start = Day("2023-11-07"), .end = Day("2023-11-07"), .label = "x"});
      }));
    });
    EXPECT_EQ(world.Ask("SELECT count(*) FROM activity WHERE parent_id = '" + fair.ToString() +
                        "' AND state <> 7"),
              "0");
  }
}

// law:L14
TEST(Race, OfAnErasureAndCheckInsLeavesHerOnNoList) {
  constexpr int kMeetings = 6;
  World world("2023-05-24 14:00");
  Activities activities(world);
  for (int round = 0; round < 6; ++round) {
    std::vector<base::Uuid> meetings;
    for (int at = 0; at < kMeetings; ++at) meetings.push_back(activities.Confirmed("2023-05-24"));
    const base::Uuid person = base::Uuid::NewV7();
    const erasure::Erasure erasure = {person, base::Uuid::NewV7(), absl::Now()};
    std::barrier gate(kMeetings + 1);
    std::vector<std::thread> threads;
    for (const base::Uuid& meeting : meetings) {
      threads.emplace_back([&, meeting] {
        gate.arrive_and_wait();
        const std::string reason = Reason(activities.Came(meeting, {.person = person}));
        EXPECT_THAT(reason, ::testing::AnyOf("", "PERSON_ERASED"));
      });
    }
    gate.arrive_and_wait();
    // As the consumer does it: the note and the reaction in one transaction.
    const absl::Status erased = world.database().Write("erase", [&](db::Tx& tx) {
      erasure::NoteDestroyed(tx, erasure, false, false);
      return world.ledger().RunWithin(
          tx, {.actor = "service/casemgmt"}, base::Uuid::NewV7(),
          [&](ledger::UnitOfWork& work) { return ForgetPerson(work, person); }, nullptr);
    });
    EXPECT_TRUE(erased.ok()) << erased;
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(world.Ask("SELECT count(*) FROM attendance WHERE person_id IS NOT NULL"), "0");
    EXPECT_EQ(Reason(activities.Came(meetings.front(), {.person = person})), "PERSON_ERASED");
  }
}

}  // namespace
}  // namespace ieum::casemgmt::testing
