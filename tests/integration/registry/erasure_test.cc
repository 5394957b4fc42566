// Goal: what is erased is gone for ever and proven, what it came to stays, and what must not be
// erased is not. Method: people with everything that registry keeps of them, over a real PostgreSQL
// and gRPC. row:R25 law:L14
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "tests/integration/registry/erasure_world.h"
#include "tests/integration/registry/merge_world.h"
#include "tests/support/centres.h"

namespace ieum::registry {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using ::testing::Not;

TEST_F(Erasures, DestroyWhatIsKnownAndKeepWhatItCameTo) {
  const std::string person = Somebody();
  const auto erased = world_.Erase(person);
  ASSERT_TRUE(erased.ok()) << erased.status();
  EXPECT_EQ(erased->number(), 1);
  EXPECT_EQ(erased->person(), person);
  EXPECT_EQ(erased->eraser(), "staff/manager");
  EXPECT_EQ(erased->record_hash().size(), 64u);
  EXPECT_EQ(Part(erased->destroyed_parts(), v1::PERSON_DATA_KIND_IDENTITY), 1);
  EXPECT_GT(Part(erased->destroyed_parts(), v1::PERSON_DATA_KIND_SEARCH_KEYS), 2);
  EXPECT_EQ(Part(erased->destroyed_parts(), v1::PERSON_DATA_KIND_AFFILIATIONS), 1);
  EXPECT_EQ(Part(erased->destroyed_parts(), v1::PERSON_DATA_KIND_CONSENTS), 2);
  EXPECT_EQ(Part(erased->kept_parts(), v1::PERSON_DATA_KIND_CONSENT_ENTRIES), 2);
  EXPECT_EQ(Part(erased->kept_parts(), v1::PERSON_DATA_KIND_RECEIPTS), 1);
  ASSERT_EQ(erased->confirmations_size(), 1);
  EXPECT_EQ(erased->confirmations(0).service(), "registry");
  EXPECT_TRUE(erased->confirmations(0).key_destroyed());
  EXPECT_THAT(erased->missing_services(), ElementsAre("casemgmt", "reporting", "notify"));

  const std::string id = "'" + IdOf(person) + "'";
  EXPECT_EQ(
      world_.Ask("SELECT count(*) FROM person_key WHERE wrapped IS NOT NULL AND person_id = " + id),
      "0");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM person_match_key WHERE person_id = " + id), "0");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM person WHERE length(full_name_box) = 0 AND "
                       "coalesce(email_box, phone_box, phone_e164_box, latin_name_box, "
                       "birth_year_box, birth_date_box, email_index, phone_index) IS NULL AND "
                       "id = " +
                       id),
            "1");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM affiliation WHERE end_date = '2024-08-12' AND "
                       "person_id = " +
                       id),
            "1");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM consent_head WHERE state = 1 AND person_id = " + id),
            "0");
  EXPECT_THAT(world_.world.EventTypes(person),
              IsSupersetOf({"PersonErased", "AffiliationEnded", "ConsentWithdrawn"}));
}

