// Goal: after everything is lost, a backup that was made while everybody worked brings the suite
// back to one point, with keys that open, papers that can be read, consumers that go on and no mail
// sent twice. Method: a piece of the year over real services; ieumctl backs up in the middle of it;
// databases, streams, papers and keys are destroyed; ieumctl restores.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "ieum/casemgmt/v1/attachment_service.pb.h"
#include "ieum/registry/v1/person_service.pb.h"
#include "platform/crypto/seal.h"
#include "platform/crypto/sha256.h"
#include "services/reporting/facts/fact_commands.h"
#include "services/reporting/facts/fact_store.h"
#include "tests/audit/suite_subject.h"
#include "tests/flows/operator.h"
#include "tests/flows/played_year.h"
#include "tests/support/wait.h"
#include "tools/audit/mail_folder.h"
#include "tools/backup/backup.h"

namespace ieum::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kCutOff[] = "2023-04-25T00:00:00+09:00";
constexpr char kPaper[] = "What the firm signed on the day of the first visit.\n";
constexpr char kPassphrase[] = "지진이 나도 기억한다 correct horse";

std::vector<reporting::v1::ProducerPosition> PositionsOf(const backup::Manifest& manifest) {
  std::vector<reporting::v1::ProducerPosition> positions;
  for (const std::string producer : {"registry", "casemgmt", "notify"}) {
    const auto& ledger = manifest.services.at(producer).ledger;
    reporting::v1::ProducerPosition position;
    position.set_producer(producer);
    position.mutable_positions()->Add(ledger.begin(), ledger.end());
    positions.push_back(position);
  }
  return positions;
}

// What reporting knows of the events that the backup holds.
reporting::FactsHash FactsAt(Suite& suite, const backup::Manifest& manifest) {
  db::Database database({.conninfo = suite.DatabaseOf("reporting")});
  reporting::FactsHash hash;
  const absl::Status read = database.Read("facts", [&](db::Tx& tx) {
    hash = reporting::HashFacts(tx, reporting::LiveGeneration(tx), PositionsOf(manifest));
    return absl::OkStatus();
  });
  EXPECT_TRUE(read.ok()) << read;
  return hash;
}

// In all ledgers, after the point of the backup.
int64_t EventsSince(Suite& suite, const backup::Manifest& manifest) {
  int64_t events = 0;
  for (const auto& [service, point] : manifest.services) {
    const platform::v1::Progress progress = suite.Progress(service);
    for (const int64_t position : progress.ledger_positions()) events += position;
    for (const int64_t position : point.ledger) events -= position;
  }
  return events;
}

absl::Status AskForPapers(Suite& suite, const std::string& method,
                          const google::protobuf::Message& request,
                          google::protobuf::Message* response) {
  return suite.driver("casemgmt")
      .Call("/ieum.casemgmt.v1.AttachmentService/" + method, request, response);
}

// A paper of a firm; its name.
std::string AttachPaper(Suite& suite) {
  crypto::Sha256 hash;
  hash.Add(kPaper);
  casemgmt::v1::CreateAttachmentRequest create;
  casemgmt::v1::Attachment& paper = *create.mutable_attachment();
  paper.set_parent("engagements/" +
                   suite.Ask("casemgmt", "SELECT id FROM engagement ORDER BY id LIMIT 1"));
  paper.set_file_name("signed.txt");
  paper.set_type(casemgmt::v1::ATTACHMENT_TYPE_TEXT);
  paper.set_size_bytes(static_cast<int64_t>(std::string_view(kPaper).size()));
  paper.set_sha256(hash.Finish());
  casemgmt::v1::Attachment made;
  absl::Status done = AskForPapers(suite, "CreateAttachment", create, &made);
  casemgmt::v1::UploadAttachmentChunkRequest piece;
  piece.set_name(made.name());
  piece.set_content(kPaper);
  if (done.ok()) done = AskForPapers(suite, "UploadAttachmentChunk", piece, &made);
  casemgmt::v1::FinishAttachmentRequest finish;
  finish.set_name(made.name());
  if (done.ok()) done = AskForPapers(suite, "FinishAttachment", finish, &made);
  EXPECT_TRUE(done.ok()) << done;
  return made.name();
}

class RestoreDrill : public ::testing::Test {
 protected:
  static constexpr size_t kBackupAfter = 60;  // actions of the year
  static constexpr absl::Duration kStep = absl::Hours(6);

  Suite& suite() { return year_.suite(); }
  std::string Folder() { return suite().folder() + "/backup"; }
  std::string PassphraseFile() { return suite().folder() + "/passphrase"; }
  std::vector<std::string> Restoring() {
    return {"restore", "--from", Folder(), "--passphrase-file", PassphraseFile()};
  }

