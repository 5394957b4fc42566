// Goal: what a service has to do is shown by a test, and docs/<service>-rows.md names tests that
// are there and say so. Method: the comments `row:` and `law:` of the tests, and the documents'
// tables against the tests' texts; both seen to fail on made-up ones.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "absl/strings/str_cat.h"
#include "re2/re2.h"
#include "tests/style/source_tree.h"

namespace ieum::style {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Words = std::set<std::string>;

Words FindAll(const std::string& text, const RE2& word) {
  Words all;
  re2::StringPiece rest(text);
  std::string one;
  while (RE2::FindAndConsume(&rest, word, &one)) all.insert(one);
  return all;
}

// "R24" and "L28" of `row:R24` and `law:L28`.
Words Marked(const SourceFile& test) {
  static const RE2 mark(R"(\b(?:row|law):([A-Z]\d+)\b)");
  return FindAll(test.text, mark);
}

std::string Numbered(char letter, int number) {
  return absl::StrCat(std::string(1, letter), letter == 'L' && number < 10 ? "0" : "", number);
}

// Those of registry: all rows R, what is of registry among X, and the laws of consents and data.
Words OfRegistry() {
  Words wanted = {"X11", "X12", "X14", "X15", "X16", "X20", "L41", "L42"};
  for (int row = 1; row <= 30; ++row) wanted.insert(Numbered('R', row));
  for (const auto& [first, last] : {std::pair(1, 15), std::pair(27, 33)}) {
    for (int law = first; law <= last; ++law) wanted.insert(Numbered('L', law));
  }
  return wanted;
}

// Those of case management but for its forms, selections, activities, surveys and deliverables; and
// the laws that it carries itself.
Words OfCasemgmt() {
  Words wanted = {"C36", "X13", "X18", "L41", "L42"};
  for (int row = 1; row <= 18; ++row) wanted.insert(Numbered('C', row));
  for (const int law : {1, 2, 9, 10, 11, 14, 15, 16, 17, 19, 22}) {
    wanted.insert(Numbered('L', law));
  }
  return wanted;
}

// Of each document.
std::map<std::string, Words> Wanted() {
  return {{"docs/registry-rows.md", OfRegistry()}, {"docs/casemgmt-rows.md", OfCasemgmt()}};
}

// Of `| R1, X2 | what | [a_test.cc](../tests/a_test.cc): `Name`, `Other` |`.
struct Line {
  Words rows;
  std::string path;
  Words tests;
};

const RE2& LineOfTable() {
  static const RE2 line(R"((?m)^\|([^|]*)\|[^|]*\| \[[^\]]*\]\(\.\./([^)]+)\): ([^|]*) \|$)");
  return line;
}

std::vector<Line> LinesOf(const SourceFile& document) {
  static const RE2 row(R"(\b([A-Z]\d+)\b)"), name("`(\\w+)`");
  std::vector<Line> lines;
  re2::StringPiece rest(document.text);
  std::string rows, path, names;
  while (RE2::FindAndConsume(&rest, LineOfTable(), &rows, &path, &names)) {
    lines.push_back({FindAll(rows, row), path, FindAll(names, name)});
  }
  return lines;
}

// Lines that begin like one of a table and are none: what they say would be looked at by nobody.
Words Unread(const SourceFile& document) {
  static const RE2 begun(R"((?m)^(\| ?[A-Z]\d.*)$)");
  Words unread;
  for (const std::string& line : FindAll(document.text, begun)) {
    if (!RE2::FullMatch(line, LineOfTable())) unread.insert("not read: " + line);
  }
  return unread;
}

// What the document says and the tree does not have: files, tests in them, marks of rows.
Words Gone(const SourceFile& document, const std::vector<SourceFile>& tree) {
  Words gone = Unread(document);
  for (const Line& line : LinesOf(document)) {
    const auto file = std::find_if(tree.begin(), tree.end(),
                                   [&](const SourceFile& one) { return one.path == line.path; });
    if (file == tree.end()) {
      gone.insert(line.path);
      continue;
    }
    for (const std::string& test : line.tests) {
      if (!RE2::PartialMatch(file->text, absl::StrCat("TEST(_F|_P)?\\(\\w+,\\s*", test, "\\)"))) {
        gone.insert(absl::StrCat(line.path, ": ", test));
      }
    }
    const Words marked = Marked(*file);
    for (const std::string& row : line.rows) {
      if (!marked.contains(row)) gone.insert(absl::StrCat(line.path, ": the mark of ", row));
    }
  }
  return gone;
}

SourceFile Document(const std::string& path) {
  for (const SourceFile& file : Tree()) {
    if (file.path == path) return file;
  }
  ADD_FAILURE() << path << " is not there";
  return {path, ""};
}

TEST(Rows, AreSeenToBeMissingInMadeUpFiles) {
  const std::vector<SourceFile> tree = {
      {"tests/a_test.cc", "// row:R1 law:L08\nTEST(One,\n     Holds) {}\n"}};
  EXPECT_THAT(Marked(tree[0]), ElementsAre("L08", "R1"));
  const auto gone = [&](const std::string& last, const std::string& rows = "R1") {
    return Gone(
        {"docs/c.md", absl::StrCat("| row | shows | test |\n| ", rows, " | it | ", last, " |\n")},
        tree);
  };
  EXPECT_THAT(gone("[a_test.cc](../tests/a_test.cc): `Holds`"), IsEmpty());
  EXPECT_THAT(gone("[a_test.cc](../tests/a_test.cc): `Holds`, `Stays`"),
              ElementsAre("tests/a_test.cc: Stays"));
  EXPECT_THAT(gone("[d_test.cc](../tests/d_test.cc): all of it"), ElementsAre("tests/d_test.cc"));
  EXPECT_THAT(gone("[a_test.cc](../tests/a_test.cc): `Holds`", "L08, R2"),
              ElementsAre("tests/a_test.cc: the mark of R2"));
  EXPECT_THAT(gone("tests/a_test.cc: `Holds`"),
              ElementsAre("not read: | R1 | it | tests/a_test.cc: `Holds` |"));
}

TEST(Rows, AreEachShownByATest) {
  for (const auto& [path, wanted] : Wanted()) {
    Words listed;
    for (const Line& line : LinesOf(Document(path))) {
      listed.insert(line.rows.begin(), line.rows.end());
    }
    for (const std::string& row : wanted) EXPECT_TRUE(listed.contains(row)) << path << ": " << row;
  }
}

TEST(Rows, AreDocumentedWithTestsThatAreThereAndSaySo) {
  for (const auto& [path, wanted] : Wanted()) EXPECT_THAT(Gone(Document(path), Tree()), IsEmpty());
}

}  // namespace
}  // namespace ieum::style
