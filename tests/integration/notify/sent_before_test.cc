// Goal: what the mail server had before a restore goes out no second time, whenever it becomes
// known. Method: messages that wait, one of which is noted before anybody looks, or after it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "services/notify/messages/sending_store.h"
#include "tests/integration/notify/mail_server.h"
#include "tests/integration/notify/world.h"

namespace ieum::notify::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAreArray;

std::string AnyMessage(World& world) {
  return world.Ask("SELECT id FROM message ORDER BY id LIMIT 1");
}

void Note(World& world, const std::string& message) {
  world.Ask(absl::StrCat("INSERT INTO sent_before (message_id) VALUES ('", message, "')"));
}

std::vector<std::string> Sendable(World& world) {
  std::vector<std::string> ids;
  const absl::Status read = world.database.database().Read("sendable", [&](db::Tx& tx) {
    for (const Message& message : FindSendable(tx, world.clock.Now().value(), 10)) {
      ids.push_back(message.id.ToString());
    }
    return absl::OkStatus();
  });
  EXPECT_TRUE(read.ok()) << read;
  return ids;
}

TEST(SentBefore, IsNeverAmongWhatMayBeSent) {
  World world;
  world.MakeDue(3);
  world.ReleaseOnly();
  std::vector<std::string> ids = Sendable(world);
  ASSERT_THAT(ids, SizeIs(3));
  Note(world, ids[1]);
  ids.erase(ids.begin() + 1);
  EXPECT_THAT(Sendable(world), UnorderedElementsAreArray(ids));
}

TEST(SentBefore, IsRecordedAndNotSent) {
  World world;
  MailServer server;
  world.MakeDue(2);
  world.ReleaseOnly();
  Note(world, AnyMessage(world));
  world.Settle(*world.NewSender(server.url()));
  EXPECT_THAT(server.Mails(), SizeIs(1));
  EXPECT_EQ(world.Count("message WHERE state = 3"), 2);
  EXPECT_EQ(world.Count("message_step WHERE detail->>'failure' LIKE 'known from the mail%'"), 1);
  world.ExpectBalanced();
}

// A sender that found nothing noted when it looked does not look again; the next one does.
TEST(SentBefore, IsNotSentByWhoLookedTooEarly) {
  World world;
  MailServer server;
  world.MakeDue(2);
  world.registry = absl::UnavailableError("away");
  const auto sender = world.NewSender(server.url());
  world.RunOnce(*sender);  // it has looked
  world.registry = absl::OkStatus();
  world.seconds_later = 600;
  const std::string known = AnyMessage(world);
  Note(world, known);
  world.RunOnce(*sender);
  EXPECT_THAT(server.Mails(), SizeIs(1));
  EXPECT_EQ(world.Count(absl::StrCat("message WHERE state = 1 AND id = '", known, "'")), 1);
  world.Settle(*world.NewSender(server.url()));
  EXPECT_THAT(server.Mails(), SizeIs(1));
  EXPECT_EQ(world.Count("message WHERE state = 3"), 2);
  EXPECT_THAT(world.EventTypes("Message"), ElementsAre("MessageHandedOver", "MessageHandedOver"));
  world.ExpectBalanced();
}

}  // namespace
}  // namespace ieum::notify::testing
