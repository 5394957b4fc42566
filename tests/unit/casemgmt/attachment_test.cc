// Goal: a paper comes whole or not at all, is of what it was said to be of, and is read by who may.
// Method: every state with every step; offsets around their bounds; names and reasons that are
// none. row:C21 row:Y7
#include "services/casemgmt/attachments/attachment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "platform/base/status.h"

namespace ieum::casemgmt {
namespace {

using Step = AttachmentStep;
using ::testing::ElementsAre;

constexpr auto kUploading = v1::ATTACHMENT_STATE_UPLOADING;
constexpr auto kStored = v1::ATTACHMENT_STATE_STORED;
constexpr auto kAbandoned = v1::ATTACHMENT_STATE_ABANDONED;
constexpr auto kRemoved = v1::ATTACHMENT_STATE_REMOVED;
constexpr auto kErased = v1::ATTACHMENT_STATE_ERASED;
constexpr auto kRefused = v1::ATTACHMENT_STATE_UNSPECIFIED;

v1::AttachmentState After(v1::AttachmentState state, Step step) {
  const auto next = NextState(state, step);
  if (next.ok()) return *next;
  EXPECT_EQ(base::ReasonOf(next.status()), "ATTACHMENT_STATE");
  EXPECT_NE(base::MetadataOf(next.status(), "state"), "");
  return kRefused;
}

TEST(Attachment, TakesEveryStepFromTheRightStatesOnly) {
  constexpr v1::AttachmentState kStates[] = {kUploading, kStored, kAbandoned, kRemoved, kErased};
  const std::map<Step, std::vector<v1::AttachmentState>> table = {
      // from            UPLOADING   STORED    ABANDONED REMOVED   ERASED
      {Step::kUpload, {kUploading, kRefused, kRefused, kRefused, kRefused}},
      {Step::kFinish, {kStored, kRefused, kRefused, kRefused, kRefused}},
      {Step::kRead, {kRefused, kStored, kRefused, kRefused, kRefused}},
      {Step::kScan, {kRefused, kStored, kRefused, kRefused, kRefused}},
      {Step::kRemove, {kRemoved, kRemoved, kRefused, kRefused, kRefused}},
      {Step::kAbandon, {kAbandoned, kRefused, kRefused, kRefused, kRefused}},
      {Step::kErase, {kErased, kErased, kErased, kErased, kErased}},
  };
  ASSERT_EQ(table.size(), static_cast<size_t>(kAttachmentSteps)) << "a step has no row";
  for (const auto& [step, ends] : table) {
    for (size_t at = 0; at < ends.size(); ++at) {
      EXPECT_EQ(After(kStates[at], step), ends[at])
          << static_cast<int>(step) << " from " << v1::AttachmentState_Name(kStates[at]);
    }
  }
}

TEST(Attachment, BelongsToWhatItsNameSays) {
  const std::string a = "0193e1c4-0000-7000-8000-00000000000a";
  const std::string b = "0193e1c4-0000-7000-8000-00000000000b";
  for (const std::string& name :
       {"cases/" + a, "cases/" + a + "/sessions/" + b, "cases/" + a + "/plans/" + b,
        "engagements/" + a, "applications/" + a}) {
    const auto parent = ParentIn(name, "attachment.parent");
    ASSERT_TRUE(parent.ok()) << name;
    EXPECT_EQ(ParentName(*parent), name);
    EXPECT_EQ(parent->case_id.has_value(), name.starts_with("cases/")) << name;
  }
  for (const std::string& name : {std::string(), "persons/" + a, "cases/" + a + "/notes/" + b,
                                  "engagements/" + a + "/visits/" + b, "sessions/" + b}) {
    const auto parent = ParentIn(name, "attachment.parent");
    EXPECT_THAT(base::FieldsOf(parent.status()), ElementsAre("attachment.parent")) << name;
  }
}

TEST(Attachment, ComesInPiecesThatBeginWhereTheyMust) {
  const int64_t size = 2 * kChunkBytes + 10;
  EXPECT_EQ(ChunkCount(1), 1);
  EXPECT_EQ(ChunkCount(kChunkBytes), 1);
  EXPECT_EQ(ChunkCount(kChunkBytes + 1), 2);
  EXPECT_EQ(ChunkCount(size), 3);
  EXPECT_EQ(*ChunkAt(size, 0, kChunkBytes), 0);
  EXPECT_EQ(*ChunkAt(size, kChunkBytes, kChunkBytes), 1);
  EXPECT_EQ(*ChunkAt(size, 2 * kChunkBytes, 10), 2);
  const auto blames = [&](int64_t offset, int64_t length) {
    const auto refused = ChunkAt(size, offset, length);
    EXPECT_EQ(base::ReasonOf(refused.status()), "ATTACHMENT_CHUNK");
    return base::FieldsOf(refused.status());
  };
  EXPECT_THAT(blames(1, kChunkBytes), ElementsAre("offset"));
  EXPECT_THAT(blames(-kChunkBytes, kChunkBytes), ElementsAre("offset"));
  EXPECT_THAT(blames(3 * kChunkBytes, 1), ElementsAre("offset"));
  EXPECT_THAT(blames(0, kChunkBytes - 1), ElementsAre("content"));
  EXPECT_THAT(blames(2 * kChunkBytes, 11), ElementsAre("content"));
  EXPECT_THAT(blames(2 * kChunkBytes, 9), ElementsAre("content"));
}

TEST(Attachment, IsCompleteWhenNoPieceIsMissing) {
  const int64_t size = 2 * kChunkBytes + 10;
  EXPECT_EQ(ReceivedBytes(size, {}), 0);
  EXPECT_EQ(ReceivedBytes(size, {1, 2}), 0);
  EXPECT_EQ(ReceivedBytes(size, {0, 2}), kChunkBytes);
  EXPECT_EQ(ReceivedBytes(size, {0, 1, 2}), size);
  EXPECT_TRUE(CheckComplete(size, {0, 1, 2}).ok());
  const absl::Status missing = CheckComplete(size, {0, 2});
  EXPECT_EQ(base::ReasonOf(missing), "ATTACHMENT_INCOMPLETE");
  EXPECT_EQ(base::MetadataOf(missing, "received_bytes"), "262144");
}

TEST(Attachment, HasTheNameOfAFileAndNoMore) {
  for (const char* good : {"동의서.pdf", "a", "진단 결과 (2차).hwp", ".hidden"}) {
    EXPECT_TRUE(CheckFileName(good, "file_name").ok()) << good;
  }
  for (const char* bad : {"", ".", "..", "../secret.pdf", "C:\\a.pdf", "a\nb.pdf", "a\x7f.pdf"}) {
    EXPECT_THAT(base::FieldsOf(CheckFileName(bad, "file_name")), ElementsAre("file_name")) << bad;
  }
}

TEST(Attachment, IsAsLargeAsTheInstallationTakes) {
  EXPECT_TRUE(CheckSize(1, 100, "size_bytes").ok());
  EXPECT_TRUE(CheckSize(100, 100, "size_bytes").ok());
  EXPECT_EQ(base::ReasonOf(CheckSize(101, 100, "size_bytes")), "ATTACHMENT_TOO_LARGE");
  EXPECT_EQ(base::ReasonOf(CheckSize(0, 100, "size_bytes")), "INVALID_FIELD");
}

TEST(Attachment, IsReadWhenNobodyIsHurtByIt) {
  constexpr auto kUnscanned = v1::ATTACHMENT_SCAN_STATE_UNSCANNED;
  constexpr auto kClean = v1::ATTACHMENT_SCAN_STATE_CLEAN;
  constexpr auto kInfected = v1::ATTACHMENT_SCAN_STATE_INFECTED;
  const auto may = [](v1::AttachmentScanState state, bool for_scan, bool unscanned_too) {
    const absl::Status checked = CheckClean(state, for_scan, unscanned_too);
    EXPECT_TRUE(checked.ok() || base::ReasonOf(checked) == "ATTACHMENT_NOT_CLEAN");
    return checked.ok();
  };
  EXPECT_TRUE(may(kClean, false, false));
  EXPECT_FALSE(may(kUnscanned, false, false));
  EXPECT_TRUE(may(kUnscanned, false, true));
  EXPECT_FALSE(may(kInfected, false, true));
  for (const auto state : {kUnscanned, kClean, kInfected}) EXPECT_TRUE(may(state, true, false));
}

// law:L19
TEST(Attachment, IsReadForAReasonThatSaysNobody) {
  EXPECT_TRUE(CheckAccessReason("사례 회의 준비", "access_reason").ok());
  EXPECT_TRUE(CheckAccessReason("audit of 2024", "access_reason").ok());
  for (const char* none : {"", ".", "  ", "- -", "010-1234-5678 문의", "kim@example.org"}) {
    EXPECT_THAT(base::FieldsOf(CheckAccessReason(none, "access_reason")),
                ElementsAre("access_reason"))
        << none;
  }
}

}  // namespace
}  // namespace ieum::casemgmt
