// Goal: what another law keeps is kept apart from what is in use: nobody works with it, who has to
// look is written down, it comes back as it was, and it is destroyed when nobody holds it any more.
// Method: people with everything that registry keeps of them, their rows before and after, the
// daily rounds under a moved clock. law:L13
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ieum/platform/v1/personal_data.pb.h"
#include "services/registry/erasures/apart_sweep.h"
#include "services/registry/erasures/retention_sweep.h"
#include "tests/integration/registry/erasure_world.h"

namespace ieum::registry {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kLeftApart[] = R"(
  SELECT (SELECT count(*) FROM person_apart) + (SELECT count(*) FROM person_key_apart)
       + (SELECT count(*) FROM person_match_key_apart) + (SELECT count(*) FROM person_index_apart))";

class KeptApart : public Erasures {
 protected:
  absl::StatusOr<v1::PersonApart> Keep(const std::string& person,
                                       v1::ErasureReason reason = v1::ERASURE_REASON_REQUEST,
                                       const std::string& etag = "", rpc::Peer* as = nullptr) {
    v1::KeepPersonApartRequest request;
    request.set_name(person);
    request.set_reason(reason);
    request.set_etag(etag);
    return world_.Door<v1::PersonApart>("KeepPersonApart", request, as);
  }
  absl::StatusOr<v1::OpenedPerson> Open(const std::string& person,
                                        const std::string& reason = "법원 명령 2024-31",
                                        const std::string& etag = "", rpc::Peer* as = nullptr,
                                        const std::string& request_id = "") {
    v1::OpenPersonApartRequest request;
    request.set_name(person);
    request.set_reason(reason);
    request.set_etag(etag);
    request.set_request_id(request_id);
    return world_.Door<v1::OpenedPerson>("OpenPersonApart", request, as);
  }
  absl::StatusOr<v1::PutPersonBackResponse> PutBack(const std::string& person,
                                                    const std::string& reason = "본인 요청",
                                                    const std::string& etag = "",
                                                    rpc::Peer* as = nullptr) {
    v1::PutPersonBackRequest request;
    request.set_name(person);
    request.set_reason(reason);
    request.set_etag(etag);
    return world_.Door<v1::PutPersonBackResponse>("PutPersonBack", request, as);
  }
  std::string Held(const std::string& person, const std::string& end_date = "") {
    const auto hold = world_.Hold(person, end_date);
    EXPECT_TRUE(hold.ok()) << hold.status();
    return hold.ok() ? hold->name() : "";
  }
  void SweepApart() {
    EXPECT_TRUE(sweep_.irrevocable) << "a restored registry may have lost a hold";
    world_.world.DoDue(sweep_);
  }
  void SweepByRules() {
    world_.world.DoDue(RetentionSweep(world_.world.ledger, world_.world.vault()));
  }
  std::string Proofs() {
    return world_.Ask(
        "SELECT coalesce(string_agg(reason || ' ' || rule_code || ' ' || eraser, '; ' ORDER BY "
        "number), '') FROM erasure_record");
  }
  // What anybody hears who asks for her by any way that there is.
  std::string AllAnswers(const std::string& person) {
    std::string answers;
    const auto add = [&](const auto& answer) {
      answers += answer.ok() ? answer->ShortDebugString() : std::string(answer.status().message());
    };
    add(world_.Get(person));
    v1::GetPersonRequest then;
    then.set_name(person);
    *then.mutable_read_time() = ToTimestamp(Korea("2024-08-12 11:00"));
    add(world_.world.Call<v1::Person>("PersonService/GetPerson", then));
    v1::ListPersonChangesRequest changes;
    changes.set_parent(person);
    add(world_.world.Call<v1::ListPersonChangesResponse>("PersonService/ListPersonChanges",
                                                         changes));
    v1::SearchPersonsRequest search;
    search.set_full_name("심은지");
    search.set_phone("010-0000-4321");
    search.set_email("planted@people.test");
    search.set_access_reason("중복 확인");
    add(world_.world.Call<v1::SearchPersonsResponse>("PersonService/SearchPersons", search));
    platform::v1::ExportPersonalDataRequest ask;
    ask.set_person(person);
    platform::v1::ExportPersonalDataResponse told;
    const absl::Status exported = world_.world.manager->Call(
        "/ieum.platform.v1.PersonalDataService/ExportPersonalData", ask, &told);
    EXPECT_EQ(base::ReasonOf(exported), "PERSON_ERASED");
    return answers + told.ShortDebugString();
  }
  void RefusedUnlessAHoldAloneKeepsHer(const std::string& person, const std::string& campaign) {
    EXPECT_EQ(Why(Keep(person)), "HOLD_MISSING");
    const auto hold = Held(person);
    EXPECT_EQ(Why(Keep(person, v1::ERASURE_REASON_RETENTION)), "INVALID_FIELD");
    EXPECT_EQ(Why(Keep(person, v1::ERASURE_REASON_REQUEST, "\"99\"")), "STALE_ETAG");
    EXPECT_EQ(Why(Keep("persons/" + base::Uuid::NewV7().ToString())), "NOT_FOUND");
    const auto elsewhere = world_.world.PeerWith("centre-a");
    EXPECT_EQ(Why(Keep(person, v1::ERASURE_REASON_REQUEST, "", elsewhere.get())), "NOT_FOUND");
    const v1::Enrolment enrolment = world_.Enrol(campaign, person);
    EXPECT_EQ(Why(Keep(person)), "PERSON_IN_USE");
    ASSERT_TRUE(world_.WithdrawEnrolment(enrolment.name()).ok());
    EXPECT_EQ(Why(Open(person)), "NOT_KEPT_APART");
    EXPECT_EQ(Why(PutBack(person)), "NOT_KEPT_APART");
    ASSERT_TRUE(world_.Release(hold).ok());
    EXPECT_EQ(Why(Keep(person)), "HOLD_MISSING");
    EXPECT_EQ(world_.Ask(kLeftApart), "0");
  }
  void NothingBeginsWithHer(const std::string& person, const std::string& campaign) {
    const db::PersonKeys keys(world_.world.vault());
    const absl::Status key = world_.world.database.database().Write("key", [&](db::Tx& tx) {
      return keys.GetOrCreate(tx, *base::Uuid::Parse(IdOf(person))).status();
    });
    EXPECT_EQ(base::ReasonOf(key), "PERSON_ERASED");
    v1::UpdatePersonRequest update;
    update.mutable_person()->set_name(person);
    update.mutable_person()->set_full_name("박다른");
    EXPECT_EQ(Why(world_.world.Call<v1::Person>("PersonService/UpdatePerson", update)),
              "PERSON_ERASED");
    EXPECT_EQ(Why(world_.Affiliate(person, firm_)), "PERSON_ERASED");
    EXPECT_EQ(Why(world_.Withdraw(person)), "PERSON_ERASED");
    v1::CreateEnrolmentRequest enrol;
    enrol.set_parent(campaign);
    enrol.mutable_enrolment()->set_person(person);
    EXPECT_EQ(Why(world_.world.Call<v1::Enrolment>("EnrolmentService/CreateEnrolment", enrol)),
              "PERSON_ERASED");
    const auto contact = world_.Resolve(person, v1::CONTACT_PURPOSE_SERVICE_NOTICE);
    ASSERT_TRUE(contact.ok());
    EXPECT_EQ(contact->refusal(), v1::CONTACT_REFUSAL_PERSON_ERASED);
    EXPECT_FALSE(contact->has_contact());
  }
  void ShownWithATrace(const std::string& person, const std::string& etag) {
    EXPECT_EQ(Why(Open(person, "전화 010-1234-5678")), "INVALID_FIELD");
    EXPECT_EQ(Why(Open(person, "법원 명령", "\"99\"")), "STALE_ETAG");
    for (const char* who : {"supervisor", "nobody", "auditor", "case-a"}) {
      const auto peer = world_.world.PeerWith(who);
      EXPECT_EQ(Why(Open(person, "법원 명령", "", peer.get())), "PERMISSION_DENIED") << who;
      EXPECT_EQ(Why(PutBack(person, "본인 요청", "", peer.get())), "PERMISSION_DENIED") << who;
    }
    const auto elsewhere = world_.world.PeerWith("centre-a");
    EXPECT_EQ(Why(Open(person, "법원 명령", "", elsewhere.get())), "NOT_FOUND");
    EXPECT_EQ(world_.Ask("SELECT count(*) FROM person_apart_look"), "0");
    const std::string request_id = base::Uuid::NewV7().ToString();
    const auto opened = Open(person, "법원 명령 2024-31", etag, nullptr, request_id);
    ASSERT_TRUE(opened.ok()) << opened.status();
    EXPECT_EQ(opened->full_name() + "/" + opened->latin_name() + "/" + opened->birth() + "/" +
                  opened->email() + "/" + opened->phone(),
              "심은지/PLANTED EUNJI/1985/planted@people.test/010-0000-5555");
    EXPECT_EQ(Open(person, "법원 명령 2024-31", etag, nullptr, request_id)->full_name(), "심은지");
    EXPECT_EQ(world_.Ask("SELECT string_agg(looker || ' ' || reason || ' ' || put_back, ';') "
                         "FROM person_apart_look"),
              "staff/manager 법원 명령 2024-31 false");
    EXPECT_EQ(world_.Ask("SELECT count(*) > 0 FROM access_log WHERE account = 'staff/manager' AND "
                         "method LIKE '%OpenPersonApart' AND subjects::text LIKE '%" +
                         IdOf(person) + "%'"),
              "t");
  }
  // She is destroyed in the end; what her proof says.
  std::string KeptApartByTheDailyRound() {
    const auto purpose = v1::CONSENT_PURPOSE_COLLECTION;
    const char* kWhy = "SELECT reason || ' ' || rule_code || ' ' || keeper FROM person_apart";
    const std::string person = world_.Person(), proof = "3 CONSENT_ENDED service/registry";
    EXPECT_EQ(Why(world_.Say(person, purpose, world_.Text(purpose))), "OK");
    EXPECT_EQ(Why(world_.Withdraw(person)), "OK");
    const auto hold = Held(person);
    world_.world.SetClock("2024-08-16 23:59");
    SweepByRules();
    EXPECT_EQ(world_.Ask(kLeftApart), "0");
    world_.world.SetClock("2024-08-17 00:00");
    SweepByRules();
    EXPECT_EQ(world_.Ask(kWhy), "3 CONSENT_ENDED service/registry");
    EXPECT_EQ(Proofs(), "");
    EXPECT_EQ(Why(PutBack(person)), "OK");
    // As of a rule that somebody reviews.
    EXPECT_EQ(Keep(person, v1::ERASURE_REASON_RETENTION)->rule(), "CONSENT_ENDED");
    EXPECT_EQ(world_.Ask(kWhy), "3 CONSENT_ENDED staff/manager");
    // Put back, she is kept apart again by the next round, unless something keeps her by then.
    EXPECT_EQ(Why(PutBack(person)), "OK");
    world_.world.SetClock("2024-08-18 00:00");
    SweepByRules();
    EXPECT_EQ(world_.Ask("SELECT count(*) FROM person_apart"), "1");
    EXPECT_TRUE(world_.Release(hold).ok());
    SweepApart();
    EXPECT_EQ(Proofs(), proof);
    return proof;
  }
  // Their ids come before all others.
  void TwentyWhoCannotBeErased() {
    constexpr char kId[] = "('00000000-0000-7000-8000-0000000000' || n)::uuid";
    const std::string from = " FROM generate_series(10, 29) n";
    world_.Ask(absl::StrCat(
        "INSERT INTO person (id, basis, preferred_language, full_name_box, created_at, updated_at)"
        " SELECT ",
        kId, ", 1, 1, 'box', now(), now()", from));
    world_.Ask(absl::StrCat("INSERT INTO person_apart SELECT ", kId,
                            ", 1, '', 0, now(), 'staff/manager'", from));
    world_.Ask(
        "ALTER TABLE erasure_record ADD CHECK "
        "(person_id > '00000000-0000-7000-8000-0000000000ff')");
  }

