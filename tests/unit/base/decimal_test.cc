// Goal: scores and rates are exact until the one rounding that people see. Method: tables; the
// figures are those that programmes argue about: halves, and rates just below 100.
#include "platform/base/decimal.h"

#include <gtest/gtest.h>

#include <vector>

namespace ieum::base {
namespace {

Decimal Of(const char* text) {
  const auto parsed = Decimal::Parse(text);
  EXPECT_TRUE(parsed.has_value()) << text;
  return parsed.value_or(Decimal());
}

TEST(DecimalParse, ReadsPlainNumbersAndKeepsTheirScale) {
  for (const char* text : {"0", "7", "-3", "599.5", "0.00", "-0.05", "10.10", "0.000000001",
                           "999999999999999999", "999999999.999999999"}) {
    EXPECT_EQ(Of(text).ToString(), text);
  }
  EXPECT_EQ(Of("599.50").scale(), 2);
  EXPECT_EQ(Of("599.50").unscaled(), 59950);
  EXPECT_EQ(Of("007.5").ToString(), "7.5");
  EXPECT_EQ(Of("-0").ToString(), "0");
}

TEST(DecimalParse, RefusesEverythingElse) {
  for (const char* text : {"",
                           "-",
                           ".",
                           "-.",
                           ".5",
                           "5.",
                           "1..2",
                           "1.2.3",
                           "+1",
                           " 1",
                           "1 ",
                           "1e3",
                           "0x10",
                           "1,000",
                           "--1",
                           "1-",
                           "NaN",
                           "inf",
                           "１",
                           "0.0000000001",
                           "1000000000000000000",
                           "9999999999.999999999",
                           "999999999999999999999999"}) {
    EXPECT_FALSE(Decimal::Parse(text).has_value()) << text;
  }
  EXPECT_FALSE(Decimal::Parse(std::string_view("1\0", 2)).has_value());
}

TEST(DecimalRound, GoesAwayFromZeroAtExactHalves) {
  struct Case {
    const char* value;
    int places;
    const char* rounded;
  };
  for (const Case& c : std::vector<Case>{{"96.25", 1, "96.3"},
                                         {"96.2499", 1, "96.2"},
                                         {"106.95", 1, "107.0"},
                                         {"-96.25", 1, "-96.3"},
                                         {"0.5", 0, "1"},
                                         {"-0.5", 0, "-1"},
                                         {"0.4999", 0, "0"},
                                         {"-0.4999", 0, "0"},
                                         {"-0.04", 1, "0.0"},
                                         {"2.5", 0, "3"},
                                         {"3.5", 0, "4"},
                                         {"99.95", 1, "100.0"},
                                         {"99.949999999", 1, "99.9"},
                                         {"7", 2, "7.00"},
                                         {"7.1", 1, "7.1"},
                                         {"7.10", 1, "7.1"},
                                         {"0", 3, "0.000"},
                                         {"999999999999999999", 0, "999999999999999999"},
                                         {"599.5", 9, "599.500000000"}}) {
    EXPECT_EQ(Of(c.value).Round(c.places), c.rounded) << c.value << " to " << c.places;
  }
}

TEST(RoundRatio, RoundsOnce) {
  EXPECT_EQ(Decimal::RoundRatio(Decimal(24), Decimal(30), 100, 1), "80.0");
  EXPECT_EQ(Decimal::RoundRatio(Decimal(1), Decimal(3), 100, 1), "33.3");
  EXPECT_EQ(Decimal::RoundRatio(Decimal(2), Decimal(3), 100, 1), "66.7");
  EXPECT_EQ(Decimal::RoundRatio(Decimal(77), Decimal(80), 100, 1), "96.3");       // 96.25
  EXPECT_EQ(Decimal::RoundRatio(Decimal(2139), Decimal(2000), 100, 1), "107.0");  // 106.95
  EXPECT_EQ(Decimal::RoundRatio(Decimal(2499), Decimal(2500), 100, 1), "100.0");  // 99.96
  // Rounding to two places first would make 66.65 and then 66.7.
  EXPECT_EQ(Decimal::RoundRatio(Of("66.649"), Decimal(1), 1, 1), "66.6");
}

TEST(RoundRatio, TakesScalesAndSignsAsTheyAre) {
  EXPECT_EQ(Decimal::RoundRatio(Of("599.5"), Of("6.00"), 1, 2), "99.92");
  EXPECT_EQ(Decimal::RoundRatio(Of("0.001"), Of("400"), 100, 5), "0.00025");
  EXPECT_EQ(Decimal::RoundRatio(Of("-1"), Of("8"), 1, 2), "-0.13");
  EXPECT_EQ(Decimal::RoundRatio(Of("1"), Of("-8"), 1, 2), "-0.13");
  EXPECT_EQ(Decimal::RoundRatio(Of("-1"), Of("-8"), 1, 2), "0.13");
  EXPECT_EQ(Decimal::RoundRatio(Of("0.00"), Of("5"), 100, 1), "0.0");
}

TEST(RoundRatio, HasNoAnswerWithoutADenominator) {
  EXPECT_FALSE(Decimal::RoundRatio(Decimal(5), Decimal(0), 100, 1).has_value());
  EXPECT_FALSE(Decimal::RoundRatio(Decimal(0), Of("0.00"), 100, 1).has_value());
}

TEST(CompareRatio, SeesWhatRoundingHides) {
  const Decimal hundred(100);
  EXPECT_TRUE(Decimal::CompareRatio(Decimal(2499), Decimal(2500), 100, hundred) < 0) << "99.96";
  EXPECT_TRUE(Decimal::CompareRatio(Decimal(2500), Decimal(2500), 100, hundred) == 0);
  EXPECT_TRUE(Decimal::CompareRatio(Decimal(2501), Decimal(2500), 100, hundred) > 0);
  EXPECT_TRUE(Decimal::CompareRatio(Decimal(1), Decimal(3), 100, Of("33.333333333")) > 0);
  EXPECT_TRUE(Decimal::CompareRatio(Decimal(1), Decimal(3), 100, Of("33.333333334")) < 0);
  EXPECT_TRUE(Decimal::CompareRatio(Of("-0.1"), Of("0.3"), 3, Decimal(-1)) == 0);
  EXPECT_TRUE(Decimal::CompareRatio(Of("0.00"), Of("9"), 100, Decimal(0)) == 0);
}

TEST(CompareRatio, IsExactAtTheEndsOfTheRange) {
  const Decimal top = Of("999999999999999999"), below = Of("999999999999999998");
  const Decimal fine = Of("999999999.999999999"), tiny = Of("0.000000001");
  EXPECT_TRUE(Decimal::CompareRatio(fine, top, 100, below) < 0);
  EXPECT_TRUE(Decimal::CompareRatio(top, tiny, 100, top) > 0);
  EXPECT_TRUE(Decimal::CompareRatio(tiny, top, 100, tiny) < 0);
  EXPECT_TRUE(Decimal::CompareRatio(fine, fine, 1, Decimal(1)) == 0);
  EXPECT_TRUE(Decimal::CompareRatio(fine, top, 1, Of("0.000000001")) == 0);
}

TEST(Decimal, ComparesValuesNotSpellings) {
  EXPECT_TRUE(Of("1.50") == Of("1.5"));
  EXPECT_TRUE(Of("-2") < Of("-1.999999999"));
  EXPECT_TRUE(Of("999999999999999999") > Of("999999999.999999999"));
  EXPECT_TRUE(Of("-0.0") == Decimal());
  EXPECT_TRUE(Of("0.000").zero());
  EXPECT_FALSE(Of("0.001").zero());
}

TEST(Decimal, AddsExactly) {
  EXPECT_EQ((Of("0.1") + Of("0.2")).ToString(), "0.3");
  EXPECT_EQ((Of("599.5") + Of("0.50")).ToString(), "600.00");
  EXPECT_EQ((Of("-1") + Of("0.001")).ToString(), "-0.999");
  Decimal sum;
  for (int i = 0; i < 1000; ++i) sum = sum + Of("0.001");
  EXPECT_TRUE(sum == Decimal(1));
}

TEST(Decimal, MultipliesExactlyOrNotAtAll) {
  const auto product = [](const char* a, const char* b) {
    const auto made = Decimal::Product(*Decimal::Parse(a), *Decimal::Parse(b));
    return made ? made->ToString() : "none";
  };
  EXPECT_EQ(product("90.0", "41"), "3690.0");
  EXPECT_EQ(product("-1.25", "0.4"), "-0.500");
  EXPECT_EQ(product("999999999", "1000000000"), "999999999000000000");
  EXPECT_EQ(product("1000000000", "1000000000"), "none");
  EXPECT_EQ(product("-1000000000", "1000000000"), "none");
  EXPECT_EQ(product("0.00001", "0.00001"), "none") << "ten places";
}

}  // namespace
}  // namespace ieum::base
