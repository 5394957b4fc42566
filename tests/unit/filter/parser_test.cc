// Goal: AIP-160 as it is written: what binds closer, what a value is, where a fault stands. Method:
// the parenthesised form of what was understood.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "platform/filter/expression.h"

namespace ieum::filter {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string Understood(std::string_view text) {
  const absl::StatusOr<Expression> expression = Parse(text);
  return expression.ok() ? ToText(*expression) : std::string(expression.status().message());
}

std::string Repeated(std::string_view piece, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += piece;
  return text;
}

TEST(ParseFilter, BindsOrCloserThanStandingBesideAndThatCloserThanAnd) {
  EXPECT_EQ(Understood("a = 1 AND b = 2 OR c = 3"), "(a = 1 AND (b = 2 OR c = 3))");
  EXPECT_EQ(Understood("a = 1 b = 2 AND c = 3"), "((a = 1 AND b = 2) AND c = 3)");
  EXPECT_EQ(Understood("a = 1 b = 2 OR c = 3 d = 4"), "(a = 1 AND (b = 2 OR c = 3) AND d = 4)");
  EXPECT_EQ(Understood("(a = 1 AND b = 2) OR c = 3"), "((a = 1 AND b = 2) OR c = 3)");
}

TEST(ParseFilter, NegatesByWordAndByMinus) {
  EXPECT_EQ(Understood("NOT a = 1"), "NOT a = 1");
  EXPECT_EQ(Understood("-a = 1 b = -2"), "(NOT a = 1 AND b = -2)");
  EXPECT_EQ(Understood("NOT (a = 1 OR b = 2)"), "NOT (a = 1 OR b = 2)");
  EXPECT_EQ(Understood("NOT(-(a = 1))"), "NOT (NOT a = 1)");
  EXPECT_EQ(Understood("NOTE = 1 AND ORder = 2"), "(NOTE = 1 AND ORder = 2)");
}

TEST(ParseFilter, ReadsEveryOperatorWithOrWithoutSpaces) {
  EXPECT_EQ(Understood("a=1 b!=2 c<3 d<=4 e>5 f>=6 g:7"),
            "(a = 1 AND b != 2 AND c < 3 AND d <= 4 AND e > 5 AND f >= 6 AND g:7)");
  EXPECT_EQ(Understood("  facts.region_code  =  26 \t"), "facts.region_code = 26");
}

TEST(ParseFilter, ReadsQuotedValuesWithEscapes) {
  EXPECT_EQ(Parse(R"(a = "say \"hi\" \\ (x) AND")")->comparison.value.text,
            "say \"hi\" \\ (x) AND");
  EXPECT_EQ(Parse("a = 'it is \"so\"'")->comparison.value.text, "it is \"so\"");
  EXPECT_EQ(Parse("a = \"정밀 공업\"")->comparison.value.text, "정밀 공업");
  EXPECT_EQ(Parse("a = 정밀")->comparison.value.text, "정밀");
  EXPECT_EQ(Parse("a = \"\"")->comparison.value.text, "");
}

TEST(ParseFilter, TakesOuterStarsAsWildcardsUnlessEscaped) {
  const Literal prefix = Parse("a = 26*")->comparison.value;
  EXPECT_EQ(prefix.text, "26");
  EXPECT_TRUE(prefix.open_end && !prefix.open_start);
  const Literal both = Parse("a = \"*b*c*\"")->comparison.value;
  EXPECT_EQ(both.text, "b*c");
  EXPECT_TRUE(both.open_end && both.open_start);
  const Literal escaped = Parse(R"(a = "\*b\*")")->comparison.value;
  EXPECT_EQ(escaped.text, "*b*");
  EXPECT_FALSE(escaped.open());
  EXPECT_TRUE(Parse("a:*")->comparison.value.anything());
}

TEST(ParseFilter, HoldsForEverythingWhenEmpty) {
  EXPECT_EQ(Parse("")->kind, Expression::Kind::kAll);
  EXPECT_EQ(Parse(" \n")->kind, Expression::Kind::kAll);
}

TEST(ParseFilter, SaysWhereItStoppedUnderstanding) {
  EXPECT_THAT(Understood("a = 1 AND"), HasSubstr("filter: column 10: expected a comparison"));
  EXPECT_THAT(Understood("a"), HasSubstr("column 2: expected one of = != < <= > >= :"));
  EXPECT_THAT(Understood("a = "), HasSubstr("column 5: expected a value"));
  EXPECT_THAT(Understood("a = \"open"), HasSubstr("column 5: expected a value"));
  EXPECT_THAT(Understood("(a = 1"), HasSubstr("or `)`"));
  EXPECT_THAT(Understood("a = 1)"), HasSubstr("column 6"));
  EXPECT_THAT(Understood("a. = 1"), HasSubstr("column 3: expected a field name"));
  EXPECT_THAT(Understood("a = 1 = 2"), HasSubstr("column 7"));
  EXPECT_THAT(Understood("\"정밀\""), HasSubstr("expected a comparison"));
  EXPECT_THAT(Understood("AND"), HasSubstr("expected a comparison"));
}

TEST(ParseFilter, RefusesFunctions) {
  EXPECT_THAT(Understood("regex(a)"), HasSubstr("functions are not known"));
  EXPECT_THAT(Understood("a = lower(b)"), HasSubstr("functions are not known"));
}

TEST(ParseFilter, BlamesTheFieldThatTheTextCameFrom) {
  const absl::Status refused = Parse("=", "rule.condition").status();
  EXPECT_EQ(base::ReasonOf(refused), "FILTER_INVALID");
  EXPECT_THAT(base::FieldsOf(refused), ElementsAre("rule.condition"));
}

TEST(ParseFilter, HasLimits) {
  EXPECT_TRUE(Parse("a = " + std::string(kMaxFilterCharacters - 4, 'x')).ok());
  EXPECT_THAT(Understood("a = " + std::string(kMaxFilterCharacters - 3, 'x')),
              HasSubstr("at most 2000 characters"));
  const std::string open = Repeated("(", kMaxFilterDepth), close = Repeated(")", kMaxFilterDepth);
  EXPECT_TRUE(Parse(absl::StrCat(open, "a = 1", close)).ok());
  EXPECT_THAT(Understood(absl::StrCat("(", open, "a = 1", close, ")")), HasSubstr("nested deeper"));
  EXPECT_TRUE(Parse(absl::StrCat("a = \"", Repeated("(", 50), "\"")).ok());
  EXPECT_TRUE(Parse(Repeated("a = 1 ", kMaxFilterComparisons)).ok());
  EXPECT_THAT(Understood(Repeated("a = 1 ", kMaxFilterComparisons + 1)),
              HasSubstr("more than 50 comparisons"));
  EXPECT_THAT(Understood(Repeated("-(", 21) + "a = 1" + Repeated(")", 21)),
              HasSubstr("nested deeper"));
  EXPECT_THAT(Understood("a = \xff"), HasSubstr("UTF-8"));
}

TEST(FilterText, ParsesToTheSameAgain) {
  for (const char* text :
       {"a = 1 AND b = 2 OR -c:3 d = \"x\\\"*\\*\\\\\"", "NOT (NOT (a:* OR b = *x*)) c.d < \"9\"",
        "a = \"*\" b = ** c = '' d != \"\\*\""}) {
    const std::string once = Understood(text);
    EXPECT_EQ(Understood(once), once) << text;
  }
}

}  // namespace
}  // namespace ieum::filter
