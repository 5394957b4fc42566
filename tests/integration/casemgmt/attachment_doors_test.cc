// Goal: a paper that was uploaded is there, whole and sealed, for who sees what it belongs to, and
// for nobody else; and what cannot be right is refused and leaves nothing. Method: the door on a
// real server, a directory that is looked into, people of several roles. row:C21 row:Y7
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <thread>

#include "absl/strings/str_cat.h"
#include "platform/access/subject_id.h"
#include "platform/base/status.h"
#include "tests/integration/casemgmt/attachment_world.h"
#include "tests/integration/casemgmt/session_world.h"
#include "tests/support/centres.h"
#include "tests/unit/casemgmt/attachment_files.h"

namespace ieum::casemgmt::testing {
namespace {

namespace fs = std::filesystem;

using ieum::testing::kCentreA;
using ieum::testing::kCentreB;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

// Two pieces and a bit.
std::string LongPdf() {
  std::string body(static_cast<size_t>(2 * kChunkBytes), 'x');
  for (size_t at = 0; at < body.size(); ++at) body[at] = static_cast<char>('a' + at * 7 % 26);
  return PdfOf(body);
}

class AttachmentDoors : public ::testing::Test {
 protected:
  World& world() { return served_.world(); }
  std::string CaseOf(const char* centre = kCentreA, const char* account = kCaseManager) {
    const base::Uuid id = cases_.InCase(
        {.centre = base::Uuid::Parse(centre), .manager_subject = access::SubjectId(account)});
    return CaseName(id);
  }
  std::string Refused(const absl::StatusOr<v1::Attachment>& attachment) {
    return base::ReasonOf(attachment.status());
  }
  std::vector<std::string> Told(const std::string& name) {
    std::vector<std::string> types;
    for (const auto& told : world().EventsOf(*base::Uuid::Parse(name.substr(name.find('/') + 1)))) {
      types.push_back(told.type);
    }
    return types;
  }

