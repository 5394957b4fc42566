// Goal: a backup has the papers of its point, says which it could not have, and a restore brings
// them back so that they open, but none of whoever was erased. Method: four real databases, sealed
// files as the service keeps them, and rows as it writes them.
#include "tools/backup/attachments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "platform/crypto/sha256.h"
#include "platform/db/person_keys.h"
#include "services/casemgmt/attachments/attachment.h"
#include "services/casemgmt/attachments/attachment_commands.h"
#include "services/casemgmt/attachments/attachment_content.h"
#include "tests/support/postgres.h"
#include "tools/backup/restore.h"

namespace ieum::backup {
namespace {

namespace fs = std::filesystem;
namespace v1 = casemgmt::v1;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::TestDatabase;
using ::testing::UnorderedElementsAre;

// Somebody's paper as it lies in the directory, and what opens it.
struct Paper {
  base::Uuid file, owner;
  casemgmt::AttachmentContent content;
  std::string text;
};

class AttachmentBackups : public ::testing::Test {
 protected:
  AttachmentBackups() {
    for (const char* service : kServices) {
      TestDatabase& test =
          databases_
              .try_emplace(service, testing::SharedCluster(), db::MigrationSet{}, /*migrate=*/false)
              .first->second;
      EXPECT_TRUE(db::Migrate(test.database(), "platform", KnownSets().at("platform")).ok());
      EXPECT_TRUE(db::Migrate(test.database(), service, KnownSets().at(service)).ok());
      places_.databases.push_back({service, test.conninfo(), ""});
    }
    // Papers here have no case and no engagement behind them.
    for (const char* parent : {"case_id", "engagement_id"}) {
      Ask(absl::StrCat("ALTER TABLE attachment DROP CONSTRAINT attachment_", parent, "_fkey"));
    }
    places_.attachments = dir_.path() + "/papers";
    places_.keys["vault-casemgmt"] = dir_.path() + "/vault";
    std::ofstream(places_.keys["vault-casemgmt"]) << wrapping_.ToBase64() << "\n";
  }

  std::string Ask(const std::string& sql) { return databases_.at("casemgmt").Ask(sql); }
  db::Database& casemgmt() { return databases_.at("casemgmt").database(); }
  std::string Folder() const { return dir_.path() + "/backup"; }
  RestoreRequest Restoring(std::vector<base::Uuid> erased = {}) {
    return {.places = places_,
            .folder = Folder(),
            .passphrase = "",
            .keys_into = "",
            .replace = true,
            .erased = std::move(erased)};
  }
  std::string PathOf(const Paper& paper) const {
    return absl::StrCat(places_.attachments, "/", casemgmt::AttachmentFiles::PlaceOf(paper.file));
  }
  std::string CopyOf(const Paper& paper) const {
    return absl::StrCat(Folder(), "/attachments/", casemgmt::AttachmentFiles::PlaceOf(paper.file));
  }
  static void Alter(const std::string& path) {
    std::fstream(path, std::ios::in | std::ios::out | std::ios::binary).seekp(100).put('\x7f');
  }

  crypto::Key KeyOf(const base::Uuid& owner) {
    std::optional<crypto::Key> key;
    const absl::Status made = casemgmt().Write("key", [&](db::Tx& tx) -> absl::Status {
      auto found = db::PersonKeys(vault_).GetOrCreate(tx, owner);
      if (found.ok()) key = *found;
      return found.status();
    });
    EXPECT_TRUE(made.ok()) << made;
    return *key;
  }

