// Goal: the first sheet of a workbook is read as it looks, and a file that is made to hurt is
// refused. Method: small workbooks, part by part. row:R7
#include <gmock/gmock.h>
#include <minizip/zip.h>

#include "tests/unit/import/table_file.h"

namespace ieum::import {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr char kBook[] =
    R"(<workbook xmlns:r="urn:r"><sheets><sheet name="기업" r:id="rId2"/><sheet r:id="rId1"/></sheets></workbook>)";
constexpr char kLinks[] =
    R"(<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Target="worksheets/sheet2.xml"/></Relationships>)";

// A workbook whose first sheet has these rows.
void WriteBook(const TableFile& file, const std::string& rows, const std::string& strings = "",
               const std::string& before = "", const std::string& book = kBook) {
  zipFile zip = zipOpen64(file.path().c_str(), APPEND_STATUS_CREATE);
  const std::pair<std::string, std::string> parts[] = {
      {"xl/workbook.xml", book},
      {"xl/_rels/workbook.xml.rels", kLinks},
      {"xl/sharedStrings.xml", "<sst>" + strings + "</sst>"},
      {"xl/worksheets/sheet1.xml", "<worksheet/>"},
      {"xl/worksheets/sheet2.xml",
       before + "<worksheet><sheetData>" + rows + "</sheetData></worksheet>"}};
  for (const auto& [name, text] : parts) {
    zip_fileinfo info = {};
    zipOpenNewFileInZip64(zip, name.c_str(), &info, nullptr, 0, nullptr, 0, nullptr, Z_DEFLATED,
                          Z_BEST_SPEED, 0);
    zipWriteInFileInZip(zip, text.data(), static_cast<unsigned>(text.size()));
    zipCloseFileInZip(zip);
  }
  zipClose(zip, nullptr);
}

TEST(XlsxReader, ReadsTheFirstSheet) {
  const TableFile file;
  WriteBook(file,
            R"(<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row>)"
            R"(<row r="2"/>)"
            R"(<row r="4"><c r="A4" t="inlineStr"><is><t>(주)가상산업</t></is></c>)"
            R"(<c r="B4"><v>9998100014</v></c><c r="C4"><v>3.0E1</v></c></row>)",
            "<si><t>상호</t></si><si><r><t>근로자</t></r><r><t>수</t></r><rPh><t>x</t></rPh></si>");
  const Read read = ReadAll(file.path());
  ASSERT_TRUE(read.status.ok()) << read.status;
  ASSERT_THAT(read.rows, SizeIs(2));
  EXPECT_THAT(read.rows[0].cells, ElementsAre("상호", "", "근로자수"));
  EXPECT_THAT(read.rows[1].cells, ElementsAre("(주)가상산업", "9998100014", "30"));
  EXPECT_EQ(read.rows[1].number, 4);
}

TEST(XlsxReader, RefusesWhatIsMadeToHurt) {
  const TableFile entities, wide, deep, astray, long_cell;
  WriteBook(entities, "<row/>", "", "<!DOCTYPE x [<!ENTITY a \"aaaa\">]>");
  EXPECT_THAT(ReadAll(entities.path()).status.message(), HasSubstr("is no XML that is read here"));
  WriteBook(wide, R"(<row r="1"><c r="ZZZZ1"><v>1</v></c></row>)");
  EXPECT_THAT(ReadAll(wide.path()).status.message(), HasSubstr("too many columns"));
  std::string nested;
  for (int at = 0; at < 100; ++at) nested += "<a>";
  WriteBook(deep, nested);
  EXPECT_FALSE(ReadAll(deep.path()).status.ok());
  WriteBook(astray, R"(<row r="1"><c t="s"><v>7</v></c></row>)");
  EXPECT_THAT(ReadAll(astray.path()).status.message(), HasSubstr("row 1"));
  WriteBook(long_cell, "<row r=\"1\"><c><v>" + std::string(kCellMax + 10, '1') + "</v></c></row>");
  EXPECT_THAT(ReadAll(long_cell.path()).status.message(), HasSubstr("too long"));
}

// Every day of it would be four years off.
TEST(XlsxReader, RefusesAWorkbookThatCountsDaysFrom1904) {
  const TableFile since_1904, since_1900;
  const std::string row = R"(<row r="1"><c r="A1"><v>43538</v></c></row>)";
  std::string book = kBook;
  book.insert(book.find("<sheets>"), R"(<workbookPr date1904="1"/>)");
  WriteBook(since_1904, row, "", "", book);
  EXPECT_THAT(ReadAll(since_1904.path()).status.message(), HasSubstr("from 1904"));
  book.replace(book.find("\"1\"/>"), 3, "\"0\"");
  WriteBook(since_1900, row, "", "", book);
  EXPECT_THAT(ReadAll(since_1900.path()).rows, SizeIs(1));
}

TEST(XlsxReader, RefusesAZipThatIsNoWorkbook) {
  EXPECT_FALSE(ReadAll(TableFile("PK\x03\x04 and nothing else").path()).status.ok());
}

}  // namespace
}  // namespace ieum::import
