// Goal: CSV files as spreadsheets in Korea write them are read as they look there. Method: small
// files, byte by byte. row:R7
#include <gmock/gmock.h>

#include "tests/unit/import/table_file.h"

namespace ieum::import {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(CsvReader, ReadsQuotesLinesAndCommasWithinCells) {
  const TableFile file("a,\"b \"\"c\"\", d\",\r\n\r\n\"two\nlines\",x,y\nlast,,");
  const Read read = ReadAll(file.path());
  ASSERT_TRUE(read.status.ok()) << read.status;
  ASSERT_THAT(read.rows, SizeIs(3));
  EXPECT_THAT(read.rows[0].cells, ElementsAre("a", "b \"c\", d", ""));
  EXPECT_THAT(read.rows[1].cells, ElementsAre("two\nlines", "x", "y"));
  EXPECT_THAT(read.rows[2].cells, ElementsAre("last", "", ""));
  EXPECT_EQ(read.rows[1].number, 3);
  EXPECT_EQ(read.rows[2].number, 5);
}

TEST(CsvReader, PassesOverTheByteOrderMark) {
  const TableFile file("\xEF\xBB\xBF상호,지역\n가상산업,부산\n");
  const Read read = ReadAll(file.path());
  ASSERT_THAT(read.rows, SizeIs(2));
  EXPECT_THAT(read.rows[0].cells, ElementsAre("상호", "지역"));
}

TEST(CsvReader, KnowsCp949WhenItIsNoUtf8) {
  // "상호,똠방각하" — the second word has letters that EUC-KR lacks.
  const TableFile file("\xBB\xF3\xC8\xA3,\x8C\x63\xB9\xE6\xB0\xA2\xC7\xCF\n");
  const Read read = ReadAll(file.path());
  ASSERT_TRUE(read.status.ok()) << read.status;
  ASSERT_THAT(read.rows, SizeIs(1));
  EXPECT_THAT(read.rows[0].cells, ElementsAre("상호", "똠방각하"));
  EXPECT_THAT(ReadAll(file.path(), Encoding::kUtf8).status.message(), HasSubstr("line 1"));
}

TEST(CsvReader, SaysTheLineOfAFault) {
  EXPECT_THAT(ReadAll(TableFile("a\nb\n\"c").path()).status.message(), HasSubstr("line 3"));
  EXPECT_THAT(ReadAll(TableFile("a\n\"b\"c\n").path()).status.message(), HasSubstr("line 2"));
  EXPECT_THAT(ReadAll(TableFile("\"" + std::string(kCellMax + 1, 'x')).path()).status.message(),
              HasSubstr("too long"));
  EXPECT_THAT(ReadAll(TableFile(std::string(kColumnsMax + 1, ',')).path()).status.message(),
              HasSubstr("too many columns"));
  EXPECT_TRUE(absl::IsNotFound(ReadAll("/nowhere/firms.csv").status));
}

TEST(CsvReader, ReadsWhatIsLongerThanABlock) {
  std::string bytes;
  for (int line = 0; line < 40000; ++line) bytes += "가상산업,부산\n";
  const TableFile file(bytes);
  const Read read = ReadAll(file.path());
  ASSERT_TRUE(read.status.ok()) << read.status;
  ASSERT_THAT(read.rows, SizeIs(40000));
  EXPECT_THAT(read.rows.back().cells, ElementsAre("가상산업", "부산"));
  EXPECT_THAT(ReadAll(TableFile("").path()).rows, IsEmpty());
}

}  // namespace
}  // namespace ieum::import
