// Goal: of papers of another centre's cases and firms nobody learns whether there are any. Method:
// two centres side by side, every method of AttachmentService. row:C21 row:R11 row:R23 row:C36
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/integration/casemgmt/attachment_world.h"
#include "tests/integration/casemgmt/session_world.h"
#include "tests/support/centres.h"
#include "tests/unit/casemgmt/attachment_files.h"

namespace ieum::casemgmt::testing {
namespace {

using ieum::testing::Door;
using ieum::testing::Ids;
using ieum::testing::kCentreA;
using ieum::testing::kCentreB;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kPackage[] = "ieum.casemgmt.v1";
// What is said of a paper; 32 bytes.
constexpr char kSaid[] =
    "file_name: 'a.pdf' type: ATTACHMENT_TYPE_PDF size_bytes: 9 "
    "sha256: '0123456789abcdef0123456789abcdef'";

std::vector<Door> Doors() {
  std::vector<Door> doors;
  for (const char* parent : {"cases/{case}", "cases/{case}/sessions/{session}",
                             "engagements/{engagement}", "applications/{form}"}) {
    doors.push_back({"AttachmentService/CreateAttachment",
                     absl::StrCat("attachment { parent: '", parent, "' ", kSaid, " }")});
  }
  for (const char* which : {"paper", "firms", "coming"}) {
    const std::string name = absl::StrCat("name: 'attachments/{", which, "}' ");
    const std::vector<Door> of_one = {
        {"AttachmentService/GetAttachment", name},
        {"AttachmentService/UploadAttachmentChunk", name + "content: 'x'"},
        {"AttachmentService/FinishAttachment", name + "etag: '\"77\"'"},
        {"AttachmentService/DownloadAttachment", name + "access_reason: 'audit'"},
        {"AttachmentService/RecordAttachmentScan",
         name + "result: ATTACHMENT_SCAN_STATE_CLEAN scanner: 'x' "
                "sha256: '0123456789abcdef0123456789abcdef'"},
        {"AttachmentService/RemoveAttachment",
         name + "reason: ATTACHMENT_REMOVAL_REASON_DUPLICATE"}};
    doors.insert(doors.end(), of_one.begin(), of_one.end());
  }
  return doors;
}

const std::vector<Door>& Lists() {
  static const auto* lists = new std::vector<Door>{
      {"AttachmentService/ListAttachments", ""},
      {"AttachmentService/ListAttachments",
       "filter: 'state = ATTACHMENT_STATE_STORED' order_by: 'create_time desc'"}};
  return *lists;
}

class AttachmentCentres : public ::testing::Test {
 protected:
  AttachmentCentres() {
    a_ = Fill(kCentreA);
    b_ = Fill(kCentreB);
  }

  // A case with a session, and an engagement with its form; papers of both, and one on its way.
  Ids Fill(const std::string& centre) {
    World& world = served_.world();
    const base::Uuid of_case = cases_.InCase({.centre = base::Uuid::Parse(centre)});
    const base::Uuid engagement = world.Open(world.HearCampaign({.edition = "2024",
                                                                 .window_start = "2024-03-13 10:00",
                                                                 .window_end = "2024-10-10 18:00",
                                                                 .centre = centre}));
    const std::string parent = CaseName(of_case);
    const auto coming = papers_.Begin(Attachments::Said(parent, PdfOf("coming")));
    EXPECT_TRUE(coming.ok()) << coming.status();
    return {{"case", of_case.ToString()},
            {"session", cases_.Planned(of_case, "2024-05-14 10:00").ToString()},
            {"engagement", engagement.ToString()},
            {"form", world.Draft(engagement).ToString()},
            {"paper", IdOf(papers_.Stored(parent, PdfOf("a")))},
            {"firms", IdOf(papers_.Stored(EngagementName(engagement), PdfOf("b")))},
            {"coming", IdOf(*coming)}};
  }
  static std::string IdOf(const v1::Attachment& paper) {
    return paper.name().substr(paper.name().find('/') + 1);
  }
  // What a list of papers may show.
  static std::vector<std::string> PapersOf(const Ids& ids) {
    return {ids.at("paper"), ids.at("firms"), ids.at("coming")};
  }
  ieum::testing::Calls CallsAs(const std::string& token) {
    return [this, token](const std::string& method, const google::protobuf::Message& request,
                         google::protobuf::Message* response) {
      return served_.CallAs(token, method, request, response);
    };
  }

  Served served_{"2024-05-13 09:30"};
  Sessions cases_{served_.world()};
  Attachments papers_{served_};
  Ids a_, b_;
};

TEST_F(AttachmentCentres, DoNotTellAnothersPapersFromThoseThatAreNotThere) {
  const int64_t before = served_.world().EventCount();
  EXPECT_THAT(ieum::testing::DoorsThatTell(kPackage, Doors(), b_, {}, CallsAs("centre-a")),
              IsEmpty());
  EXPECT_THAT(ieum::testing::DoorsThatTell(kPackage, Doors(), a_, {}, CallsAs("centre-b")),
              IsEmpty());
  EXPECT_EQ(served_.world().EventCount(), before);
}

TEST_F(AttachmentCentres, ListTheirOwnPapersOnly) {
  for (const auto& [token, hidden] : {std::pair{"centre-a", b_}, {"centre-b", a_}}) {
    EXPECT_THAT(
        ieum::testing::ListsThatShow(kPackage, Lists(), {}, PapersOf(hidden), CallsAs(token)),
        IsEmpty())
        << token;
  }
  EXPECT_THAT(
      ieum::testing::ListsThatShow(kPackage, Lists(), {}, PapersOf(a_), CallsAs("centre-ab")),
      Not(IsEmpty()));
}

TEST_F(AttachmentCentres, AreThoughtOfInEveryMethod) {
  EXPECT_THAT(
      ieum::testing::Forgotten({"ieum.casemgmt.v1.AttachmentService"}, Doors(), Lists(), {}),
      IsEmpty());
}

}  // namespace
}  // namespace ieum::casemgmt::testing