  const flow::DueWork sweep_ = ApartSweep(world_.world.ledger, world_.world.vault());
};

TEST_F(KeptApart, LookErasedToEverybody) {
  const std::string person = Somebody(), campaign = world_.Campaign();
  EXPECT_THAT(world_.Get(person)->full_name(), "심은지");
  RefusedUnlessAHoldAloneKeepsHer(person, campaign);
  const std::string hold = Held(person);
  const auto kept = Keep(person);
  ASSERT_TRUE(kept.ok()) << kept.status();
  EXPECT_EQ(kept->person(), person);
  EXPECT_EQ(kept->reason(), v1::ERASURE_REASON_REQUEST);
  EXPECT_EQ(world_.Get(person)->state(), v1::PERSON_STATE_ERASED);
  EXPECT_EQ(world_.Get(person)->etag(), kept->etag());
  for (const char* word : {"planted", "PLANTED", "심은지", "4321", "1985"}) {
    EXPECT_THAT(AllAnswers(person), Not(HasSubstr(word)));
  }
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM person_match_key"), "0");
  NothingBeginsWithHer(person, campaign);
  EXPECT_EQ(Why(world_.Erase(person)), "LEGAL_HOLD") << "it is held all the same";
  const auto other = world_.Hold(person);
  EXPECT_EQ(Why(other), "OK") << "by another case, too";
  EXPECT_EQ(Why(Keep(person)), "PERSON_KEPT_APART");
  EXPECT_THAT(world_.world.EventTypes(person), Contains("PersonKeptApart"));
  // Erased by whomever asks once nobody holds.
  ASSERT_TRUE(world_.Release(hold).ok());
  EXPECT_EQ(Why(world_.Erase(person)), "LEGAL_HOLD");
  ASSERT_TRUE(world_.Release(other->name()).ok());
  const auto rehearsed = world_.Erase(person, v1::ERASURE_REASON_REQUEST, true);
  ASSERT_TRUE(rehearsed.ok()) << rehearsed.status();
  EXPECT_EQ(rehearsed->obstacles_size(), 0);
  const auto erased = world_.Erase(person, v1::ERASURE_REASON_ENTERED_IN_ERROR);
  ASSERT_TRUE(erased.ok()) << erased.status();
  EXPECT_TRUE(erased->confirmations(0).key_destroyed());
  EXPECT_EQ(world_.Ask(kLeftApart), "0");
  EXPECT_EQ(Why(Keep(person)), "PERSON_ERASED");
  EXPECT_EQ(Why(Open(person)), "NOT_KEPT_APART");
  SweepApart();
  EXPECT_EQ(Proofs(), "5  staff/manager");
}

