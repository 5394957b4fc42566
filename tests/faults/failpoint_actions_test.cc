// Goal: a running process does at a named place what its file says, and no longer than it says it.
// Method: the file is changed while this process looks at it; kills are done to a copy of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "platform/base/failpoint.h"
#include "tests/support/process.h"
#include "tests/support/wait.h"

namespace ieum::base::failpoint {
namespace {

using ieum::testing::WaitFor;
using ::testing::KilledBySignal;

// Before the first failpoint is reached: the variable is read once.
std::string File() {
  static const auto* folder = new ieum::testing::TempDir();
  static const std::string file = folder->path() + "/failpoints";
  static const bool told = setenv("IEUM_FAILPOINTS_FILE", file.c_str(), 1) == 0;
  EXPECT_TRUE(told);
  return file;
}

void Tell(const std::string& words) {
  std::ofstream(File() + ".new") << words;
  std::rename((File() + ".new").c_str(), File().c_str());
}

std::string Told() {
  std::ostringstream text;
  text << std::ifstream(File()).rdbuf();
  return text.str();
}

TEST(Failpoint, FailsWhileItsFileSaysSo) {
  Tell("place:error;other:unavailable");
  EXPECT_TRUE(WaitFor([] { return absl::IsInternal(Check("place", "")); }));
  EXPECT_TRUE(absl::IsUnavailable(Check("other", "")));
  EXPECT_TRUE(Check("third", "").ok());
  Tell("");
  EXPECT_TRUE(WaitFor([] { return Check("place", "").ok(); }));
}

TEST(Failpoint, FailsForOneKeyOnly) {
  Tell("place[a]:error");
  EXPECT_TRUE(WaitFor([] { return !Check("place", "a").ok(); }));
  EXPECT_TRUE(Check("place", "b").ok());
}

TEST(Failpoint, TurnsACondition) {
  Tell("place:on");
  EXPECT_TRUE(WaitFor([] { return On("place"); }));
  EXPECT_FALSE(On("other"));
}

TEST(Failpoint, ActsAtTheVisitThatIsCounted) {
  Tell("marker:on;place:error:3");
  ASSERT_TRUE(WaitFor([] { return On("marker"); }));
  EXPECT_TRUE(Check("place", "").ok());
  EXPECT_TRUE(Check("place", "").ok());
  EXPECT_FALSE(Check("place", "").ok());
  EXPECT_TRUE(Check("place", "").ok());
}

TEST(Failpoint, KillsOnceAndLeavesTheOtherWords) {
  ::testing::FLAGS_gtest_death_test_style = "fast";
  Tell("place:kill9;other:error");
  EXPECT_EXIT((void)WaitFor([] { return !Check("place", "").ok(); }), KilledBySignal(SIGKILL), "");
  EXPECT_EQ(Told(), "other:error\n");
}

}  // namespace
}  // namespace ieum::base::failpoint
