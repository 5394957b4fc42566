// Goal: whoever kills the sender in the middle of many messages loses none of them and has none
// sent twice; what is in doubt is said, and it is little. Method: real services, a message to each
// of many people, and kill -9 whenever some more mails have come.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/audit/suite_subject.h"
#include "tests/flows/suite.h"
#include "tests/flows/welcome.h"
#include "tests/support/wait.h"

namespace ieum::testing {
namespace {

using ::testing::IsEmpty;

constexpr int kPeople = 400;
constexpr int kKills = 4;
// Claimed at one time by the connections of a sender, and not known to be handed over.
constexpr int kOnTheWayMax = 4 * 32;

void Register(Suite& suite, int people) {
  for (int at = 0; at < people; ++at) {
    RegisterPerson(suite, absl::StrCat("person", at, "@example.com"));
  }
}

int Count(Suite& suite, const std::string& what) {
  return std::stoi(suite.Ask("notify", "SELECT count(*) FROM " + what));
}

// row:X7, row:X8
TEST(KilledSender, HandsOverEachOfManyAtMostOnceAndSaysWhatIsInDoubt) {
  Suite suite;
  SetClocks(suite);
  WelcomeEverybody(suite);
  suite.KillService("notify");
  Register(suite, kPeople);
  suite.StartService("notify");
  SetClocks(suite);
  for (int kill = 1; kill <= kKills; ++kill) {
    const int before = suite.Mails();
    ASSERT_TRUE(WaitFor([&] { return suite.Mails() > before; }, std::chrono::seconds(60)));
    suite.KillService("notify");
    suite.StartService("notify");
    SetClocks(suite);
  }
  ASSERT_TRUE(suite.WaitSettled());
  const int in_doubt = Count(suite, "message WHERE state = 4");
  const int handed_over = Count(suite, "message WHERE state = 3");
  std::printf("%d handed over + %d in doubt; %d mails came\n", handed_over, in_doubt,
              suite.Mails());
  EXPECT_EQ(handed_over + in_doubt, kPeople);
  EXPECT_GE(suite.Mails(), handed_over);
  EXPECT_LE(suite.Mails(), kPeople);
  EXPECT_LE(in_doubt, kKills * kOnTheWayMax);
  EXPECT_GT(handed_over, 0);
  EXPECT_EQ(Count(suite, "balance WHERE NOT balanced"), 0);
  // No mail without an intent, no two with one Message-ID, no message lost.
  EXPECT_THAT(AuditSuite(suite), IsEmpty());
}

}  // namespace
}  // namespace ieum::testing
