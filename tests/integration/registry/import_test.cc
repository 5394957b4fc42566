// Goal: many rows come in as if each were registered alone, once, however often they are sent.
// Method: chunks of firms over gRPC against the real database. row:R7
#include <gmock/gmock.h>

#include <barrier>
#include <thread>

#include "tests/integration/registry/import_world.h"

namespace ieum::registry {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_F(Imports, RegisterFirmsAsIfEachCameAlone) {
  const std::string import = Begun(Firms());
  Uploaded(import, 1, {FirmRow(2, 1), FirmRow(3, 2)});
  EXPECT_THAT(Words(Rows(import)), ElementsAre("CREATED", "CREATED"));
  const std::string name = Rows(import)[0].organization();
  v1::GetOrganizationRequest get;
  get.set_name(name);
  const auto firm = world_.Call<v1::Organization>("OrganizationService/GetOrganization", get);
  ASSERT_TRUE(firm.ok()) << firm.status();
  EXPECT_EQ(firm->display_name(), "(주)가상산업 1");
  EXPECT_EQ(firm->facts().size_band(), v1::SIZE_BAND_30_TO_49);
  EXPECT_EQ(firm->facts().ksic_section(), "C");
  EXPECT_EQ(firm->etag(), "\"1\"");
  const auto told = world_.Events(name);
  ASSERT_THAT(told, SizeIs(1));
  const auto event = told[0].As<v1::OrganizationRegistered>();
  EXPECT_EQ(event.facts().region_code(), "26440");
  EXPECT_EQ(event.business_registration_number().size(), 10u);
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM organization_version"), "2");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM organization_facts_version"), "2");
}

TEST_F(Imports, RefuseARowAndTakeTheOthers) {
  world_.Firm(7);
  std::vector<v1::RowToImport> rows = {FirmRow(1, 1), FirmRow(2, 2), FirmRow(3, 3), FirmRow(4, 4),
                                       FirmRow(5, 5), FirmRow(6, 6), Unreadable(8)};
  rows[0].mutable_organization()->set_business_registration_number("999-81-00010");
  rows[1].mutable_facts()->set_region_code("99999");
  rows[2].mutable_facts()->set_regular_headcount(41);
  rows[3].mutable_facts()->set_valid_from("2023-02-30");
  rows[4].mutable_organization()->set_kind(v1::ORGANIZATION_KIND_CENTRE);
  const std::string import = Begun(Firms());
  const auto response = Uploaded(import, 1, rows);
  EXPECT_EQ(response.row_count(), 7);
  EXPECT_EQ(response.created_count(), 1);
  EXPECT_EQ(response.refused_count(), 6);
  EXPECT_THAT(
      Words(Rows(import)),
      ElementsAre("REFUSED organization.business_registration_number BUSINESS_NUMBER_CHECKSUM",
                  "REFUSED facts.region_code REGION_UNKNOWN",
                  "REFUSED facts.regular_headcount HEADCOUNT_INCONSISTENT",
                  "REFUSED facts.valid_from DATE_INVALID",
                  "REFUSED organization.kind ORGANIZATION_KIND", "CREATED",
                  "REFUSED facts.total_headcount INVALID_FIELD"));
  EXPECT_THAT(Rows(import, "outcome = IMPORT_OUTCOME_CREATED"), SizeIs(1));
  EXPECT_THAT(Rows(import, "error_reason = \"DATE_INVALID\""), SizeIs(1));
}

TEST_F(Imports, ChangeNothingWhenTheSameRowsComeAgain) {
  const std::string first = Begun(Firms());
  Uploaded(first, 1, {FirmRow(2, 1), FirmRow(3, 2)});
  const std::string told = Told();
  for (const auto policy :
       {v1::DUPLICATE_POLICY_LINK, v1::DUPLICATE_POLICY_BLOCK, v1::DUPLICATE_POLICY_QUEUE}) {
    const std::string again = Begun(Firms(policy, 'b'));
    Uploaded(again, 1, {FirmRow(2, 1), FirmRow(3, 2)});
    EXPECT_THAT(Words(Rows(again)), ElementsAre("UNCHANGED", "UNCHANGED"));
    EXPECT_EQ(Rows(again)[0].organization(), Rows(first)[0].organization());
  }
  EXPECT_EQ(Told(), told);
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM organization_facts_version"), "2");
}

