// Goal: staff find a person of their centre by what they hear or read of her, and nobody else; who
// looked for whom and why is written down. Method: spellings, numbers and addresses over gRPC; the
// plans of the statements among many keys. row:R8
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "platform/db/statement.h"
#include "tests/integration/registry/world.h"
#include "tests/support/centres.h"

namespace ieum::registry {
namespace {

using ieum::testing::kCentreA;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

class PersonSearch : public ::testing::Test {
 protected:
  std::string Register(const std::string& full_name, const std::string& phone = "",
                       const std::string& email = "", int birth_year = 0, rpc::Peer* as = nullptr) {
    v1::CreatePersonRequest request;
    request.mutable_person()->set_full_name(full_name);
    request.mutable_person()->set_phone(phone);
    request.mutable_person()->set_email(email);
    request.mutable_person()->set_birth_year(birth_year);
    request.mutable_person()->set_basis(v1::LEGAL_BASIS_CONTRACT);
    const auto person = world_.Call<v1::Person>("PersonService/CreatePerson", request, as);
    EXPECT_TRUE(person.ok()) << person.status();
    return person.ok() ? person->name() : "";
  }
  static v1::SearchPersonsRequest Named(const std::string& full_name) {
    v1::SearchPersonsRequest request;
    request.set_full_name(full_name);
    request.set_access_reason("정보주체의 열람 요청");
    return request;
  }
  absl::StatusOr<v1::SearchPersonsResponse> Search(const v1::SearchPersonsRequest& request,
                                                   rpc::Peer* as = nullptr) {
    return world_.Call<v1::SearchPersonsResponse>("PersonService/SearchPersons", request, as);
  }
  std::vector<std::string> Found(const v1::SearchPersonsRequest& request, rpc::Peer* as = nullptr) {
    const auto response = Search(request, as);
    EXPECT_TRUE(response.ok()) << response.status();
    std::vector<std::string> names;
    if (!response.ok()) return names;
    for (const v1::PersonMatch& match : response->matches()) names.push_back(match.person().name());
    return names;
  }
  std::string PlanOf(const std::string& name, const std::vector<db::Param>& params) {
    std::string plan;
    for (const db::Statement* statement : db::Statement::All()) {
      if (statement->name() != name) continue;
      const absl::Status read = world_.database.database().Read("plan", [&](db::Tx& tx) {
        plan.clear();
        for (const auto& row :
             tx.RunDynamic(absl::StrCat("EXPLAIN (COSTS OFF) ", statement->sql()), params)) {
          absl::StrAppend(&plan, row[0].c_str(), "\n");
        }
        return absl::OkStatus();
      });
      EXPECT_TRUE(read.ok()) << read;
    }
    return plan;
  }