  // `parent`: case_id with the person whose it is, or engagement_id.
  Paper Store(const std::string& parent, size_t bytes, int state = v1::ATTACHMENT_STATE_STORED) {
    Paper paper{.owner = base::Uuid::NewV7(), .text = std::string(bytes, 'a')};
    paper.text += paper.owner.ToString();
    crypto::Sha256 hash;
    hash.Add(paper.text);
    paper.content = {.sha256 = hash.Finish(),
                     .size_bytes = static_cast<int64_t>(paper.text.size()),
                     .type = v1::ATTACHMENT_TYPE_TEXT};
    const crypto::Key key = KeyOf(paper.owner);
    const auto keys = casemgmt::AttachmentKeysOf(key);
    paper.file = FileIdOf(keys, paper.content.sha256);
    const base::Uuid id = base::Uuid::NewV7();
    const casemgmt::AttachmentFiles files(places_.attachments);
    std::vector<casemgmt::AttachmentPiece> pieces;
    for (int n = 0; n < casemgmt::ChunkCount(paper.content.size_bytes); ++n) {
      const std::string piece =
          paper.text.substr(static_cast<size_t>(n * casemgmt::kChunkBytes), casemgmt::kChunkBytes);
      pieces.push_back({n, DigestOf(keys, piece)});
      EXPECT_TRUE(KeepPiece(files, keys, id, paper.content, pieces.back(), piece).ok());
    }
    const absl::Status kept = KeepWhole(files, keys, id, paper.content, pieces);
    EXPECT_TRUE(kept.ok()) << kept;
    const std::string person = parent == "case_id" ? Quoted(paper.owner) : "NULL";
    const base::Uuid of = parent == "case_id" ? base::Uuid::NewV7() : paper.owner;
    const absl::Status written = casemgmt().Write("attachment", [&](db::Tx& tx) {
      tx.RunDynamic(
          absl::StrCat("INSERT INTO attachment (id, ", parent,
                       ", person_id, file_id, file_name, sha256, type, size_bytes, state, "
                       "scan_state, scanner, removal_reason, created_at, updated_at) VALUES (",
                       Quoted(id), ", ", Quoted(of), ", ", person, ", ", Quoted(paper.file),
                       ", 'x', $1, 1, ", paper.content.size_bytes, ", ", state,
                       ", 1, '', 0, now(), now())"),
          {db::Bytes(vault_.SealValue(key, casemgmt::kFileHashBox, paper.content.sha256))});
      return absl::OkStatus();
    });
    EXPECT_TRUE(written.ok()) << written;
    return paper;
  }
  static std::string Quoted(const base::Uuid& id) { return "'" + id.ToString() + "'"; }

  // As whoever downloads it reads it, with the key that the database has now.
  std::string Read(const Paper& paper) {
    std::string text;
    const auto keys = casemgmt::AttachmentKeysOf(KeyOf(paper.owner));
    while (text.size() < paper.text.size()) {
      const auto piece =
          ReadRange(casemgmt::AttachmentFiles(places_.attachments), keys, paper.file, paper.content,
                    static_cast<int64_t>(text.size()), casemgmt::kMaxRangeBytes);
      if (!piece.ok()) return piece.status().ToString();
      text += *piece;
    }
    return text;
  }

