// Goal: whoever dies in the middle leaves no message lost and none sent twice. Method: the states
// that a death leaves behind are made in the database, or by the death of the database itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "services/notify/messages/message_commands.h"
#include "services/notify/messages/message_store.h"
#include "tests/integration/notify/mail_server.h"
#include "tests/integration/notify/world.h"

namespace ieum::notify::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

void MakeOneDue(World& world) {
  world.EnterScenario();
  world.SetClock("2023-04-08 10:00");
  world.Happen(VisitPlanned("2023-04-10"));
  world.SetClock("2023-04-09 09:00");
}

// The row as a process leaves it that is killed after its claim.
Message LeaveSending(World& world, const base::Uuid& dead) {
  world.Ask("UPDATE message SET next_attempt_at = now() RETURNING 1");
  const auto taken = TakeMessage(world.database.database(), dead, world.clock.Now().value());
  EXPECT_TRUE(taken.ok() && taken->has_value());
  return taken->value();
}

// A released row whose message waits, without having been tried.
void ReleaseOnly(World& world) {
  world.registry = absl::UnavailableError("away");
  world.RunOnce(*world.NewSender("smtp://127.0.0.1:1"));
  world.registry = absl::OkStatus();
}

// row:N5, row:X7
TEST(Interruption, LeavesAMessageInDoubtThatIsNeverSentByItself) {
  World world;
  MailServer server;
  MakeOneDue(world);
  ReleaseOnly(world);
  LeaveSending(world, base::Uuid::NewV7());
  const auto sender = world.NewSender(server.url());
  EXPECT_EQ(sender->CountDue(world.clock.Now().value()).value(), 1);  // until it is settled
  world.Settle(*sender);
  world.SetClock("2023-04-09 20:00");
  world.Settle(*sender);
  EXPECT_EQ(world.OnlyState(), "MESSAGE_STATE_IN_DOUBT");
  EXPECT_THAT(server.Mails(), SizeIs(0));
  EXPECT_THAT(world.EventTypes("Message"), ElementsAre("MessageInDoubt"));
  world.ExpectBalanced();
}

TEST(Interruption, OfAClaimInDoubtIsNoInterruptionForItsOwnProcess) {
  World world;
  MakeOneDue(world);
  ReleaseOnly(world);
  const base::Uuid self = base::Uuid::NewV7();
  LeaveSending(world, self);
  EXPECT_TRUE(SettleInterrupted(world.ledger, self).value());
  EXPECT_EQ(world.OnlyState(), "MESSAGE_STATE_PENDING");
  EXPECT_FALSE(SettleInterrupted(world.ledger, self).value());
}

TEST(Interruption, IsNotUndoneByAProcessThatComesBackLate) {
  World world;
  MakeOneDue(world);
  ReleaseOnly(world);
  const base::Uuid slow = base::Uuid::NewV7();
  const Message message = LeaveSending(world, slow);
  EXPECT_TRUE(SettleInterrupted(world.ledger, base::Uuid::NewV7()).value());
  Outcome taken;
  taken.kind = Outcome::Kind::kHandedOver;
  EXPECT_TRUE(RecordOutcome(world.ledger, slow, message, taken).ok());
  EXPECT_EQ(world.OnlyState(), "MESSAGE_STATE_IN_DOUBT");
  EXPECT_THAT(world.EventTypes("Message"), ElementsAre("MessageInDoubt"));
}

// row:N6, row:N12
TEST(Interruption, OutcomeRecordedTwiceIsRecordedOnce) {
  World world;
  MakeOneDue(world);
  ReleaseOnly(world);
  const base::Uuid self = base::Uuid::NewV7();
  const Message message = LeaveSending(world, self);
  Outcome taken;
  taken.kind = Outcome::Kind::kHandedOver;
  EXPECT_TRUE(RecordOutcome(world.ledger, self, message, taken).ok());
  EXPECT_TRUE(RecordOutcome(world.ledger, self, message, taken).ok());
  EXPECT_EQ(world.OnlyState(), "MESSAGE_STATE_HANDED_OVER");
  EXPECT_THAT(world.EventTypes("Message"), ElementsAre("MessageHandedOver"));
}

// The visit is cancelled between the claim of its message and the record of the attempt.
class CancelledMeanwhile {
 public:
  CancelledMeanwhile() {
    MakeOneDue(world);
    ReleaseOnly(world);
    message_ = LeaveSending(world, self_);
    world.Happen(VisitCancelled("2023-04-10"));
    EXPECT_EQ(world.OnlyState(), "MESSAGE_STATE_SENDING");  // the attempt decides
    world.ExpectBalanced();
  }

  // Records the attempt and lets a sender work until nothing waits; the state that is left.
  std::string Record(Outcome::Kind kind) {
    Outcome outcome;
    outcome.kind = kind;
    outcome.hold_until = world.clock.Now().value();
    EXPECT_TRUE(RecordOutcome(world.ledger, self_, message_, outcome).ok());
    world.Settle(*world.NewSender(server.url()));
    world.ExpectBalanced();
    return world.OnlyState();
  }

  World world;
  MailServer server;

 private:
  const base::Uuid self_ = base::Uuid::NewV7();
  Message message_;
};

// row:N20, row:X8
TEST(Cancellation, DuringAnAttemptStopsTheNextOne) {
  for (const auto kind : {Outcome::Kind::kRetry, Outcome::Kind::kHeld}) {
    CancelledMeanwhile meanwhile;
    EXPECT_EQ(meanwhile.Record(kind), "MESSAGE_STATE_CANCELLED");
    EXPECT_THAT(meanwhile.server.Mails(), SizeIs(0));
    EXPECT_THAT(meanwhile.world.EventTypes("Message"), ElementsAre("MessageCancelled"));
  }
}

