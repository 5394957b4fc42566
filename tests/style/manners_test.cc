// Goal: manners that matter hold in every hand-written file. Method: each rule is a function over
// one file, shown to see a fault in a made-up file and then run over the tree.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "re2/re2.h"
#include "tests/style/code_shape.h"
#include "tests/style/floors.h"
#include "tests/style/source_tree.h"

namespace ieum::style {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr int kFileLinesMax = 350;
constexpr int kFunctionLinesMax = 60;
constexpr int kMainLinesMax = 40;

using Faults = std::vector<std::string>;

Faults OverTree(const std::function<Faults(const SourceFile&)>& rule) {
  Faults all;
  for (const SourceFile& file : Tree()) {
    for (auto& fault : rule(file)) all.push_back(std::move(fault));
  }
  return all;
}

// Lines of `text` that match, each told with `what`.
Faults MatchingLines(const SourceFile& file, const std::string& text, const RE2& pattern,
                     std::string_view what) {
  Faults faults;
  std::istringstream lines(text);
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    if (RE2::PartialMatch(line, pattern)) faults.push_back(Fault(file, number, what));
  }
  return faults;
}

Faults LongFiles(const SourceFile& file) {
  const int lines = LineCount(file.text);
  if (!file.IsCode() || lines <= kFileLinesMax) return {};
  return {Fault(file, lines, absl::StrCat("a file has at most ", kFileLinesMax, " lines"))};
}

Faults LongFunctions(const SourceFile& file) {
  Faults faults;
  if (!file.IsCode()) return faults;
  for (const Function& function : FunctionsOf(file.text)) {
    if (function.lines <= kFunctionLinesMax) continue;
    faults.push_back(Fault(file, function.first_line,
                           absl::StrCat(function.lines, " lines in: ", function.head)));
  }
  return faults;
}

Faults LongMains(const SourceFile& file) {
  if (!file.Under("services") || file.name() != "main.cc") return {};
  if (LineCount(file.text) <= kMainLinesMax) return {};
  return {Fault(file, kMainLinesMax, "main.cc is a table of contents of at most 40 lines")};
}

Faults BannedCalls(const SourceFile& file) {
  static const RE2 calls(
      R"(\bstd::regex|\bstd::s?rand\b|\bsleep_(?:for|until)\b|\bu?sleep\(|\bSleepFor\b)");
  static const RE2 headers(R"(^\s*#\s*include\s*<(?:regex|iostream)>)");
  if (!file.IsCode() || !(file.Under("platform") || file.Under("services"))) return {};
  Faults faults = MatchingLines(file, CodeOnly(file.text), calls, "a call that is banned here");
  for (auto& fault : MatchingLines(file, file.text, headers, "a header that is banned here")) {
    faults.push_back(std::move(fault));
  }
  return faults;
}

Faults SleepingTests(const SourceFile& file) {
  static const RE2 calls(R"(\bsleep_(?:for|until)\b|\bu?sleep\(|\bnanosleep\b|\bSleepFor\b)");
  // tests/support polls servers for progress; it is what tests wait with.
  if (!file.IsCode() || !file.Under("tests") || file.Under("tests/support")) return {};
  return MatchingLines(file, CodeOnly(file.text), calls, "tests wait for events, never for time");
}

Faults Exceptions(const SourceFile& file) {
  static const RE2 thrown(R"(\bthrow\b)");
  if (!file.IsCode() || !(file.Under("platform") || file.Under("services"))) return {};
  if (file.Under("platform/db")) return {};
  return MatchingLines(file, CodeOnly(file.text), thrown,
                       "errors are values; exceptions end in platform/db");
}

// Written apart, so that this file does not hold what it looks for.
Faults LeftoverMarkers(const SourceFile& file) {
  static const RE2 markers(absl::StrCat(R"(\b(?:TO)", "DO|FIX", "ME|HA", "CK|XX", R"(X)\b)",
                                        R"(|\bDIS)", R"(ABLED_|\bnot )", "implemented"));
  return MatchingLines(file, file.text, markers, "a leftover marker");
}

Faults MachinePaths(const SourceFile& file) {
  static const RE2 places(
      absl::StrCat(R"((?:^|[^\w./$}*-])/(?:ho)", "me|ro", "ot|wo", "rk|Us", "ers)/"));
  return MatchingLines(file, file.text, places, "a path of somebody's machine");
}

Faults RagbagNames(const SourceFile& file) {
  static const RE2 ragbag(R"(^(?:common|utils?|helpers?|misc)$)");
  if (file.IsCode() && RE2::FullMatch(std::string(file.stem()), ragbag)) {
    return {Fault(file, 1, "a name that says nothing of what is in it")};
  }
  return {};
}

Faults SilentHeaders(const SourceFile& file) {
  if (!file.IsHeader()) return {};
  if (file.text.starts_with("//") && file.text.find("#pragma once") != std::string::npos) return {};
  return {Fault(file, 1, "a header begins with what it promises, and is included once")};
}

// A service's name in a string of the platform is knowledge of that service.
Faults ServiceNamesInPlatform(const SourceFile& file) {
  static const RE2 names(R"x(^[^/]*"(?:registry|casemgmt|reporting|notify)")x");
  if (!file.IsCode() || !file.Under("platform")) return {};
  Faults faults;
  for (auto& fault : MatchingLines(file, file.text, names, "platform knows no service by name")) {
    faults.push_back(std::move(fault));
  }
  return faults;
}

