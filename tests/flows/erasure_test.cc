// Goal: an erasure reaches all four services whatever is killed on the way, is proven only by those
// who have done it, stops what was to be sent, and is done again after a restore.
// Method: real services, a person who is to be written to, kill -9 of one before it hears.
// row:R25 row:X11
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "absl/strings/str_cat.h"
#include "ieum/registry/v1/erasure_service.pb.h"
#include "ieum/registry/v1/person_service.pb.h"
#include "tests/flows/operator.h"
#include "tests/flows/suite.h"
#include "tests/flows/welcome.h"
#include "tests/support/wait.h"

namespace ieum::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kDoor[] = "/ieum.registry.v1.ErasureService/";

class Erasures : public ::testing::Test {
 protected:
  Erasures() { SetClocks(suite_); }

  std::string PersonId() { return suite_.Ask("registry", "SELECT id FROM person LIMIT 1"); }
  registry::v1::Erasure Erase(const std::string& person) {
    registry::v1::ErasePersonRequest request;
    request.set_name("persons/" + person);
    request.set_reason(registry::v1::ERASURE_REASON_REQUEST);
    registry::v1::Erasure erasure;
    CallSuite(suite_, "registry", absl::StrCat(kDoor, "ErasePerson"), request, &erasure);
    return erasure;
  }
  registry::v1::Erasure Proof(const std::string& name) {
    registry::v1::GetErasureRequest request;
    request.set_name(name);
    registry::v1::Erasure erasure;
    CallSuite(suite_, "registry", absl::StrCat(kDoor, "GetErasure"), request, &erasure);
    return erasure;
  }
  // Somebody else than the one of PersonId.
  std::string OtherPersonId() {
    registry::v1::CreatePersonRequest request;
    request.mutable_person()->set_full_name("박바다");
    request.mutable_person()->set_basis(registry::v1::LEGAL_BASIS_CONTRACT);
    registry::v1::Person person;
    CallSuite(suite_, "registry", "/ieum.registry.v1.PersonService/CreatePerson", request, &person);
    return person.name().substr(person.name().find('/') + 1);
  }
  bool AllAreProven() {
    return WaitFor(
        [&] {
          return Ieumctl(suite_, {"erasures", "list"}).code == 0;
        },
        std::chrono::seconds(60));
  }
  bool ProvenByAll(const std::string& name) {
    return WaitFor([&] { return Proof(name).missing_services().empty(); },
                   std::chrono::seconds(60));
  }

  Suite suite_;
};

TEST_F(Erasures, ReachAllServicesThoughOneWasKilled) {
  WelcomeEverybody(suite_);
  ASSERT_TRUE(suite_.WaitSettled());
  suite_.KillService("notify");
  RegisterPerson(suite_, "planted-for-erasure@example.com");
  const std::string person = PersonId();
  const registry::v1::Erasure erased = Erase(person);
  ASSERT_NE(erased.name(), "");
  EXPECT_TRUE(WaitFor(
      [&] {
        return Proof(erased.name()).missing_services_size() == 1 &&
               Proof(erased.name()).missing_services(0) == "notify";
      },
      std::chrono::seconds(60)));
  suite_.KillService("casemgmt");
  suite_.StartService("casemgmt");
  suite_.StartService("notify");
  SetClocks(suite_);
  ASSERT_TRUE(suite_.WaitSettled());
  ASSERT_TRUE(ProvenByAll(erased.name()));
  EXPECT_EQ(suite_.Mails(), 0) << "she was to be welcomed";
  for (const std::string& service : kServices) {
    const auto progress = suite_.Progress(service);
    EXPECT_EQ("erasures/" + progress.last_erasure().erasure_id(), erased.name()) << service;
    EXPECT_EQ(progress.last_erasure().unconfirmed(), 0) << service;
    EXPECT_EQ(suite_.Ask(service, "SELECT count(*) FROM person_key WHERE wrapped IS NOT NULL"), "0")
        << service;
    EXPECT_EQ(
        suite_.Ask(service, "SELECT count(*) FROM person_key WHERE person_id = '" + person + "'"),
        "1")
        << service << ": no late event can make one";
  }
  EXPECT_EQ(suite_.Ask("notify", "SELECT count(*) FROM balance WHERE NOT balanced"), "0");
  EXPECT_EQ(suite_.Ask("reporting",
                       "SELECT count(*) FROM fact JOIN projection_live USING (generation) "
                       "WHERE type LIKE '%.PersonRegistered' AND aggregate_id = '" +
                           person + "'"),
            "1")
      << "she stays counted";
}

