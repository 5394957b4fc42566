// Goal: whoever has a table hears of every column that is not understood, and of a row that cannot
// be read which field is to blame. Method: heads and rows against what they become. row:R7
#include "tools/import/columns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ieum::import {
namespace {

namespace v1 = registry::v1;
using ::testing::HasSubstr;

constexpr auto kFirms = v1::IMPORT_KIND_FIRMS;
constexpr auto kPeople = v1::IMPORT_KIND_PEOPLE;

Columns Of(v1::ImportKind kind, std::vector<std::string> heads, const Wishes& wishes = {},
           bool counts_days = false) {
  const auto columns = Columns::Of(kind, {1, std::move(heads)}, wishes, counts_days);
  EXPECT_TRUE(columns.ok()) << columns.status();
  return columns.value_or(Columns());
}

TEST(Columns, AreFoundByHeadsInKoreanAndByPaths) {
  const Columns columns = Of(kFirms, {"사업자 등록번호", "display_name", "facts.region_code",
                                      "상시 근로자수", "기준일", "기업규모"});
  const v1::RowToImport row =
      columns.Read({7, {" 999-81-00014 ", "(주)가상산업", "26440", "1,030", "2023.3.4", "medium"}});
  EXPECT_EQ(row.number(), 7);
  EXPECT_EQ(row.organization().kind(), v1::ORGANIZATION_KIND_FIRM);
  EXPECT_EQ(row.organization().business_registration_number(), "999-81-00014");
  EXPECT_EQ(row.facts().regular_headcount(), 1030);
  EXPECT_EQ(row.facts().valid_from(), "2023-03-04");
  EXPECT_EQ(row.facts().size_class(), v1::SIZE_CLASS_MEDIUM);
}

TEST(Columns, TellAllThatTheyDoNotUnderstandAtOnce) {
  const auto columns = Columns::Of(kFirms, {1, {"상호", "비고", "기업명"}}, {}, false);
  ASSERT_FALSE(columns.ok());
  EXPECT_THAT(columns.status().message(), HasSubstr("column B (비고)"));
  EXPECT_THAT(columns.status().message(), HasSubstr("column C (기업명)"));
  EXPECT_THAT(columns.status().message(), HasSubstr("사업자등록번호"));
  const auto undated = Columns::Of(kFirms, {1, {"사업자번호", "상호", "지역코드"}}, {}, false);
  EXPECT_THAT(undated.status().message(), HasSubstr("facts.valid_from (기준일)"));
}

TEST(Columns, AreWhatTheCallerSays) {
  Wishes wishes;
  wishes.fields = {{"비고", ""}, {"누구", "full_name"}};
  wishes.defaults = {{"basis", "contract"}};
  const v1::RowToImport row = Of(kPeople, {"누구", "비고"}, wishes).Read({2, {"김민수", "x"}});
  EXPECT_EQ(row.person().full_name(), "김민수");
  EXPECT_EQ(row.person().basis(), v1::LEGAL_BASIS_CONTRACT);
}

TEST(Columns, BlameTheFieldOfARowAndKeepNothingOfIt) {
  Wishes wishes;
  wishes.defaults = {{"기준일", "2023-03-14"}};
  const Columns columns = Of(kFirms, {"사업자번호", "상호", "근로자수"}, wishes);
  const v1::RowToImport row = columns.Read({9, {"999-81-00014", "가상산업", "약 30명"}});
  EXPECT_EQ(row.unreadable().field(), "facts.total_headcount");
  EXPECT_EQ(row.unreadable().error_reason(), "INVALID_FIELD");
  EXPECT_FALSE(row.has_organization());
  const v1::RowToImport numbered = columns.Read({9, {"999-81-00014", "900101-1234567", ""}});
  EXPECT_EQ(numbered.unreadable().field(), "organization.display_name");
  EXPECT_EQ(numbered.unreadable().error_reason(), "RESIDENT_NUMBER");
}

TEST(Columns, ReadDaysThatSpreadsheetsCount) {
  Wishes wishes;
  wishes.defaults = {{"basis", "duty"}};
  const Columns columns = Of(kPeople, {"성명", "생년월일"}, wishes, true);
  EXPECT_EQ(columns.Read({2, {"김민수", "45000"}}).person().birth_date(), "2023-03-15");
  EXPECT_EQ(columns.Read({2, {"김민수", "19840305"}}).person().birth_date(), "1984-03-05");
}

TEST(Columns, TakeAFirmWithoutFactsForOne) {
  const Columns columns = Of(kFirms, {"사업자번호", "상호", "기준일", "지역코드"});
  EXPECT_FALSE(columns.Read({2, {"999-81-00014", "가상산업", "2023-03-01", ""}}).has_facts());
}

}  // namespace
}  // namespace ieum::import