// Headers that nothing but their own .cc includes.
Faults UnusedHeaders() {
  std::set<std::string> used;
  for (const SourceFile& file : Tree()) {
    if (!file.IsCode()) continue;
    const std::string own = file.path.substr(0, file.path.rfind('.')) + ".h";
    for (const Include& include : IncludesOf(file)) {
      if (include.target != own) used.insert(include.target);
    }
  }
  Faults faults;
  for (const SourceFile& file : Tree()) {
    if (file.IsHeader() && !used.contains(file.path)) {
      faults.push_back(Fault(file, 1, "nothing includes this header"));
    }
  }
  return faults;
}

std::string Lines(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) absl::StrAppend(&text, "a();\n");
  return text;
}

TEST(Manners, AreSeenToBeBrokenInMadeUpFiles) {
  EXPECT_THAT(LongFiles({"platform/a/a.cc", Lines(351)}), SizeIs(1));
  EXPECT_THAT(LongFiles({"platform/a/a.cc", Lines(350)}), IsEmpty());
  EXPECT_THAT(LongFunctions({"platform/a/a.cc", "void F() {\n" + Lines(59) + "}\n"}), SizeIs(1));
  EXPECT_THAT(LongFunctions({"platform/a/a.cc", "void F() {\n" + Lines(58) + "}\n"}), IsEmpty());
  EXPECT_THAT(LongMains({"services/a/main.cc", Lines(41)}), SizeIs(1));
  EXPECT_THAT(Exceptions({"services/a/a.cc", "throw 1;\n"}), SizeIs(1));
  EXPECT_THAT(Exceptions({"services/a/a.cc", "// throw\nauto a = \"throw\";\n"}), IsEmpty());
  EXPECT_THAT(RagbagNames({"platform/a/utils.h", ""}), SizeIs(1));
  EXPECT_THAT(SilentHeaders({"platform/a/a.h", "#pragma once\n"}), SizeIs(1));
  EXPECT_THAT(ServiceNamesInPlatform({"platform/a/a.cc", "F(\"notify\");\n"}), SizeIs(1));
  EXPECT_THAT(ServiceNamesInPlatform({"platform/a/a.cc", "// e.g. \"notify\"\n"}), IsEmpty());
}

TEST(Manners, AreSeenToBeBrokenByBannedWords) {
  EXPECT_THAT(BannedCalls({"platform/a/a.cc", "#include <iostream>\nstd::regex r;\n"}), SizeIs(2));
  EXPECT_THAT(
      BannedCalls({"services/a/a.cc", absl::StrCat("std::this_thread::sle", "ep_for(x);\n")}),
      SizeIs(1));
  EXPECT_THAT(BannedCalls({"tools/a/a.cc", "#include <iostream>\n"}), IsEmpty());
  EXPECT_THAT(SleepingTests({"tests/a/a.cc", "absl::SleepFor(x);\n"}), SizeIs(1));
  EXPECT_THAT(SleepingTests({"tests/support/wait.h", "absl::SleepFor(x);\n"}), IsEmpty());
  EXPECT_THAT(LeftoverMarkers({"docs/a.md", absl::StrCat("TO", "DO: more\n")}), SizeIs(1));
  EXPECT_THAT(LeftoverMarkers({"a/a_test.cc", absl::StrCat("TEST(A, DIS", "ABLED_B) {}\n")}),
              SizeIs(1));
  EXPECT_THAT(LeftoverMarkers({"tests/a.sh", "mktemp -d ieum.XXXXXX\n"}), IsEmpty());
  EXPECT_THAT(MachinePaths({"docs/a.md", absl::StrCat("see /ho", "me/kim/notes\n")}), SizeIs(1));
  EXPECT_THAT(MachinePaths({"docs/a.md", "see docs/home/kim and http://a/root/b\n"}), IsEmpty());
}

TEST(Manners, FilesAreShort) { EXPECT_THAT(OverTree(LongFiles), IsEmpty()); }
TEST(Manners, FunctionsAreShort) { EXPECT_THAT(OverTree(LongFunctions), IsEmpty()); }
TEST(Manners, MainsAreTablesOfContents) { EXPECT_THAT(OverTree(LongMains), IsEmpty()); }
TEST(Manners, NobodyCallsWhatIsBanned) { EXPECT_THAT(OverTree(BannedCalls), IsEmpty()); }
TEST(Manners, NoTestSleeps) { EXPECT_THAT(OverTree(SleepingTests), IsEmpty()); }
TEST(Manners, NobodyThrows) { EXPECT_THAT(OverTree(Exceptions), IsEmpty()); }
TEST(Manners, NothingIsLeftOver) { EXPECT_THAT(OverTree(LeftoverMarkers), IsEmpty()); }
TEST(Manners, NoPathOfAMachineIsNamed) { EXPECT_THAT(OverTree(MachinePaths), IsEmpty()); }
TEST(Manners, NamesSayWhatIsInside) { EXPECT_THAT(OverTree(RagbagNames), IsEmpty()); }
TEST(Manners, HeadersPromise) { EXPECT_THAT(OverTree(SilentHeaders), IsEmpty()); }
TEST(Manners, PlatformNamesNoService) { EXPECT_THAT(OverTree(ServiceNamesInPlatform), IsEmpty()); }
TEST(Manners, NoHeaderIsDead) { EXPECT_THAT(UnusedHeaders(), IsEmpty()); }

}  // namespace
}  // namespace ieum::style
