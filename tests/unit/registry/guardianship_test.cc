// Goal: up to the day before the fourteenth birthday a guardian speaks, from that day on the person
// does; and nobody else than a verified adult speaks for a child. law:L08
#include "services/registry/people/guardianship.h"

#include <gtest/gtest.h>

#include "platform/base/korea_time.h"
#include "platform/base/status.h"

namespace ieum::registry {
namespace {

using Day = absl::CivilDay;

const base::Uuid kMother = *base::Uuid::Parse("0190a000-0000-7000-8000-000000000001");
const base::Uuid kUncle = *base::Uuid::Parse("0190a000-0000-7000-8000-000000000002");

Guardian Verified(const base::Uuid& person) {
  Guardian guardian;
  guardian.person_id = person;
  guardian.verification = v1::GUARDIAN_VERIFICATION_FAMILY_CERTIFICATE;
  guardian.verified_at = base::KoreaInstant(Day(2023, 5, 2), 10);
  guardian.verifier = "staff/kim";
  return guardian;
}

TEST(Child, IsWhoeverIsUnderFourteenOnTheDay) {
  const struct {
    Day birth, day;
    bool child;
  } rows[] = {{Day(2009, 5, 3), Day(2023, 5, 2), true},   // thirteen for one more day
              {Day(2009, 5, 2), Day(2023, 5, 2), false},  // the birthday itself
              {Day(2009, 5, 1), Day(2023, 5, 2), false},
              {Day(2009, 1, 1), Day(2022, 12, 31), true},
              {Day(2009, 1, 1), Day(2023, 1, 1), false},
              {Day(2008, 12, 31), Day(2022, 12, 30), true},
              {Day(2008, 12, 31), Day(2022, 12, 31), false},
              {Day(2008, 2, 29), Day(2022, 2, 28), true},  // 2022 has no such day
              {Day(2008, 2, 29), Day(2022, 3, 1), false},
              {Day(2008, 2, 28), Day(2022, 2, 28), false},
              {Day(2023, 5, 2), Day(2023, 5, 2), true},
              {Day(1980, 1, 1), Day(2023, 5, 2), false}};
  for (const auto& row : rows) {
    EXPECT_EQ(IsChild({static_cast<int>(row.birth.year()), row.birth}, row.day), row.child)
        << row.birth << " on " << row.day;
  }
}

TEST(Child, IsJudgedByTheDayInKorea) {
  const Birth birth{2009, Day(2009, 5, 2)};
  const absl::Time midnight = base::KoreaInstant(Day(2023, 5, 2), 0);
  EXPECT_TRUE(IsChild(birth, base::KoreaDay(midnight - absl::Microseconds(1))));
  EXPECT_FALSE(IsChild(birth, base::KoreaDay(midnight)));
}

TEST(Child, MayBeWhoHasAYearAloneUntilTheYearIsOver) {
  EXPECT_TRUE(IsChild({2010, std::nullopt}, Day(2023, 12, 31)));
  EXPECT_TRUE(IsChild({2009, std::nullopt}, Day(2023, 12, 31)));
  EXPECT_FALSE(IsChild({2008, std::nullopt}, Day(2023, 1, 1)));
  EXPECT_FALSE(IsChild({}, Day(2023, 1, 1))) << "nothing is known";
}

TEST(Child, NeedsAGuardianWhoWasVerified) {
  Person child;
  child.birth_date = Day(2012, 3, 1);
  child.birth_year = 2012;
  EXPECT_EQ(base::ReasonOf(RequireGuardian(child, Day(2023, 5, 2), "enrolment.person")),
            "GUARDIAN_MISSING");
  EXPECT_EQ(base::ReasonOf(RequireGuardian(child, Day(2026, 2, 28), "enrolment.person")),
            "GUARDIAN_MISSING");
  EXPECT_TRUE(RequireGuardian(child, Day(2026, 3, 1), "enrolment.person").ok());
  child.guardian = Verified(kMother);
  EXPECT_TRUE(RequireGuardian(child, Day(2023, 5, 2), "enrolment.person").ok());
  Person unknown;
  unknown.birth_year = 2009;
  const absl::Status refused = RequireGuardian(unknown, Day(2023, 5, 2), "enrolment.person");
  EXPECT_EQ(base::ReasonOf(refused), "GUARDIAN_MISSING");
  EXPECT_EQ(refused.ToString().find("2009"), std::string::npos) << "no year in an error";
}

TEST(Guardian, IsSomebodyElseAndOfAge) {
  Person child, guardian;
  child.id = kUncle;
  guardian.id = kMother;
  EXPECT_TRUE(CheckFit(guardian, child, Day(2023, 5, 2)).ok()) << "as far as is known";
  guardian.birth_date = Day(2004, 5, 3);
  EXPECT_EQ(base::ReasonOf(CheckFit(guardian, child, Day(2023, 5, 2))), "GUARDIAN_UNFIT");
  EXPECT_TRUE(CheckFit(guardian, child, Day(2023, 5, 3)).ok());
  guardian.birth_date.reset();
  guardian.birth_year = 2005;
  EXPECT_EQ(base::ReasonOf(CheckFit(guardian, child, Day(2023, 5, 2))), "GUARDIAN_UNFIT");
  guardian.id = child.id;
  guardian.birth_year = 1980;
  EXPECT_EQ(base::ReasonOf(CheckFit(guardian, child, Day(2023, 5, 2))), "GUARDIAN_UNFIT");
}

TEST(Guardian, SpeaksUntilTheFourteenthBirthdayAndNotLonger) {
  const Birth birth{2009, Day(2009, 5, 2)};
  const auto why = [&](std::optional<Guardian> verified, std::optional<base::Uuid> named, Day day) {
    return base::ReasonOf(CheckConsenter(birth, verified, named, day));
  };
  const Day last(2023, 5, 1), first(2023, 5, 2);
  EXPECT_EQ(why(Verified(kMother), kMother, last), "");
  EXPECT_EQ(why(Verified(kMother), std::nullopt, last), "GUARDIAN_MISSING") << "her own word";
  EXPECT_EQ(why(Verified(kMother), kUncle, last), "GUARDIAN_MISSING") << "somebody else's";
  EXPECT_EQ(why(std::nullopt, kMother, last), "GUARDIAN_MISSING") << "nobody was verified";
  EXPECT_EQ(why(Verified(kMother), std::nullopt, first), "") << "now hers counts";
  EXPECT_EQ(why(std::nullopt, std::nullopt, first), "");
}

TEST(Guardian, IsVerifiedBySomebodyAtSomeTime) {
  const absl::Time now = base::KoreaInstant(Day(2023, 5, 3), 9);
  std::optional<Guardian> wanted = Verified(kMother);
  ASSERT_TRUE(SettleGuardian(Verified(kMother), "staff/lee", now, &wanted).ok());
  EXPECT_EQ(wanted->verifier, "staff/kim") << "nothing new was said";
  wanted->verified_at = absl::InfinitePast();
  ASSERT_TRUE(SettleGuardian(Verified(kMother), "staff/lee", now, &wanted).ok());
  EXPECT_EQ(wanted->verifier, "staff/lee");
  EXPECT_EQ(wanted->verified_at, now);
  wanted->verified_at = now + absl::Seconds(1);
  EXPECT_EQ(base::ReasonOf(SettleGuardian(std::nullopt, "staff/lee", now, &wanted)),
            "DATE_INVALID");
}

TEST(Birth, LiesInThePast) {
  const Day today(2023, 5, 2);
  EXPECT_TRUE(CheckBirthDate({2023, today}, today).ok());
  EXPECT_EQ(base::ReasonOf(CheckBirthDate({2023, today + 1}, today)), "DATE_INVALID");
  EXPECT_EQ(base::ReasonOf(CheckBirthDate({1899, Day(1899, 12, 31)}, today)), "DATE_INVALID");
  EXPECT_TRUE(CheckBirthDate({}, today).ok());
}

}  // namespace
}  // namespace ieum::registry
