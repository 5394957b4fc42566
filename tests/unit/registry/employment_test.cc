// Goal: on every day a person has one employer or none, and first and last day are part of an
// employment. row:R10
#include "services/registry/people/employment.h"

#include <gtest/gtest.h>

#include "platform/base/status.h"

namespace ieum::registry {
namespace {

using Day = absl::CivilDay;

const base::Uuid kFirst = *base::Uuid::Parse("0190a000-0000-7000-8000-000000000001");
const base::Uuid kSecond = *base::Uuid::Parse("0190a000-0000-7000-8000-000000000002");

Affiliation Works(const base::Uuid& employer, Day from, std::optional<Day> to = std::nullopt,
                  v1::AffiliationRole role = v1::AFFILIATION_ROLE_EMPLOYEE) {
  Affiliation affiliation;
  affiliation.id = base::Uuid::NewV7();
  affiliation.organization_id = employer;
  affiliation.role = role;
  affiliation.start_date = from;
  affiliation.end_date = to;
  return affiliation;
}

TEST(Employment, SaysForWhomSheWorkedOnADay) {
  const std::vector<Affiliation> all = {
      Works(kFirst, Day(2022, 3, 1), Day(2023, 4, 30)), Works(kSecond, Day(2023, 6, 1)),
      Works(kSecond, Day(2020, 1, 1), std::nullopt, v1::AFFILIATION_ROLE_CONTACT)};
  const struct {
    Day day;
    std::optional<base::Uuid> employer;
  } rows[] = {{Day(2022, 2, 28), std::nullopt}, {Day(2022, 3, 1), kFirst},
              {Day(2023, 4, 30), kFirst},       {Day(2023, 5, 1), std::nullopt},
              {Day(2023, 5, 31), std::nullopt}, {Day(2023, 6, 1), kSecond},
              {Day(2031, 1, 1), kSecond}};
  for (const auto& row : rows) {
    EXPECT_EQ(EmployerOn(all, row.day), row.employer) << row.day;
  }
  EXPECT_EQ(EmployerOn({}, Day(2023, 1, 1)), std::nullopt);
}

// As two records have them that were merged.
TEST(Employment, CountsThatBeganLastWhereTwoOverlap) {
  std::vector<Affiliation> both = {Works(kFirst, Day(2022, 1, 1)),
                                   Works(kSecond, Day(2022, 6, 1), Day(2022, 8, 31))};
  EXPECT_EQ(EmployerOn(both, Day(2022, 5, 31)), kFirst);
  EXPECT_EQ(EmployerOn(both, Day(2022, 6, 1)), kSecond);
  EXPECT_EQ(EmployerOn(both, Day(2022, 8, 31)), kSecond);
  EXPECT_EQ(EmployerOn(both, Day(2022, 9, 1)), kFirst) << "that one has not ended";
  both[1].start_date = both[0].start_date;
  both[0].id = kFirst;
  both[1].id = kSecond;
  EXPECT_EQ(EmployerOn(both, Day(2022, 2, 1)), kFirst) << "the lower id, in whichever order";
  std::swap(both[0], both[1]);
  EXPECT_EQ(EmployerOn(both, Day(2022, 2, 1)), kFirst);
}

TEST(Employment, MayBecomeShorterThoughItOverlaps) {
  const Affiliation held = Works(kFirst, Day(2023, 1, 1)), other = Works(kSecond, Day(2023, 3, 1));
  const auto refused = [&](Day from, std::optional<Day> to) {
    Affiliation wanted = held;
    wanted.start_date = from;
    wanted.end_date = to;
    return base::ReasonOf(CheckOverlap(wanted, {held, other})) == "EMPLOYMENT_OVERLAP";
  };
  EXPECT_FALSE(refused(Day(2023, 1, 1), Day(2023, 4, 1)));
  EXPECT_FALSE(refused(Day(2023, 1, 1), Day(2023, 2, 28)));
  EXPECT_TRUE(refused(Day(2022, 12, 31), std::nullopt));
}

TEST(Employment, IsOneAtATime) {
  const Affiliation held = Works(kFirst, Day(2023, 3, 1), Day(2023, 4, 30));
  const auto refused = [&](const Affiliation& wanted) {
    return base::ReasonOf(CheckOverlap(wanted, {held})) == "EMPLOYMENT_OVERLAP";
  };
  EXPECT_TRUE(refused(Works(kSecond, Day(2023, 4, 30))));
  EXPECT_TRUE(refused(Works(kSecond, Day(2022, 1, 1))));
  EXPECT_TRUE(refused(Works(kSecond, Day(2022, 1, 1), Day(2023, 3, 1))));
  EXPECT_TRUE(refused(Works(kSecond, Day(2023, 3, 5), Day(2023, 3, 5))));
  EXPECT_TRUE(refused(Works(kFirst, Day(2023, 3, 5)))) << "nor twice for the same";
  EXPECT_FALSE(refused(Works(kSecond, Day(2023, 5, 1))));
  EXPECT_FALSE(refused(Works(kSecond, Day(2022, 1, 1), Day(2023, 2, 28))));
  EXPECT_FALSE(
      refused(Works(kSecond, Day(2023, 3, 5), std::nullopt, v1::AFFILIATION_ROLE_REPRESENTATIVE)));
  Affiliation corrected = held;
  corrected.end_date = Day(2023, 12, 31);
  EXPECT_FALSE(refused(corrected)) << "its own earlier self";
}

TEST(Employment, EndsOnItsFirstDayAtTheEarliest) {
  Affiliation affiliation;
  EXPECT_TRUE(SetPeriod(&affiliation, Day(2023, 3, 1), Day(2023, 3, 1), "end_date").ok());
  EXPECT_TRUE(SetPeriod(&affiliation, Day(2023, 3, 1), std::nullopt, "end_date").ok());
  EXPECT_EQ(base::ReasonOf(SetPeriod(&affiliation, Day(2023, 3, 1), Day(2023, 2, 28), "end_date")),
            "DATE_ORDER");
}

}  // namespace
}  // namespace ieum::registry
