// Goal: the scanner sees what the manners are measured by. Method: golden snippets, each holding
// one thing that a naive scanner gets wrong.
#include "tests/style/code_shape.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ieum::style {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::vector<std::string> Heads(std::string_view text) {
  std::vector<std::string> heads;
  for (const Function& function : FunctionsOf(text)) heads.push_back(function.head);
  return heads;
}

TEST(CodeOnly, BlanksCommentsLiteralsAndDirectivesAndKeepsLines) {
  const std::string code = CodeOnly(
      "#define OPEN { \\\n  {\nint a = 1'000; // throw\n/* throw\n*/ auto s = \"throw { \\\" }\";\n"
      "auto r = R\"x(throw \" { )x\"; char c = '{';\n");
  EXPECT_THAT(code, Not(HasSubstr("throw")));
  EXPECT_THAT(code, Not(HasSubstr("{")));
  EXPECT_THAT(code, HasSubstr("int a = 1'000;"));
  EXPECT_EQ(LineCount(code), 6);
}

TEST(FunctionsOf, FindsFunctionsOfNamespacesAndClasses) {
  EXPECT_THAT(Heads("namespace a {\nint F(int x) {\n  if (x) { return 1; }\n  return 2;\n}\n"
                    "class B : public C {\n public:\n  bool G() const { return true; }\n};\n}\n"),
              ElementsAre("int F(int x)", "bool G() const"));
}

TEST(FunctionsOf, CountsFromTheHeadToTheClosingBrace) {
  const auto functions = FunctionsOf("\n\nint\nF(int a,\n  int b) {\n  auto g = [] {\n  };\n}\n");
  ASSERT_EQ(functions.size(), 1u);
  EXPECT_EQ(functions[0].first_line, 3);
  EXPECT_EQ(functions[0].lines, 6);
}

TEST(FunctionsOf, SeesConstructorsBehindBracedMembers) {
  EXPECT_THAT(Heads("Tx::Tx(int a)\n    : a_{a}, b_{1, {2}} {\n  Go();\n}\nvoid Next() {}\n"),
              ElementsAre("Tx::Tx(int a) : a_{a}, b_{1, {2}}", "void Next()"));
}

TEST(FunctionsOf, SeesOperatorsTestsAndTrailingReturnTypes) {
  EXPECT_THAT(
      Heads("bool operator==(A a, A b) { return true; }\nTEST(A, B) { }\n"
            "auto F() -> std::vector<int> { return {}; }\n"),
      ElementsAre("bool operator==(A a, A b)", "TEST(A, B)", "auto F() -> std::vector<int>"));
}

TEST(FunctionsOf, LeavesTablesEnumsAndDefaultArgumentsOut) {
  EXPECT_THAT(
      Heads("enum class E { kA };\nconst T kTable[] = {{F(1)}, {2}};\nstruct S { int a = 1; };\n"
            "void F(Options o = {});\nconst auto kValue = Make({1});\n"),
      IsEmpty());
}

TEST(LineCount, CountsALastLineWithoutABreak) {
  EXPECT_EQ(LineCount(""), 0);
  EXPECT_EQ(LineCount("a\n"), 1);
  EXPECT_EQ(LineCount("a\nb"), 2);
}

}  // namespace
}  // namespace ieum::style
