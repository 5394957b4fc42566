// Goal: people out of a file are judged as when nobody is asked, and nobody comes twice. Method:
// chunks over gRPC against the real database and vault, two centres side by side. row:R7 row:R2
#include <gmock/gmock.h>

#include <barrier>
#include <pqxx/pqxx>
#include <thread>
#include <tuple>

#include "ieum/registry/v1/merge_service.pb.h"
#include "tests/integration/registry/import_world.h"
#include "tests/support/wait.h"

namespace ieum::registry {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kPhone[] = "010-0000-4321";

class PeopleImports : public Imports {};

TEST_F(PeopleImports, RegisterPeopleAsIfEachCameAlone) {
  const std::string import = Begun(People());
  Uploaded(import, 1, {PersonRow(2, "김민수", kPhone, 1984), PersonRow(3, "박하늘")});
  EXPECT_THAT(Words(Rows(import)), ElementsAre("CREATED", "CREATED"));
  v1::GetPersonRequest get;
  get.set_name(Rows(import)[0].person());
  const auto person = world_.Call<v1::Person>("PersonService/GetPerson", get);
  ASSERT_TRUE(person.ok()) << person.status();
  EXPECT_EQ(person->full_name(), "김민수");
  EXPECT_EQ(person->phone_e164(), "+821000004321");
  EXPECT_EQ(world_.EventTypes(get.name()), std::vector<std::string>{"PersonRegistered"});
  EXPECT_THAT(Create(Wanted("Kim Min-su", kPhone, 1984))->candidates(), SizeIs(1))
      << "she is found again";
}

TEST_F(PeopleImports, ChangeNothingWhenTheSameRowsComeAgain) {
  const std::string first = Begun(People());
  Uploaded(first, 1, {PersonRow(2, "김민수", kPhone, 1984), PersonRow(3, "박하늘")});
  const std::string told = Told();
  for (const auto policy :
       {v1::DUPLICATE_POLICY_LINK, v1::DUPLICATE_POLICY_BLOCK, v1::DUPLICATE_POLICY_QUEUE}) {
    const std::string again = Begun(People(policy, 'b'));
    Uploaded(again, 1, {PersonRow(9, "박하늘"), PersonRow(10, "김민수", kPhone, 1984)});
    EXPECT_THAT(Words(Rows(again)), ElementsAre("UNCHANGED", "UNCHANGED"));
    EXPECT_EQ(Rows(again)[1].person(), Rows(first)[0].person());
  }
  EXPECT_EQ(Told(), told);
}

TEST_F(PeopleImports, DoWithWhomTheyFindWhatTheirPolicySays) {
  const std::string known = Register(Wanted("김민수", kPhone, 1984));
  const v1::RowToImport row = PersonRow(1, "Kim Min-su", "+82 10 0000 4321", 1984);
  const std::string block = Begun(People(v1::DUPLICATE_POLICY_BLOCK));
  const std::string link = Begun(People(v1::DUPLICATE_POLICY_LINK));
  const std::string queue = Begun(People(v1::DUPLICATE_POLICY_QUEUE));
  const std::string told = Told();
  Uploaded(block, 1, {row});
  Uploaded(link, 1, {row});
  EXPECT_THAT(Words(Rows(block)), ElementsAre("REFUSED person DUPLICATE_PERSON"));
  EXPECT_THAT(Words(Rows(link)), ElementsAre("LINKED"));
  EXPECT_EQ(Rows(link)[0].person(), known);
  EXPECT_EQ(Told(), told);
  v1::RowToImport other = row;
  other.mutable_person()->set_email("minsu@example.test");
  Uploaded(queue, 1, {other});
  EXPECT_THAT(Words(Rows(queue)), ElementsAre("REVIEW"));
  ASSERT_THAT(Pairs(), SizeIs(1));
  EXPECT_THAT((std::vector<std::string>{Pairs()[0].person(), Pairs()[0].other_person()}),
              ::testing::UnorderedElementsAre(known, Rows(queue)[0].person()));
}

TEST_F(PeopleImports, FindThoseWhomEarlierRowsOfTheChunkHaveMade) {
  v1::RowToImport spelt = PersonRow(2, "Kim Min-su", kPhone, 1984);
  spelt.mutable_person()->set_latin_name("KIM MINSU");
  const std::vector<v1::RowToImport> rows = {PersonRow(1, "김민수", kPhone, 1984), spelt,
                                             PersonRow(3, "김민수", kPhone, 1984)};
  const std::string link = Begun(People());
  Uploaded(link, 1, rows);
  EXPECT_THAT(Words(Rows(link)), ElementsAre("CREATED", "LINKED", "UNCHANGED"));
  EXPECT_EQ(Rows(link)[1].person(), Rows(link)[0].person());
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM person"), "1");
}

TEST_F(PeopleImports, PutPairsOfOneChunkIntoTheQueue) {
  const std::string queue = Begun(People(v1::DUPLICATE_POLICY_QUEUE));
  v1::RowToImport again = PersonRow(2, "김 민수", kPhone, 1984);
  again.mutable_person()->set_email("minsu@example.test");
  Uploaded(queue, 1, {PersonRow(1, "김민수", kPhone, 1984), again});
  EXPECT_THAT(Words(Rows(queue)), ElementsAre("CREATED", "REVIEW"));
  EXPECT_THAT(Pairs(), SizeIs(1));
}

TEST_F(PeopleImports, NameInARehearsalOnlyWhoIsThere) {
  const std::string known = Register(Wanted("김민수", kPhone, 1984));
  const v1::RowToImport like = PersonRow(1, "Kim Min-su", "+82 10 0000 4321", 1984);
  for (const auto& [policy, word, person] :
       {std::tuple(v1::DUPLICATE_POLICY_QUEUE, "REVIEW", std::string()),
        std::tuple(v1::DUPLICATE_POLICY_LINK, "LINKED", known)}) {
    v1::UploadImportRowsRequest request = Chunk("imports/-", 1, {like});
    request.set_validate_only(true);
    *request.mutable_import() = People(policy).import();
    const auto rehearsed = Upload(request);
    ASSERT_TRUE(rehearsed.ok()) << rehearsed.status();
    ASSERT_THAT(rehearsed->import_rows(), SizeIs(1));
    EXPECT_THAT(Words({rehearsed->import_rows().begin(), rehearsed->import_rows().end()}),
                ElementsAre(word));
    EXPECT_EQ(rehearsed->import_rows(0).person(), person);
  }
}

TEST_F(PeopleImports, RefuseARowAndTellNothingOfIt) {
  std::vector<v1::RowToImport> rows = {PersonRow(1, "김민수", "12"), PersonRow(2, "박하늘"),
                                       PersonRow(3, "최가온", "", 2024), PersonRow(4, "한나래")};
  rows[1].mutable_person()->set_centre("organizations/" + base::Uuid::NewV7().ToString());
  rows[3].mutable_person()->set_birth_date("2015-03-01");
  const std::string import = Begun(People());
  Uploaded(import, 1, rows);
  EXPECT_THAT(Words(Rows(import)), ElementsAre("REFUSED person.phone PHONE_INVALID",
                                               "REFUSED person.centre INVALID_FIELD",
                                               "REFUSED person.birth_year DATE_INVALID",
                                               "REFUSED person.guardian GUARDIAN_MISSING"));
  EXPECT_THAT(world_.Ask("SELECT string_agg(r::text, ' ') FROM import_row r"),
              Not(HasSubstr("김민수")));
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM person"), "0");
}

TEST_F(PeopleImports, DoNotBringBackWhoWasErased) {
  const std::string first = Begun(People());
  Uploaded(first, 1, {PersonRow(1, "김민수", kPhone, 1984)});
  const std::string person = IdOf(Rows(first)[0].person());
  const absl::Status erased = world_.database.database().Write("erase", [&](db::Tx& tx) {
    db::PersonKeys(world_.vault())
        .Destroy(tx, *base::Uuid::Parse(person), Korea("2023-05-02 12:00"));
    return absl::OkStatus();
  });
  ASSERT_TRUE(erased.ok()) << erased;
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM import_identity WHERE person_id IS NULL"), "1");
  const std::string again = Begun(People(v1::DUPLICATE_POLICY_LINK, 'b'));
  Uploaded(again, 1, {PersonRow(1, "김민수", kPhone, 1984)});
  EXPECT_THAT(Words(Rows(again)), ElementsAre("REFUSED person PERSON_ERASED"));
}

// She is found before her erasure and linked behind it: nothing of the row is kept under her id.
TEST_F(PeopleImports, LinkNobodyWhoIsErasedMeanwhile) {
  const std::string known = IdOf(Register(Wanted("김민수", kPhone, 1984)));
  const std::string import = Begun(People());
  pqxx::connection erasing(world_.database.conninfo());
  pqxx::work erasure(erasing);
  erasure.exec("SELECT 1 FROM aggregate WHERE id = '" + known + "' FOR UPDATE");
  std::thread uploading(
      [&] { Uploaded(import, 1, {PersonRow(1, "Kim Min-su", "+82 10 0000 4321", 1984)}); });
  EXPECT_TRUE(ieum::testing::WaitFor([&] {
    return world_.Ask(
               "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
               "AND wait_event_type = 'Lock'") == "1";
  }));
  erasure.exec("UPDATE person SET erased_at = now() WHERE id = '" + known + "'");
  erasure.exec("UPDATE person_key SET wrapped = NULL, destroyed_at = now() WHERE person_id = '" +
               known + "'");
  erasure.commit();
  uploading.join();
  EXPECT_THAT(Words(Rows(import)), ElementsAre("CREATED"));
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM import_identity WHERE person_id = '" + known + "'"),
            "0");
}