  // The year, with a backup in the middle of it.
  void PlayAndBackUp() {
    std::ofstream(PassphraseFile()) << kPassphrase << "\n";
    const std::string said = suite().folder() + "/backup.log";
    std::optional<Process> backing_up;
    size_t done_when_made = 0;
    play::PlayerHooks hooks;
    hooks.before_call = [&](size_t index) {
      if (index == kBackupAfter) {
        paper_ = AttachPaper(suite());
        backing_up.emplace(BeginIeumctl(
            suite(), {"backup", "make", "--to", Folder(), "--passphrase-file", PassphraseFile()},
            said));
      }
      if (done_when_made == 0 && std::filesystem::exists(Folder())) done_when_made = index;
    };
    ASSERT_TRUE(year_.Play(std::move(hooks)));
    ASSERT_TRUE(backing_up.has_value()) << "the piece of the year is too short";
    std::ostringstream text;
    const int code = backing_up->Wait();
    text << std::ifstream(said).rdbuf();
    ASSERT_EQ(code, 0) << text.str();
    std::printf("%s", text.str().c_str());
    auto read = backup::VerifyBackup(Folder(), kPassphrase);
    ASSERT_TRUE(read.ok()) << read.status();
    backup_ = *std::move(read);
    EXPECT_EQ(backup_.manifest.attachments.count, 1);
    ASSERT_TRUE(suite().WaitSettled());
  }

  // Databases, streams, papers and key files; nothing of the suite runs.
  void LoseEverything() {
    for (const std::string& service : kServices) suite().KillService(service);
    suite().LoseServers();
    for (const auto& [name, path] : suite().keyring().Files()) std::filesystem::remove(path);
    std::filesystem::remove_all(suite().keyring().attachments());
  }

  void Restore() {
    std::vector<std::string> words = Restoring();
    words.insert(words.end(), {"--output", "json"});
    const Said said = Ieumctl(suite(), words);
    ASSERT_EQ(said.code, 0) << said.out;
    const std::string restored_at = said.Json().value("restored_at", "");
    ASSERT_NE(restored_at, "") << said.out;
    for (const std::string& service : kServices) {
      const auto declared = suite().Tell(
          service, {"new-epoch", "--reason", "the drill", "--restored-at", restored_at});
      ASSERT_TRUE(declared.ok()) << declared.status();
    }
  }

  // As the log of a mail server would give them.
  void NoteSentMails(const std::map<std::string, int>& mails) {
    const std::string file = suite().folder() + "/sent";
    std::ofstream out(file);
    for (const auto& [id, count] : mails) out << '<' << id << "@localhost.localdomain>\n";
    out.close();
    const Said said = Ieumctl(suite(), {"mails", "note-sent", "--ids", file});
    ASSERT_EQ(said.code, 0) << said.out;
  }

  // At the business time of the point.
  void StartAgain() {
    for (const std::string& service : kServices) {
      suite().StartService(service);
      const std::string newest = suite().Ask(
          service, "SELECT extract(epoch FROM max(occurred_at))::bigint FROM event_log");
      time_ = std::max(time_, absl::FromUnixSeconds(std::stoll(newest) + 1));
    }
    ASSERT_TRUE(year_.services().SetClock(time_).ok());
  }

  // To the cut-off, in steps within which no reminder becomes too old to be sent.
  void GoOn() {
    for (; time_ < year_.scenario().cut_off; time_ += kStep) {
      ASSERT_TRUE(year_.services().SetClock(time_).ok());
      ASSERT_TRUE(suite().WaitSettled());
    }
  }

  bool PositionsAreTheBackups() {
    for (const std::string& service : kServices) {
      const auto progress = suite().Progress(service);
      const auto& point = backup_.manifest.services.at(service).ledger;
      if (!std::equal(point.begin(), point.end(), progress.ledger_positions().begin(),
                      progress.ledger_positions().end())) {
        return false;
      }
    }
    return true;
  }

  PlayedYear year_{BusanYearUntil(kCutOff)};
  backup::Backup backup_;
  std::string paper_;
  absl::Time time_ = absl::UnixEpoch();  // business time after the restore
};

// A name that was stored before the backup is read again.
void ExpectPeopleCanBeRead(Suite& suite) {
  const std::string id = suite.Ask("registry", "SELECT id FROM person ORDER BY id LIMIT 1");
  ASSERT_NE(id, "");
  registry::v1::GetPersonRequest request;
  request.set_name("persons/" + id);
  registry::v1::Person person;
  const absl::Status got =
      suite.driver("registry").Call("/ieum.registry.v1.PersonService/GetPerson", request, &person);
  ASSERT_TRUE(got.ok()) << got;
  EXPECT_NE(person.full_name(), "");
}

void ExpectPaperCanBeRead(Suite& suite, const std::string& name) {
  casemgmt::v1::DownloadAttachmentRequest request;
  request.set_name(name);
  request.set_access_reason("a look after the restore");
  casemgmt::v1::DownloadAttachmentResponse paper;
  const absl::Status got = AskForPapers(suite, "DownloadAttachment", request, &paper);
  ASSERT_TRUE(got.ok()) << got;
  EXPECT_EQ(paper.content(), kPaper);
}

