// Goal: what is stored is what came, sealed, and nothing else is ever read back. Method: a
// directory of its own; every frame altered, exchanged and cut; ranges against the bytes
// themselves. row:C21 row:Y7 law:L22
#include "services/casemgmt/attachments/attachment_content.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "platform/base/status.h"
#include "platform/crypto/sha256.h"
#include "services/casemgmt/attachments/attachment.h"
#include "tests/unit/casemgmt/attachment_files.h"

namespace ieum::casemgmt {
namespace {

namespace fs = std::filesystem;

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::PdfOf;

std::string HashOf(const std::string& bytes) {
  crypto::Sha256 hash;
  hash.Add(bytes);
  return hash.Finish();
}

std::string TextOf(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

class Contents : public ::testing::Test {
 protected:
  Contents() { fs::create_directories(directory_); }
  ~Contents() override { fs::remove_all(directory_); }

  AttachmentContent Of(const std::string& bytes,
                       v1::AttachmentType type = v1::ATTACHMENT_TYPE_PDF) {
    return {HashOf(bytes), static_cast<int64_t>(bytes.size()), type};
  }
  // Sends the pieces of `bytes`, whatever was said of them.
  std::vector<AttachmentPiece> Send(const AttachmentContent& content, const std::string& bytes) {
    std::vector<AttachmentPiece> pieces;
    for (int number = 0; number < ChunkCount(content.size_bytes); ++number) {
      const std::string piece =
          bytes.substr(static_cast<size_t>(number * kChunkBytes), static_cast<size_t>(kChunkBytes));
      pieces.push_back({number, DigestOf(keys_, piece)});
      EXPECT_TRUE(KeepPiece(files_, keys_, id_, content, pieces.back(), piece).ok());
    }
    return pieces;
  }
  absl::Status Store(const AttachmentContent& content, const std::string& bytes) {
    return KeepWhole(files_, keys_, id_, content, Send(content, bytes));
  }
  base::Uuid FileOf(const AttachmentContent& content) { return FileIdOf(keys_, content.sha256); }
  absl::StatusOr<std::string> Range(const AttachmentContent& content, int64_t offset,
                                    int64_t length) {
    return ReadRange(files_, keys_, FileOf(content), content, offset, length);
  }
  std::vector<fs::path> FilesBelow(const char* folder) {
    std::vector<fs::path> found;
    if (!fs::exists(directory_ / folder)) return found;
    for (const auto& entry : fs::recursive_directory_iterator(directory_ / folder)) {
      if (entry.is_regular_file()) found.push_back(entry.path());
    }
    return found;
  }

  const fs::path directory_ =
      fs::temp_directory_path() / ("attachments-" + base::Uuid::NewV7().ToString());
  AttachmentFiles files_{directory_.string()};
  AttachmentKeys keys_ = AttachmentKeysOf(crypto::Key());
  base::Uuid id_ = base::Uuid::NewV7();
};

const std::string& Large() {
  static const auto* bytes = new std::string([] {
    std::string body(static_cast<size_t>(2 * kChunkBytes + 1000), 'x');
    for (size_t at = 0; at < body.size(); ++at) body[at] = static_cast<char>('a' + at * 7 % 26);
    return PdfOf(body);
  }());
  return *bytes;
}

TEST_F(Contents, AreReadBackFromAnywhere) {
  const AttachmentContent content = Of(Large());
  ASSERT_TRUE(Store(content, Large()).ok());
  EXPECT_EQ(*Range(content, 0, content.size_bytes), Large());
  EXPECT_TRUE(rc::check([&] {
    const auto offset = *rc::gen::inRange<int64_t>(0, content.size_bytes + 10);
    const auto length = *rc::gen::inRange<int64_t>(0, 2 * kChunkBytes);
    const auto from = std::min(static_cast<size_t>(offset), Large().size());
    RC_ASSERT(*Range(content, offset, length) == Large().substr(from, static_cast<size_t>(length)));
  }));
  EXPECT_EQ(*Range(content, std::numeric_limits<int64_t>::max(), 10), "");
}

TEST_F(Contents, LieSealedUnderANameThatTellsNothing) {
  const std::string bytes = PdfOf("김연결의 진단서");
  ASSERT_TRUE(Store(Of(bytes), bytes).ok());
  const auto files = FilesBelow("files");
  ASSERT_EQ(files.size(), 1u);
  EXPECT_THAT(TextOf(files[0]), Not(HasSubstr("김연결")));
  EXPECT_THAT(TextOf(files[0]), Not(HasSubstr("%PDF")));
  const AttachmentKeys others = AttachmentKeysOf(crypto::Key());
  EXPECT_NE(FileIdOf(others, HashOf(bytes)), FileIdOf(keys_, HashOf(bytes)));
  EXPECT_THAT(FilesBelow("making"), IsEmpty());
}

TEST_F(Contents, OfTheSameAreOneFile) {
  const std::string bytes = PdfOf("same");
  ASSERT_TRUE(Store(Of(bytes), bytes).ok());
  id_ = base::Uuid::NewV7();
  ASSERT_TRUE(Store(Of(bytes), bytes).ok());
  EXPECT_EQ(FilesBelow("files").size(), 1u);
  EXPECT_EQ(*Range(Of(bytes), 0, 100), bytes);
}

TEST_F(Contents, AreRefusedWhenTheyAreNotWhatWasSaid) {
  const auto refused = [&](const AttachmentContent& content, const std::string& bytes) {
    const absl::Status stored = Store(content, bytes);
    EXPECT_THAT(FilesBelow("files"), IsEmpty());
    EXPECT_THAT(FilesBelow("making"), IsEmpty());
    return base::ReasonOf(stored);
  };
  const std::string pdf = PdfOf("one"), other = PdfOf("two");
  AttachmentContent wrong = Of(pdf);
  wrong.sha256 = HashOf(other);
  EXPECT_EQ(refused(wrong, pdf), "ATTACHMENT_HASH");
  const std::string program = std::string("MZ\x90\0", 4) + "This program";
  EXPECT_EQ(refused(Of(program), program), "ATTACHMENT_TYPE");
  EXPECT_EQ(refused(Of(pdf, v1::ATTACHMENT_TYPE_TEXT), pdf), "ATTACHMENT_TYPE");
  const std::string text = "주민번호 850312-1234567";
  EXPECT_EQ(refused(Of(text, v1::ATTACHMENT_TYPE_TEXT), text), "RESIDENT_NUMBER");
}

TEST_F(Contents, AreDamagedWhenAnyByteOfTheFileIsAnother) {
  const AttachmentContent content = Of(Large());
  ASSERT_TRUE(Store(content, Large()).ok());
  const fs::path path = FilesBelow("files")[0];
  const std::string sealed = TextOf(path);
  const auto damaged = [&](const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
    return base::ReasonOf(Range(content, 0, content.size_bytes).status());
  };
  for (size_t at = 0; at < sealed.size(); at += 4999) {
    std::string altered = sealed;
    altered[at] = static_cast<char>(altered[at] ^ 1);
    EXPECT_EQ(damaged(altered), "ATTACHMENT_DAMAGED") << at;
  }
  EXPECT_EQ(damaged(sealed.substr(0, sealed.size() - 1)), "ATTACHMENT_DAMAGED");
  EXPECT_EQ(damaged(sealed + "x"), "ATTACHMENT_DAMAGED");
  const size_t frame = static_cast<size_t>(kChunkBytes) + 40;
  EXPECT_EQ(
      damaged(sealed.substr(frame, frame) + sealed.substr(0, frame) + sealed.substr(2 * frame)),
      "ATTACHMENT_DAMAGED")
      << "frames exchanged";
  EXPECT_EQ(damaged(sealed), "");
  fs::remove(path);
  EXPECT_EQ(base::ReasonOf(Range(content, 0, 1).status()), "ATTACHMENT_DAMAGED");
}

TEST_F(Contents, AreDamagedWhenAPieceIsGone) {
  const AttachmentContent content = Of(Large());
  const auto pieces = Send(content, Large());
  fs::remove(FilesBelow("pieces")[0]);
  EXPECT_EQ(base::ReasonOf(KeepWhole(files_, keys_, id_, content, pieces)), "ATTACHMENT_DAMAGED");
}

TEST_F(Contents, AreKeptNowhereWhenTheDirectoryCannotBeReached) {
  const AttachmentFiles nowhere("/dev/null/attachments");
  const absl::Status kept = KeepPiece(nowhere, keys_, id_, Of("x"), {0, DigestOf(keys_, "x")}, "x");
  EXPECT_EQ(kept.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(nowhere.Begin().status().code(), absl::StatusCode::kUnavailable);
}

TEST_F(Contents, AreDeletedOnceAndForAll) {
  const std::string bytes = PdfOf("gone");
  ASSERT_TRUE(Store(Of(bytes), bytes).ok());
  for (int time = 0; time < 2; ++time) {
    EXPECT_TRUE(files_.DeletePieces(id_).ok());
    EXPECT_TRUE(files_.DeleteFile(FileOf(Of(bytes))).ok());
  }
  EXPECT_THAT(FilesBelow("files"), IsEmpty());
  EXPECT_THAT(FilesBelow("pieces"), IsEmpty());
}

TEST_F(Contents, AreListedByTheirAge) {
  const std::string bytes = PdfOf("old");
  ASSERT_TRUE(Store(Of(bytes), bytes).ok());
  const auto files_before = [&](absl::Time before) {
    std::vector<base::Uuid> found;
    EXPECT_TRUE(files_
                    .ForEachOldFile(before,
                                    [&](const base::Uuid& file) {
                                      found.push_back(file);
                                      return absl::OkStatus();
                                    })
                    .ok());
    return found;
  };
  const absl::Time later = absl::Now() + absl::Hours(1), earlier = absl::Now() - absl::Hours(1);
  EXPECT_THAT(files_before(later), ElementsAre(FileOf(Of(bytes))));
  EXPECT_THAT(files_before(earlier), IsEmpty());
  EXPECT_THAT(*files_.OldPieces(later), ElementsAre(id_));
  EXPECT_THAT(*files_.OldPieces(earlier), IsEmpty());
}

}  // namespace
}  // namespace ieum::casemgmt
