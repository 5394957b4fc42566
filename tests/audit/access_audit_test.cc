// Goal: `ieumctl audit access` says by its words and its exit code whether the log is as it was
// written, and gives it out only to who says why. Method: the program on a log of a real
// PostgreSQL.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "platform/access_log/access_log.h"
#include "platform/access_log/sealing.h"
#include "tests/support/postgres.h"

namespace ieum::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class AccessAudit : public ::testing::Test {
 protected:
  AccessAudit() {
    access_log::AccessLog log(registry_.database());
    for (int n = 1; n <= 3; ++n) {
      access_log::Access access;
      access.at = absl::Now();
      access.account = absl::StrCat("staff/", n);
      access.outcome = access_log::kAllowed;
      access.subjects = {"persons/0190b0c0-0000-7000-8000-000000000001"};
      access.reason = n == 3 ? "=cmd|'/c calc'!A1" : "상담";
      std::promise<bool> written;
      log.Append(access, [&](const absl::Status& status) { written.set_value(status.ok()); });
      EXPECT_TRUE(written.get_future().get());
    }
    EXPECT_EQ(access_log::SealOpenRows(registry_.database(), true)->rows, 3);
    writer_ = registry_.Ask("SELECT DISTINCT writer FROM access_log");
  }
  int Run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {IEUM_BINARY_DIR "/bin/ieumctl", "audit", "access"});
    const std::string file = dir_.path() + "/said";
    std::filesystem::remove(file);
    auto process = Process::Start({.argv = arguments,
                                   .environment = {{"IEUM_DB_REGISTRY", registry_.conninfo()},
                                                   {"IEUM_DB_CASEMGMT", casemgmt_.conninfo()}},
                                   .output_file = file});
    if (!process.ok()) return -1;
    const int code = process->Wait();
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    said = text.str();
    return code;
  }
  std::vector<std::string> Export(const std::vector<std::string>& more) {
    std::vector<std::string> words = {"export",     "--service",  "registry",
                                      "--from",     "2020-01-01", "--to",
                                      "2099-12-31", "--account",  "staff/park"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }

  TempDir dir_;
  TestDatabase registry_, casemgmt_;
  std::string writer_, said;
};

TEST_F(AccessAudit, FindsWholeLogsWholeAndSaysWhereTheyEnd) {
  EXPECT_EQ(Run({"verify"}), 0) << said;
  EXPECT_THAT(said, HasSubstr("registry: whole: 3 rows under 1 seals, 0 not yet sealed; head 1:"));
  EXPECT_THAT(said, HasSubstr("casemgmt: whole: 0 rows"));
  EXPECT_EQ(Run({"verify", "--service", "registry", "--output", "json"}), 0);
  const auto json = nlohmann::json::parse(said);
  EXPECT_EQ(json["rows"], 3);
  const std::string head = json["head"];
  EXPECT_EQ(Run({"verify", "--known", "registry=" + head}), 0) << said;
  registry_.Ask("DELETE FROM access_seal RETURNING 1");
  registry_.Ask("DELETE FROM access_log RETURNING 1");
  EXPECT_EQ(Run({"verify"}), 0) << "an empty log";
  EXPECT_EQ(Run({"verify", "--known", "registry=" + head}), 1);
  EXPECT_THAT(said, HasSubstr("the chain's end was cut off"));
}

TEST_F(AccessAudit, EndsWithOneAndNamesTheFirstRow) {
  registry_.Ask("UPDATE access_log SET account = 'staff/9' WHERE number = 2 RETURNING 1");
  EXPECT_EQ(Run({"verify"}), 1);
  EXPECT_THAT(said, HasSubstr("registry: BROKEN: row " + writer_ + "/2 was altered (seal 1)"));
  EXPECT_EQ(Run({"verify", "--service", "casemgmt"}), 0);
  EXPECT_EQ(Run({"verify", "--output", "json"}), 1);
  EXPECT_THAT(said, HasSubstr("\"fault\":\"row " + writer_ + "/2 was altered"));
}

TEST_F(AccessAudit, EndsWithTwoWhenItCannotReadOrIsCalledWrongly) {
  EXPECT_EQ(Run({"verify", "--service", "nothing"}), 2);
  EXPECT_EQ(Run({"verify", "--known", "registry"}), 2);
  EXPECT_EQ(Run({"verify", "--suite", dir_.path() + "/none.json"}), 2);
  EXPECT_EQ(Run({}), 2);
  registry_.Ask("ALTER TABLE access_log RENAME TO away");
  EXPECT_EQ(Run({"verify", "--service", "registry"}), 2) << said;
}

// law:L19
TEST_F(AccessAudit, IsExportedForAReasonThatStandsInTheLogFirst) {
  EXPECT_EQ(Run(Export({})), 2) << said;
  EXPECT_EQ(Run(Export({"--reason", ""})), 2) << said;
  EXPECT_EQ(registry_.Ask("SELECT count(*) FROM access_log"), "3");
  EXPECT_EQ(Run(Export({"--reason", "11월 점검"})), 0) << said;
  const std::vector<std::string> lines = absl::StrSplit(said, '\n', absl::SkipEmpty());
  ASSERT_EQ(lines.size(), 4u) << said;
  std::map<std::string, nlohmann::json> by_account;
  for (const std::string& line : lines) {
    auto row = nlohmann::json::parse(line);
    by_account[row["account"]] = row;
  }
  EXPECT_EQ(by_account["staff/1"]["subjects"][0], "persons/0190b0c0-0000-7000-8000-000000000001");
  EXPECT_EQ(by_account["staff/park"]["reason"], "11월 점검");
  EXPECT_EQ(by_account["staff/park"]["action"], "access_log.export");
  EXPECT_EQ(Run({"verify"}), 0) << said;
}

TEST_F(AccessAudit, IsExportedAsATableThatNoProgramTakesForFormulas) {
  EXPECT_EQ(Run(Export({"--reason", "11월 점검", "--format", "csv"})), 0) << said;
  EXPECT_THAT(said, StartsWith("row,time,"));
  EXPECT_THAT(said, HasSubstr(R"("'=cmd|'/c calc'!A1")"));
  EXPECT_THAT(said, Not(HasSubstr("\"=cmd")));
}

}  // namespace
}  // namespace ieum::testing