  testing::TempDir dir_;
  std::map<std::string, TestDatabase> databases_;
  Places places_;
  const crypto::Key wrapping_;
  const crypto::Vault vault_{wrapping_};
};

// row:C21 row:Y1
TEST_F(AttachmentBackups, HaveThePapersOfTheirPointAndBringThemBackAsTheyWere) {
  const Paper firms = Store("engagement_id", casemgmt::kMaxRangeBytes + 5);
  const Paper hers = Store("case_id", 10), others = Store("case_id", 10);
  const Paper removed = Store("case_id", 11, v1::ATTACHMENT_STATE_REMOVED);
  const auto made = MakeBackup({places_, Folder(), /*passphrase=*/"", "test"});
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(made->manifest.attachments.count, 3);
  EXPECT_THAT(made->manifest.attachments.missing, IsEmpty());
  EXPECT_FALSE(fs::exists(CopyOf(removed))) << "nobody needs it at that point";
  // Everybody has the tool that reads the list.
  const std::string sums = absl::StrCat("cd ", Folder(), " && sha256sum --quiet -c ");
  EXPECT_EQ(std::system((sums + kAttachmentsFile).c_str()), 0);
  RestoreRequest request = Restoring();
  request.places.attachments = "";
  EXPECT_THAT(std::string(Restore(request).status().message()), HasSubstr("--attachments DIR"));
  EXPECT_EQ(Ask("SELECT count(*) FROM attachment"), "4") << "a refused one changed something";
  // Who was erased since does not come back, not even sealed.
  fs::remove_all(places_.attachments);
  auto restored = Restore(Restoring({hers.owner, base::Uuid::NewV7()}));
  ASSERT_TRUE(restored.ok()) << restored.status();
  EXPECT_EQ(restored->attachments.written, 2);
  EXPECT_EQ(restored->attachments.erased, 1);
  EXPECT_FALSE(fs::exists(PathOf(hers)));
  EXPECT_EQ(Read(firms), firms.text);
  // Once more: what is there is left alone, what is cut is mended.
  fs::resize_file(PathOf(firms), 100);
  restored = Restore(Restoring());
  ASSERT_TRUE(restored.ok()) << restored.status();
  EXPECT_EQ(restored->attachments.written, 2);
  EXPECT_EQ(restored->attachments.there, 1);
  for (const Paper& paper : {firms, hers, others}) EXPECT_EQ(Read(paper), paper.text);
  // What is damaged or missing in the backup itself; nothing is brought back from it.
  Alter(CopyOf(firms));
  fs::remove(CopyOf(hers));
  const absl::Status read = Restore(Restoring()).status();
  EXPECT_TRUE(absl::IsDataLoss(read)) << read;
  EXPECT_THAT(std::string(read.message()),
              AllOf(HasSubstr(absl::StrCat(firms.file.ToString(), " is damaged")),
                    HasSubstr(absl::StrCat(hers.file.ToString(), " is missing"))));
  Alter(Folder() + "/" + kAttachmentsFile);
  EXPECT_THAT(std::string(VerifyBackup(Folder(), "").status().message()),
              HasSubstr("attachments.sum"));
}

TEST_F(AttachmentBackups, NameWhatWasHarmedWhereItLayAndAreRefusedWhereNobodySaysWhereThatIs) {
  const Paper whole = Store("case_id", 10), gone = Store("case_id", 10);
  const Paper altered = Store("engagement_id", 300), cut = Store("engagement_id", 300);
  const Paper removed = Store("case_id", 10);
  const auto point = Snapshots::Take(places_);
  ASSERT_TRUE(point.ok()) << point.status();
  // Between the point and the turn of its file.
  Ask(absl::StrCat("UPDATE attachment SET state = 4 WHERE file_id = ", Quoted(removed.file)));
  for (const Paper& paper : {removed, gone}) fs::remove(PathOf(paper));
  Alter(PathOf(altered));
  fs::resize_file(PathOf(cut), 200);
  const auto copy = [&](const std::string& directory) {
    fs::remove_all(Folder());
    fs::create_directories(Folder());
    const KeyFiles keys = {{"vault-casemgmt", wrapping_.ToBase64()}};
    return CopyAttachments(**point, keys, directory, Folder());
  };
  EXPECT_THAT(std::string(copy("").status().message()), HasSubstr("--attachments DIR"));
  EXPECT_THAT(std::string(copy(dir_.path() + "/another").status().message()),
              HasSubstr("holds none of the 4 files"));
  const auto copied = copy(places_.attachments);
  ASSERT_TRUE(copied.ok()) << copied.status();
  EXPECT_EQ(copied->count, 1);
  EXPECT_THAT(copied->missing, UnorderedElementsAre(gone.file.ToString(), altered.file.ToString(),
                                                    cut.file.ToString()));
  EXPECT_TRUE(fs::exists(CopyOf(whole)));
  for (const Paper& paper : {gone, altered, cut, removed}) EXPECT_FALSE(fs::exists(CopyOf(paper)));
  EXPECT_TRUE(CheckAttachments(Folder(), *copied).ok());
}

}  // namespace
}  // namespace ieum::backup
