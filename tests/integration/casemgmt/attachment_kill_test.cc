// Goal: a process that is killed while it keeps or deletes the bytes of a paper leaves no half of
// one to be read, loses none that a row tells of, and whoever goes on comes to the same end.
// Method: a copy of this program uploads and removes a paper and kills itself at a named failpoint;
// what it left is looked at, done again, and swept. row:C21 row:R27 law:INV1
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <cstdlib>
#include <filesystem>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "platform/base/failpoint_config.h"
#include "platform/base/status.h"
#include "platform/crypto/sha256.h"
#include "services/casemgmt/attachments/attachment_commands.h"
#include "services/casemgmt/attachments/attachment_dues.h"
#include "tests/integration/casemgmt/session_world.h"
#include "tests/support/process.h"
#include "tests/unit/casemgmt/attachment_files.h"

namespace ieum::casemgmt::testing {
namespace {

namespace fs = std::filesystem;

using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kDatabase[] = "IEUM_TEST_VICTIM_DATABASE", kFolder[] = "IEUM_TEST_VICTIM_FOLDER",
               kKey[] = "IEUM_TEST_VICTIM_KEY", kPaper[] = "IEUM_TEST_VICTIM_PAPER";

// Two pieces.
const std::string& Bytes() {
  static const auto* bytes = new std::string(PdfOf(std::string(300'000, 'x')));
  return *bytes;
}

AttachmentContent Content() {
  crypto::Sha256 hash;
  hash.Add(Bytes());
  return {hash.Finish(), static_cast<int64_t>(Bytes().size()), v1::ATTACHMENT_TYPE_PDF};
}

// One who uploads, as the door does it, and goes on where another one was.
class Uploader {
 public:
  Uploader(db::Database& database, ledger::Ledger& ledger, const crypto::Vault& vault,
           const std::string& folder, const base::Uuid& paper)
      : database_(database), ledger_(ledger), keys_(vault), files_(folder), paper_(paper) {}

  AttachmentView Look() {
    std::optional<AttachmentView> view;
    EXPECT_TRUE(database_
                    .Read("test_look",
                          [&](db::Tx& tx) -> absl::Status {
                            view = FindAttachment(tx, AttachmentReach::Everything(), paper_);
                            pieces_ = PiecesOf(tx, paper_);
                            ASSIGN_OR_RETURN(const auto key,
                                             keys_.Get(tx, view->attachment.key_id()));
                            content_keys_ = AttachmentKeysOf(key);
                            return absl::OkStatus();
                          })
                    .ok());
    return *view;
  }
  absl::StatusOr<std::string> ReadWhole() {
    return ReadRange(files_, content_keys_, Look().attachment.file_id, Content(), 0,
                     Content().size_bytes);
  }

  // To the end; what is done already is not done again.
  absl::Status Upload() {
    Look();
    for (int number = 0; number < ChunkCount(Content().size_bytes); ++number) {
      RETURN_IF_ERROR(Send(number));
    }
    if (Look().attachment.state == v1::ATTACHMENT_STATE_STORED) return absl::OkStatus();
    RETURN_IF_ERROR(KeepWhole(files_, content_keys_, paper_, Content(), pieces_));
    return Run([&](ledger::UnitOfWork& work) { return FinishAttachment(work, Input()); });
  }
  absl::Status Remove() {
    if (Look().attachment.state == v1::ATTACHMENT_STATE_REMOVED) return absl::OkStatus();
    return Run([&](ledger::UnitOfWork& work) {
      return RemoveAttachment(work, Input(), v1::ATTACHMENT_REMOVAL_REASON_NOT_NEEDED);
    });
  }
  absl::Status CleanUp() { return AttachmentCleanup(ledger_, files_).step(absl::Now()).status(); }
  absl::Status Sweep() { return SweepAttachments(ledger_, files_, absl::Now() + absl::Hours(1)); }

 private:
  AttachmentInput Input() const {
    return {.attachment_id = paper_, .etag = {}, .reach = AttachmentReach::Everything()};
  }
  absl::Status Send(int number) {
    for (const AttachmentPiece& known : pieces_) {
      if (known.number == number) return absl::OkStatus();
    }
    if (Look().attachment.state != v1::ATTACHMENT_STATE_UPLOADING) return absl::OkStatus();
    const std::string bytes =
        Bytes().substr(static_cast<size_t>(number * kChunkBytes), kChunkBytes);
    const AttachmentPiece piece = {number, DigestOf(content_keys_, bytes)};
    RETURN_IF_ERROR(KeepPiece(files_, content_keys_, paper_, Content(), piece, bytes));
    return Run([&](ledger::UnitOfWork& work) { return RecordPiece(work, Input(), piece); });
  }
  absl::Status Run(ledger::Ledger::UseCase use_case) {
    return ledger_
        .Run({.name = "Test",
              .request_id = base::Uuid::NewV7(),
              .request_hash = "hash",
              .caller = {.actor = "staff/test"}},
             use_case)
        .status();
  }

  db::Database& database_;
  ledger::Ledger& ledger_;
  const db::PersonKeys keys_;
  const AttachmentFiles files_;
  const base::Uuid paper_;
  AttachmentKeys content_keys_;
  std::vector<AttachmentPiece> pieces_;
};

std::string ValueOf(const char* variable) {
  const char* value = std::getenv(variable);
  return value == nullptr ? "" : value;
}

// What the copies run.
TEST(AttachmentKill, Victim) {
  if (ValueOf(kDatabase).empty()) GTEST_SKIP() << "for the copies that the other tests start";
  db::Database database({.conninfo = ValueOf(kDatabase)});
  base::SimulatedClock clock;
  ASSERT_TRUE(clock.Set(Korea("2024-05-13 10:00")).ok());
  ledger::Ledger ledger(database, clock, "casemgmt");
  const crypto::Vault vault(*crypto::Key::FromBase64(ValueOf(kKey)));
  Uploader uploader(database, ledger, vault, ValueOf(kFolder), *base::Uuid::Parse(ValueOf(kPaper)));
  ASSERT_TRUE(uploader.Upload().ok());
  ASSERT_TRUE(uploader.CleanUp().ok());
  ASSERT_TRUE(uploader.Remove().ok());
  ASSERT_TRUE(uploader.CleanUp().ok());
}

class AttachmentKillAt : public ::testing::TestWithParam<std::string> {
 protected:
  AttachmentKillAt() {
    const BeginAttachmentInput input{.attachment_id = {},
                                     .parent = {.case_id = Sessions(world_).InCase({})},
                                     .reach = AttachmentReach::Everything(),
                                     .file_name = "a.pdf",
                                     .content = Content()};
    const db::PersonKeys keys(vault_);
    paper_ = IdOf(world_.Do([&](auto& work) { return BeginAttachment(work, keys, input); }));
  }
  void RunVictim() {
    auto victim = ieum::testing::Process::Start(
        {.argv = {fs::read_symlink("/proc/self/exe").string(),
                  "--gtest_filter=AttachmentKill.Victim"},
         .environment = {{"GTEST_TOTAL_SHARDS", "1"},  // it is run alone, in whichever part we are
                         {"GTEST_SHARD_INDEX", "0"},
                         {"IEUM_FAILPOINTS", GetParam()},
                         {"IEUM_TEST_PG", ieum::testing::SharedCluster()},
                         {kDatabase, world_.conninfo()},
                         {kFolder, folder_.path()},
                         {kKey, key_.ToBase64()},
                         {kPaper, paper_.ToString()}},
         .output_file = "/dev/null"});
    ASSERT_TRUE(victim.ok()) << victim.status();
    EXPECT_EQ(victim->Wait(), 128 + SIGKILL) << GetParam() << " was not come by";
  }
  std::vector<fs::path> FilesBelow(const char* folder) {
    std::vector<fs::path> found;
    const fs::path directory = fs::path(folder_.path()) / folder;
    if (!fs::exists(directory)) return found;
    for (const auto& entry : fs::recursive_directory_iterator(directory)) {
      if (entry.is_regular_file()) found.push_back(entry.path());
    }
    return found;
  }

  World world_{"2024-05-13 09:30"};
  const crypto::Key key_;
  const crypto::Vault vault_{key_};
  ieum::testing::TempDir folder_;
  base::Uuid paper_;
};

TEST_P(AttachmentKillAt, LeavesNothingHalfAndLosesNothing) {
#if !IEUM_FAILPOINTS
  GTEST_SKIP() << "a build without failpoints";
#endif
  RunVictim();
  Uploader next(world_.database(), world_.ledger(), vault_, folder_.path(), paper_);
  const v1::AttachmentState left = next.Look().attachment.state;
  if (left == v1::ATTACHMENT_STATE_STORED) {
    EXPECT_EQ(*next.ReadWhole(), Bytes());
  }
  // What has its name is whole, whether a row tells of it or not.
  if (!FilesBelow("files").empty()) {
    EXPECT_EQ(*next.ReadWhole(), Bytes());
  }
  if (left != v1::ATTACHMENT_STATE_REMOVED) {
    const absl::Status uploaded = next.Upload();
    ASSERT_TRUE(uploaded.ok()) << uploaded;
    ASSERT_TRUE(next.CleanUp().ok());
    ASSERT_TRUE(next.Sweep().ok());
    EXPECT_EQ(*next.ReadWhole(), Bytes());
    EXPECT_THAT(FilesBelow("files"), SizeIs(1));
  }
  ASSERT_TRUE(next.Remove().ok());
  ASSERT_TRUE(next.CleanUp().ok());
  ASSERT_TRUE(next.Sweep().ok());
  for (const char* folder : {"files", "pieces", "making"}) {
    EXPECT_THAT(FilesBelow(folder), IsEmpty()) << folder;
  }
  std::vector<std::string> told;
  for (const Told& each : world_.EventsOf(paper_)) told.push_back(each.type);
  EXPECT_THAT(told,
              ::testing::ElementsAre("AttachmentBegun", "AttachmentStored", "AttachmentRemoved"));
}

// Visits 1 and 2 are pieces, 3 is the whole. Commands come in this order: two pieces, the end of
// the upload, its cleanup, the removal, its cleanup.
INSTANTIATE_TEST_SUITE_P(
    Places, AttachmentKillAt,
    ::testing::Values("attachment.before_sync:kill9", "attachment.before_rename:kill9",
                      "attachment.after_rename:kill9", "command.before_commit:kill9:1",
                      "command.after_commit:kill9:1", "attachment.before_sync:kill9:3",
                      "attachment.before_rename:kill9:3", "attachment.after_rename:kill9:3",
                      "command.before_commit:kill9:3", "command.after_commit:kill9:3",
                      "command.before_commit:kill9:4", "command.before_commit:kill9:5",
                      "command.after_commit:kill9:5", "attachment.cleanup_deleted:kill9",
                      "command.before_commit:kill9:6", "command.after_commit:kill9:6"));

}  // namespace
}  // namespace ieum::casemgmt::testing
