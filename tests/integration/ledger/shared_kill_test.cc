// Goal: a process that is killed inside of a transaction which several commands share leaves all of
// them or none, and each is done once when it is asked for again. Method: a copy of this program
// runs them and kills itself at a named failpoint, at the visit of the shared transaction.
// row:R27 law:INV1
#include <signal.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "tests/integration/ledger/sharing_fixture.h"
#include "tests/support/process.h"

namespace ieum::ledger {
namespace {

constexpr int kCommands = 5;
constexpr char kDatabase[] = "IEUM_TEST_VICTIM_DATABASE", kSeed[] = "IEUM_TEST_VICTIM_SEED";

// The same commands in both processes.
std::vector<Asked> CommandsOf(const Uuid& seed) {
  std::vector<Asked> all;
  for (int i = 0; i < kCommands; ++i) {
    Asked asked = Making(Uuid::Derive(seed, absl::StrCat("counter/", i)));
    asked.command.request_id = Uuid::Derive(seed, absl::StrCat("request/", i));
    all.push_back(asked);
  }
  return all;
}

class SharedKill : public SharingTest {
 protected:
  // A copy of this program, that runs SharedKill.Victim on our database.
  void RunVictim(const Uuid& seed, const std::string& failpoint) {
    auto victim =
        testing::Process::Start({.argv = {std::filesystem::read_symlink("/proc/self/exe").string(),
                                          "--gtest_filter=SharedKill.Victim"},
                                 .environment = {{"IEUM_FAILPOINTS", failpoint},
                                                 {"IEUM_TEST_PG", testing::SharedCluster()},
                                                 {kDatabase, test_.conninfo()},
                                                 {kSeed, seed.ToString()}},
                                 .output_file = "/dev/null"});
    ASSERT_TRUE(victim.ok()) << victim.status();
    EXPECT_EQ(victim->Wait(), 128 + SIGKILL) << failpoint << " was not come by";
  }
};

TEST_F(SharedKill, Victim) {
  const char* conninfo = std::getenv(kDatabase);
  if (conninfo == nullptr) GTEST_SKIP() << "for the copies that the other tests start";
  db::Database database({.conninfo = conninfo});
  Ledger ledger(database, clock_, "sample", {.writers = 1});
  RunTogether(ledger, CommandsOf(*Uuid::Parse(std::getenv(kSeed))));
}

struct Place {
  const char* failpoint;  // with the visit: the command that keeps the writer busy comes by, too
  bool committed;
};

class SharedKillAt : public SharedKill, public ::testing::WithParamInterface<Place> {};

TEST_P(SharedKillAt, LeavesAllOrNoneAndDoesEachOnce) {
  const Place place = GetParam();
  const Uuid seed = Uuid::NewV7();
  RunVictim(seed, place.failpoint);
  const int64_t left = place.committed ? kCommands : 0;
  EXPECT_EQ(Events(), left);
  EXPECT_EQ(StoredAnswers(), left);
  EXPECT_EQ(Counters(), left);
  for (const auto& answer : RunTogether(CommandsOf(seed))) {
    ASSERT_TRUE(answer.ok()) << answer.status();
    EXPECT_EQ(answer->etag, 1);
    EXPECT_EQ(answer->replayed, place.committed);
  }
  EXPECT_EQ(Events(), kCommands);
  EXPECT_EQ(Transactions(), 1);
}

INSTANTIATE_TEST_SUITE_P(Places, SharedKillAt,
                         ::testing::Values(Place{"work.before_append:kill9", false},
                                           Place{"work.after_append:kill9", false},
                                           Place{"command.before_answer_stored:kill9:2", false},
                                           Place{"command.before_commit:kill9:2", false},
                                           Place{"command.after_commit:kill9:2", true}));

}  // namespace
}  // namespace ieum::ledger
