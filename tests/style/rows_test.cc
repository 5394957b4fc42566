// Goal: what registry has to do is shown by a test, and docs/registry-rows.md names tests that are
// there. Method: the comments `row:` and `law:` of the tests, and the document's tables against the
// tests' texts; both seen to fail on made-up ones.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "re2/re2.h"
#include "tests/style/source_tree.h"

namespace ieum::style {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Words = std::set<std::string>;

// "R24" and "L28" of `row:R24` and `law:L28`.
Words Marked(const std::vector<SourceFile>& tree) {
  static const RE2 mark(R"(\b(?:row|law):([A-Z]\d+)\b)");
  Words marked;
  for (const SourceFile& file : tree) {
    if (!file.Under("tests")) continue;
    re2::StringPiece rest(file.text);
    std::string word;
    while (RE2::FindAndConsume(&rest, mark, &word)) marked.insert(word);
  }
  return marked;
}

// Those of registry: all rows R, what is of registry among X, and the laws of consents and data.
Words Wanted() {
  Words wanted = {"X11", "X12", "X14", "X15", "X16", "X20", "L41", "L42"};
  for (int row = 1; row <= 30; ++row) wanted.insert(absl::StrCat("R", row));
  for (const auto& [first, last] : {std::pair(1, 15), std::pair(27, 33)}) {
    for (int law = first; law <= last; ++law) {
      wanted.insert(absl::StrCat("L", law < 10 ? "0" : "", law));
    }
  }
  // Said below the document's tables.
  for (const char* elsewhere : {"L13", "L29", "L30"}) wanted.erase(elsewhere);
  return wanted;
}

// Of `| R1 | what | [a_test.cc](../tests/a_test.cc): `Name`, `Other` |` the tests that the tree
// does not have.
Words Gone(const SourceFile& document, const std::vector<SourceFile>& tree) {
  static const RE2 row(R"((?m)^\|[^|]*\|[^|]*\| \[[^\]]*\]\(\.\./([^)]+)\): ([^|]*) \|$)");
  static const RE2 name("`(\\w+)`");
  Words gone;
  re2::StringPiece rest(document.text);
  std::string path, names;
  while (RE2::FindAndConsume(&rest, row, &path, &names)) {
    const auto file = std::find_if(tree.begin(), tree.end(),
                                   [&](const SourceFile& one) { return one.path == path; });
    if (file == tree.end()) {
      gone.insert(path);
      continue;
    }
    re2::StringPiece left(names);
    std::string test;
    while (RE2::FindAndConsume(&left, name, &test)) {
      if (!RE2::PartialMatch(file->text, absl::StrCat("TEST(_F|_P)?\\(\\w+,\\s*", test, "\\)"))) {
        gone.insert(absl::StrCat(path, ": ", test));
      }
    }
  }
  return gone;
}

TEST(Rows, AreSeenToBeMissingInMadeUpFiles) {
  const std::vector<SourceFile> tree = {
      {"tests/a_test.cc", "// row:R1 law:L08\nTEST(One,\n     Holds) {}\n"},
      {"services/b.cc", "// row:R2\n"}};
  EXPECT_THAT(Marked(tree), ElementsAre("L08", "R1"));
  const auto gone = [&](const std::string& last) {
    return Gone({"docs/c.md", absl::StrCat("| row | shows | test |\n| R1 | it | ", last, " |\n")},
                tree);
  };
  EXPECT_THAT(gone("[a_test.cc](../tests/a_test.cc): `Holds`"), IsEmpty());
  EXPECT_THAT(gone("[a_test.cc](../tests/a_test.cc): `Holds`, `Stays`"),
              ElementsAre("tests/a_test.cc: Stays"));
  EXPECT_THAT(gone("[d_test.cc](../tests/d_test.cc): all of it"), ElementsAre("tests/d_test.cc"));
}

TEST(Rows, AreEachShownByATest) {
  const Words marked = Marked(Tree());
  for (const std::string& row : Wanted()) EXPECT_TRUE(marked.contains(row)) << row;
}

TEST(Rows, AreDocumentedWithTestsThatAreThere) {
  const auto& tree = Tree();
  const auto document = std::find_if(tree.begin(), tree.end(), [](const SourceFile& file) {
    return file.path == "docs/registry-rows.md";
  });
  ASSERT_NE(document, tree.end());
  EXPECT_THAT(Gone(*document, tree), IsEmpty());
}

}  // namespace
}  // namespace ieum::style