TEST_F(Erasures, AnswerATombstoneAndRefuseEveryChange) {
  const std::string person = Somebody();
  const auto affiliations = world_.Ask("SELECT id FROM affiliation");
  ASSERT_TRUE(world_.Erase(person).ok());
  const auto tombstone = world_.Get(person);
  ASSERT_TRUE(tombstone.ok()) << tombstone.status();
  EXPECT_EQ(tombstone->state(), v1::PERSON_STATE_ERASED);
  EXPECT_TRUE(tombstone->has_erase_time());
  EXPECT_EQ(tombstone->full_name() + tombstone->email() + tombstone->phone() +
                tombstone->latin_name() + tombstone->phone_e164(),
            "");
  EXPECT_EQ(tombstone->birth_year(), 0);

  v1::UpdatePersonRequest update;
  update.mutable_person()->set_name(person);
  update.mutable_person()->set_full_name("박다른");
  EXPECT_EQ(Why(world_.world.Call<v1::Person>("PersonService/UpdatePerson", update)),
            "PERSON_ERASED");
  EXPECT_EQ(Why(world_.Affiliate(person, firm_)), "PERSON_ERASED");
  EXPECT_EQ(
      base::ReasonOf(world_.EndAffiliation(person + "/affiliations/" + affiliations, "2024-08-12")),
      "PERSON_ERASED");
  const auto purpose = v1::CONSENT_PURPOSE_COLLECTION;
  EXPECT_EQ(Why(world_.Say(person, purpose, world_.Text(purpose))), "PERSON_ERASED");
  EXPECT_EQ(Why(world_.Withdraw(person)), "PERSON_ERASED");
  EXPECT_EQ(Why(world_.Hold(person)), "PERSON_ERASED");
  v1::CreateEnrolmentRequest enrol;
  enrol.set_parent(world_.Campaign());
  enrol.mutable_enrolment()->set_person(person);
  EXPECT_EQ(Why(world_.world.Call<v1::Enrolment>("EnrolmentService/CreateEnrolment", enrol)),
            "PERSON_ERASED");
  enrol.mutable_enrolment()->clear_person();
  enrol.mutable_enrolment()->set_organization(firm_);
  enrol.mutable_enrolment()->set_contact_person(person);
  EXPECT_EQ(Why(world_.world.Call<v1::Enrolment>("EnrolmentService/CreateEnrolment", enrol)),
            "PERSON_ERASED");
  EXPECT_EQ(Why(world_.Erase(person)), "PERSON_ERASED");
  EXPECT_EQ(Why(world_.Erase(person, v1::ERASURE_REASON_REQUEST, true)), "PERSON_ERASED");
  const auto contact = world_.Resolve(person, v1::CONTACT_PURPOSE_SERVICE_NOTICE);
  ASSERT_TRUE(contact.ok());
  EXPECT_EQ(contact->refusal(), v1::CONTACT_REFUSAL_PERSON_ERASED);
  EXPECT_FALSE(contact->has_contact());
  v1::SearchPersonsRequest search;
  search.set_phone("010-0000-4321");
  search.set_access_reason("중복 확인");
  const auto found =
      world_.world.Call<v1::SearchPersonsResponse>("PersonService/SearchPersons", search);
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->matches_size(), 0);
}

// row:X11
TEST_F(Erasures, LeaveNoValueThatCouldBeOpened) {
  const std::string person = Somebody();
  v1::UpdatePersonRequest update;
  update.mutable_person()->set_name(person);
  update.mutable_person()->set_email("planted2@people.test");
  ASSERT_TRUE(world_.world.Call<v1::Person>("PersonService/UpdatePerson", update).ok());
  ASSERT_TRUE(world_.Erase(person).ok());
  const db::PersonKeys keys(world_.world.vault());
  const absl::Status key = world_.world.database.database().Read(
      "key", [&](db::Tx& tx) { return keys.Get(tx, *base::Uuid::Parse(IdOf(person))).status(); });
  EXPECT_EQ(base::ReasonOf(key), "PERSON_ERASED");
  for (const char* table : {"person", "person_key", "person_version", "erasure_record",
                            "erasure_confirmation", "affiliation", "consent", "command_dedup"}) {
    // Words as they are, and as bytes are printed.
    for (const char* word : {"planted", "PLANTED", "심은지", "0000-4321", "00004321"}) {
      EXPECT_EQ(
          world_.Ask(absl::StrCat("SELECT count(*) FROM ", table, " t WHERE t::text LIKE '%", word,
                                  "%' OR t::text LIKE '%", absl::BytesToHexString(word), "%'")),
          "0")
          << table << " " << word;
    }
  }
  for (const Told& told : world_.world.Events()) {
    EXPECT_THAT(told.payload, Not(::testing::HasSubstr("planted"))) << told.type;
  }
}