// row:R20
TEST_F(Imports, LeaveToAReviewWhatNobodyChangesAlone) {
  Uploaded(Begun(Firms()), 1, {FirmRow(2, 1)});
  v1::SetSensitiveFieldsRequest sensitive;
  sensitive.add_fields("organization.facts.region_code");
  ASSERT_TRUE(
      world_.Call<v1::SensitiveFieldSet>("ChangeService/SetSensitiveFields", sensitive).ok());
  const std::string import = Begun(Firms(v1::DUPLICATE_POLICY_LINK, 'b'));
  Uploaded(import, 1, {FirmRow(2, 1, "26140"), FirmRow(3, 2), FirmRow(4, 2, "26140")});
  EXPECT_THAT(Words(Rows(import)), ElementsAre("REVIEW", "CREATED", "LINKED"))
      << "what the file itself has made is the file's";
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM organization_facts WHERE region_code = '26140'"), "1");
}

TEST_F(Imports, TakeAChunkOnceHoweverOftenItComes) {
  const std::string import = Begun(Firms());
  const auto once = Uploaded(import, 1, {FirmRow(2, 1)});
  const std::string told = Told();
  EXPECT_EQ(Uploaded(import, 1, {FirmRow(2, 1)}).DebugString(), once.DebugString());
  EXPECT_EQ(Told(), told);
  EXPECT_EQ(base::ReasonOf(Upload(Chunk(import, 1, {FirmRow(2, 2)})).status()),
            "IMPORT_CHUNK_DIFFERS");
  EXPECT_EQ(base::ReasonOf(Upload(Chunk(import, 2, {FirmRow(2, 1)})).status()),
            "IMPORT_CHUNK_DIFFERS")
      << "a row belongs to one chunk";
}

