// Goal: people write dates by rule in words, and every rule can be written and read again. Method:
// tables, and made rules of every kind. row:X16
#include "tools/plan/date_words.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "google/protobuf/text_format.h"
#include "google/protobuf/util/message_differencer.h"

namespace ieum::plan {
namespace {

namespace v1 = ieum::registry::v1;
using google::protobuf::util::MessageDifferencer;

v1::DateRule Rule(const char* text) {
  v1::DateRule rule;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &rule)) << text;
  return rule;
}

TEST(DateWords, SayEachKindOfRule) {
  const struct {
    const char *words, *rule;
  } kTable[] = {
      {"2023-05-24", "date: '2023-05-24'"},
      {"4th Wednesday of May", "nth_weekday { month: 5 ordinal: 4 weekday: WEEKDAY_WEDNESDAY }"},
      {"last Friday of November", "nth_weekday { month: 11 ordinal: 5 weekday: WEEKDAY_FRIDAY }"},
      {"5th Friday of November", "nth_weekday { month: 11 ordinal: 5 weekday: WEEKDAY_FRIDAY }"},
      {"monday of 2ND week of november", "week { month: 11 ordinal: 2 weekday: WEEKDAY_MONDAY }"},
      {"2nd week of November", "week { month: 11 ordinal: 2 weekday: WEEKDAY_MONDAY }"},
      {"2nd Monday of January of the next year",
       "nth_weekday { month: 1 ordinal: 2 weekday: WEEKDAY_MONDAY } years_after: 1"},
      {" 2024-11-04 - 21 days ", "date: '2024-11-04' offset_days: -21"},
      {"2024-11-04 - 1 business day", "date: '2024-11-04' offset_business_days: -1"},
      {"2024-04-26 + 1 day + 3 business days or next business day",
       "date: '2024-04-26' offset_days: 1 offset_business_days: 3 roll: BUSINESS_DAY_ROLL_NEXT"},
      {"1st Monday of June or previous business day",
       "nth_weekday { month: 6 ordinal: 1 weekday: WEEKDAY_MONDAY } "
       "roll: BUSINESS_DAY_ROLL_PREVIOUS"},
  };
  for (const auto& row : kTable) {
    const auto read = ReadDateWords(row.words);
    ASSERT_TRUE(read.ok()) << row.words;
    EXPECT_TRUE(MessageDifferencer::Equals(*read, Rule(row.rule)))
        << row.words << " is " << read->ShortDebugString();
  }
}

TEST(DateWords, AreRefusedWhereTheyMeanNothing) {
  for (const char* words :
       {"", "soon", "6th Friday of May", "4th Wednesday of Mai", "4th Mittwoch of May", "24.5.2023",
        "2023-5-24", "4th Wednesday", "2023-05-24 + many days", "2023-05-24 of the next year",
        "week of May"}) {
    EXPECT_FALSE(ReadDateWords(words).ok()) << words;
  }
}

v1::DateRule MadeRule() {
  v1::DateRule rule;
  const int month = *rc::gen::inRange(1, 13), ordinal = *rc::gen::inRange(1, 6);
  const auto weekday = static_cast<v1::Weekday>(*rc::gen::inRange(1, 8));
  switch (*rc::gen::inRange(0, 3)) {
    case 0:
      rule.set_date("2024-0" + std::to_string(*rc::gen::inRange(1, 10)) + "-17");
      break;
    case 1:
      rule.mutable_nth_weekday()->set_month(month);
      rule.mutable_nth_weekday()->set_ordinal(ordinal);
      rule.mutable_nth_weekday()->set_weekday(weekday);
      break;
    default:
      rule.mutable_week()->set_month(month);
      rule.mutable_week()->set_ordinal(ordinal);
      rule.mutable_week()->set_weekday(weekday);
  }
  if (rule.date().empty()) rule.set_years_after(*rc::gen::inRange(0, 2));
  rule.set_offset_days(*rc::gen::inRange(-400, 401));
  rule.set_offset_business_days(*rc::gen::inRange(-250, 251));
  rule.set_roll(static_cast<v1::BusinessDayRoll>(*rc::gen::inRange(0, 3)));
  return rule;
}

TEST(DateWords, ReadAgainAreTheSameRule) {
  EXPECT_TRUE(rc::check([] {
    const v1::DateRule rule = MadeRule();
    const auto read = ReadDateWords(DateWords(rule));
    RC_ASSERT(read.ok());
    RC_ASSERT(MessageDifferencer::Equals(*read, rule));
  }));
}

}  // namespace
}  // namespace ieum::plan