// Nobody can look through what somebody wrote; what was decided, by whom and when, stays. law:L14
TEST_F(Erasures, TakeTheWordsOutThatSomebodyWroteOfHer) {
  MergeWorld merges("2024-08-12 11:00");
  World& world = merges.world;
  const std::string person = merges.Register("심은지"), other = merges.Register("심 은지");
  auto merge = merges.Wanted(person, other);
  merge.set_reason("planted: 심은지 씨가 두 번 왔다");
  const auto merged = merges.Merge(merge);
  ASSERT_TRUE(merged.ok()) << merged.status();
  v1::CreateLegalHoldRequest hold;
  hold.mutable_legal_hold()->set_person(person);
  hold.mutable_legal_hold()->set_reason("planted: 심은지 소송");
  const auto held = world.Call<v1::LegalHold>("ErasureService/CreateLegalHold", hold);
  ASSERT_TRUE(held.ok()) << held.status();
  v1::ReleaseLegalHoldRequest release;
  release.set_name(held->name());
  release.set_reason("planted: 심은지 소송 취하");
  ASSERT_TRUE(world.Call<v1::LegalHold>("ErasureService/ReleaseLegalHold", release).ok());
  world.Ask(
      "INSERT INTO subject (id, account, state, person_id, created_at, updated_at) VALUES "
      "(gen_random_uuid(), 'staff/eunji', 1, '" +
      IdOf(person) + "', now(), now()) RETURNING 1");

  v1::ErasePersonRequest erase;
  erase.set_name(person);
  erase.set_reason(v1::ERASURE_REASON_REQUEST);
  const auto erased = world.Call<v1::Erasure>("ErasureService/ErasePerson", erase);
  ASSERT_TRUE(erased.ok()) << erased.status();
  EXPECT_EQ(Part(erased->destroyed_parts(), v1::PERSON_DATA_KIND_FREE_WORDS), 2);
  EXPECT_EQ(Part(erased->kept_parts(), v1::PERSON_DATA_KIND_OPEN_ACCOUNTS), 1);
  for (const char* table : {"legal_hold", "person_merge", "consent_receipt", "merge_move"}) {
    EXPECT_EQ(world.Ask(absl::StrCat("SELECT count(*) FROM ", table,
                                     " t WHERE t::text LIKE '%planted%'")),
              "0")
        << table;
  }
  v1::GetLegalHoldRequest get;
  get.set_name(held->name());
  const auto kept = world.Call<v1::LegalHold>("ErasureService/GetLegalHold", get);
  ASSERT_TRUE(kept.ok()) << kept.status();
  EXPECT_EQ(kept->reason() + kept->release_reason(), "(erased)(erased)");
  EXPECT_EQ(kept->releaser(), "staff/manager");
  v1::GetMergeRequest get_merge;
  get_merge.set_name(merged->name());
  const auto stays = world.Call<v1::Merge>("MergeService/GetMerge", get_merge);
  ASSERT_TRUE(stays.ok()) << stays.status();
  EXPECT_EQ(stays->reason(), "(erased)");
}

TEST_F(Erasures, AreRehearsedWithoutAnEffect) {
  const std::string person = Somebody();
  ASSERT_TRUE(world_.Hold(person).ok());
  const std::string before = Everything();
  const auto rehearsed = world_.Erase(person, v1::ERASURE_REASON_REQUEST, true);
  ASSERT_TRUE(rehearsed.ok()) << rehearsed.status();
  EXPECT_EQ(rehearsed->name(), "");
  EXPECT_EQ(rehearsed->number(), 0);
  EXPECT_EQ(Part(rehearsed->destroyed_parts(), v1::PERSON_DATA_KIND_CONSENTS), 2);
  EXPECT_THAT(rehearsed->obstacles(), ElementsAre(v1::ERASURE_OBSTACLE_LEGAL_HOLD));
  EXPECT_EQ(Everything(), before);
  EXPECT_EQ(world_.Get(person)->full_name(), "심은지");
}