TEST_F(KeptApart, AreShownToWhomTheLawLetsLookAndComeBackAsTheyWere) {
  const std::string person = Somebody();
  v1::UpdatePersonRequest update;
  update.mutable_person()->set_name(person);
  update.mutable_person()->set_phone("010-0000-5555");
  ASSERT_TRUE(world_.world.Call<v1::Person>("PersonService/UpdatePerson", update).ok());
  Held(person);
  const std::string before = world_.Ask(kPeopleRows);
  EXPECT_THAT(before, HasSubstr("match "));
  const auto kept = Keep(person);
  ASSERT_TRUE(kept.ok()) << kept.status();
  const std::string apart = world_.Ask(kPeopleRows);
  EXPECT_NE(apart, before);
  ShownWithATrace(person, kept->etag());
  EXPECT_EQ(world_.Ask(kPeopleRows), apart) << "who looked put nothing back";
  EXPECT_EQ(world_.Get(person)->state(), v1::PERSON_STATE_ERASED);
  EXPECT_EQ(Why(PutBack(person, "전화 010-1234-5678")), "INVALID_FIELD");
  EXPECT_EQ(Why(PutBack(person, "본인 요청", "\"99\"")), "STALE_ETAG");
  ASSERT_EQ(Why(PutBack(person)), "OK");
  EXPECT_EQ(world_.Ask(kPeopleRows), before);
  EXPECT_EQ(world_.Ask(kLeftApart), "0");
  EXPECT_EQ(world_.Get(person)->phone(), "010-0000-5555");
  EXPECT_EQ(Why(PutBack(person)), "NOT_KEPT_APART");
  EXPECT_THAT(world_.world.EventTypes(person), Contains("PersonPutBack"));
  EXPECT_EQ(world_.Resolve(person, v1::CONTACT_PURPOSE_SERVICE_NOTICE)->contact().email(),
            "planted@people.test");
  // Once more from the start: nothing of the first time stands in the way.
  ASSERT_EQ(Why(Keep(person)), "OK");
  ASSERT_EQ(Why(PutBack(person)), "OK");
  EXPECT_EQ(world_.Ask(kPeopleRows), before);
}

