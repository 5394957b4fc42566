// Goal: a backup has the papers of its point, says which it could not have, and a restore brings
// them back so that they open, but none of whoever was erased; who says so copies them himself.
// Method: four real databases, sealed files as the service keeps them, rows as it writes them, and
// the words of ieumctl.
#include "tools/backup/attachments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "platform/crypto/sha256.h"
#include "platform/db/person_keys.h"
#include "services/casemgmt/attachments/attachment.h"
#include "services/casemgmt/attachments/attachment_commands.h"
#include "services/casemgmt/attachments/attachment_content.h"
#include "tests/operator/backup_fixture.h"
#include "tools/ctl/subcommand.h"

namespace ieum::backup {
namespace {

namespace fs = std::filesystem;
namespace v1 = casemgmt::v1;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

// Somebody's paper as it lies in the directory, and what opens it.
struct Paper {
  base::Uuid file, owner;
  casemgmt::AttachmentContent content;
  std::string text;
};

// What a command ended with, and what it told.
struct Said {
  int code = 0;
  std::string text;
};

class AttachmentBackups : public BackupFixture {
 protected:
  AttachmentBackups() {
    // Papers here have no case and no engagement behind them.
    for (const char* parent : {"case_id", "engagement_id"}) {
      Ask(absl::StrCat("ALTER TABLE attachment DROP CONSTRAINT attachment_", parent, "_fkey"));
    }
    places_.attachments = dir_.path() + "/papers";
    places_.keys["vault-casemgmt"] = dir_.path() + "/vault";
    std::ofstream(places_.keys["vault-casemgmt"]) << wrapping_.ToBase64() << "\n";
    nlohmann::json suite = {{"keys", places_.keys}};  // which says nothing of attachments
    for (const auto& place : places_.databases) {
      suite["services"][place.service]["db"] = place.conninfo;
    }
    std::ofstream(SuiteFile()) << suite;
  }

  std::string SuiteFile() const { return dir_.path() + "/suite.json"; }
  // `backup make …` or `restore …`, as an operator says it.
  Said Ieumctl(const std::string& words) {
    CLI::App app;
    const ctl::Run backup = ctl::AddBackup(app), restore = ctl::AddRestore(app);
    app.parse(absl::StrCat(words, " --without-keys --suite ", SuiteFile()));
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    const int code = app.got_subcommand("restore") ? restore() : backup();
    return {code,
            ::testing::internal::GetCapturedStderr() + ::testing::internal::GetCapturedStdout()};
  }

  std::string Ask(const std::string& sql) { return At("casemgmt").Ask(sql); }
  db::Database& casemgmt() { return At("casemgmt").database(); }
  static std::string PlaceOf(const Paper& paper) {
    return casemgmt::AttachmentFiles::PlaceOf(paper.file);
  }
  std::string PathOf(const Paper& paper) const {
    return absl::StrCat(places_.attachments, "/", PlaceOf(paper));
  }
  std::string CopyOf(const Paper& paper) const {
    return absl::StrCat(Folder(), "/attachments/", PlaceOf(paper));
  }
  static void Alter(const std::string& path) {
    std::fstream(path, std::ios::in | std::ios::out | std::ios::binary).seekp(100).put('\x7f');
  }

