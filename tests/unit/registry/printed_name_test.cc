// Goal: a name can be printed in a letter's header, and carries no resident registration number.
#include "services/registry/printed_name.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ieum::registry {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string FaultOf(std::string_view text, int max = kTitleMax) {
  base::FieldErrors errors;
  CheckPrintedName(text, "organization.display_name", max, &errors);
  return base::ReasonOf(errors.ToStatus());
}

TEST(PrintedName, IsComposedAndTrimmed) {
  base::FieldErrors errors;
  EXPECT_EQ(CheckPrintedName(" 동백어묵식품(주) ", "f", kTitleMax, &errors), "동백어묵식품(주)");
  // Conjoining letters become syllables.
  EXPECT_EQ(CheckPrintedName("한글", "f", kTitleMax, &errors), "한글");
  EXPECT_TRUE(errors.empty());
}

TEST(PrintedName, IsCountedInCharactersNotBytes) {
  std::string forty;
  for (int i = 0; i < 40; ++i) forty += "가";
  EXPECT_EQ(FaultOf(forty, kFullNameMax), "");
  EXPECT_EQ(FaultOf(forty + "가", kFullNameMax), "INVALID_FIELD");
  EXPECT_EQ(FaultOf("  "), "INVALID_FIELD");
}

TEST(PrintedName, HasNoLineBreak) {
  EXPECT_EQ(FaultOf("동백\r\nBcc: a@b.test"), "INVALID_FIELD");
  EXPECT_EQ(FaultOf(std::string_view("a\0b", 3)), "INVALID_TEXT");
}

// law:L10
TEST(PrintedName, RefusesWhatLooksLikeAResidentNumberWithoutEchoingIt) {
  base::FieldErrors errors;
  CheckPrintedName("대표 900101-1234567", "organization.display_name", kTitleMax, &errors);
  const absl::Status refusal = errors.ToStatus();
  EXPECT_EQ(base::ReasonOf(refusal), "RESIDENT_NUMBER");
  EXPECT_THAT(std::string(refusal.message()), Not(HasSubstr("900101")));
}

}  // namespace
}  // namespace ieum::registry