TEST_F(Erasures, AreRefusedWhileSomebodyHolds) {
  const std::string person = Somebody();
  const auto hold = world_.Hold(person, "2024-08-31");
  ASSERT_TRUE(hold.ok()) << hold.status();
  EXPECT_EQ(hold->placer(), "staff/manager");
  EXPECT_EQ(Why(world_.Erase(person)), "LEGAL_HOLD");
  EXPECT_EQ(Why(world_.Release(hold->name(), "\"9\"")), "STALE_ETAG");
  const auto released = world_.Release(hold->name(), hold->etag());
  ASSERT_TRUE(released.ok()) << released.status();
  EXPECT_EQ(released->releaser(), "staff/manager");
  EXPECT_EQ(Why(world_.Release(hold->name())), "HOLD_RELEASED");
  EXPECT_THAT(world_.world.EventTypes(hold->name()),
              ElementsAre("LegalHoldPlaced", "LegalHoldReleased"));
  EXPECT_EQ(Why(world_.Erase(person)), "OK");
}

TEST_F(Erasures, WaitForTheLastDayOfAHold) {
  const std::string person = Somebody();
  EXPECT_EQ(Why(world_.Hold(person, "2024-08-11")), "DATE_ORDER");
  EXPECT_EQ(Why(world_.Hold(person, "2024-02-30")), "DATE_INVALID");
  EXPECT_EQ(Why(world_.Hold(person, "", "전화 010-1234-5678")), "INVALID_FIELD");
  EXPECT_EQ(Why(world_.Hold("persons/" + base::Uuid::NewV7().ToString())), "NOT_FOUND");
  ASSERT_TRUE(world_.Hold(person, "2024-08-31").ok());
  world_.world.SetClock("2024-08-31 23:59");
  EXPECT_EQ(Why(world_.Erase(person)), "LEGAL_HOLD");
  world_.world.SetClock("2024-09-01 00:00");
  EXPECT_EQ(Why(world_.Erase(person)), "OK");
}

TEST_F(Erasures, AreRefusedWhileThePersonTakesPart) {
  const std::string person = Somebody();
  const std::string campaign = world_.Campaign();
  const v1::Enrolment enrolment = world_.Enrol(campaign, person);
  EXPECT_EQ(Why(world_.Erase(person)), "PERSON_IN_USE");
  const auto rehearsed = world_.Erase(person, v1::ERASURE_REASON_REQUEST, true);
  EXPECT_THAT(rehearsed->obstacles(), ElementsAre(v1::ERASURE_OBSTACLE_OPEN_ENROLMENT));
  ASSERT_TRUE(world_.WithdrawEnrolment(enrolment.name()).ok());
  const auto erased = world_.Erase(person);
  ASSERT_TRUE(erased.ok()) << erased.status();
  EXPECT_EQ(Part(erased->kept_parts(), v1::PERSON_DATA_KIND_ENROLMENTS), 1);
  const auto kept = world_.world.GetEnrolment(enrolment.name());
  ASSERT_TRUE(kept.ok());
  EXPECT_EQ(kept->person(), person) << "the bare id stays, and what it counts";
}

TEST_F(Erasures, CloseThePairsOfTheReviewQueue) {
  const std::string one = Somebody();
  v1::CreatePersonRequest again;
  again.mutable_person()->set_full_name("심은지");
  again.mutable_person()->set_phone("010-0000-4321");
  again.mutable_person()->set_basis(v1::LEGAL_BASIS_CONTRACT);
  again.set_duplicate_policy(v1::DUPLICATE_POLICY_QUEUE);
  ASSERT_TRUE(world_.world.Call<v1::Person>("PersonService/CreatePerson", again).ok());
  ASSERT_EQ(world_.Ask("SELECT count(*) FROM duplicate_pair WHERE state = 1"), "1");
  const auto erased = world_.Erase(one);
  ASSERT_TRUE(erased.ok()) << erased.status();
  EXPECT_EQ(Part(erased->destroyed_parts(), v1::PERSON_DATA_KIND_DUPLICATE_PAIRS), 1);
  EXPECT_EQ(world_.Ask("SELECT state FROM duplicate_pair"), "4");
  EXPECT_THAT(world_.world.EventTypes("duplicatePairs/"), Contains("DuplicatePairClosed"));
}

