// Goal: Korean phone numbers are understood as people write them and kept in E.164.
#include "services/registry/people/phone.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "absl/strings/str_cat.h"
#include "platform/base/status.h"

namespace ieum::registry {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(Phone, BecomesE164) {
  const struct {
    const char* written;
    const char* e164;
  } cases[] = {
      {"010-1234-5678", "+821012345678"},       {"01012345678", "+821012345678"},
      {"+82 (0)10 1234 5678", "+821012345678"}, {"+82 10-1234-5678", "+821012345678"},
      {"+82010-1234-5678", "+821012345678"},    {"０１０-１２３４-５６７８", "+821012345678"},
      {"02-123-4567", "+8221234567"},           {"032-123-4567", "+82321234567"},
      {"051-1234-5678", "+825112345678"},       {"+82 51 123 4567", "+82511234567"},
      {"070-1234-5678", "+827012345678"},       {"011-234-5678", "+82112345678"},
      {"080-123-4567", "+82801234567"},         {"0505-123-4567", "+825051234567"}};
  for (const auto& one : cases) {
    const auto phone = ReadPhone(one.written, "person.phone");
    ASSERT_TRUE(phone.ok()) << one.written;
    EXPECT_EQ(phone->e164, one.e164) << one.written;
    EXPECT_EQ(phone->search_key, one.e164);
  }
}

TEST(Phone, OfTheUnassignedTestBlockIsAllowed) {
  const auto phone = ReadPhone("010-0000-0001", "person.phone");
  ASSERT_TRUE(phone.ok());
  EXPECT_EQ(phone->original, "010-0000-0001");
  EXPECT_EQ(phone->e164, "+821000000001");
}

TEST(Phone, OfACompanyNationwideHasNoE164) {
  for (const char* text : {"1588-1234", "1644-0000", "18001234"}) {
    const auto phone = ReadPhone(text, "person.phone");
    ASSERT_TRUE(phone.ok()) << text;
    EXPECT_EQ(phone->e164, "");
    EXPECT_EQ(phone->search_key.size(), 8u);
  }
}

TEST(Phone, OfAnotherCountryMustBeValidThere) {
  EXPECT_EQ(ReadPhone("+44 20 7946 0018", "person.phone")->e164, "+442079460018");
  EXPECT_FALSE(ReadPhone("+44 20 7946", "person.phone").ok());
}

TEST(Phone, RefusesWhatKoreasPlanDoesNotKnow) {
  for (const char* text : {"", "call me", "010-1234-567", "010-12345-67890", "099-123-4567",
                           "02-023-4567", "12345", "1234-5678", "010-1234-5678 ext", "+82", "+"}) {
    const auto phone = ReadPhone(text, "person.phone");
    EXPECT_EQ(base::ReasonOf(phone.status()), "PHONE_INVALID") << text;
  }
}

// Every area of Korea and no other, but for 02, whose numbers may go on with any digit. row:X20
TEST(Phone, HasAnAreaOfKoreasPlan) {
  const std::set<int> areas = {31, 32, 33, 41, 42, 43, 44, 51, 52, 53, 54, 55, 61, 62, 63, 64};
  for (int area = 30; area <= 69; ++area) {
    if (area == 50) continue;  // safety numbers
    const std::string written = absl::StrCat("0", area, "-223-4567");
    EXPECT_EQ(ReadPhone(written, "person.phone").ok(), areas.contains(area)) << written;
  }
}

// 15XX, 16XX and 18XX have no E.164; nobody can be written to there. row:X20
TEST(Phone, TakesTextMessagesWhenItIsMobile) {
  const struct {
    const char* written;
    bool text;
  } cases[] = {{"010-1234-5678", true},  {"011-234-5678", true},   {"016-234-5678", true},
               {"019-234-5678", true},   {"02-123-4567", false},   {"032-123-4567", false},
               {"070-1234-5678", false}, {"080-123-4567", false},  {"0505-123-4567", false},
               {"1588-1234", false},     {"+1 650-253-0000", true}};
  for (const auto& one : cases) {
    const auto phone = ReadPhone(one.written, "person.phone");
    ASSERT_TRUE(phone.ok()) << one.written;
    EXPECT_EQ(TakesText(*phone), one.text) << one.written;
  }
  EXPECT_FALSE(TakesText(PhoneNumber())) << "there is none";
}

TEST(Phone, IsNeverEchoed) {
  const auto phone = ReadPhone("010-9876-543", "person.phone");
  EXPECT_THAT(base::FieldsOf(phone.status()), ElementsAre("person.phone"));
  EXPECT_THAT(std::string(phone.status().message()), Not(HasSubstr("9876")));
}

TEST(Phone, IsSearchedForByTheSameKeyAfterItWasKept) {
  for (const char* written : {"010-1234-5678", "+82 2 123 4567", "1588-1234", "+1 650-253-0000"}) {
    PhoneNumber phone = ReadPhone(written, "phone").value();
    const std::string key = phone.search_key;
    phone.search_key.clear();
    EXPECT_EQ(PhoneSearchKey(phone), key) << written;
  }
  EXPECT_EQ(PhoneSearchKey(PhoneNumber()), "");
}

}  // namespace
}  // namespace ieum::registry
