// Goal: what nobody needs is deleted and what somebody needs never is; who is erased leaves no
// paper that could be opened. Method: erasures, ends of uploads, and a directory into which files
// were put that no row knows. row:C21 law:L14
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "absl/strings/str_cat.h"
#include "ieum/platform/v1/personal_data.pb.h"
#include "platform/base/status.h"
#include "services/casemgmt/attachments/attachment_dues.h"
#include "tests/integration/casemgmt/attachment_world.h"
#include "tests/integration/casemgmt/case_world.h"
#include "tests/integration/casemgmt/session_world.h"
#include "tests/unit/casemgmt/attachment_files.h"

namespace ieum::casemgmt::testing {
namespace {

namespace fs = std::filesystem;

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class GoneAttachments : public ::testing::Test {
 protected:
  World& world() { return served_.world(); }
  base::Uuid IdOfPaper(const v1::Attachment& paper) {
    return *base::Uuid::Parse(paper.name().substr(paper.name().find('/') + 1));
  }
  absl::Status Sweep() {
    return SweepAttachments(world().ledger(), served_.attachment_files(),
                            absl::Now() + absl::Hours(1));
  }
  void Put(const std::string& path) {
    const fs::path whole = fs::path(served_.attachment_folder()) / path;
    fs::create_directories(whole.parent_path());
    std::ofstream(whole) << "left behind";
  }

  Served served_{"2024-05-13 09:30"};
  Sessions cases_{world()};
  Attachments papers_{served_};
};

TEST_F(GoneAttachments, GoWithTheirPerson) {
  const base::Uuid of_case = cases_.InCase({}), person = cases_.PersonOf(of_case);
  const v1::Attachment kept = papers_.Stored(CaseName(cases_.InCase({})), PdfOf("another's"));
  const v1::Attachment paper = papers_.Stored(CaseName(of_case), PdfOf("hers"));
  const auto begun = papers_.Begin(Attachments::Said(CaseName(of_case), PdfOf("coming")));
  ASSERT_TRUE(begun.ok()) << begun.status();
  ASSERT_TRUE(papers_.Send(begun->name(), 0, PdfOf("coming")).ok());
  Cases(world()).Erase(person);
  for (const std::string& name : {paper.name(), begun->name()}) {
    const auto erased = papers_.Get(name);
    ASSERT_TRUE(erased.ok()) << erased.status();
    EXPECT_EQ(erased->state(), v1::ATTACHMENT_STATE_ERASED);
    EXPECT_EQ(erased->file_name() + erased->sha256() + erased->person(), "");
    EXPECT_EQ(base::ReasonOf(papers_.Download(name).status()), "ATTACHMENT_STATE");
    EXPECT_EQ(base::ReasonOf(papers_.Finish(name).status()), "ATTACHMENT_STATE");
  }
  EXPECT_EQ(world().LastOf(IdOfPaper(paper)).type, "AttachmentErased");
  EXPECT_EQ(world().Ask(absl::StrCat("SELECT count(*) FROM attachment WHERE person_id = '",
                                     person.ToString(), "'")),
            "0");
  EXPECT_EQ(
      base::ReasonOf(papers_.Begin(Attachments::Said(CaseName(of_case), PdfOf("late"))).status()),
      "PERSON_ERASED");
  papers_.CleanUp();
  EXPECT_THAT(papers_.FilesBelow("files"), SizeIs(1));
  EXPECT_THAT(papers_.FilesBelow("pieces"), IsEmpty());
  EXPECT_EQ(*papers_.Download(kept.name()), PdfOf("another's"));
}

// row:Y5
TEST_F(GoneAttachments, AreToldToTheirPersonBefore) {
  const base::Uuid of_case = cases_.InCase({}), person = cases_.PersonOf(of_case);
  papers_.Stored(CaseName(of_case), PdfOf("hers"));
  platform::v1::ExportPersonalDataRequest request;
  request.set_person("persons/" + person.ToString());
  platform::v1::ExportPersonalDataResponse held;
  ASSERT_TRUE(served_
                  .CallOther(kManagerToken,
                             "/ieum.platform.v1.PersonalDataService/ExportPersonalData", request,
                             &held)
                  .ok());
  std::string told;
  for (const auto& record : held.records()) {
    if (record.kind() == "attachments") told += record.ShortDebugString();
  }
  EXPECT_THAT(told, HasSubstr("file_name"));
  EXPECT_THAT(held.DebugString(), Not(HasSubstr("%PDF")));
}

TEST_F(GoneAttachments, AreGivenUpWhenNobodyFinishesThem) {
  const auto begun = papers_.Begin(Attachments::Said(CaseName(cases_.InCase({})), PdfOf("never")));
  ASSERT_TRUE(begun.ok()) << begun.status();
  ASSERT_TRUE(papers_.Send(begun->name(), 0, PdfOf("never")).ok());
  const flow::DueWork expiry = UploadExpiry(world().ledger());
  const absl::Time begin = Korea("2024-05-13 09:30");
  ASSERT_TRUE(expiry.step(begin + kUploadTime - absl::Seconds(1)).ok());
  EXPECT_EQ(papers_.Get(begun->name())->state(), v1::ATTACHMENT_STATE_UPLOADING);
  EXPECT_EQ(*expiry.count_due(begin + kUploadTime), 1);
  ASSERT_TRUE(expiry.step(begin + kUploadTime).ok());
  EXPECT_EQ(papers_.Get(begun->name())->state(), v1::ATTACHMENT_STATE_ABANDONED);
  EXPECT_EQ(world().LastOf(IdOfPaper(*begun)).type, "AttachmentAbandoned");
  EXPECT_EQ(base::ReasonOf(papers_.Finish(begun->name()).status()), "ATTACHMENT_STATE");
  papers_.CleanUp();
  EXPECT_THAT(papers_.FilesBelow("pieces"), IsEmpty());
}

TEST_F(GoneAttachments, AreSweptWhereNoRowKnowsThem) {
  const v1::Attachment kept = papers_.Stored(CaseName(cases_.InCase({})), PdfOf("kept"));
  papers_.CleanUp();
  const auto uploading =
      papers_.Begin(Attachments::Said(CaseName(cases_.InCase({})), PdfOf("coming")));
  ASSERT_TRUE(papers_.Send(uploading->name(), 0, PdfOf("coming")).ok());
  const std::string stranger = base::Uuid::NewV7().ToString();
  Put(absl::StrCat("files/", stranger.substr(0, 2), "/", stranger.substr(2, 2), "/", stranger));
  Put(absl::StrCat("pieces/", stranger, "/0-abcd"));
  Put(absl::StrCat("making/", stranger));
  Put("files/readme");  // not ours
  ASSERT_TRUE(
      SweepAttachments(world().ledger(), served_.attachment_files(), absl::Now() - absl::Hours(1))
          .ok());
  EXPECT_THAT(papers_.FilesBelow("making"), SizeIs(1)) << "young ones may be on their way";
  const absl::Status swept = Sweep();
  ASSERT_TRUE(swept.ok()) << swept;
  EXPECT_THAT(papers_.FilesBelow("making"), IsEmpty());
  EXPECT_THAT(papers_.FilesBelow("pieces"), SizeIs(1));
  EXPECT_THAT(papers_.FilesBelow("files"), SizeIs(2));
  EXPECT_EQ(*papers_.Download(kept.name()), PdfOf("kept"));
  EXPECT_TRUE(papers_.Finish(uploading->name()).ok());
}

// The file goes and somebody begins the same content: either comes first.
TEST_F(GoneAttachments, AreThereAgainWhenTheSameContentComes) {
  const std::string parent = CaseName(cases_.InCase({}));
  const v1::Attachment first = papers_.Stored(parent, PdfOf("same"));
  ASSERT_TRUE(papers_.Remove(first.name()).ok());
  const auto second = papers_.Begin(Attachments::Said(parent, PdfOf("same")));
  ASSERT_TRUE(second.ok()) << second.status();
  papers_.CleanUp();  // nobody may think that the file is still there, nor delete what comes
  ASSERT_TRUE(papers_.SendFrom(second->name(), 0, PdfOf("same")).ok());
  ASSERT_TRUE(papers_.Finish(second->name()).ok());
  papers_.CleanUp();
  ASSERT_TRUE(Sweep().ok());
  EXPECT_THAT(papers_.FilesBelow("files"), SizeIs(1));
  EXPECT_EQ(*Attachments(served_, kScannerToken).Download(second->name()), PdfOf("same"));
}

}  // namespace
}  // namespace ieum::casemgmt::testing
