// Goal: a file of firms comes in once, whoever is killed on the way. Method: `ieumctl import` and
// the registry as real processes; kill -9 of the one, then of the other, in the middle; the ledger
// and the tables afterwards. row:R7
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "absl/strings/str_cat.h"
#include "fmt/format.h"
#include "ieum/platform/v1/ops.pb.h"
#include "tests/flows/operator.h"
#include "tests/flows/suite.h"
#include "tests/support/wait.h"

namespace ieum::testing {
namespace {

using ::testing::HasSubstr;

constexpr int kFirms = 20000;
constexpr int64_t kEvening = 1683025200;  // 2023-05-02 20:00 in Korea

std::string BusinessNumber(int n) {
  const std::string nine = fmt::format("{:09}", 100'000'000 + n);
  constexpr int kWeights[] = {1, 3, 7, 1, 3, 7, 1, 3, 5};
  int sum = (nine[8] - '0') * 5 / 10;
  for (int at = 0; at < 9; ++at) sum += (nine[at] - '0') * kWeights[at];
  return nine + static_cast<char>('0' + (10 - sum % 10) % 10);
}

class ImportUnderKills : public ::testing::Test {
 protected:
  ImportUnderKills() : file_(suite_.folder() + "/firms.csv"), said_(suite_.folder() + "/said") {
    SetClock();
    std::ofstream file(file_);
    file << "사업자등록번호,상호,상시근로자수,지역코드\n";
    for (int n = 1; n <= kFirms; ++n) {
      file << BusinessNumber(n) << ",(주)가상산업 " << n << "," << n % 90 + 1 << ",26440\n";
    }
  }
  // A channel that lost its server tries again when it thinks fit.
  void SetClock() {
    platform::v1::SetClockRequest clock;
    clock.mutable_time()->set_seconds(kEvening);
    platform::v1::SetClockResponse set;
    EXPECT_TRUE(WaitFor([&] {
      return suite_.driver("registry")
          .Call("/ieum.platform.v1.OpsService/SetClock", clock, &set)
          .ok();
    }));
  }
  std::vector<std::string> Words(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> words = {
        "import",   "firms", file_, "--duplicates", "link", "--default", "valid_from=2023-03-14",
        "--output", "json"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  int Count(const std::string& table) {
    return std::stoi(suite_.Ask("registry", "SELECT count(*) FROM " + table));
  }
  bool SomeHaveCome(int chunks) {
    return WaitFor([&] { return Count("import_chunk") >= chunks; }, std::chrono::seconds(60));
  }

  Suite suite_;
  const std::string file_, said_;
};

TEST_F(ImportUnderKills, LosesNothingAndTakesNothingTwice) {
  {
    Process killed = BeginIeumctl(suite_, Words(), said_);
    ASSERT_TRUE(SomeHaveCome(3));
    killed.Kill();
  }
  ASSERT_LT(Count("import_chunk"), kFirms / 500) << "it was killed too late to show anything";
  const Said hint = Ieumctl(suite_, Words());
  EXPECT_EQ(hint.code, 2);
  EXPECT_THAT(hint.out, HasSubstr("--resume"));
  const int before = Count("import_chunk");
  Process resumed = BeginIeumctl(suite_, Words({"--resume"}), said_);
  ASSERT_TRUE(SomeHaveCome(before + 3));
  suite_.KillService("registry");
  suite_.StartService("registry");
  SetClock();
  EXPECT_EQ(resumed.Wait(), 0) << std::ifstream(said_).rdbuf();
  EXPECT_EQ(Count("organization"), kFirms);
  EXPECT_EQ(Count("import_row"), kFirms);
  EXPECT_EQ(Count("event_log WHERE type LIKE '%.OrganizationRegistered'"), kFirms);
  EXPECT_EQ(suite_.Ask("registry",
                       "SELECT (SELECT count(*) FROM event_log) = (SELECT sum(newest) "
                       "FROM outbox_positions())"),
            "t")
      << "a hole in the ledger";
  const Said again = Ieumctl(suite_, Words());
  EXPECT_EQ(again.code, 0) << again.out;
  EXPECT_EQ(again.Json()["written"], false);
  EXPECT_EQ(again.Json()["created"], kFirms);
}

}  // namespace
}  // namespace ieum::testing
