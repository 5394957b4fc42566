// Goal: `ieumctl audit` says what it promises, by its words and by its exit code. Method: the
// program on the stopped suite, as it is and with a journal that lies.
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "tests/audit/planted_suite.h"

namespace ieum::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class Ieumctl : public PlantedSuite {
 protected:
  // Its exit code; what it said is in `said`.
  int Run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), IEUM_BINARY_DIR "/bin/ieumctl");
    const std::string file = dir_.path() + "/said";
    auto process = Process::Start({.argv = arguments, .output_file = file});
    if (!process.ok()) {
      ADD_FAILURE() << process.status();
      return -1;
    }
    const int code = process->Wait();
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    said = text.str();
    return code;
  }
  std::vector<std::string> Audit(const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"audit", "--suite", suite().file(), "--rested"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
  // One that heard of something done that no ledger knows.
  std::string LyingJournal() {
    const std::string path = JournalCopy();
    const auto writer = journal::Writer::Open(path);
    EXPECT_TRUE(writer.ok()) << writer.status();
    const std::string id = (*writer)->Begin(
        {.client = "liar", .service = "registry", .request_id = base::Uuid::NewV7().ToString()});
    (*writer)->End({.attempt = id, .code = "OK", .etag = "\"1\""});
    return path;
  }

  std::string said;
};

TEST_F(Ieumctl, EndsWithZeroWhenAllLawsHold) {
  EXPECT_EQ(Run(Audit({"--journal", journal()})), 0) << said;
  EXPECT_THAT(said, AllOf(HasSubstr("INV1"), HasSubstr("INV9"), HasSubstr("Outcome: all hold"),
                          Not(HasSubstr("BROKEN"))));
}

TEST_F(Ieumctl, EndsWithOneAndNamesTheBreach) {
  EXPECT_EQ(Run(Audit({"--journal", LyingJournal(), "--output", "json"})), 1) << said;
  const auto report = nlohmann::json::parse(said, nullptr, false);
  ASSERT_TRUE(report.is_object()) << said;
  EXPECT_EQ(report["outcome"], "breach");
  ASSERT_EQ(report["laws"].size(), 9u);
  EXPECT_EQ(report["laws"][0]["verdict"], "BROKEN");
  ASSERT_EQ(report["laws"][0]["breaches"], 1);
  EXPECT_EQ(report["laws"][0]["first"]["service"], "registry");
  EXPECT_EQ(report["laws"][1]["verdict"], "holds");
}

TEST_F(Ieumctl, EndsWithTwoWhenItCannotRead) {
  EXPECT_EQ(Run({"audit", "--suite", dir_.path() + "/none.json"}), 2);
  EXPECT_THAT(said, HasSubstr("cannot be opened"));
  EXPECT_EQ(Run({"audit", "--law", "INV10"}), 2);
  EXPECT_EQ(Run({"nothing"}), 2);
  EXPECT_EQ(Run({}), 2);
  EXPECT_EQ(Run(Audit({"--journal", dir_.path() + "/none.jsonl"})), 2) << said;
}

TEST_F(Ieumctl, LooksAtTheLawsThatAreNamed) {
  EXPECT_EQ(Run(Audit({"--law", "INV2", "--law", "INV3"})), 0) << said;
  EXPECT_THAT(said, AllOf(HasSubstr("INV2"), HasSubstr("INV3"), Not(HasSubstr("INV4"))));
}

TEST_F(Ieumctl, TellsItsVersionAndHelp) {
  EXPECT_EQ(Run({"--version"}), 0);
  EXPECT_THAT(said, ::testing::MatchesRegex("[0-9]+\\.[0-9]+\\.[0-9]+\n"));
  EXPECT_EQ(Run({"audit", "--help"}), 0);
  EXPECT_THAT(said, HasSubstr("--journal"));
}

}  // namespace
}  // namespace ieum::testing