  Served served_{"2024-05-13 09:30"};
  Sessions cases_{world()};
  Attachments papers_{served_};
};

TEST_F(AttachmentDoors, TakeAPaperInPiecesAndReadItFromAnywhere) {
  const std::string of_case = CaseOf(), bytes = LongPdf();
  const auto begun = papers_.Begin(Attachments::Said(of_case, bytes));
  ASSERT_TRUE(begun.ok()) << begun.status();
  EXPECT_EQ(begun->state(), v1::ATTACHMENT_STATE_UPLOADING);
  EXPECT_EQ(begun->received_bytes(), 0);
  ASSERT_TRUE(papers_.SendFrom(begun->name(), 0, bytes).ok());
  const auto stored = papers_.Finish(begun->name());
  ASSERT_TRUE(stored.ok()) << stored.status();
  EXPECT_EQ(stored->state(), v1::ATTACHMENT_STATE_STORED);
  EXPECT_EQ(stored->scan_state(), v1::ATTACHMENT_SCAN_STATE_UNSCANNED);
  EXPECT_EQ(stored->file_name(), "동의서 (김연결).pdf");
  EXPECT_EQ(stored->received_bytes(), static_cast<int64_t>(bytes.size()));
  EXPECT_THAT(stored->person(), ::testing::StartsWith("persons/"));
  EXPECT_THAT(Told(stored->name()), ElementsAre("AttachmentBegun", "AttachmentStored"));
  Attachments scanner(served_, kScannerToken);
  ASSERT_TRUE(scanner.Scan(*stored, v1::ATTACHMENT_SCAN_STATE_CLEAN).ok());
  EXPECT_EQ(*papers_.Download(stored->name()), bytes);
  EXPECT_EQ(*papers_.Range(stored->name(), kChunkBytes - 5, 10),
            bytes.substr(static_cast<size_t>(kChunkBytes - 5), 10));
  EXPECT_EQ(*papers_.Range(stored->name(), static_cast<int64_t>(bytes.size()), 10), "");
  // Pieces have served.
  papers_.CleanUp();
  EXPECT_THAT(papers_.FilesBelow("pieces"), IsEmpty());
  EXPECT_THAT(papers_.FilesBelow("files"), SizeIs(1));
}

TEST_F(AttachmentDoors, GoOnWhereAnUploadWasInterrupted) {
  const std::string bytes = LongPdf();
  const auto begun = papers_.Begin(Attachments::Said(CaseOf(), bytes));
  ASSERT_TRUE(begun.ok()) << begun.status();
  const std::string& name = begun->name();
  const auto piece = [&](int64_t number) {
    return bytes.substr(static_cast<size_t>(number * kChunkBytes), kChunkBytes);
  };
  ASSERT_TRUE(papers_.Send(name, 0, piece(0)).ok());
  ASSERT_TRUE(papers_.Send(name, 2 * kChunkBytes, piece(2)).ok());
  EXPECT_EQ(papers_.Get(name)->received_bytes(), kChunkBytes);
  const auto early = papers_.Finish(name);
  EXPECT_EQ(Refused(early), "ATTACHMENT_INCOMPLETE");
  EXPECT_EQ(base::MetadataOf(early.status(), "received_bytes"), absl::StrCat(kChunkBytes));
  EXPECT_TRUE(papers_.Send(name, 0, piece(0)).ok()) << "the same again";
  EXPECT_EQ(Refused(papers_.Send(name, 0, std::string(kChunkBytes, 'y'))),
            "ATTACHMENT_CHUNK_DIFFERS");
  ASSERT_TRUE(papers_.Send(name, kChunkBytes, piece(1)).ok());
  const std::string request = base::Uuid::NewV7().ToString();
  const auto stored = papers_.Finish(name, request);
  ASSERT_TRUE(stored.ok()) << stored.status();
  // Asked again because the answer was lost.
  const auto again = papers_.Finish(name, request);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->etag(), stored->etag());
  EXPECT_EQ(Refused(papers_.Finish(name)), "ATTACHMENT_STATE");
  EXPECT_EQ(Refused(papers_.Send(name, 0, piece(0))), "ATTACHMENT_STATE");
  EXPECT_THAT(Told(name), ElementsAre("AttachmentBegun", "AttachmentStored"));
}

TEST_F(AttachmentDoors, RefuseWhatIsNotWhatWasSaid) {
  const std::string of_case = CaseOf();
  v1::Attachment wrong = Attachments::Said(of_case, PdfOf("one"));
  wrong.set_sha256(Sha256Of(PdfOf("two")));
  EXPECT_EQ(Refused(papers_.Upload(wrong, PdfOf("one"))), "ATTACHMENT_HASH");
  const std::string program = std::string("MZ\x90\0", 4) + "This program cannot be run";
  const auto disguised = papers_.Upload(Attachments::Said(of_case, program), program);
  EXPECT_EQ(Refused(disguised), "ATTACHMENT_TYPE");
  const std::string text = "주민번호 850312-1234567";
  EXPECT_EQ(
      Refused(papers_.Upload(Attachments::Said(of_case, text, v1::ATTACHMENT_TYPE_TEXT), text)),
      "RESIDENT_NUMBER");
  EXPECT_THAT(papers_.FilesBelow("files"), IsEmpty());
  EXPECT_THAT(papers_.FilesBelow("making"), IsEmpty());
}

TEST_F(AttachmentDoors, RefuseWhatCannotBeBegun) {
  const std::string bytes = PdfOf("one"), of_case = CaseOf();
  const v1::Attachment right = Attachments::Said(of_case, bytes);
  v1::Attachment large = right;
  large.set_size_bytes(20 * 1024 * 1024 + 1);
  EXPECT_EQ(Refused(papers_.Begin(large)), "ATTACHMENT_TOO_LARGE");
  v1::Attachment elsewhere = right;
  elsewhere.set_file_name("../../etc/passwd");
  EXPECT_THAT(base::FieldsOf(papers_.Begin(elsewhere).status()),
              ElementsAre("attachment.file_name"));
  v1::Attachment short_hash = right;
  short_hash.set_sha256("abc");
  EXPECT_THAT(base::FieldsOf(papers_.Begin(short_hash).status()), ElementsAre("attachment.sha256"));
  const std::string nobody = base::Uuid::NewV7().ToString();
  for (const std::string& parent :
       {"cases/" + nobody, of_case + "/sessions/" + nobody, of_case + "/plans/" + nobody,
        "engagements/" + nobody, "applications/" + nobody}) {
    EXPECT_EQ(Refused(papers_.Begin(Attachments::Said(parent, bytes))), "NOT_FOUND") << parent;
  }
  const std::string archived = CaseName(cases_.InCase({.state = v1::CASE_STATE_ARCHIVED}));
  EXPECT_EQ(Refused(papers_.Begin(Attachments::Said(archived, bytes))), "CASE_STATE");
  EXPECT_EQ(world().Ask("SELECT count(*) FROM attachment"), "0");
}

TEST_F(AttachmentDoors, RefusePiecesThatFitNowhere) {
  const std::string bytes = LongPdf();
  const auto begun = papers_.Begin(Attachments::Said(CaseOf(), bytes));
  ASSERT_TRUE(begun.ok()) << begun.status();
  const auto blames = [&](int64_t offset, const std::string& content) {
    const auto sent = papers_.Send(begun->name(), offset, content);
    EXPECT_EQ(Refused(sent), "ATTACHMENT_CHUNK");
    return base::FieldsOf(sent.status());
  };
  EXPECT_THAT(blames(1, std::string(kChunkBytes, 'x')), ElementsAre("offset"));
  EXPECT_THAT(blames(3 * kChunkBytes, "x"), ElementsAre("offset"));
  EXPECT_THAT(blames(0, "x"), ElementsAre("content"));
  EXPECT_THAT(
      base::FieldsOf(papers_.Send(begun->name(), 0, std::string(kChunkBytes + 1, 'x')).status()),
      ElementsAre("content"));
  EXPECT_THAT(papers_.FilesBelow("pieces"), IsEmpty());
}

TEST_F(AttachmentDoors, KeepTheSameContentOfAPersonOnce) {
  const std::string of_case = CaseOf(), bytes = LongPdf();
  absl::StatusOr<v1::Attachment> one, other;
  std::thread beside([&] { other = papers_.Upload(Attachments::Said(of_case, bytes), bytes); });
  one = papers_.Upload(Attachments::Said(of_case, bytes), bytes);
  beside.join();
  ASSERT_TRUE(one.ok() && other.ok()) << one.status() << other.status();
  EXPECT_NE(one->name(), other->name());
  EXPECT_THAT(papers_.FilesBelow("files"), SizeIs(1));
  papers_.Stored(CaseOf(), bytes);
  EXPECT_THAT(papers_.FilesBelow("files"), SizeIs(2)) << "of another person";
  ASSERT_TRUE(papers_.Remove(one->name()).ok());
  papers_.CleanUp();
  EXPECT_THAT(papers_.FilesBelow("files"), SizeIs(2)) << "still needed";
  ASSERT_TRUE(papers_.Remove(other->name()).ok());
  papers_.CleanUp();
  EXPECT_THAT(papers_.FilesBelow("files"), SizeIs(1));
  EXPECT_EQ(papers_.Get(other->name())->state(), v1::ATTACHMENT_STATE_REMOVED);
  EXPECT_EQ(base::ReasonOf(papers_.Download(other->name()).status()), "ATTACHMENT_STATE");
  EXPECT_EQ(Refused(papers_.Remove(other->name())), "ATTACHMENT_STATE");
}

// row:C36
TEST_F(AttachmentDoors, ShowAPaperToWhoSeesItsCase) {
  const v1::Attachment paper = papers_.Stored(CaseOf(), PdfOf("hers"));
  const auto seen = [&](const char* token) {
    Attachments as(served_, token);
    const auto got = as.Get(paper.name());
    const auto listed = as.List(paper.parent());
    if (listed.ok()) {
      EXPECT_EQ(listed->size(), got.ok() ? 1u : 0u) << token;
    }
    EXPECT_EQ(as.Download(paper.name()).ok(), got.ok()) << token;
    return got.ok() ? std::string("seen") : base::ReasonOf(got.status());
  };
  EXPECT_EQ(seen(kCaseManagerToken), "seen");
  EXPECT_EQ(seen(kOtherCaseManagerToken), "NOT_FOUND");
  EXPECT_EQ(seen(kSupervisorToken), "seen");
  EXPECT_EQ(seen(kCentreHeadToken), "PERMISSION_DENIED");
  EXPECT_EQ(seen("centre-b"), "NOT_FOUND");
  EXPECT_EQ(seen(kScannerToken), "seen");
  Attachments others(served_, kOtherCaseManagerToken);
  EXPECT_EQ(Refused(others.Begin(Attachments::Said(paper.parent(), PdfOf("x")))), "NOT_FOUND");
  EXPECT_EQ(Refused(others.Remove(paper.name())), "NOT_FOUND");
  EXPECT_EQ(
      Refused(Attachments(served_, kCaseManagerToken).Scan(paper, v1::ATTACHMENT_SCAN_STATE_CLEAN)),
      "PERMISSION_DENIED");
}

TEST_F(AttachmentDoors, ShowAFirmsPaperToItsCentre) {
  const base::Uuid engagement =
      world().Open(world().HearCampaign({.edition = "2024",
                                         .window_start = "2024-03-13 10:00",
                                         .window_end = "2024-10-10 18:00",
                                         .centre = kCentreA}));
  const std::string parent = "engagements/" + engagement.ToString();
  const v1::Attachment paper = Attachments(served_, "centre-a").Stored(parent, PdfOf("report"));
  EXPECT_EQ(paper.person(), "");
  EXPECT_TRUE(Attachments(served_, "centre-a").Download(paper.name()).ok());
  EXPECT_EQ(Refused(Attachments(served_, "centre-b").Get(paper.name())), "NOT_FOUND");
  EXPECT_THAT(*Attachments(served_, "centre-b").List(parent), IsEmpty());
}

TEST_F(AttachmentDoors, KnowThePapersOfASession) {
  const base::Uuid of_case = cases_.InCase({});
  const base::Uuid session = cases_.Planned(of_case, "2024-05-14 10:00");
  const std::string parent = absl::StrCat(CaseName(of_case), "/sessions/", session.ToString());
  const v1::Attachment paper = papers_.Stored(parent, PdfOf("worksheet"));
  EXPECT_EQ(paper.parent(), parent);
  papers_.Stored(CaseName(of_case), PdfOf("consent"));
  EXPECT_THAT(*papers_.List(parent), SizeIs(1));
  EXPECT_THAT(*papers_.List(CaseName(of_case)), SizeIs(2));
  EXPECT_THAT(*papers_.List(CaseName(of_case), "scan_state = ATTACHMENT_SCAN_STATE_UNSCANNED"),
              IsEmpty());
}

TEST_F(AttachmentDoors, GiveNobodyWhatIsNotClean) {
  const v1::Attachment paper = papers_.Stored(CaseOf(), PdfOf("x"), /*scanned=*/false);
  Attachments scanner(served_, kScannerToken);
  const auto refused = [&] { return base::ReasonOf(papers_.Download(paper.name()).status()); };
  EXPECT_EQ(refused(), "ATTACHMENT_NOT_CLEAN");
  EXPECT_TRUE(scanner.Download(paper.name()).ok());
  v1::Attachment something_else = paper;
  something_else.set_sha256(Sha256Of("y"));
  EXPECT_EQ(Refused(scanner.Scan(something_else, v1::ATTACHMENT_SCAN_STATE_CLEAN)),
            "ATTACHMENT_HASH");
  EXPECT_THAT(base::FieldsOf(scanner.Scan(paper, v1::ATTACHMENT_SCAN_STATE_UNSCANNED).status()),
              ElementsAre("result"));
  ASSERT_TRUE(scanner.Scan(paper, v1::ATTACHMENT_SCAN_STATE_CLEAN).ok());
  EXPECT_EQ(refused(), "");
  ASSERT_TRUE(scanner.Scan(paper, v1::ATTACHMENT_SCAN_STATE_INFECTED).ok());
  EXPECT_EQ(refused(), "ATTACHMENT_NOT_CLEAN") << "who may everything else may not this";
  EXPECT_EQ(papers_.Get(paper.name())->scanner(), "clamav 1.4.1");
}

// law:L17 law:L19
TEST_F(AttachmentDoors, WriteDownWhoReadWhatAndWhy) {
  const v1::Attachment paper = papers_.Stored(CaseOf(), PdfOf("x"));
  v1::DownloadAttachmentRequest request;
  request.set_name(paper.name());
  v1::DownloadAttachmentResponse response;
  const auto download = [&] {
    return served_.Call("AttachmentService/DownloadAttachment", request, &response);
  };
  EXPECT_THAT(base::FieldsOf(download()), ElementsAre("access_reason"));
  request.set_access_reason("..");
  EXPECT_THAT(base::FieldsOf(download()), ElementsAre("access_reason"));
  request.set_access_reason("회의 자료");
  ASSERT_TRUE(download().ok());
  EXPECT_EQ(world().Ask(absl::StrCat(
                "SELECT string_agg(outcome || ' ' || reason, ',' ORDER BY number) FROM access_log "
                "WHERE action = 'casemgmt.attachments.download' AND subjects @> ARRAY['",
                paper.name(), "', '", paper.person(), "']")),
            "OK 회의 자료");
  EXPECT_EQ(world().Ask(absl::StrCat(
                "SELECT count(*) FROM access_log WHERE outcome = 'INVALID_FIELD' AND reason = '' "
                "AND action = 'casemgmt.attachments.download' AND subjects @> ARRAY['",
                paper.name(), "']")),
            "2");
  EXPECT_EQ(world().Ask(absl::StrCat(
                "SELECT count(DISTINCT action) FROM access_log WHERE outcome = 'OK' AND subjects "
                "@> ARRAY['",
                paper.person(), "'] AND action LIKE 'casemgmt.attachments.%'")),
            "5")
      << "create, upload_chunk, finish, record_scan, download";
}

TEST_F(AttachmentDoors, SayWhenAFileIsDamaged) {
  const v1::Attachment paper = papers_.Stored(CaseOf(), LongPdf());
  const fs::path path = papers_.FilesBelow("files")[0];
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(1000);
  const char was = static_cast<char>(file.get());
  file.seekp(1000);
  file.put(static_cast<char>(was ^ 4));
  file.close();
  const absl::Status damaged = papers_.Download(paper.name()).status();
  EXPECT_EQ(damaged.code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(base::ReasonOf(damaged), "ATTACHMENT_DAMAGED");
  EXPECT_TRUE(papers_.Range(paper.name(), kChunkBytes, 10).ok()) << "the second frame is sound";
}

TEST_F(AttachmentDoors, KeepNoMoreThanACaseCanHold) {
  const std::string of_case = CaseOf();
  const v1::Attachment paper = papers_.Stored(of_case, PdfOf("x"));
  world().Ask(absl::StrCat(
      "INSERT INTO attachment (id, case_id, person_id, file_id, file_name, sha256, type, "
      "size_bytes, state, scan_state, scanner, removal_reason, created_at, updated_at) SELECT "
      "gen_random_uuid(), case_id, person_id, file_id, file_name, sha256, type, size_bytes, state, "
      "scan_state, scanner, 0, now(), now() FROM attachment CROSS JOIN generate_series(2, 500) "
      "RETURNING 1"));
  EXPECT_EQ(Refused(papers_.Begin(Attachments::Said(of_case, PdfOf("y")))), "ATTACHMENT_LIMIT");
  ASSERT_TRUE(papers_.Remove(paper.name()).ok());
  EXPECT_TRUE(papers_.Begin(Attachments::Said(of_case, PdfOf("y"))).ok());
}

// Ids and codes leave, names do not.
TEST_F(AttachmentDoors, TellNothingOfWhomAPaperIs) {
  const v1::Attachment paper = papers_.Stored(CaseOf(), PdfOf("x"));
  for (const auto& told : world().EventsOf(*base::Uuid::Parse(paper.name().substr(12)))) {
    EXPECT_THAT(told.payload, Not(HasSubstr("김연결")));
    EXPECT_THAT(told.payload, Not(HasSubstr(paper.person().substr(8))));
  }
  const auto stored = world().LastOf(*base::Uuid::Parse(paper.name().substr(12)));
  const auto event = stored.As<v1::AttachmentScanned>();
  EXPECT_EQ("cases/" + event.attachment().case_id(), paper.parent());
  EXPECT_EQ(event.centre_id(), kCentreA);
  EXPECT_EQ(event.event_date(), "2024-05-13");
}

}  // namespace
}  // namespace ieum::casemgmt::testing
