// Goal: whoever dies in the middle leaves no message lost and none sent twice. Method: the states
// that a death leaves behind are made in the database, or by the death of the database itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "services/notify/messages/message_commands.h"
#include "tests/integration/notify/mail_server.h"
#include "tests/integration/notify/world.h"

namespace ieum::notify::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

// row:N5, row:X7
TEST(Interruption, LeavesAMessageInDoubtThatIsNeverSentByItself) {
  World world;
  MailServer server;
  world.MakeOneDue();
  world.ReleaseOnly();
  world.LeaveSending(base::Uuid::NewV7());
  EXPECT_THAT(world.Metrics(), HasSubstr("notify_messages_in_doubt 0\n"));
  const auto sender = world.NewSender(server.url());
  EXPECT_EQ(sender->CountDue(world.clock.Now().value()).value(), 1);  // until it is settled
  world.Settle(*sender);
  world.SetClock("2023-04-09 20:00");
  world.Settle(*sender);
  EXPECT_EQ(world.OnlyState(), "MESSAGE_STATE_IN_DOUBT");
  EXPECT_THAT(server.Mails(), SizeIs(0));
  EXPECT_THAT(world.EventTypes("Message"), ElementsAre("MessageInDoubt"));
  EXPECT_THAT(world.Metrics(), HasSubstr("notify_messages_in_doubt 1\n"));
  world.ExpectBalanced();
}

TEST(Interruption, OfAClaimInDoubtIsNoInterruptionForItsOwnProcess) {
  World world;
  world.MakeOneDue();
  world.ReleaseOnly();
  const base::Uuid self = base::Uuid::NewV7();
  world.LeaveSending(self);
  EXPECT_TRUE(SettleInterrupted(world.ledger, self).value());
  EXPECT_EQ(world.OnlyState(), "MESSAGE_STATE_PENDING");
  EXPECT_FALSE(SettleInterrupted(world.ledger, self).value());
}

TEST(Interruption, IsNotUndoneByAProcessThatComesBackLate) {
  World world;
  world.MakeOneDue();
  world.ReleaseOnly();
  const base::Uuid slow = base::Uuid::NewV7();
  const Message message = world.LeaveSending(slow);
  std::vector<Outcome::Kind> settled;
  const auto note = [&](const Attempted& one) { settled.push_back(one.outcome.kind); };
  EXPECT_TRUE(SettleInterrupted(world.ledger, base::Uuid::NewV7(), note).value());
  EXPECT_THAT(settled, ElementsAre(Outcome::Kind::kInDoubt)) << "it is counted";
  Outcome taken;
  taken.kind = Outcome::Kind::kHandedOver;
  world.Record(slow, message, taken);
  EXPECT_EQ(world.OnlyState(), "MESSAGE_STATE_IN_DOUBT");
  EXPECT_THAT(world.EventTypes("Message"), ElementsAre("MessageInDoubt"));
}

// row:N6, row:N12
TEST(Interruption, OutcomeRecordedTwiceIsRecordedOnce) {
  World world;
  world.MakeOneDue();
  world.ReleaseOnly();
  const base::Uuid self = base::Uuid::NewV7();
  const Message message = world.LeaveSending(self);
  Outcome taken;
  taken.kind = Outcome::Kind::kHandedOver;
  world.Record(self, message, taken);
  world.Record(self, message, taken);
  EXPECT_EQ(world.OnlyState(), "MESSAGE_STATE_HANDED_OVER");
  EXPECT_THAT(world.EventTypes("Message"), ElementsAre("MessageHandedOver"));
}

// The visit is cancelled between the claim of its message and the record of the attempt.
class CancelledMeanwhile {
 public:
  CancelledMeanwhile() {
    world.MakeOneDue();
    world.ReleaseOnly();
    message_ = world.LeaveSending(self_);
    world.Happen(VisitCancelled("2023-04-10"));
    EXPECT_EQ(world.OnlyState(), "MESSAGE_STATE_SENDING");  // the attempt decides
    world.ExpectBalanced();
  }

  // Records the attempt and lets a sender work until nothing waits; the state that is left.
  std::string Record(Outcome::Kind kind) {
    Outcome outcome;
    outcome.kind = kind;
    outcome.hold_until = world.clock.Now().value();
    world.Record(self_, message_, outcome);
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
  for (const auto kind : {Outcome::Kind::kRetry, Outcome::Kind::kHeld, Outcome::Kind::kPutBack}) {
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
    world.MakeOneDue();
    world.ReleaseOnly();
    const base::Uuid self = base::Uuid::NewV7();
    const Message message = world.LeaveSending(self);
    world.Happen(VisitMoved("2023-04-10", "2023-04-20"));
    Outcome outcome;
    outcome.kind = kind;
    world.Record(self, message, outcome);
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
  world.MakeOneDue();
  world.ReleaseOnly();
  const base::Uuid self = base::Uuid::NewV7();
  world.LeaveSending(self);
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
  world.MakeOneDue();
  bool killed = false;
  world.when_asked = [&] {  // decided, and not yet claimed
    if (!killed) cluster.KillNine();
    killed = true;
  };
  absl::StatusOr<bool> step = true;
  while (step.ok()) step = sender->Step(world.clock.Now().value());
  EXPECT_TRUE(killed);
  EXPECT_THAT(world.Metrics(), HasSubstr("notify_messages_in_doubt -1\n"));
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
    world.MakeOneDue();
    world.ReleaseOnly();
    world.LeaveSending(base::Uuid::NewV7());
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
    EXPECT_THAT(world.Metrics(), HasSubstr("notify_messages_in_doubt 0\n"));
    EXPECT_EQ(world.Ask(absl::StrCat("SELECT sum(", column, ") FROM balance")), "1");
    world.ExpectBalanced();
  }
}

}  // namespace
}  // namespace ieum::notify::testing