// row:Y1
TEST_F(RestoreDrill, BringsOnePointBackAfterEverythingWasLost) {
  suite().SetEnvironment("casemgmt", "IEUM_ATTACHMENTS_READ_UNSCANNED", "true");  // after the loss
  ASSERT_NO_FATAL_FAILURE(PlayAndBackUp());
  const auto facts_before = FactsAt(suite(), backup_.manifest);
  const auto mails_before = audit::MailsById(suite().mail_dir());
  ASSERT_TRUE(mails_before.ok());
  ASSERT_FALSE(mails_before->empty());
  const int64_t lost = EventsSince(suite(), backup_.manifest);
  EXPECT_GT(lost, 0) << "nothing happened after the point";
  LoseEverything();
  ASSERT_NO_FATAL_FAILURE(Restore());
  ASSERT_NO_FATAL_FAILURE(NoteSentMails(*mails_before));
  ASSERT_NO_FATAL_FAILURE(StartAgain());
  // Nothing goes out before somebody has looked, and doctor says who waits.
  EXPECT_THAT(Ieumctl(suite(), {"doctor"}).out, HasSubstr("restored: notify"));
  EXPECT_EQ(suite().Mails(), static_cast<int>(mails_before->size()));
  for (const std::string& service : kServices) {
    const auto accepted =
        suite().Tell(service, {"accept-epoch", "--producer", service, "--reason", "looked"});
    ASSERT_TRUE(accepted.ok()) << accepted.status();
  }
  ASSERT_TRUE(suite().WaitSettled());
  ASSERT_NO_FATAL_FAILURE(GoOn());
  ExpectPeopleCanBeRead(suite());
  ASSERT_NO_FATAL_FAILURE(ExpectPaperCanBeRead(suite(), paper_));
  const auto facts_after = FactsAt(suite(), backup_.manifest);
  EXPECT_EQ(facts_after.rows, facts_before.rows);
  EXPECT_EQ(facts_after.hash, facts_before.hash);
  const auto mails_after = audit::MailsById(suite().mail_dir());
  ASSERT_TRUE(mails_after.ok());
  for (const auto& [id, count] : *mails_after) EXPECT_EQ(count, 1) << id << " went out twice";
  EXPECT_THAT(AuditSuite(suite()), IsEmpty());
  // Mails of after the point, which the restored notify was about to send.
  const std::string spared = suite().Ask(
      "notify", "SELECT count(*) FROM message_step WHERE detail->>'failure' LIKE 'known from%'");
  EXPECT_GT(std::stoi(spared), 0);
  std::printf(
      "%lld events lost; %zu mails before the loss, %d afterwards, %s not sent twice; %lld facts\n",
      static_cast<long long>(lost), mails_before->size(), suite().Mails(), spared.c_str(),
      static_cast<long long>(facts_after.rows));
}

TEST_F(RestoreDrill, RefusesWhatWouldDoHarm) {
  ASSERT_NO_FATAL_FAILURE(PlayAndBackUp());
  // A suite that runs.
  Said said = Ieumctl(suite(), Restoring());
  EXPECT_EQ(said.code, 2);
  EXPECT_THAT(said.out, HasSubstr("stop every service first"));
  for (const std::string& service : kServices) suite().StopService(service);
  // Databases that hold something.
  said = Ieumctl(suite(), Restoring());
  EXPECT_EQ(said.code, 2);
  EXPECT_THAT(said.out, HasSubstr("is not empty"));
  EXPECT_THAT(said.out, HasSubstr("--replace"));
  // Another wrapping key where the old one should go.
  suite().LoseServers();
  const std::string key = suite().keyring().Files().at("vault-registry");
  std::ofstream(key) << crypto::Key().ToBase64() << "\n";
  said = Ieumctl(suite(), Restoring());
  EXPECT_EQ(said.code, 2);
  EXPECT_THAT(said.out, HasSubstr("another vault-registry"));
  // Another passphrase.
  std::ofstream(PassphraseFile()) << "quite another passphrase\n";
  said = Ieumctl(suite(), Restoring());
  EXPECT_EQ(said.code, 1);
  EXPECT_THAT(said.out, HasSubstr("another passphrase"));
  std::ofstream(PassphraseFile()) << kPassphrase << "\n";
  // A flipped byte, a cut end, a manifest that was written to.
  const std::string dump = Folder() + "/casemgmt.dump";
  std::fstream(dump, std::ios::in | std::ios::out | std::ios::binary).seekp(200).put('\x7f');
  said = Ieumctl(suite(), Restoring());
  EXPECT_EQ(said.code, 1);
  EXPECT_THAT(said.out, HasSubstr("casemgmt.dump is damaged"));
  std::filesystem::resize_file(dump, 100);
  said = Ieumctl(suite(), Restoring());
  EXPECT_THAT(said.out, HasSubstr("casemgmt.dump has 100 bytes"));
  std::ofstream(Folder() + "/manifest.json", std::ios::app) << " ";
  said = Ieumctl(suite(), {"backup", "verify", "--from", Folder()}, /*bare=*/true);
  EXPECT_EQ(said.code, 1);
  EXPECT_THAT(said.out, HasSubstr("manifest.json is damaged"));
  EXPECT_EQ(suite().Ask("registry", "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"),
            "0")
      << "a refused restore changed something";
}

}  // namespace
}  // namespace ieum::testing