TEST_F(Erasures, CancelWhatWaitsToBeSent) {
  WelcomeEverybody(suite_);
  ASSERT_TRUE(suite_.WaitSettled());
  EXPECT_EQ(suite_.StopService("notify"), 0);
  suite_.SetEnvironment("notify", "IEUM_SMTP_URL", "smtp://127.0.0.1:9");  // nobody answers there
  suite_.StartService("notify");
  SetClocks(suite_);
  RegisterPerson(suite_, "planted-for-erasure@example.com");
  const std::string waiting = "SELECT count(*) FROM message WHERE state IN (1, 2)";
  ASSERT_TRUE(
      WaitFor([&] { return suite_.Ask("notify", waiting) == "1"; }, std::chrono::seconds(60)));
  const registry::v1::Erasure erased = Erase(PersonId());
  ASSERT_TRUE(ProvenByAll(erased.name()));
  EXPECT_TRUE(
      WaitFor([&] { return suite_.Ask("notify", waiting) == "0"; }, std::chrono::seconds(60)));
  EXPECT_EQ(suite_.Ask("notify", "SELECT string_agg(state::text, ' ') FROM message"), "7");
  EXPECT_EQ(suite_.Ask("notify",
                       "SELECT count(*) FROM event_log WHERE type LIKE "
                       "'%MessageCancelled'"),
            "1");
  EXPECT_EQ(suite_.Ask("notify", "SELECT count(*) FROM balance WHERE NOT balanced"), "0");
}

// What an operator does: a list kept elsewhere, and after a restore all of it again.
TEST_F(Erasures, AreRepeatedFromAListAfterARestore) {
  const std::string list = suite_.folder() + "/erasures.jsonl";
  RegisterPerson(suite_, "planted-for-erasure@example.com");
  const std::string person = PersonId();
  // Another record of hers: erased with this one, and its proof comes first.
  const std::string lost = OtherPersonId();
  suite_.Ask("registry", absl::StrCat("UPDATE person SET merged_into = '", person, "' WHERE id = '",
                                      lost, "' RETURNING 1"));
  suite_.Ask("registry", "CREATE TABLE backed_up AS SELECT person_id, wrapped FROM person_key");
  ASSERT_NE(Erase(person).name(), "");
  EXPECT_TRUE(AllAreProven());
  const Said kept = Ieumctl(suite_, {"erasures", "export", "--to", list});
  EXPECT_EQ(kept.code, 0) << kept.out;
  EXPECT_THAT(kept.out, HasSubstr("2 erasures added, 2 in the list"));
  EXPECT_THAT(Ieumctl(suite_, {"erasures", "export", "--to", list}).out,
              HasSubstr("0 erasures added, 2 in the list"));
  // As a registry that came back from a backup of before.
  suite_.Ask(
      "registry",
      "SET session_replication_role = replica; DELETE FROM erasure_confirmation; DELETE FROM "
      "erasure_record; DELETE FROM person_erasure; UPDATE erasure_chain SET last_number = 0, "
      "last_hash = ''; UPDATE person SET erased_at = NULL; UPDATE person_key k SET destroyed_at "
      "= NULL, wrapped = b.wrapped FROM backed_up b WHERE b.person_id = k.person_id; SELECT 1");
  const Said other = Ieumctl(suite_, {"erasures", "export", "--to", list});
  EXPECT_EQ(other.code, 2);
  EXPECT_THAT(other.out, HasSubstr("came back from a backup"));
  const Said again = Ieumctl(suite_, {"erasures", "repeat", "--from", list});
  EXPECT_EQ(again.code, 0) << again.out;
  EXPECT_THAT(again.out, HasSubstr("1 erased again, 1 are erased, 0 are not there, 0 refused"));
  EXPECT_THAT(Ieumctl(suite_, {"erasures", "repeat", "--from", list}).out,
              HasSubstr("0 erased again, 2 are erased"));
  EXPECT_EQ(suite_.Ask("registry", "SELECT count(*) FROM person_key WHERE wrapped IS NOT NULL"),
            "0");
  EXPECT_TRUE(AllAreProven()) << "all confirm the new proofs, too";
}

// A merge that was undone after the backup: her record is another's again, who was never erased.
TEST_F(Erasures, SayWhomARestoreGaveToSomebodyElse) {
  const std::string list = suite_.folder() + "/erasures.jsonl";
  RegisterPerson(suite_, "planted-for-erasure@example.com");
  const std::string survivor = PersonId(), lost = OtherPersonId();
  std::ofstream(list) << R"({"number": 1, "person": "persons/)" << lost << R"(", "hash": ""})"
                      << std::endl;
  suite_.Ask("registry", absl::StrCat("UPDATE person SET merged_into = '", survivor,
                                      "' WHERE id = '", lost, "' RETURNING 1"));
  const Said said = Ieumctl(suite_, {"erasures", "repeat", "--from", list});
  EXPECT_EQ(said.code, 1) << said.out;
  EXPECT_THAT(said.out, HasSubstr("persons/" + lost + " was not erased: PERSON_MERGED"));
  EXPECT_THAT(said.out, HasSubstr("1 refused"));
  EXPECT_EQ(suite_.Ask("registry", "SELECT count(*) FROM person_key WHERE wrapped IS NOT NULL"),
            "2");
}

}  // namespace
}  // namespace ieum::testing