TEST_F(PeopleImports, OfTwoCentresDoNotHearOfEachOther) {
  Centres();
  const std::string mine = Begun(People(), a_.get());
  ASSERT_TRUE(Upload(Chunk(mine, 1, {PersonRow(1, "김민수", kPhone, 1984)}), a_.get()).ok());
  const std::string theirs = Begun(People(), b_.get());
  const auto response = Upload(Chunk(theirs, 1, {PersonRow(1, "김민수", kPhone, 1984)}), b_.get());
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->review_count(), 1) << "the pair is for who acts for both";
  EXPECT_EQ(world_.Ask("SELECT count(DISTINCT centre_id) FROM person"), "2");
  EXPECT_EQ(base::ReasonOf(Get(mine, b_.get()).status()), "NOT_FOUND");
  EXPECT_EQ(base::ReasonOf(Upload(Chunk(mine, 2, {PersonRow(2, "박하늘")}), b_.get()).status()),
            "NOT_FOUND");
  v1::ListImportsRequest list;
  EXPECT_THAT(
      world_.Call<v1::ListImportsResponse>("ImportService/ListImports", list, b_.get())->imports(),
      SizeIs(1));
}

TEST_F(PeopleImports, TakeOnePersonWhomTwoBringAtTheSameTime) {
  const std::string import = Begun(People());
  std::vector<std::thread> callers;
  std::barrier together(4);
  for (int at = 0; at < 4; ++at) {
    callers.emplace_back([&, at] {
      together.arrive_and_wait();
      if (at % 2 == 0) {
        Uploaded(import, at + 1, {PersonRow(at + 1, "김민수", kPhone, 1984)});
      } else {
        EXPECT_TRUE(Unasked(Wanted("김민수", kPhone, 1984), v1::DUPLICATE_POLICY_LINK).ok());
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM person"), "1");
}

// Those who wait for each other have all looked before, and found what was there then.
class PeopleImportsBesideOthers : public PeopleImports {
 protected:
  PeopleImportsBesideOthers() : other_(world_.database.conninfo()), holding_(other_) {
    holding_.exec("SELECT pg_advisory_xact_lock(hashtextextended('match', 0))");
  }
  std::string Waiting() {
    return world_.Ask(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND wait_event_type = 'Lock'");
  }
  bool HaveLooked(int many) {
    return ieum::testing::WaitFor([&] { return Waiting() == std::to_string(many); });
  }
  void SetPhone(const std::string& person, const std::string& phone) {
    v1::UpdatePersonRequest request;
    request.mutable_person()->set_name(person);
    request.mutable_person()->set_phone(phone);
    request.mutable_update_mask()->add_paths("phone");
    ASSERT_TRUE(world_.Call<v1::Person>("PersonService/UpdatePerson", request).ok());
  }
  void Merge(const std::string& survivor, const std::string& duplicate) {
    v1::MergePersonsRequest request;
    request.set_survivor(survivor);
    request.set_duplicate(duplicate);
    request.set_reason("both came with one form");
    const auto merged = world_.Call<v1::Merge>("MergeService/MergePersons", request);
    ASSERT_TRUE(merged.ok()) << merged.status();
  }

  pqxx::connection other_;
  pqxx::work holding_;
};

TEST_F(PeopleImportsBesideOthers, FindEachOthersPeopleAndWhoChangedSinceTheyLooked) {
  const std::string moved = Register(Wanted("박하늘", "010-0000-1111", 1990));
  const std::string lost = Register(Wanted("최가온", "010-0000-3333", 1991));
  const std::string stands = Register(Wanted("한나래", "", 1970));
  const std::string one = Begun(People()), two = Begun(People(v1::DUPLICATE_POLICY_LINK, 'b'));
  const std::string queue = Begun(People(v1::DUPLICATE_POLICY_QUEUE));
  std::vector<std::thread> uploading;
  uploading.emplace_back([&] {
    Uploaded(one, 1,
             {PersonRow(1, "김민수", kPhone, 1984), PersonRow(2, "박하늘", "010-0000-2222", 1990)});
  });
  uploading.emplace_back(
      [&] { Uploaded(two, 1, {PersonRow(1, "Kim Min-su", "+82 10 0000 4321", 1984)}); });
  uploading.emplace_back(
      [&] { Uploaded(queue, 1, {PersonRow(1, "최가온", "010-0000-3333", 1991)}); });
  ASSERT_TRUE(HaveLooked(3));
  SetPhone(moved, "010-0000-2222");
  Merge(stands, lost);
  holding_.commit();
  for (std::thread& each : uploading) each.join();
  std::vector<v1::ImportRow> rows = Rows(one), same = Rows(two);
  ASSERT_THAT(rows, SizeIs(2));
  ASSERT_THAT(same, SizeIs(1));
  EXPECT_THAT(Words({rows[0], same[0]}), ::testing::UnorderedElementsAre("CREATED", "LINKED"));
  EXPECT_EQ(rows[0].person(), same[0].person()) << "whoever came second found her";
  EXPECT_THAT(Words({rows[1]}), ElementsAre("LINKED")) << "by the number that she has by now";
  EXPECT_EQ(rows[1].person(), moved);
  EXPECT_THAT(Words(Rows(queue)), ElementsAre("REVIEW"));
  ASSERT_THAT(Pairs(), SizeIs(1));
  EXPECT_THAT((std::vector<std::string>{Pairs()[0].person(), Pairs()[0].other_person()}),
              ::testing::UnorderedElementsAre(stands, Rows(queue)[0].person()))
      << "who stands by now for whom was found";
}

TEST_F(PeopleImportsBesideOthers, ComeOnceWhoeverIsKilledWhileHeWaits) {
  const std::string one = Begun(People()), two = Begun(People(v1::DUPLICATE_POLICY_LINK, 'b'));
  const auto first = Chunk(one, 1, {PersonRow(1, "김민수", kPhone, 1984), PersonRow(2, "박하늘")});
  const auto second = Chunk(two, 1, {PersonRow(7, "박하늘"), PersonRow(8, "김민수", kPhone, 1984)});
  std::vector<std::thread> uploading;
  for (const auto* chunk : {&first, &second, &first}) {
    // Who loses his connection may hear that he should send it again.
    uploading.emplace_back([this, chunk] { Upload(*chunk).status().IgnoreError(); });
  }
  ASSERT_TRUE(HaveLooked(3));
  holding_.exec(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
      "AND wait_event_type = 'Lock' ORDER BY pid LIMIT 2");
  holding_.commit();
  for (std::thread& each : uploading) each.join();
  for (const auto* chunk : {&first, &second}) {
    const auto sent = Upload(*chunk);
    ASSERT_TRUE(sent.ok()) << sent.status();
    EXPECT_EQ(sent->row_count(), 2);
  }
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM person"), "2");
  EXPECT_EQ(Rows(one)[0].person(), Rows(two)[1].person());
  EXPECT_EQ(Told(), "2");
}

}  // namespace
}  // namespace ieum::registry