// One takes back what her data rested on, and a lawsuit holds them; one asked for her erasure.
// law:L12
TEST_F(KeptApart, AreDestroyedWhenTheLastHoldEnds) {
  const std::string over = KeptApartByTheDailyRound();
  const std::string person = Somebody(), merged = world_.Person();
  world_.Ask("UPDATE person SET merged_into = '" + IdOf(person) + "' WHERE id = '" + IdOf(merged) +
             "' RETURNING 1");
  const auto hold = Held(person);
  Held(person, "2024-08-31");
  ASSERT_EQ(Why(Keep(person)), "OK");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM person_apart"), "2") << "with her other record";
  ASSERT_EQ(Why(Open(person)), "OK");
  ASSERT_TRUE(world_.Release(hold).ok());
  world_.world.SetClock("2024-08-31 23:59");
  SweepApart();
  EXPECT_EQ(Proofs(), over) << "one is left";
  world_.world.SetClock("2024-09-01 00:00");
  TwentyWhoCannotBeErased();
  for (const bool ok : {false, true, false, true}) {
    EXPECT_EQ(sweep_.step(world_.world.clock.Now().value()).ok(), ok) << "and again after all";
  }
  EXPECT_EQ(Proofs(), over + "; 1  service/registry; 1  service/registry");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM erasure_confirmation WHERE key_destroyed"), "3");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM person_key WHERE wrapped IS NULL"), "3");
  EXPECT_EQ(world_.Ask(kLeftApart), "20") << "of those twenty";
  EXPECT_EQ(world_.Ask("SELECT string_agg(DISTINCT reason, ' ') FROM person_apart_look"),
            "(erased)");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM erasure_faults()"), "0");
  for (const std::string& record : {person, merged}) {
    EXPECT_THAT(world_.world.EventTypes(record), Contains("PersonErased"));
  }
  v1::ListErasuresRequest list;
  list.set_filter("person = \"" + person + "\"");
  const auto proofs = world_.Door<v1::ListErasuresResponse>("ListErasures", list);
  ASSERT_TRUE(proofs.ok()) << proofs.status();
  ASSERT_EQ(proofs->erasures_size(), 1);
  const v1::Erasure& proof = proofs->erasures(0);
  EXPECT_GT(Part(proof.destroyed_parts(), v1::PERSON_DATA_KIND_SEARCH_KEYS), 2);
  EXPECT_EQ(Part(proof.destroyed_parts(), v1::PERSON_DATA_KIND_FREE_WORDS), 3);
  EXPECT_EQ(Part(proof.destroyed_parts(), v1::PERSON_DATA_KIND_CONSENTS), 2);
  EXPECT_EQ(Why(PutBack(person)), "NOT_KEPT_APART");
}

}  // namespace
}  // namespace ieum::registry