TEST_F(Imports, TakeAChunkOnceThatManyBringAtTheSameTime) {
  const std::string import = Begun(Firms());
  std::vector<v1::RowToImport> rows;
  for (int n = 1; n <= 50; ++n) rows.push_back(FirmRow(n, n));
  std::vector<std::thread> callers;
  std::barrier together(4);
  for (int at = 0; at < 4; ++at) {
    callers.emplace_back([&] {
      together.arrive_and_wait();
      EXPECT_EQ(Uploaded(import, 1, rows).created_count(), 50);
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM organization"), "50");
  EXPECT_EQ(Told(), "50");
}

TEST_F(Imports, TakeOneFirmOfTwoChunksThatBringItAtTheSameTime) {
  const std::string import = Begun(Firms());
  std::vector<std::thread> callers;
  std::barrier together(4);
  for (int at = 0; at < 4; ++at) {
    callers.emplace_back([&, at] {
      together.arrive_and_wait();
      Uploaded(import, at + 1, {FirmRow(10 * at + 1, 1), FirmRow(10 * at + 2, at + 2)});
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM organization"), "5");
  EXPECT_THAT(Rows(import, "outcome = IMPORT_OUTCOME_UNCHANGED"), SizeIs(3));
}

TEST_F(Imports, SayFromWhereToGoOn) {
  const std::string import = Begun(Firms());
  EXPECT_EQ(Get(import)->next_chunk(), 1);
  Uploaded(import, 1, {FirmRow(1, 1)});
  Uploaded(import, 3, {FirmRow(3, 3)});
  EXPECT_EQ(Get(import)->next_chunk(), 2);
  EXPECT_EQ(Get(import)->chunk_count(), 2);
  const auto early = Complete(import, 3).status();
  EXPECT_EQ(base::ReasonOf(early), "IMPORT_INCOMPLETE");
  EXPECT_THAT(early.message(), HasSubstr("chunk 2 of 3"));
  Uploaded(import, 2, {FirmRow(2, 2)});
  EXPECT_EQ(base::ReasonOf(Complete(import, 2).status()), "IMPORT_INCOMPLETE");
  EXPECT_EQ(base::ReasonOf(Complete(import, 3, "\"9\"").status()), "STALE_ETAG");
  const auto done = Complete(import, 3);
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_EQ(done->state(), v1::IMPORT_STATE_COMPLETED);
  EXPECT_EQ(done->created_count(), 3);
  EXPECT_TRUE(done->has_complete_time());
  const auto told = world_.Events(import);
  ASSERT_THAT(told, SizeIs(2));
  EXPECT_EQ(told[0].type, "ImportStarted");
  EXPECT_EQ(told[1].As<v1::ImportCompleted>().created_count(), 3);
  EXPECT_EQ(base::ReasonOf(Upload(Chunk(import, 4, {FirmRow(4, 4)})).status()), "IMPORT_COMPLETED");
  EXPECT_EQ(base::ReasonOf(Complete(import, 3).status()), "IMPORT_COMPLETED");
  EXPECT_TRUE(Upload(Chunk(import, 2, {FirmRow(2, 2)})).ok()) << "it has come";
}

TEST_F(Imports, RunOnceForOneContent) {
  const std::string import = Begun(Firms());
  const auto again = Begin(Firms()).status();
  EXPECT_EQ(base::ReasonOf(again), "IMPORT_RUNNING");
  EXPECT_TRUE(Begin(Firms(v1::DUPLICATE_POLICY_BLOCK)).ok());
  ASSERT_TRUE(Complete(import, 0).ok());
  EXPECT_TRUE(Begin(Firms()).ok());
  v1::ListImportsRequest list;
  list.set_filter(absl::StrCat("content_hash = \"", std::string(64, 'a'),
                               "\" AND state = IMPORT_STATE_COMPLETED"));
  const auto page = world_.Call<v1::ListImportsResponse>("ImportService/ListImports", list);
  ASSERT_TRUE(page.ok()) << page.status();
  ASSERT_THAT(page->imports(), SizeIs(1));
  EXPECT_EQ(page->imports(0).name(), import);
}

TEST_F(Imports, DoWithAFirmThatIsThereWhatTheirPolicySays) {
  const std::string firm = world_.Firm(1);
  const std::string told = Told();
  v1::RowToImport row = FirmRow(1, 1, "26110");
  row.mutable_facts()->set_valid_from("2023-04-01");
  const std::string block = Begun(Firms(v1::DUPLICATE_POLICY_BLOCK));
  const std::string queue = Begun(Firms(v1::DUPLICATE_POLICY_QUEUE));
  const std::string link = Begun(Firms(v1::DUPLICATE_POLICY_LINK));
  Uploaded(block, 1, {row});
  Uploaded(queue, 1, {row});
  EXPECT_THAT(
      Words(Rows(block)),
      ElementsAre("REFUSED organization.business_registration_number BUSINESS_NUMBER_TAKEN"));
  EXPECT_THAT(Words(Rows(queue)), ElementsAre("REVIEW"));
  EXPECT_EQ(Rows(queue)[0].organization(), firm);
  EXPECT_EQ(Told(), told);
  v1::RowToImport later = row;
  later.set_number(2);
  later.mutable_facts()->set_valid_from("2023-04-15");
  Uploaded(link, 1, {row, later});
  EXPECT_THAT(Words(Rows(link)), ElementsAre("LINKED", "LINKED"));
  const auto events = world_.Events(firm);
  ASSERT_GE(events.size(), 3u);
  EXPECT_EQ(events.back().type, "OrganizationFactsChanged");
  EXPECT_EQ(events.back().As<v1::OrganizationFactsChanged>().facts().valid_from(), "2023-04-15");
  EXPECT_EQ(world_.Ask("SELECT o.version = a.version FROM organization o JOIN aggregate a USING "
                       "(id) WHERE o.id = '" +
                       IdOf(firm) + "'"),
            "t");
}

TEST_F(Imports, KnowWhatEarlierRowsOfTheChunkHaveMade) {
  std::vector<v1::RowToImport> rows = {FirmRow(1, 1), FirmRow(2, 1), FirmRow(3, 1, "26110"),
                                       FirmRow(4, 2), FirmRow(5, 3)};
  rows[3].mutable_organization()->set_external_code("G001");
  rows[4].mutable_organization()->set_external_code("G001");
  const std::string import = Begun(Firms());
  Uploaded(import, 1, rows);
  EXPECT_THAT(Words(Rows(import)),
              ElementsAre("CREATED", "UNCHANGED", "LINKED", "CREATED",
                          "REFUSED organization.external_code EXTERNAL_CODE_TAKEN"));
  EXPECT_EQ(world_.Ask("SELECT region_code FROM organization_facts f JOIN organization o ON o.id = "
                       "f.organization_id WHERE o.display_name LIKE '% 1'"),
            "26110");
}

TEST_F(Imports, AreRehearsedWithoutATrace) {
  v1::UploadImportRowsRequest request = Chunk("imports/-", 1, {FirmRow(1, 1), Unreadable(2)});
  request.set_validate_only(true);
  *request.mutable_import() = Firms().import();
  const auto rehearsed = Upload(request);
  ASSERT_TRUE(rehearsed.ok()) << rehearsed.status();
  EXPECT_THAT(Words({rehearsed->import_rows().begin(), rehearsed->import_rows().end()}),
              ElementsAre("CREATED", "REFUSED facts.total_headcount INVALID_FIELD"));
  EXPECT_EQ(rehearsed->created_count(), 1);
  *request.add_rows() = FirmRow(3, 1);
  const auto twice = Upload(request);
  ASSERT_TRUE(twice.ok()) << twice.status();
  EXPECT_THAT(Words({twice->import_rows().begin(), twice->import_rows().end()}),
              ElementsAre("CREATED", "REFUSED facts.total_headcount INVALID_FIELD", "UNCHANGED"));
  for (const v1::ImportRow& row : twice->import_rows()) EXPECT_EQ(row.organization(), "");
  request.clear_import();
  const auto of_nothing = Upload(request).status();
  EXPECT_EQ(base::ReasonOf(of_nothing), "INVALID_FIELD");
  EXPECT_THAT(base::FieldsOf(of_nothing), ElementsAre("import"));
  EXPECT_EQ(world_.Ask("SELECT (SELECT count(*) FROM organization) + (SELECT count(*) FROM "
                       "import_row) + (SELECT count(*) FROM event_log)"),
            "0");
}

TEST_F(Imports, AreAnsweredAsTheyCameWhenTheyAreRehearsedAfterwards) {
  const std::string import = Begun(Firms());
  const auto once = Uploaded(import, 1, {FirmRow(2, 1)});
  v1::UploadImportRowsRequest request = Chunk(import, 1, {FirmRow(2, 1)});
  request.set_validate_only(true);
  const auto rehearsed = Upload(request);
  ASSERT_TRUE(rehearsed.ok()) << rehearsed.status();
  EXPECT_EQ(rehearsed->DebugString(), once.DebugString());
}

TEST_F(Imports, BeginWithTheFirstChunkThatIsMissing) {
  const std::string import = Begun(Firms());
  Uploaded(import, 1000000, {FirmRow(9, 9)});
  EXPECT_EQ(Get(import)->next_chunk(), 1);
  Uploaded(import, 1, {FirmRow(1, 1)});
  Uploaded(import, 2, {FirmRow(2, 2)});
  EXPECT_EQ(Get(import)->next_chunk(), 3);
}

TEST_F(Imports, RefuseWhatIsNoChunk) {
  const std::string import = Begun(Firms());
  EXPECT_EQ(base::ReasonOf(Upload(Chunk(import, 1, {PersonRow(1, "김민수")})).status()),
            "IMPORT_ROW_KIND");
  v1::RowToImport empty;
  empty.set_number(1);
  EXPECT_EQ(base::ReasonOf(Upload(Chunk(import, 1, {empty})).status()), "IMPORT_ROW_KIND");
  EXPECT_EQ(base::ReasonOf(Upload(Chunk(import, 1, {FirmRow(2, 1), FirmRow(2, 2)})).status()),
            "INVALID_FIELD");
  EXPECT_EQ(
      base::ReasonOf(
          Upload(Chunk("imports/" + base::Uuid::NewV7().ToString(), 1, {FirmRow(2, 1)})).status()),
      "NOT_FOUND");
  EXPECT_THAT(Rows(import), IsEmpty());
}

TEST_F(Imports, AreForWhoMayRegisterWhatTheRowsAre) {
  EXPECT_TRUE(absl::IsPermissionDenied(Begin(Firms(), world_.nobody.get()).status()));
  EXPECT_TRUE(absl::IsPermissionDenied(Begin(Firms(), world_.PeerWith("auditor").get()).status()));
}

}  // namespace
}  // namespace ieum::registry
