// Goal: after every way in which a mail server can fail it is known whether it has the mail, or
// said that it is not known; and no two mails have one Message-ID. Method: servers that misbehave
// by a script and log what they kept.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "absl/strings/str_cat.h"
#include "services/notify/messages/smtp_channel.h"
#include "tests/integration/notify/mail_server.h"
#include "tests/integration/notify/world.h"

namespace ieum::notify::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kMail[] = "Message-ID: <1@ieum.test>\r\nSubject: x\r\n\r\n.\r\nbody\r\n";

TEST(SmtpChannel, TellsWhatIsKnownAfterEachFailure) {
  for (const auto& [mode, delivery, code, kept] :
       {std::tuple("ok", Delivery::kTaken, 250, 1), std::tuple("451", Delivery::kNotNow, 451, 0),
        std::tuple("550", Delivery::kRefused, 550, 0),
        std::tuple("rcpt451", Delivery::kNotNow, 451, 0),
        std::tuple("rcpt550", Delivery::kRefused, 550, 0),
        std::tuple("mail550", Delivery::kNotNow, 550, 0),
        std::tuple("drop", Delivery::kUnclear, 354, 1),
        std::tuple("lost", Delivery::kUnclear, 354, 0),
        std::tuple("early", Delivery::kUnreachable, 250, 0)}) {
    UnrulyMailServer server(mode);
    SmtpChannel channel(server.url());
    const DeliveryReport report = channel.HandOver("notice@ieum.test", "kim@hanbit.test", kMail);
    EXPECT_EQ(report.delivery, delivery) << mode << ": " << report.detail;
    EXPECT_EQ(report.smtp_code, code) << mode;
    EXPECT_THAT(server.Kept(), SizeIs(kept)) << mode;
  }
}

TEST(SmtpChannel, SaysThatNobodyListens) {
  SmtpChannel channel(absl::StrCat("smtp://127.0.0.1:", ieum::testing::FreePort()));
  EXPECT_EQ(channel.HandOver("a@ieum.test", "b@ieum.test", kMail).delivery, Delivery::kUnreachable);
}

TEST(SmtpChannel, GoesOnAfterAFailureOnTheSameChannel) {
  UnrulyMailServer server("451,rcpt550,early,drop,ok");
  SmtpChannel channel(server.url());
  for (const Delivery expected : {Delivery::kNotNow, Delivery::kRefused, Delivery::kUnreachable,
                                  Delivery::kUnclear, Delivery::kTaken}) {
    EXPECT_EQ(channel.HandOver("notice@ieum.test", "kim@hanbit.test", kMail).delivery, expected);
  }
}

TEST(Sender, TriesAgainAfterARefusalForNowAndSendsOneMail) {
  World world;
  UnrulyMailServer server("451,rcpt451,early,ok");
  const auto sender = world.NewSender(server.url());
  world.MakeOneDue();
  world.Settle(*sender);
  EXPECT_EQ(world.OnlyState(), "MESSAGE_STATE_HANDED_OVER");
  EXPECT_EQ(world.Messages()[0].attempt_count(), 4);
  EXPECT_THAT(server.Kept(),
              ElementsAre(absl::StrCat("<", world.Messages()[0].name().substr(9), "@ieum.test>")));
}

TEST(Sender, GivesUpWhatTheServerRefusesForGood) {
  for (const char* mode : {"550", "rcpt550"}) {
    World world;
    UnrulyMailServer server(mode);
    const auto sender = world.NewSender(server.url());
    world.MakeOneDue();
    world.Settle(*sender);
    EXPECT_EQ(world.Messages()[0].suppression_reason(), v1::SUPPRESSION_REASON_CHANNEL_REFUSED);
    EXPECT_EQ(world.Messages()[0].attempt_count(), 1);
    EXPECT_THAT(server.Kept(), IsEmpty());
    world.ExpectBalanced();
  }
}

// row:X7
TEST(Sender, NeverSendsAgainWhatTheServerPerhapsHas) {
  World world;
  UnrulyMailServer server("drop,ok");
  const auto sender = world.NewSender(server.url());
  world.MakeOneDue();
  world.Settle(*sender);
  world.SetClock("2023-04-09 18:00");
  world.Settle(*world.NewSender(server.url()));
  EXPECT_EQ(world.OnlyState(), "MESSAGE_STATE_IN_DOUBT");
  EXPECT_THAT(server.Kept(), SizeIs(1));
  EXPECT_THAT(world.EventTypes("Message"), ElementsAre("MessageInDoubt"));
  world.ExpectBalanced();
}

TEST(Sender, WaitsForAMailServerThatIsAway) {
  World world;
  const int port = ieum::testing::FreePort();
  const auto sender = world.NewSender(absl::StrCat("smtp://127.0.0.1:", port));
  world.MakeOneDue();
  world.RunOnce(*sender);
  EXPECT_EQ(world.OnlyState(), "MESSAGE_STATE_PENDING");
  EXPECT_EQ(sender->CountDue(world.clock.Now().value()).value(), 1);
  const UnrulyMailServer server("ok", port);
  world.Settle(*sender);
  EXPECT_EQ(world.OnlyState(), "MESSAGE_STATE_HANDED_OVER");
  EXPECT_THAT(server.Kept(), SizeIs(1));
}

// row:X7
TEST(Sender, HandsOverEachOfManyOnceOrSaysThatItDoesNotKnow) {
  constexpr int kMessages = 40;
  World world;
  UnrulyMailServer server(
      "ok,451,drop,ok,rcpt451,lost,early,ok,550,ok,drop,rcpt550,ok,early,451,lost,ok");
  const auto sender = world.NewSender(server.url());
  world.EnterScenario();
  world.SetClock("2023-06-01 10:00");
  for (int n = 0; n < kMessages; ++n) {
    world.Happen(Confirmed("2023-06-01", base::Uuid::NewV7().ToString()));
  }
  world.Settle(*sender);
  const auto kept = server.Kept();
  const std::set<std::string> distinct(kept.begin(), kept.end());
  EXPECT_EQ(kept.size(), distinct.size());
  const int handed_over = world.Count("message WHERE state = 3");
  EXPECT_EQ(world.Count("message WHERE state = 4"), 4);
  EXPECT_EQ(world.Count("message WHERE state = 5"), 2);
  EXPECT_EQ(handed_over, kMessages - 6);
  EXPECT_EQ(kept.size(), static_cast<size_t>(handed_over + 2));  // and two of those in doubt
  world.ExpectBalanced();
}

}  // namespace
}  // namespace ieum::notify::testing
