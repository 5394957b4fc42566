// Goal: personal data are normalised, and an address is given for one purpose only.
#include "services/registry/people/person.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/base/status.h"

namespace ieum::registry {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

v1::Person Wanted() {
  v1::Person wanted;
  wanted.set_full_name("윤건우");
  wanted.set_email("Contact@G001.Firms.TEST");
  wanted.set_phone("010-0000-0001");
  wanted.set_preferred_language(v1::LANGUAGE_KO);
  wanted.set_basis(v1::LEGAL_BASIS_CONTRACT);
  return wanted;
}

TEST(Personal, IsNormalised) {
  Person person;
  ASSERT_TRUE(TakePersonal(Wanted(), &person).ok());
  EXPECT_EQ(person.full_name, "윤건우");
  EXPECT_EQ(person.email, "Contact@g001.firms.test");
  EXPECT_EQ(person.phone.e164, "+821000000001");
  EXPECT_EQ(EmailSearchKey(person.email), "contact@g001.firms.test");
}

TEST(Personal, NeedsNoAddress) {
  v1::Person wanted = Wanted();
  wanted.clear_email();
  wanted.clear_phone();
  Person person;
  EXPECT_TRUE(TakePersonal(wanted, &person).ok());
}

TEST(Personal, TellsAllFaultsAtOnceAndEchoesNone) {
  v1::Person wanted = Wanted();
  wanted.set_full_name("900101-1234567");
  wanted.set_email("nobody at home");
  wanted.set_phone("secret-phone");
  wanted.clear_basis();
  Person person;
  const absl::Status refusal = TakePersonal(wanted, &person);
  EXPECT_EQ(base::ReasonOf(refusal), "RESIDENT_NUMBER");
  EXPECT_THAT(base::FieldsOf(refusal),
              ElementsAre("person.full_name", "person.email", "person.phone", "person.basis"));
  for (const char* value : {"900101", "nobody", "secret"}) {
    EXPECT_THAT(std::string(refusal.message()), Not(HasSubstr(value)));
  }
}

TEST(Personal, KnowsWhatChanged) {
  Person before, after;
  ASSERT_TRUE(TakePersonal(Wanted(), &before).ok());
  v1::Person wanted = PersonalOf(before);
  wanted.set_phone("010-0000-0002");
  wanted.set_preferred_language(v1::LANGUAGE_EN);
  ASSERT_TRUE(TakePersonal(wanted, &after).ok());
  EXPECT_THAT(ChangedPersonal(before, after), ElementsAre("phone", "preferred_language"));
}

TEST(Personal, HoldsALatinNameAndTheYearOfBirth) {
  v1::Person wanted = Wanted();
  wanted.set_latin_name(" YOON, Geon-woo ");
  wanted.set_birth_year(1984);
  Person person, before;
  ASSERT_TRUE(TakePersonal(wanted, &person).ok());
  EXPECT_EQ(person.latin_name, "YOON, Geon-woo");
  EXPECT_EQ(PersonalOf(person).birth_year(), 1984);
  ASSERT_TRUE(TakePersonal(Wanted(), &before).ok());
  EXPECT_THAT(ChangedPersonal(before, person), ElementsAre("latin_name", "birth_year"));
  for (const char* other : {"윤건우", "YOON 건우", "YOON 2", "-"}) {
    wanted.set_latin_name(other);
    EXPECT_THAT(base::FieldsOf(TakePersonal(wanted, &person)), ElementsAre("person.latin_name"))
        << other;
  }
}

TEST(BirthYear, IsNotOneToCome) {
  EXPECT_TRUE(CheckBirthYear(0, absl::CivilDay(2023, 5, 2)).ok());
  EXPECT_TRUE(CheckBirthYear(2023, absl::CivilDay(2023, 5, 2)).ok());
  EXPECT_EQ(base::ReasonOf(CheckBirthYear(2024, absl::CivilDay(2023, 5, 2))), "DATE_INVALID");
}

TEST(Email, RefusesWhatIsNoAddress) {
  for (const char* text : {"@a.test", "a@", "a.test", "a b@c.test", "a@b.test\r\nBcc: c@d.test"}) {
    EXPECT_EQ(base::ReasonOf(NormaliseEmail(text, "person.email").status()), "INVALID_FIELD")
        << text;
  }
}

TEST(Affiliation, EndsOnceAndNotBeforeItBegan) {
  Affiliation affiliation;
  affiliation.start_date = absl::CivilDay(2023, 1, 2);
  EXPECT_EQ(base::ReasonOf(End(&affiliation, absl::CivilDay(2023, 1, 1))), "DATE_ORDER");
  EXPECT_TRUE(End(&affiliation, absl::CivilDay(2023, 1, 2)).ok());
  EXPECT_EQ(base::ReasonOf(End(&affiliation, absl::CivilDay(2023, 5, 1))), "AFFILIATION_ENDED");
}

}  // namespace
}  // namespace ieum::registry
