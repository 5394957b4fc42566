// Goal: a file is what its bytes are, whatever it is called and said to be, and no resident number
// is kept in a text. Method: a made-up file of each type and of what looks like one; a text with a
// number cut at every place. row:C21 law:L10
#include "services/casemgmt/attachments/attachment_type.h"

#include <gtest/gtest.h>

#include "platform/base/status.h"
#include "tests/unit/casemgmt/attachment_files.h"

namespace ieum::casemgmt {
namespace {

using testing::CompoundOf;
using testing::PdfOf;
using testing::ZipOf;

// What is asked beyond the end is a fault of the code.
v1::AttachmentType Told(const std::string& file) {
  const auto type = TypeOf(
      static_cast<int64_t>(file.size()),
      [&](int64_t offset, int64_t length) -> absl::StatusOr<std::string> {
        if (offset < 0 || length < 0 || offset + length > static_cast<int64_t>(file.size())) {
          return absl::InternalError("beyond the end");
        }
        return file.substr(static_cast<size_t>(offset), static_cast<size_t>(length));
      });
  EXPECT_TRUE(type.ok()) << type.status();
  return type.value_or(v1::ATTACHMENT_TYPE_UNSPECIFIED);
}

constexpr auto kNone = v1::ATTACHMENT_TYPE_UNSPECIFIED;

TEST(AttachmentType, IsToldByTheBytes) {
  EXPECT_EQ(Told(PdfOf("1 0 obj")), v1::ATTACHMENT_TYPE_PDF);
  EXPECT_EQ(Told("\xff\xd8\xff\xe0 JFIF"), v1::ATTACHMENT_TYPE_JPEG);
  EXPECT_EQ(Told("\x89PNG\r\n\x1a\n IHDR"), v1::ATTACHMENT_TYPE_PNG);
  EXPECT_EQ(Told(CompoundOf({"Root Entry", "FileHeader", "DocInfo", "BodyText"})),
            v1::ATTACHMENT_TYPE_HWP);
  EXPECT_EQ(Told(ZipOf({{"mimetype", "application/hwp+zip"}, {"Contents/content.hpf", "<a/>"}})),
            v1::ATTACHMENT_TYPE_HWPX);
  EXPECT_EQ(Told(ZipOf({{"[Content_Types].xml", "<a/>"}, {"word/document.xml", "<a/>"}})),
            v1::ATTACHMENT_TYPE_DOCX);
  EXPECT_EQ(Told(ZipOf({{"[Content_Types].xml", "<a/>"}, {"xl/workbook.xml", "<a/>"}})),
            v1::ATTACHMENT_TYPE_XLSX);
}

TEST(AttachmentType, IsFoundInALongDirectory) {
  std::vector<std::string> names(30, "Section");
  names.push_back("FileHeader");
  names.push_back("DocInfo");
  EXPECT_EQ(Told(CompoundOf(names)), v1::ATTACHMENT_TYPE_HWP);
}

TEST(AttachmentType, IsNoneOfWhatIsNotTaken) {
  EXPECT_EQ(Told(std::string("MZ\x90\0\x03 This program cannot be run", 32)), kNone);
  EXPECT_EQ(Told("\x7f"
                 "ELF"),
            kNone);
  EXPECT_EQ(Told("<html><script>"), kNone);
  EXPECT_EQ(Told("x"), kNone);
  EXPECT_EQ(Told(" %PDF-1.7"), kNone);
  // An old Word document, an installer, a mail.
  EXPECT_EQ(Told(CompoundOf({"Root Entry", "WordDocument", "1Table"})), kNone);
  // Any ZIP file, and one with macros.
  EXPECT_EQ(Told(ZipOf({{"run.exe", "MZ"}})), kNone);
  EXPECT_EQ(Told(ZipOf({{"[Content_Types].xml", "<a/>"},
                        {"word/document.xml", "<a/>"},
                        {"word/vbaProject.bin", "x"}})),
            kNone);
  // One that claims to be two.
  EXPECT_EQ(Told(ZipOf({{"[Content_Types].xml", "<a/>"},
                        {"word/document.xml", "<a/>"},
                        {"xl/workbook.xml", "<a/>"}})),
            kNone);
}

// Nothing that a file says of itself makes the reader leave it.
TEST(AttachmentType, IsToldOfDamagedFilesToo) {
  for (const std::string& whole :
       {CompoundOf({"Root Entry", "FileHeader", "DocInfo"}),
        ZipOf({{"[Content_Types].xml", "<a/>"}, {"word/document.xml", "<a/>"}})}) {
    for (size_t size = 0; size < whole.size(); size += 7) (void)Told(whole.substr(0, size));
    for (size_t at = 0; at < whole.size(); ++at) {
      std::string altered = whole;
      altered[at] = static_cast<char>(altered[at] ^ 0xff);
      (void)Told(altered);
    }
  }
}

std::string Scanned(const std::vector<std::string>& pieces) {
  TextScan scan;
  for (const std::string& piece : pieces) scan.Add(piece);
  return base::ReasonOf(scan.Finish());
}

TEST(TextScan, TakesTextOnly) {
  EXPECT_EQ(Scanned({"첫 줄\r\n둘째 줄\t끝\f"}), "");
  EXPECT_EQ(Scanned({"\xef\xbb\xbf"
                     "BOM"}),
            "");
  EXPECT_EQ(Scanned({std::string("a\0b", 3)}), "ATTACHMENT_TYPE");
  EXPECT_EQ(Scanned({"\x1b[31m"}), "ATTACHMENT_TYPE");
  EXPECT_EQ(Scanned({"\xc7\xd1\xb1\xdb"}), "ATTACHMENT_TYPE") << "CP949";
  EXPECT_EQ(Scanned({"끝이 없는 글자 \xea\xb0"}), "ATTACHMENT_TYPE");
}

TEST(TextScan, FindsANumberWhereverThePiecesEnd) {
  const std::string with = "상담 기록: 850312-1234567 (본인), 전화 02-123-4567";
  const std::string without = "상담 기록: 850312-12345678 (접수 번호), 전화 02-123-4567";
  for (size_t cut = 0; cut <= with.size(); ++cut) {
    EXPECT_EQ(Scanned({with.substr(0, cut), with.substr(cut)}), "RESIDENT_NUMBER") << cut;
  }
  for (size_t cut = 0; cut <= without.size(); ++cut) {
    EXPECT_EQ(Scanned({without.substr(0, cut), without.substr(cut)}), "") << cut;
  }
}

TEST(TextScan, FindsANumberInATextThatNothingEnds) {
  const std::string digits(300 * 1024, '1');
  EXPECT_EQ(Scanned({digits}), "");
  EXPECT_EQ(Scanned({std::string(300 * 1024, ' '), "850312-1234567"}), "RESIDENT_NUMBER");
}

TEST(CheckType, SaysBoth) {
  EXPECT_TRUE(CheckType(v1::ATTACHMENT_TYPE_PDF, v1::ATTACHMENT_TYPE_PDF).ok());
  const absl::Status refused = CheckType(v1::ATTACHMENT_TYPE_PDF, v1::ATTACHMENT_TYPE_PNG);
  EXPECT_EQ(base::ReasonOf(refused), "ATTACHMENT_TYPE");
  EXPECT_EQ(base::MetadataOf(refused, "type"), "PNG");
}

}  // namespace
}  // namespace ieum::casemgmt