// row:X12
TEST_F(Erasures, TakeTheRecordsThatWereMergedIntoOne) {
  const std::string survivor = Somebody(), lost = world_.Person();
  world_.Ask("UPDATE person SET merged_into = '" + IdOf(survivor) + "' WHERE id = '" + IdOf(lost) +
             "' RETURNING 1");
  EXPECT_EQ(Why(world_.Erase(lost)), "PERSON_MERGED");
  const auto erased = world_.Erase(survivor);
  ASSERT_TRUE(erased.ok()) << erased.status();
  EXPECT_EQ(erased->person(), survivor);
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM erasure_confirmation WHERE key_destroyed"), "2");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM person_key WHERE wrapped IS NOT NULL"), "0");
  EXPECT_THAT(world_.world.EventTypes(lost), Contains("PersonErased"));
  EXPECT_EQ(Why(world_.Erase(lost)), "PERSON_ERASED");
}

// One into the next, and of another centre than who erases: all of it goes, and each proof says
// what went. row:X12
TEST_F(Erasures, TakeEveryRecordWhoeverKeptIt) {
  world_.world.Centre(ieum::testing::kCentreA, 901);
  world_.world.Centre(ieum::testing::kCentreB, 902);
  const std::string survivor = world_.Person(), middle = world_.Person(), last = world_.Person();
  const auto put = [&](const std::string& person, const char* centre, const std::string& into) {
    world_.Ask(absl::StrCat("UPDATE person SET centre_id = '", centre,
                            "', merged_into = ", into.empty() ? "NULL" : "'" + IdOf(into) + "'",
                            " WHERE id = '", IdOf(person), "' RETURNING 1"));
  };
  put(survivor, ieum::testing::kCentreA, "");
  put(middle, ieum::testing::kCentreB, survivor);
  put(last, ieum::testing::kCentreB, middle);
  const auto centre = world_.world.PeerWith("centre-a");
  const auto erased = world_.Erase(survivor, v1::ERASURE_REASON_REQUEST, false, centre.get());
  ASSERT_TRUE(erased.ok()) << erased.status();
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM person WHERE erased_at IS NOT NULL AND "
                       "length(full_name_box) = 0 AND email_box IS NULL"),
            "3");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM erasure_confirmation WHERE key_destroyed"), "3");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM person_erasure WHERE key_destroyed"), "3");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM erasure_record WHERE parts::text LIKE "
                       "'%PERSON_DATA_KIND_SEARCH_KEYS%'"),
            "3");
}

// law:L14
TEST(ErasedPeople, LeaveNothingInARecordThatWasTakenForTheirs) {
  MergeWorld merges;
  const std::string other = merges.Register("김하나", "010-0000-0001");
  const std::string person = merges.Register("박둘", "010-0000-0002");
  const auto merged = merges.Merge(other, person, {"full_name", "phone"});
  ASSERT_TRUE(merged.ok()) << merged.status();
  ASSERT_TRUE(merges.Undo(merged->name()).ok());
  const auto said = [&] {
    v1::ListPersonChangesRequest request;
    request.set_parent(other);
    const auto changes = merges.world.Call<v1::ListPersonChangesResponse>(
        "PersonService/ListPersonChanges", request);
    return changes.ok() ? changes->SerializeAsString() : changes.status().ToString();
  };
  EXPECT_THAT(said(), AllOf(HasSubstr("010-0000-0002"), HasSubstr("박둘")));
  v1::ErasePersonRequest request;
  request.set_name(person);
  request.set_reason(v1::ERASURE_REASON_REQUEST);
  const auto erased = merges.world.Call<v1::Erasure>("ErasureService/ErasePerson", request);
  ASSERT_TRUE(erased.ok()) << erased.status();
  EXPECT_THAT(said(), AllOf(HasSubstr("010-0000-0001"), Not(HasSubstr("010-0000-0002")),
                            Not(HasSubstr("박둘"))));
  EXPECT_EQ(merges.Known(other).phone(), "010-0000-0001");
}

}  // namespace
}  // namespace ieum::registry