  crypto::Key KeyOf(const base::Uuid& owner) { return KeyOf(owner, vault_); }
  crypto::Key KeyOf(const base::Uuid& owner, const crypto::Vault& vault) {
    std::optional<crypto::Key> key;
    const absl::Status made = casemgmt().Write("key", [&](db::Tx& tx) -> absl::Status {
      auto found = db::PersonKeys(vault).GetOrCreate(tx, owner);
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
  // As `erasures export` writes it.
  std::string ListOf(const std::vector<base::Uuid>& erased) const {
    const std::string file = dir_.path() + "/erased";
    for (const base::Uuid& who : erased) {
      const nlohmann::json line = {
          {"number", 1}, {"person", "persons/" + who.ToString()}, {"hash", "x"}};
      std::ofstream(file, std::ios::app) << line << "\n";
    }
    return file;
  }
  // Nobody says where the papers lie, or that he copies them himself.
  static void ExpectAskedForTheDirectory(const Said& said) {
    EXPECT_EQ(said.code, ctl::kUsage);
    EXPECT_THAT(said.text,
                AllOf(HasSubstr("files of 3 attachments"), HasSubstr("--attachments DIR"),
                      HasSubstr("--without-attachments")));
  }
  // Another law keeps her data: her key is where the service does not read it.
  void KeepApart(const base::Uuid& owner) {
    Ask(absl::StrCat("SELECT person_key_keep_apart(", Quoted(owner), ", NULL, NULL)"));
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

  const crypto::Key wrapping_;
  const crypto::Vault vault_{wrapping_};
};

// row:C21 row:Y1
TEST_F(AttachmentBackups, HaveThePapersOfTheirPointAndBringThemBackAsTheyWere) {
  const Paper firms = Store("engagement_id", casemgmt::kMaxRangeBytes + 5);
  const Paper hers = Store("case_id", 10), others = Store("case_id", 10);
  const Paper removed = Store("case_id", 11, v1::ATTACHMENT_STATE_REMOVED);
  const std::string make = "backup make --to " + Folder(), restore = "restore --replace --from ";
  const std::string papers = " --attachments " + places_.attachments;
  ExpectAskedForTheDirectory(Ieumctl(make));
  EXPECT_FALSE(fs::exists(Folder()));
  Said said = Ieumctl(make + "-bare --without-attachments" + papers);
  EXPECT_EQ(said.code, ctl::kGood) << said.text;
  for (const char* name : {"/attachments", "/attachments.sum"}) {
    EXPECT_FALSE(fs::exists(Folder() + "-bare" + name)) << name;
  }
  said = Ieumctl(make + papers);
  ASSERT_EQ(said.code, ctl::kGood) << said.text;
  const auto made = VerifyBackup(Folder(), "");
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(made->manifest.attachments.count, 3);
  EXPECT_THAT(made->manifest.attachments.missing, IsEmpty());
  EXPECT_FALSE(fs::exists(CopyOf(removed))) << "nobody needs it at that point";
  // Everybody has the tool that reads the list.
  const std::string sums = absl::StrCat("cd ", Folder(), " && sha256sum --quiet -c ");
  EXPECT_EQ(std::system((sums + kAttachmentsFile).c_str()), 0);
  fs::remove_all(places_.attachments);
  ExpectAskedForTheDirectory(Ieumctl(restore + Folder()));
  said = Ieumctl(restore + Folder() + papers + " --erasures " + dir_.path() + "/mistyped");
  EXPECT_EQ(said.code, ctl::kUsage) << "whoever was erased would come back";
  EXPECT_THAT(said.text, HasSubstr("mistyped"));
  EXPECT_EQ(Ask("DELETE FROM attachment WHERE state <> 2 RETURNING 'there'"), "there")
      << "a refused one changed something";
  said = Ieumctl(restore + Folder() + papers + " --without-attachments");
  EXPECT_EQ(said.code, ctl::kGood) << said.text;
  EXPECT_EQ(Ask("SELECT count(*) FROM attachment"), "4");
  EXPECT_FALSE(fs::exists(places_.attachments));
  // Who was erased since does not come back, not even sealed.
  const std::string list = ListOf({base::Uuid::NewV7(), hers.owner});
  said = Ieumctl(restore + Folder() + papers + " --erasures " + list);
  ASSERT_EQ(said.code, ctl::kGood) << said.text;
  EXPECT_THAT(said.text, HasSubstr("2 files written, 0 were there, 1 of erased persons left out"));
  EXPECT_FALSE(fs::exists(PathOf(hers)));
  EXPECT_EQ(Read(firms), firms.text);
  // Once more: what is there is left alone, what is cut is mended.
  fs::resize_file(PathOf(firms), 100);
  const auto restored = Restore(Restoring());
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

TEST_F(AttachmentBackups, NameWhatWasHarmedAndAreRefusedWithoutTheDirectoryOrTheKeys) {
  const Paper whole = Store("case_id", 10), gone = Store("case_id", 10);
  const Paper altered = Store("engagement_id", 300), cut = Store("engagement_id", 300);
  const Paper removed = Store("case_id", 10), apart = Store("case_id", 300);
  KeepApart(apart.owner);
  const auto point = Snapshots::Take(places_);
  ASSERT_TRUE(point.ok()) << point.status();
  // Between the point and the turn of its file.
  Ask(absl::StrCat("UPDATE attachment SET state = 4 WHERE file_id = ", Quoted(removed.file)));
  for (const Paper& paper : {removed, gone}) fs::remove(PathOf(paper));
  for (const Paper& paper : {altered, apart}) Alter(PathOf(paper));
  fs::resize_file(PathOf(cut), 200);
  const auto copy = [&](const std::string& directory) {
    fs::remove_all(Folder());
    fs::create_directories(Folder());
    const KeyFiles keys = {{"vault-casemgmt", wrapping_.ToBase64()}};
    return CopyAttachments(**point, keys, directory, Folder());
  };
  EXPECT_THAT(std::string(copy("").status().message()), HasSubstr("--attachments DIR"));
  EXPECT_THAT(std::string(copy(dir_.path() + "/another").status().message()),
              HasSubstr("holds none of the 5 files"));
  const auto copied = copy(places_.attachments);
  ASSERT_TRUE(copied.ok()) << copied.status();
  EXPECT_EQ(copied->count, 1);
  EXPECT_THAT(copied->missing,
              UnorderedElementsAre(PlaceOf(gone), PlaceOf(altered), PlaceOf(cut), PlaceOf(apart)));
  EXPECT_TRUE(fs::exists(CopyOf(whole)));
  for (const Paper& paper : {gone, altered, cut, apart, removed}) {
    EXPECT_FALSE(fs::exists(CopyOf(paper)));
  }
  EXPECT_TRUE(CheckAttachments(Folder(), *copied).ok());
  // When the hold ends or she is put back, somebody has to open it again.
  const base::Uuid other = base::Uuid::NewV7();
  KeyOf(other, crypto::Vault(crypto::Key()));
  KeepApart(other);
  const BackupRequest request{places_, dir_.path() + "/sealed", "kept where no backup is", "test"};
  EXPECT_THAT(std::string(MakeBackup(request).status().message()),
              HasSubstr("vault-casemgmt does not open"));
}

}  // namespace
}  // namespace ieum::backup
