// Goal: the plan in the database is the plan on paper, whatever comes twice, late or at once.
// Method: events through the event door against real PostgreSQL.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "services/notify/reminders/reminder_commands.h"
#include "tests/integration/notify/mail_server.h"
#include "tests/integration/notify/world.h"

namespace ieum::notify::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string States(World& world) {
  return world.Ask(
      "SELECT coalesce(string_agg(rule_code || ' ' || occurrence || ' ' || due_date || ' ' || "
      "state,"
      " ', ' ORDER BY rule_code, occurrence), '') FROM reminder");
}

TEST(Plan, IsWrittenWithItsEvents) {
  World world;
  world.EnterScenario();
  world.SetClock("2023-04-08 10:00");
  world.Happen(VisitPlanned("2023-04-10"));
  EXPECT_EQ(States(world), "VISIT-D-1 1 2023-04-09 1, VISIT-D-3 1 2023-04-07 3");
  EXPECT_THAT(world.EventTypes("Reminder"),
              ElementsAre("ReminderPlanned", "ReminderPlanned", "ReminderSkipped"));
  world.Happen(VisitMoved("2023-04-10", "2023-04-20"));
  world.Happen(VisitCancelled("2023-04-20"));
  EXPECT_EQ(States(world),
            "VISIT-D-1 1 2023-04-19 4, VISIT-D-3 1 2023-04-07 3, VISIT-D-3 2 2023-04-17 4");
  world.ExpectBalanced();
}

// row:N4
TEST(Plan, TakesAnEventOnce) {
  World world;
  world.EnterScenario();
  const base::Uuid id = base::Uuid::NewV7();
  for (int run = 0; run < 3; ++run) {
    EXPECT_TRUE(world.Deliver(VisitPlanned("2023-04-10"), At("2023-03-27 11:00"), id).ok());
  }
  EXPECT_EQ(world.Count("reminder"), 2);
  EXPECT_THAT(world.EventTypes("Reminder"), SizeIs(2));
}

TEST(Plan, LeavesEventsAloneThatNoRuleListensTo) {
  World world;
  EXPECT_TRUE(world.Deliver(VisitPlanned("2023-04-10"), At("2023-03-27 11:00")).ok());
  EXPECT_TRUE(world.Deliver(registry::v1::CampaignClosed(), At("2023-03-27 11:00")).ok());
  EXPECT_EQ(world.Count("reminder"), 0);
}

TEST(Plan, KeepsWhatComesBeforeItsPlan) {
  World world;
  world.EnterScenario();
  EXPECT_TRUE(world.Deliver(VisitCancelled("2023-04-10"), At("2023-03-29 11:00")).ok());
  EXPECT_TRUE(world.Deliver(VisitMoved("2023-04-10", "2023-04-20"), At("2023-03-28 11:00")).ok());
  EXPECT_EQ(world.Count("reminder_signal"), 4);
  EXPECT_TRUE(world.Deliver(VisitPlanned("2023-04-10"), At("2023-03-27 11:00")).ok());
  EXPECT_EQ(States(world), "VISIT-D-1 1 2023-04-19 4, VISIT-D-3 1 2023-04-17 4");
  EXPECT_EQ(world.Count("reminder_signal"), 0);
}

TEST(Plan, KeepsTheOrderOfTheLedgerForWhatComesBeforeIt) {
  World world;
  world.EnterScenario();
  const absl::Time instant = At("2023-03-28 11:00");
  const auto great = base::Uuid::Parse("ffffffff-0000-7000-8000-000000000001");
  const auto small = base::Uuid::Parse("00000000-0000-7000-8000-000000000001");
  EXPECT_TRUE(world.Deliver(VisitMoved("2023-04-10", "2023-04-20"), instant, great).ok());
  EXPECT_TRUE(world.Deliver(VisitMoved("2023-04-20", "2023-04-25"), instant, small).ok());
  EXPECT_TRUE(world.Deliver(VisitPlanned("2023-04-10"), At("2023-03-27 11:00")).ok());
  EXPECT_EQ(States(world), "VISIT-D-1 1 2023-04-24 1, VISIT-D-3 1 2023-04-22 1");
}

