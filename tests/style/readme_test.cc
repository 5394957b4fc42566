// Goal: the walk through a room in registry's README leads to what is there. Method: each row of
// its table names a file and words of it; both are looked for, and a made-up row is seen to fail.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "re2/re2.h"
#include "tests/style/source_tree.h"

namespace ieum::style {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kReadme[] = "services/registry/README.md";
constexpr char kHeading[] = "## How a room is made";
constexpr size_t kCells = 5;  // "| step | file | words |" has one before and one behind

// What stands between backticks.
std::vector<std::string> Quoted(const std::string& text) {
  static const RE2 quoted("`([^`]+)`");
  std::vector<std::string> words;
  re2::StringPiece rest(text);
  std::string word;
  while (RE2::FindAndConsume(&rest, quoted, &word)) words.push_back(word);
  return words;
}

struct Step {
  int line = 0;
  std::string file;
  std::vector<std::string> words;
};

// The rows of the first table below the heading.
std::vector<Step> StepsOf(const std::string& readme) {
  std::vector<Step> steps;
  std::istringstream lines(readme);
  std::string line;
  bool there = false;
  for (int number = 1; std::getline(lines, line); ++number) {
    if (absl::StartsWith(line, "## ")) there = line == kHeading;
    if (!there || !absl::StartsWith(line, "|")) continue;
    const std::vector<std::string> cells = absl::StrSplit(line, '|');
    if (cells.size() != kCells || Quoted(cells[2]).empty()) continue;  // the heads
    steps.push_back({number, Quoted(cells[2])[0], Quoted(cells[3])});
  }
  return steps;
}

std::vector<std::string> FaultsOf(const std::vector<Step>& steps,
                                  const std::map<std::string, std::string>& files) {
  std::vector<std::string> faults;
  for (const Step& step : steps) {
    const std::string where = absl::StrCat(kReadme, ":", step.line, ": ");
    const auto file = files.find(step.file);
    if (file == files.end()) {
      faults.push_back(absl::StrCat(where, "there is no ", step.file));
      continue;
    }
    if (step.words.empty()) faults.push_back(absl::StrCat(where, "says nothing to look for"));
    for (const std::string& word : step.words) {
      if (absl::StrContains(file->second, word)) continue;
      faults.push_back(absl::StrCat(where, step.file, " has no ", word));
    }
  }
  return faults;
}

TEST(Readme, WalksThroughARoomThatIsThere) {
  std::map<std::string, std::string> files;
  for (const SourceFile& file : Tree()) files[file.path] = file.text;
  ASSERT_TRUE(files.contains(kReadme));
  const std::vector<Step> steps = StepsOf(files[kReadme]);
  EXPECT_GE(steps.size(), 15u) << "from the contract to the changelog";
  EXPECT_THAT(FaultsOf(steps, files), IsEmpty());
}

TEST(Readme, IsSeenToLeadAstray) {
  const std::string readme = absl::StrCat("| a | `gone.h` | `x` |\n", kHeading,
                                          "\n\n| step | file | look for |\n|---|---|---|\n| a | "
                                          "`a.h` | `Here`, `Gone(` |\n| b | `b.h` | "
                                          "`x` |\n| c | `a.h` | |\n## Next\n| d | `c.h` | `x` |\n");
  const auto faults = FaultsOf(StepsOf(readme), {{"a.h", "int Here();"}});
  EXPECT_THAT(faults, ElementsAre(HasSubstr(":6: a.h has no Gone("),
                                  HasSubstr(":7: there is no b.h"), HasSubstr(":8: says nothing")));
}

}  // namespace
}  // namespace ieum::style
