// Goal: messages that are asked for, claimed, handed over and recorded together keep every promise
// that was made for each of them. Method: many messages, of which one, or one moment, goes wrong.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/notify/messages/message_commands.h"
#include "tests/integration/notify/mail_server.h"
#include "tests/integration/notify/world.h"

namespace ieum::notify::testing {
namespace {

using ::testing::Each;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr int kMany = 24;

// Message-IDs, each once.
std::set<std::string> Distinct(const std::vector<std::string>& ids) {
  return {ids.begin(), ids.end()};
}

// Sends one of the waiting messages to this person instead.
std::string Redirect(World& world, const std::string& person) {
  return world.Ask(absl::StrCat("UPDATE message SET person_id = '", person,
                                "' WHERE id = (SELECT min(id::text)::uuid FROM message) "
                                "RETURNING id"));
}

TEST(Wave, ARefusalForOneLeavesTheOthers) {
  World world;
  UnrulyMailServer server("ok");
  world.MakeDue(kMany);
  world.ReleaseOnly();
  const std::string refused = Redirect(world, kConsultant);
  world.people[kConsultant].refused = true;
  world.Settle(*world.NewSender(server.url()));
  EXPECT_EQ(world.Count("message WHERE state = 3"), kMany - 1);
  EXPECT_EQ(world.Ask("SELECT id FROM message WHERE state = 5"), refused);
  EXPECT_THAT(server.Kept(), SizeIs(kMany - 1));
  world.ExpectBalanced();
}

// row:X7
TEST(Wave, AConnectionLostInAMailPutsOnlyThatMessageInDoubt) {
  for (const char* modes : {"ok,ok,ok,ok,ok,drop,ok", "ok,ok,ok,ok,ok,lost,ok"}) {
    World world;
    UnrulyMailServer server(modes);
    world.MakeDue(kMany);
    world.Settle(*world.NewSender(server.url()));
    EXPECT_EQ(world.Count("message WHERE state = 3"), kMany - 1);
    EXPECT_EQ(world.Count("message WHERE state = 4"), 1);
    EXPECT_EQ(Distinct(server.Kept()).size(), server.Kept().size());
    world.ExpectBalanced();
  }
}

TEST(Wave, AConnectionLostBeforeAMailEndsDelaysOnlyAndPutsTheRestBack) {
  World world;
  UnrulyMailServer server("ok,early,ok");
  world.MakeDue(kMany);
  world.Settle(*world.NewSender(server.url()));
  EXPECT_EQ(world.Count("message WHERE state = 3"), kMany);
  EXPECT_EQ(world.Count("message WHERE attempt_count = 2"), 1) << "what was put back was not tried";
  EXPECT_EQ(world.Count("message WHERE attempt_count = 1"), kMany - 1);
  EXPECT_THAT(Distinct(server.Kept()), SizeIs(kMany));
  world.ExpectBalanced();
}

// Withdrawn after the answer, and before the mail could leave: it leaves on that answer only while
// this is fresh.
TEST(Wave, WhatWasDecidedTooLongAgoIsAskedForAgain) {
  World world;
  UnrulyMailServer server("ok");
  world.MakeDue(kMany);
  world.when_asked = [&] {
    world.people[kContact].refused = true;
    world.seconds_later += 6;
  };
  world.Settle(*world.NewSender(server.url()));
  EXPECT_THAT(server.Kept(), IsEmpty());
  EXPECT_EQ(world.Count("message WHERE state = 5"), kMany);
  EXPECT_THAT(world.EventTypes("Message"), Each("MessageSuppressed"));
  world.ExpectBalanced();
}

TEST(Wave, WhatWasDecidedJustBeforeAWithdrawalMayLeaveAndNothingAfterIt) {
  World world;
  UnrulyMailServer server("ok");
  world.MakeDue(1);
  world.when_asked = [&] { world.people[kContact].refused = true; };
  const auto sender = world.NewSender(server.url());
  world.Settle(*sender);
  EXPECT_THAT(server.Kept(), SizeIs(1));
  world.SetClock("2023-04-09 15:00");
  world.Happen(VisitMoved("2023-04-10", "2023-04-20"));
  world.Settle(*sender);
  EXPECT_THAT(server.Kept(), SizeIs(1));
  EXPECT_EQ(world.Count("message WHERE state = 5"), 1);
}

TEST(Wave, WhatIsCancelledWhileRegistryIsAskedNeverLeaves) {
  World world;
  UnrulyMailServer server("ok");
  world.MakeDue(kMany);
  bool cancelled = false;
  world.when_asked = [&] {
    if (!std::exchange(cancelled, true)) world.Happen(VisitCancelled("2023-04-10"));
  };
  world.Settle(*world.NewSender(server.url()));
  EXPECT_THAT(server.Kept(), SizeIs(kMany - 1));
  EXPECT_EQ(world.Ask(absl::StrCat("SELECT state FROM message WHERE subject_id = '", kVisit, "'")),
            "7");
  world.ExpectBalanced();
}

// row:X7
TEST(Wave, ALeaseLostOnTheWayPutsBackWhatWasNotHandedOver) {
  World world;
  UnrulyMailServer server("ok");
  world.MakeDue(kMany);
  std::atomic<int> looks = 0;
  const auto loser = world.NewSender(server.url());
  loser->Work().begin([&] { return ++looks < kMany; });
  world.RunOnce(*loser);
  const int gone = static_cast<int>(server.Kept().size());
  EXPECT_GT(gone, 0);
  EXPECT_LT(gone, kMany);
  EXPECT_EQ(world.Count("message WHERE state = 3"), gone);
  EXPECT_EQ(world.Count("message WHERE state = 1 AND attempt_count = 0"), kMany - gone);
  world.Settle(*world.NewSender(server.url()));  // whoever has the lease now
  EXPECT_EQ(world.Count("message WHERE state = 3 AND attempt_count = 1"), kMany);
  EXPECT_THAT(Distinct(server.Kept()), SizeIs(kMany));
  EXPECT_THAT(server.Kept(), SizeIs(kMany));
  world.ExpectBalanced();
}

// A zombie: it believes in its lease, and another process has settled what it had claimed.
TEST(Wave, WhatAnotherProcessDeclaredInDoubtStaysSoWhateverBecameOfIt) {
  World world;
  UnrulyMailServer server("ok");
  world.MakeDue(kMany);
  std::atomic<bool> taken_over = false;
  const auto zombie = world.NewSender(server.url());
  zombie->Work().begin([&] {
    if (world.Count("message WHERE state = 2") > 0 && !taken_over.exchange(true)) {
      EXPECT_TRUE(SettleInterrupted(world.ledger, base::Uuid::NewV7()).value());
    }
    return true;
  });
  world.Settle(*zombie);
  EXPECT_TRUE(taken_over);
  const int in_doubt = world.Count("message WHERE state = 4");
  EXPECT_GT(in_doubt, 0);
  EXPECT_EQ(world.Count("message WHERE state = 3"), kMany - in_doubt);
  EXPECT_THAT(Distinct(server.Kept()), SizeIs(server.Kept().size()));
  world.ExpectBalanced();
}

// row:X7
TEST(Wave, WhatIsKnownIsWrittenAfterTheDatabaseCameBack) {
  ieum::testing::PostgresCluster cluster;
  World world(cluster.conninfo(), "2023-01-02 08:00");
  UnrulyMailServer server("ok");
  world.MakeDue(kMany);
  std::atomic<bool> killed = false;
  std::mutex once;
  const auto sender = world.NewSender(server.url());
  // Before the first hand-over: some messages are claimed, and they are going to leave.
  sender->Work().begin([&] {
    const std::lock_guard<std::mutex> lock(once);
    if (!killed && world.Count("message WHERE state = 2") > 0) {
      cluster.KillNine();
      killed = true;
    }
    return true;
  });
  absl::StatusOr<bool> step = true;
  while (step.ok()) step = sender->Step(world.clock.Now().value());
  EXPECT_TRUE(killed);
  EXPECT_FALSE(server.Kept().empty());
  cluster.StartAgain();
  world.Settle(*sender);
  EXPECT_EQ(world.Count("message WHERE state = 3"), kMany);
  EXPECT_THAT(Distinct(server.Kept()), SizeIs(kMany));
  EXPECT_THAT(server.Kept(), SizeIs(kMany));
  world.ExpectBalanced();
}

TEST(Wave, EveryEventBelongsToTheProcessOfItsOwnMessage) {
  World world;
  UnrulyMailServer server("ok");
  world.MakeDue(kMany);
  world.Settle(*world.NewSender(server.url()));
  EXPECT_EQ(world.Count("event_log e JOIN message m ON m.id = e.aggregate_id "
                        "WHERE e.type = 'ieum.notify.v1.MessageHandedOver' "
                        "AND e.causation_id = m.cause_event_id::text "
                        "AND e.correlation_id = m.correlation_id AND e.version = 1"),
            kMany);
  EXPECT_EQ(world.Count("message_step WHERE state = 2"), kMany);
  EXPECT_EQ(world.Count("message_step WHERE state = 3 AND place = 3"), kMany);
}

}  // namespace
}  // namespace ieum::notify::testing