  World world_;
};

TEST_F(PersonSearch, FindsANameInEveryForm) {
  const std::string person = Register("김민수");
  Register("박지영");
  for (const char* written :
       {"김민수", "김 민 수", "ㄱㅣㅁㅁㅣㄴㅅㅜ", "Kim Min-su", "MINSOO KIM", "gim minsu"}) {
    EXPECT_THAT(Found(Named(written)), ElementsAre(person)) << written;
  }
  EXPECT_THAT(Found(Named("김민호")), IsEmpty());
  EXPECT_THAT(Found(Named("민수")), IsEmpty()) << "a whole name";
}

TEST_F(PersonSearch, AnswersThePersonWithWhatFits) {
  const std::string person = Register("김민수", "010-0000-4321", "", 1984);
  v1::SearchPersonsRequest request = Named("Kim Minsu");
  request.set_birth_year(1984);
  const auto response = Search(request);
  ASSERT_TRUE(response.ok()) << response.status();
  ASSERT_EQ(response->matches_size(), 1);
  const v1::PersonMatch& match = response->matches(0);
  EXPECT_EQ(match.person().full_name(), "김민수");
  EXPECT_EQ(match.person().phone_e164(), "+821000004321");
  EXPECT_EQ(match.person().etag(), "\"1\"");
  EXPECT_EQ(match.score(), 90);
  EXPECT_THAT(match.matched_fields(),
              ElementsAre(v1::MATCH_FIELD_ROMANISED_NAME, v1::MATCH_FIELD_BIRTH_YEAR));
  EXPECT_FALSE(response->more());
}

TEST_F(PersonSearch, PutsTheBestFirstAndNeverTheNameInOrder) {
  const std::string spelt = Register("Kim Minsu"), written = Register("김민수");
  EXPECT_THAT(Found(Named("김민수")), ElementsAre(written, spelt));
  EXPECT_THAT(Found(Named("Kim Minsu")), ElementsAre(spelt, written));
}

TEST_F(PersonSearch, FindsByPhoneOfNowAndOfBefore) {
  const std::string person = Register("김민수", "010-0000-4321");
  v1::SearchPersonsRequest request;
  request.set_access_reason("전화 문의");
  request.set_phone("+82 10-0000-4321");
  EXPECT_THAT(Found(request), ElementsAre(person));
  v1::UpdatePersonRequest update;
  update.mutable_person()->set_name(person);
  update.mutable_person()->set_phone("010-0000-9999");
  ASSERT_TRUE(world_.Call<v1::Person>("PersonService/UpdatePerson", update).ok());
  const auto before = Search(request);
  ASSERT_EQ(before->matches_size(), 1);
  EXPECT_THAT(before->matches(0).matched_fields(), ElementsAre(v1::MATCH_FIELD_FORMER_PHONE));
  request.set_phone("010-0000-9999");
  EXPECT_THAT(Search(request)->matches(0).matched_fields(), ElementsAre(v1::MATCH_FIELD_PHONE));
  request.set_full_name("박지영");
  EXPECT_THAT(Found(request), IsEmpty()) << "all that is given must fit";
}

TEST_F(PersonSearch, FindsByEmailInAnyCase) {
  const std::string person = Register("김민수", "", "Kim@firm.test");
  v1::SearchPersonsRequest request;
  request.set_access_reason("메일 문의");
  request.set_email(" KIM@FIRM.test ");
  EXPECT_THAT(Found(request), ElementsAre(person));
  request.set_email("lee@firm.test");
  EXPECT_THAT(Found(request), IsEmpty());
}

TEST_F(PersonSearch, NarrowsANameByTheYearOfBirth) {
  const std::string of_1984 = Register("김민수", "", "", 1984), unknown = Register("김민수");
  Register("김민수", "", "", 1990);
  v1::SearchPersonsRequest request = Named("김민수");
  request.set_birth_year(1984);
  EXPECT_THAT(Found(request), UnorderedElementsAre(of_1984, unknown));
}

TEST_F(PersonSearch, AnswersSoManyAndSaysThatThereAreMore) {
  for (int at = 0; at < 5; ++at) Register("김민수");
  v1::SearchPersonsRequest request = Named("김민수");
  request.set_limit(3);
  const auto response = Search(request);
  EXPECT_EQ(response->matches_size(), 3);
  EXPECT_TRUE(response->more());
  request.set_limit(100'000);
  EXPECT_EQ(Search(request)->matches_size(), 5);
}

TEST_F(PersonSearch, FindsNobodyOfAnotherCentre) {
  world_.Centre(kCentreA, 901);
  const auto a = world_.PeerWith("centre-a"), b = world_.PeerWith("centre-b");
  const std::string person = Register("김민수", "010-0000-4321", "", 0, a.get());
  EXPECT_THAT(Found(Named("김민수"), a.get()), ElementsAre(person));
  EXPECT_THAT(Found(Named("김민수"), b.get()), IsEmpty());
  EXPECT_THAT(Found(Named("김민수")), ElementsAre(person)) << "the suite's staff";
  v1::SearchPersonsRequest by_phone;
  by_phone.set_access_reason("전화 문의");
  by_phone.set_phone("010-0000-4321");
  EXPECT_THAT(Found(by_phone, b.get()), IsEmpty());
}

TEST_F(PersonSearch, NeedsSomethingToLookFor) {
  EXPECT_EQ(base::ReasonOf(Search(Named("")).status()), "INVALID_FIELD");
  EXPECT_EQ(base::ReasonOf(Search(Named(" - ")).status()), "INVALID_FIELD");
  v1::SearchPersonsRequest request = Named("");
  request.set_phone("12");
  EXPECT_EQ(base::ReasonOf(Search(request).status()), "PHONE_INVALID");
  v1::SearchPersonsRequest without = Named("김민수");
  without.clear_access_reason();
  EXPECT_THAT(base::FieldsOf(Search(without).status()), ElementsAre("access_reason"));
  for (const char* said_nothing : {"   ", "\u3000\u3000", "..", "-\n-"}) {
    without.set_access_reason(said_nothing);
    EXPECT_THAT(base::FieldsOf(Search(without).status()), ElementsAre("access_reason"));
  }
  EXPECT_EQ(base::ReasonOf(Search(Named("김민수"), world_.nobody.get()).status()),
            "PERMISSION_DENIED");
}

// law:L17 law:L19
TEST_F(PersonSearch, IsWrittenDownWithWhoWasFoundAndWhy) {
  const std::string person = Register("김민수");
  ASSERT_THAT(Found(Named("김민수")), ElementsAre(person));
  const std::string last =
      "SELECT reason || ' ' || outcome || ' ' || array_to_string(subjects, ',') FROM access_log "
      "WHERE method LIKE '%SearchPersons' ORDER BY number DESC LIMIT 1";
  EXPECT_EQ(world_.Ask(last), absl::StrCat("정보주체의 열람 요청 OK ", person));
  v1::SearchPersonsRequest request = Named("김민수");
  request.set_access_reason("010-0000-4321 문의");
  EXPECT_THAT(base::FieldsOf(Search(request).status()), ElementsAre("access_reason"));
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM access_log WHERE reason LIKE '%4321%'"), "0");
}

// A search touches the rows under its keys, however many people there are.
TEST_F(PersonSearch, GoesByTheIndexOfTheKeys) {
  world_.Ask(R"(WITH made AS (
      INSERT INTO person (id, basis, preferred_language, full_name_box, created_at, updated_at)
      SELECT gen_random_uuid(), 1, 1, '\x00', now(), now() FROM generate_series(1, 30000)
      RETURNING id)
    , keys AS (
      INSERT INTO person_match_key (kind, hash, person_id)
      SELECT kind, decode(md5(id::text || kind), 'hex'), id FROM made, generate_series(1, 6) AS kind
      RETURNING 1) SELECT count(*) FROM keys)");
  pqxx::connection connection(world_.database.conninfo());
  pqxx::nontransaction(connection).exec("ANALYZE");
  const db::Param kinds("{2,4}"), hashes("{\"\\\\x00112233\",\"\\\\x44556677\"}");
  const std::string find = PlanOf("match_key_find", {db::Param("{0,0}"), kinds, hashes, 60});
  EXPECT_THAT(find, HasSubstr("person_match_key_pkey"));
  EXPECT_THAT(find, Not(HasSubstr("Seq Scan on person_match_key")));
  for (const bool everywhere : {true, false}) {
    const std::string plan =
        PlanOf("person_search",
               {kinds, hashes, everywhere, db::Param(absl::StrCat("{", kCentreA, "}")), 300});
    EXPECT_THAT(plan, HasSubstr("person_match_key_pkey"));
    EXPECT_THAT(plan, Not(HasSubstr("Seq Scan on person"))) << plan;
  }
}

}  // namespace
}  // namespace ieum::registry
