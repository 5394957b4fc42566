// Goal: a business registration number is taken as people write it, and only when it can be one.
#include "services/registry/organizations/business_number.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "absl/strings/str_cat.h"
#include "fmt/format.h"
#include "platform/base/status.h"

namespace ieum::registry {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kField[] = "organization.business_registration_number";

std::string ReasonFor(std::string_view text) {
  const auto read = NormaliseBusinessNumber(text, kField);
  return read.ok() ? "" : base::ReasonOf(read.status());
}

// row:R9 row:X20
TEST(BusinessNumber, AcceptsWorkedExamplesAndThoseOfTheTestRange) {
  for (const char* text : {"123-45-67891", "124-81-00998", "220-81-62517", "999-81-00000",
                           "999-81-00015", "999-82-00012", "999-86-00010", "999-86-00121"}) {
    EXPECT_EQ(ReasonFor(text), "") << text;
  }
}

// The check digits of the masters in the order of their numbers, as a list made apart from the code
// under test.
TEST(BusinessNumber, AgreesWithTheCheckDigitsOfTheMasters) {
  const struct {
    const char* prefix;
    const char* digits;
  } lists[] = {
      {"999-81",
       "594837261726150493849382716051605948372837261504950493827162716059483948372615061504938273"
       "827160"},
      {"999-86", "04938271627160594839483726150615049382738271605940594837261726"},
      {"999-82", "26150493"},
      {"999-83", "938271605160594"}};
  for (const auto& list : lists) {
    for (int n = 1; list.digits[n - 1] != '\0'; ++n) {
      const std::string text = fmt::format("{}-{:04}{}", list.prefix, n, list.digits[n - 1]);
      EXPECT_EQ(ReasonFor(text), "") << text;
    }
  }
}

TEST(BusinessNumber, IsReadFromWhatPeopleWrite) {
  for (const char* text : {"9998600010", "999-86-00010", " 999 86 00010 ", "999－86－00010",
                           "９９９-８６-０００１０", "999-86 - 00010\t"}) {
    EXPECT_EQ(NormaliseBusinessNumber(text, kField).value_or("refused"), "9998600010") << text;
  }
  EXPECT_EQ(PrintedBusinessNumber("9998600010"), "999-86-00010");
}

TEST(BusinessNumber, RefusesAWrongCheckDigit) {
  for (const char* text : {"999-81-00016", "123-45-67890", "999-86-00120"}) {
    EXPECT_EQ(ReasonFor(text), "BUSINESS_NUMBER_CHECKSUM") << text;
  }
}

TEST(BusinessNumber, RefusesWhatIsNotTenDigits) {
  for (const char* text : {"", "999-86-0001", "999-86-000100", "000-00-00000", "0000000000",
                           "99A-86-00010", "999.86.00010", "구구구-86-00010"}) {
    EXPECT_EQ(ReasonFor(text), "BUSINESS_NUMBER_FORMAT") << text;
  }
}

TEST(BusinessNumber, BlamesTheFieldWithoutEchoingTheValue) {
  const auto read = NormaliseBusinessNumber("999-81-00016", kField);
  EXPECT_THAT(base::FieldsOf(read.status()), ElementsAre(kField));
  EXPECT_THAT(std::string(read.status().message()), Not(HasSubstr("00016")));
}

TEST(BusinessNumber, HasExactlyOneCheckDigitForEachNineDigits) {
  EXPECT_TRUE(rc::check("one of ten fits", [] {
    const int nine = *rc::gen::inRange(1, 1'000'000'000);
    int fits = 0;
    for (int last = 0; last < 10; ++last) {
      fits += NormaliseBusinessNumber(fmt::format("{:09}{}", nine, last), kField).ok();
    }
    RC_ASSERT(fits == 1);
  }));
}

TEST(BusinessNumber, CatchesEverySingleWrongDigit) {
  // The ninth digit counts by 5 and by its tens, so two of its values can share a check digit: it
  // is left out.
  EXPECT_TRUE(rc::check("another digit does not fit", [] {
    const std::string nine = fmt::format("{:09}", *rc::gen::inRange(1, 1'000'000'000));
    std::string good;
    for (char last = '0'; last <= '9'; ++last) {
      if (NormaliseBusinessNumber(nine + last, kField).ok()) good = nine + last;
    }
    const auto at = *rc::gen::inRange<size_t>(0, 8);
    std::string bad = good;
    bad[at] = static_cast<char>('0' + (bad[at] - '0' + *rc::gen::inRange(1, 10)) % 10);
    RC_ASSERT(!NormaliseBusinessNumber(bad, kField).ok());
  }));
}

}  // namespace
}  // namespace ieum::registry