TEST(Cancellation, DuringAnAttemptChangesNothingOfWhatLeftOrPerhapsDid) {
  for (const auto& [kind, state, event] :
       {std::tuple(Outcome::Kind::kHandedOver, "MESSAGE_STATE_HANDED_OVER", "MessageHandedOver"),
        std::tuple(Outcome::Kind::kInDoubt, "MESSAGE_STATE_IN_DOUBT", "MessageInDoubt")}) {
    CancelledMeanwhile meanwhile;
    EXPECT_EQ(meanwhile.Record(kind), state);
    EXPECT_THAT(meanwhile.world.EventTypes("Message"), ElementsAre(event));
  }
}

// A visit that moves during the attempt: whoever may have been told the old day hears of the new
// one.
TEST(Move, DuringAnAttemptStopsTheNextOneAndSendsANotice) {
  for (const auto& [kind, state] :
       {std::pair(Outcome::Kind::kRetry, v1::MESSAGE_STATE_CANCELLED),
        std::pair(Outcome::Kind::kHandedOver, v1::MESSAGE_STATE_HANDED_OVER),
        std::pair(Outcome::Kind::kInDoubt, v1::MESSAGE_STATE_IN_DOUBT)}) {
    World world;
    MailServer server;
    MakeOneDue(world);
    ReleaseOnly(world);
    const base::Uuid self = base::Uuid::NewV7();
    const Message message = LeaveSending(world, self);
    world.Happen(VisitMoved("2023-04-10", "2023-04-20"));
    Outcome outcome;
    outcome.kind = kind;
    EXPECT_TRUE(RecordOutcome(world.ledger, self, message, outcome).ok());
    world.Settle(*world.NewSender(server.url()));
    const auto reminders = world.Messages("kind = MESSAGE_KIND_REMINDER");
    ASSERT_THAT(reminders, SizeIs(1));
    EXPECT_EQ(reminders[0].state(), state);
    ASSERT_THAT(server.Mails(), SizeIs(1));
    EXPECT_EQ(Header(server.Mails()[0], "Subject"),
              "[부산 일·생활균형] 방문 날짜가 2023년 4월 20일(목)로 바뀌었습니다");
    world.ExpectBalanced();
  }
}

TEST(Cancellation, IsNotForgottenWhenItsOwnProcessFindsTheClaim) {
  World world;
  MakeOneDue(world);
  ReleaseOnly(world);
  const base::Uuid self = base::Uuid::NewV7();
  LeaveSending(world, self);
  world.Happen(VisitCancelled("2023-04-10"));
  EXPECT_TRUE(SettleInterrupted(world.ledger, self).value());
  EXPECT_EQ(world.OnlyState(), "MESSAGE_STATE_CANCELLED");
}

// row:X7
TEST(Interruption, ByTheDeathOfTheDatabaseLosesNothingAndSendsOnce) {
  ieum::testing::PostgresCluster cluster;
  World world(cluster.conninfo(), "2023-01-02 08:00");
  MailServer server;
  const auto sender = world.NewSender(server.url());
  MakeOneDue(world);
  bool killed = false;
  world.when_asked = [&] {  // the message is claimed, nothing was sent
    if (!killed) cluster.KillNine();
    killed = true;
  };
  absl::StatusOr<bool> step = true;
  while (step.ok()) step = sender->Step(world.clock.Now().value());
  EXPECT_TRUE(killed);
  cluster.StartAgain();
  world.Settle(*sender);
  EXPECT_EQ(world.OnlyState(), "MESSAGE_STATE_HANDED_OVER");
  EXPECT_THAT(server.Mails(), SizeIs(1));
  world.ExpectBalanced();
}

TEST(Doubt, IsResolvedByStaffOnceAndCountsAsTheySaid) {
  for (const auto& [resolution, column] : {std::pair(v1::DOUBT_RESOLUTION_DELIVERED, "handed_over"),
                                           std::pair(v1::DOUBT_RESOLUTION_GIVEN_UP, "expired")}) {
    World world;
    MakeOneDue(world);
    ReleaseOnly(world);
    LeaveSending(world, base::Uuid::NewV7());
    EXPECT_TRUE(SettleInterrupted(world.ledger, base::Uuid::NewV7()).value());
    v1::ResolveMessageDoubtRequest request;
    request.set_name(world.Messages()[0].name());
    request.set_resolution(resolution);
    request.set_etag("\"7\"");
    const std::string method = "MessageService/ResolveMessageDoubt";
    EXPECT_EQ(base::ReasonOf(world.Call<v1::Message>(method, request).status()), "STALE_ETAG");
    request.set_etag(world.Messages()[0].etag());
    const auto resolved = world.Call<v1::Message>(method, request);
    ASSERT_TRUE(resolved.ok()) << resolved.status();
    EXPECT_EQ(resolved->doubt_resolution(), resolution);
    request.clear_etag();
    EXPECT_EQ(base::ReasonOf(world.Call<v1::Message>(method, request).status()),
              "MESSAGE_NOT_IN_DOUBT");
    EXPECT_EQ(world.Ask(absl::StrCat("SELECT sum(", column, ") FROM balance")), "1");
    world.ExpectBalanced();
  }
}

}  // namespace
}  // namespace ieum::notify::testing