TEST(Plan, CancelsMessagesThatWereNotSentYet) {
  World world;
  world.EnterScenario();
  world.SetClock("2023-04-08 10:00");
  world.Happen(VisitPlanned("2023-04-10"));
  world.SetClock("2023-04-09 09:00");
  EXPECT_TRUE(ReleaseDueReminders(world.ledger, world.clock.Now().value()).value());
  world.Happen(VisitCancelled("2023-04-10"));
  EXPECT_EQ(world.OnlyState(), "MESSAGE_STATE_CANCELLED");
  EXPECT_THAT(world.EventTypes("Message"), ElementsAre("MessageCancelled"));
  MailServer server;
  world.Settle(*world.NewSender(server.url()));
  EXPECT_THAT(server.Mails(), IsEmpty());
  world.ExpectBalanced();
}

// row:N20
TEST(Plan, MovedBeforeItsReminderLeftSendsTheNewDayOnlyAndNoNotice) {
  World world;
  world.EnterScenario();
  world.SetClock("2023-04-08 10:00");
  world.Happen(VisitPlanned("2023-04-10"));
  world.SetClock("2023-04-09 09:00");
  EXPECT_TRUE(ReleaseDueReminders(world.ledger, world.clock.Now().value()).value());
  world.Happen(VisitMoved("2023-04-10", "2023-04-20"));
  EXPECT_EQ(world.OnlyState(), "MESSAGE_STATE_CANCELLED");
  world.Happen(VisitMoved("2023-04-20", "2023-04-21"));  // nobody has been told since
  EXPECT_EQ(States(world),
            "VISIT-D-1 1 2023-04-09 2, VISIT-D-1 2 2023-04-20 1, VISIT-D-3 1 2023-04-07 3, "
            "VISIT-D-3 2 2023-04-18 1");
  MailServer server;
  const auto sender = world.NewSender(server.url());
  world.Settle(*sender);
  EXPECT_THAT(server.Mails(), IsEmpty());
  world.ExpectBalanced();
  world.SetClock("2023-04-20 09:00");
  world.Settle(*sender);
  EXPECT_THAT(server.Mails(), SizeIs(2));  // both rules, at once after the jump of the clock
  for (const std::string& mail : server.Mails()) {
    EXPECT_EQ(Header(mail, "Subject"), "[부산 일·생활균형] 2023년 4월 21일(금) 방문 안내");
  }
  world.ExpectBalanced();
}

TEST(Plan, OwesOneNoticeHoweverOftenTheMoveComes) {
  World world;
  MailServer server;
  world.EnterScenario();
  world.SetClock("2023-04-08 10:00");
  world.Happen(VisitPlanned("2023-04-10"));
  world.SetClock("2023-04-09 09:00");
  world.Settle(*world.NewSender(server.url()));
  const base::Uuid id = base::Uuid::NewV7();
  for (int run = 0; run < 3; ++run) {
    EXPECT_TRUE(
        world.Deliver(VisitMoved("2023-04-10", "2023-04-20"), At("2023-04-09 10:00"), id).ok());
  }
  EXPECT_EQ(world.Count("message WHERE kind = 2"), 1);
  EXPECT_EQ(world.Count("change_notice"), 1);
  world.ExpectBalanced();
}

// Whoever comes first wins, and both know: either the row moved and was not released on the old
// day, or it was released and the move opened the next occurrence and cancelled what was not sent.
TEST(Plan, IsChangedByOneAtATime) {
  World world;
  world.EnterScenario();
  world.SetClock("2023-04-08 10:00");
  constexpr int kVisits = 40;
  std::vector<std::string> visits;
  for (int n = 0; n < kVisits; ++n) {
    visits.push_back(base::Uuid::NewV7().ToString());
    world.Happen(VisitPlanned("2023-04-10", visits.back()));
  }
  world.SetClock("2023-04-09 09:00");
  std::thread releasing([&] {
    while (ReleaseDueReminders(world.ledger, world.clock.Now().value()).value_or(true)) {
    }
  });
  for (const std::string& visit : visits) {
    EXPECT_TRUE(
        world.Deliver(VisitMoved("2023-04-10", "2023-04-20", visit), At("2023-04-09 08:00")).ok());
  }
  releasing.join();
  const int released = world.Count("reminder WHERE rule_code = 'VISIT-D-1' AND state = 2");
  EXPECT_EQ(world.Count("reminder WHERE rule_code = 'VISIT-D-1' AND state = 1"), kVisits);
  EXPECT_EQ(world.Count("message WHERE kind = 1 AND state = 7"), released);
  EXPECT_EQ(world.Count("message"), released);
  world.ExpectBalanced();
}

}  // namespace
}  // namespace ieum::notify::testing
