// Goal: a file comes into the registry once, wherever its reader or the registry stopped on the
// way. Method: `ieumctl import`'s own code over gRPC against the real database, with calls that
// fail where the test says. row:R7
#include <gmock/gmock.h>

#include <atomic>
#include <fstream>

#include "absl/strings/match.h"
#include "tests/integration/registry/import_world.h"
#include "tools/import/importer.h"

namespace ieum::registry {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

class ImportedFile : public Imports {
 protected:
  ImportedFile() : path_(::testing::TempDir() + "/" + base::Uuid::NewV7().ToString() + ".csv") {
    order_.file = path_;
    order_.kind = v1::IMPORT_KIND_FIRMS;
    order_.policy = v1::DUPLICATE_POLICY_LINK;
    order_.patience = absl::ZeroDuration();
    order_.wishes.defaults["valid_from"] = "2023-03-14";
  }
  ~ImportedFile() override { std::remove(path_.c_str()); }

  void WriteFirms(int count) {
    std::ofstream file(path_);
    file << "사업자등록번호,상호,상시근로자수,지역코드\n";
    for (int n = 1; n <= count; ++n) {
      file << BusinessNumber(n) << ",(주)가상산업 " << n << "," << n % 90 + 1 << ",26440\n";
    }
  }
  absl::StatusOr<import::Result> Import() {
    return import::ImportFile(
        order_,
        [&](const std::string& method, const auto& request, google::protobuf::Message* response) {
          const bool upload = absl::StrContains(method, "Upload");
          if (upload && stop_before_ > 0 && ++uploads_ >= stop_before_) {
            return absl::UnavailableError("gone");
          }
          const absl::Status status = as_->Call(method, request, response, absl::Seconds(30));
          if (upload && lose_answer_ > 0 && ++uploads_ == lose_answer_) {
            return absl::UnavailableError("the answer was lost");
          }
          return status;
        },
        [](const import::Progress&) {});
  }

  rpc::Peer* as_ = world_.manager.get();
  const std::string path_;
  import::Order order_;
  std::atomic<int> uploads_ = 0;
  int stop_before_ = 0, lose_answer_ = 0;
};

TEST_F(ImportedFile, ComesInOnce) {
  WriteFirms(1200);
  const auto first = Import();
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->import.created_count(), 1200);
  EXPECT_EQ(first->import.chunk_count(), 3);
  EXPECT_EQ(first->import.state(), v1::IMPORT_STATE_COMPLETED);
  const std::string positions = world_.Ask("SELECT sum(newest) FROM outbox_positions()");
  const auto again = Import();
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->was_there);
  EXPECT_EQ(world_.Ask("SELECT sum(newest) FROM outbox_positions()"), positions);
  order_.again = true;
  const std::string told = Told();
  const auto once_more = Import();
  ASSERT_TRUE(once_more.ok()) << once_more.status();
  EXPECT_EQ(once_more->import.unchanged_count(), 1200);
  EXPECT_EQ(Told(), told);
}

TEST_F(ImportedFile, IsGoneOnWithWhereItStopped) {
  WriteFirms(2000);
  order_.on_their_way = 1;
  stop_before_ = 3;
  EXPECT_TRUE(absl::IsUnavailable(Import().status()));
  stop_before_ = 0;
  const auto hint = Import().status();
  EXPECT_TRUE(absl::IsFailedPrecondition(hint));
  EXPECT_THAT(hint.message(), HasSubstr("--resume"));
  order_.resume = true;
  uploads_ = 0;
  stop_before_ = 100;
  const auto done = Import();
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_EQ(uploads_, 2) << "what has come is not sent again";
  EXPECT_EQ(done->import.created_count(), 2000);
  EXPECT_EQ(Told(), "2000");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM organization"), "2000");
}

// Who acts for all and names no centre brings rows of the suite: not those of a centre that stopped
// in the middle of the same file, nor is what a centre imported his.
TEST_F(ImportedFile, OfAnotherCentreIsNotGoneOnWith) {
  Centres();
  WriteFirms(1200);
  as_ = a_.get();
  stop_before_ = 2;
  order_.on_their_way = 1;
  EXPECT_TRUE(absl::IsUnavailable(Import().status()));
  stop_before_ = 0;
  EXPECT_THAT(Import().status().message(), HasSubstr("--resume")) << "his own, whom he acts for";
  order_.resume = true;
  as_ = world_.manager.get();
  const auto suite = Import();
  ASSERT_TRUE(suite.ok()) << suite.status();
  EXPECT_EQ(suite->import.centre(), "");
  EXPECT_EQ(suite->import.chunk_count(), 3);
  as_ = a_.get();
  const auto own = Import();
  ASSERT_TRUE(own.ok()) << own.status();
  EXPECT_FALSE(own->was_there) << "it is his that is completed now";
  EXPECT_EQ(own->import.centre(), absl::StrCat("organizations/", ieum::testing::kCentreA));
  EXPECT_TRUE(Import()->was_there);
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM import_job"), "2");
}

TEST_F(ImportedFile, LosesNothingWithALostAnswer) {
  WriteFirms(1200);
  lose_answer_ = 2;
  order_.patience = absl::Seconds(5);
  const auto done = Import();
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_EQ(done->import.created_count(), 1200);
  EXPECT_EQ(Told(), "1200");
}

TEST_F(ImportedFile, TellsItsRefusedRowsByLine) {
  std::ofstream(path_) << "사업자등록번호,상호,근로자수,지역코드\n"
                       << BusinessNumber(1) << ",가상산업,약 서른,26440\n"
                       << BusinessNumber(2) << ",나래산업,30,99999\n"
                       << "123,다온산업,30,26440\n"
                       << BusinessNumber(4) << ",라온산업,2000000,26440\n"
                       << BusinessNumber(5) << ",마루산업,30,26440\n";
  order_.dry_run = true;
  const auto rehearsed = Import();
  ASSERT_TRUE(rehearsed.ok()) << rehearsed.status();
  EXPECT_EQ(rehearsed->import.refused_count(), 4);
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM organization"), "0");
  order_.dry_run = false;
  const auto result = Import();
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->import.created_count(), 1);
  EXPECT_EQ(
      Words(result->refused),
      (std::vector<std::string>{
          "REFUSED facts.total_headcount INVALID_FIELD", "REFUSED facts.region_code REGION_UNKNOWN",
          "REFUSED organization.business_registration_number BUSINESS_NUMBER_FORMAT",
          "REFUSED facts.total_headcount INVALID_FIELD"}));
  EXPECT_EQ(result->refused[1].number(), 3);
  EXPECT_EQ(Words(rehearsed->refused), Words(result->refused));
}

}  // namespace
}  // namespace ieum::registry
