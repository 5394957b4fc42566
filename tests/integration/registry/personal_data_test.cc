// Goal: a person who asks what is held of her is told all of it, each value once, and nothing of
// anybody else; who may not ask is told nothing. Method: people with all that is known of them, the
// pages of the answer put together, and every value that was planted counted in it.
// row:Y5
#include <gmock/gmock.h>

#include <set>

#include "ieum/platform/v1/personal_data.pb.h"
#include "tests/integration/registry/erasure_world.h"
#include "tests/support/centres.h"
#include "tests/support/person_places.h"

namespace ieum::registry {
namespace {

using platform::v1::ExportPersonalDataRequest;
using platform::v1::ExportPersonalDataResponse;
using platform::v1::PersonalDataRecord;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kMethod[] = "/ieum.platform.v1.PersonalDataService/ExportPersonalData";

class Held : public Erasures {
 protected:
  absl::StatusOr<ExportPersonalDataResponse> Page(const ExportPersonalDataRequest& request,
                                                  rpc::Peer* as = nullptr) {
    ExportPersonalDataResponse page;
    RETURN_IF_ERROR((as == nullptr ? *world_.world.manager : *as).Call(kMethod, request, &page));
    return page;
  }
  // All pages, each with so many records.
  absl::StatusOr<ExportPersonalDataResponse> Of(const std::string& person, int page_size = 0,
                                                rpc::Peer* as = nullptr) {
    ExportPersonalDataRequest request;
    request.set_person(person);
    request.set_page_size(page_size);
    ExportPersonalDataResponse whole;
    do {
      ASSIGN_OR_RETURN(ExportPersonalDataResponse page, Page(request, as));
      request.set_page_token(page.next_page_token());
      page.clear_next_page_token();
      whole.MergeFrom(page);
    } while (!request.page_token().empty());
    return whole;
  }
  static std::vector<std::string> Values(const ExportPersonalDataResponse& held,
                                         const std::string& kind, const std::string& code) {
    std::vector<std::string> values;
    for (const PersonalDataRecord& record : held.records()) {
      if (record.kind() != kind) continue;
      for (const auto& field : record.fields()) {
        if (field.code() == code) values.push_back(field.value());
      }
    }
    return values;
  }
  static int Count(const ExportPersonalDataResponse& held, const std::string& kind) {
    int count = 0;
    for (const PersonalDataRecord& record : held.records()) count += record.kind() == kind;
    return count;
  }
  void Rename(const std::string& person, const std::string& name) {
    v1::UpdatePersonRequest request;
    request.mutable_person()->set_name(person);
    request.mutable_person()->set_full_name(name);
    request.mutable_update_mask()->add_paths("full_name");
    EXPECT_TRUE(world_.world.Call<v1::Person>("PersonService/UpdatePerson", request).ok());
  }
  absl::StatusOr<v1::Merge> Merge(const std::string& survivor, const std::string& duplicate,
                                  const std::vector<std::string>& taken = {}) {
    v1::MergePersonsRequest request;
    request.set_survivor(survivor);
    request.set_duplicate(duplicate);
    request.mutable_taken_fields()->Assign(taken.begin(), taken.end());
    request.set_reason("한 사람");
    return world_.world.Call<v1::Merge>("MergeService/MergePersons", request);
  }
  // A person whom only the centre of this token's staff keeps.
  std::string PersonOf(rpc::Peer* peer) {
    v1::CreatePersonRequest request;
    request.mutable_person()->set_full_name("하늘봄");
    request.mutable_person()->set_basis(v1::LEGAL_BASIS_CONTRACT);
    const auto made = world_.world.Call<v1::Person>("PersonService/CreatePerson", request, peer);
    EXPECT_TRUE(made.ok()) << made.status();
    return made.ok() ? made->name() : "";
  }
};

// Whoever adds a table that names a person finds out here.
TEST(Holdings, NameEveryPlaceWhereAPersonStands) {
  ieum::testing::TestDatabase database(registry_migrations());
  EXPECT_THAT(ieum::testing::HoldingsFaults(database, HeldByRegistry()), IsEmpty());
}

TEST_F(Held, IsToldWholeWithWhatItWasBefore) {
  const std::string person = Somebody();
  Rename(person, "심은비");
  const v1::Enrolment enrolment = world_.Enrol(world_.Campaign(), person);
  ASSERT_TRUE(world_.Hold(person).ok());
  const auto held = Of(person);
  ASSERT_TRUE(held.ok()) << held.status();
  EXPECT_EQ(held->service(), "registry");
  EXPECT_THAT(Values(*held, "identity", "full_name"), ElementsAre("심은비"));
  EXPECT_THAT(Values(*held, "identity_earlier", "full_name"), ElementsAre("심은지"));
  EXPECT_THAT(Values(*held, "identity", "email"), ElementsAre("planted@people.test"));
  EXPECT_THAT(Values(*held, "identity", "birth_year"), ElementsAre("1985"));
  EXPECT_THAT(Values(*held, "identity", "basis"), ElementsAre("CONTRACT"));
  EXPECT_THAT(Values(*held, "affiliations", "organization"), ElementsAre("동백정밀 1"));
  EXPECT_THAT(Values(*held, "consents", "purpose"),
              ::testing::UnorderedElementsAre("COLLECTION", "ADVERTISING"));
  EXPECT_THAT(Values(*held, "contacts", "purpose"), ElementsAre("SERVICE_NOTICE"));
  EXPECT_EQ(Count(*held, "enrolments"), 1);
  EXPECT_GE(Count(*held, "enrolment_steps"), 1);
  EXPECT_THAT(Values(*held, "legal_holds", "reason"), ElementsAre("감사 2024-17"));
  EXPECT_GT(held->kinds_size(), 20);
  for (const auto& kind : held->kinds()) EXPECT_FALSE(kind.basis().empty()) << kind.code();
}

TEST_F(Held, IsToldOnceHoweverSmallThePagesAre) {
  const std::string person = Somebody();
  for (int n = 0; n < 5; ++n) Rename(person, absl::StrCat("심은지", n));
  const auto keys = [](const ExportPersonalDataResponse& held) {
    std::multiset<std::string> found;
    for (const auto& record : held.records()) {
      if (record.kind() != "accesses") found.insert(record.kind() + "/" + record.record_id());
    }
    return found;
  };
  const auto whole = Of(person), by_one = Of(person, 1), by_three = Of(person, 3);
  ASSERT_TRUE(whole.ok() && by_one.ok() && by_three.ok());
  EXPECT_EQ(keys(*by_one), keys(*whole));
  EXPECT_EQ(keys(*by_three), keys(*whole));
  const auto told = keys(*whole);
  EXPECT_EQ(std::set<std::string>(told.begin(), told.end()).size(), told.size()) << "each once";
  EXPECT_EQ(by_one->kinds_size(), whole->kinds_size()) << "on the first page alone";
  EXPECT_EQ(Count(*whole, "identity_earlier"), 5);
}

TEST_F(Held, HoldsNothingOfAnybodyElse) {
  const std::string person = Somebody();
  v1::CreatePersonRequest twin;
  twin.mutable_person()->set_full_name("심은지");
  twin.mutable_person()->set_email("other@people.test");
  twin.mutable_person()->set_phone("010-0000-4321");
  twin.mutable_person()->set_basis(v1::LEGAL_BASIS_CONTRACT);
  twin.set_duplicate_policy(v1::DUPLICATE_POLICY_QUEUE);
  const auto other = world_.world.Call<v1::Person>("PersonService/CreatePerson", twin);
  ASSERT_TRUE(other.ok()) << other.status();
  const auto held = Of(person);
  ASSERT_TRUE(held.ok()) << held.status();
  EXPECT_GE(Count(*held, "duplicate_pairs"), 1) << "her side of the pair";
  const std::string told = held->SerializeAsString();
  EXPECT_THAT(told, Not(HasSubstr("other@people.test")));
  EXPECT_THAT(told, Not(HasSubstr(IdOf(other->name()))));
  EXPECT_THAT(told, Not(HasSubstr("staff/manager"))) << "an account is somebody else's";
}

// law:L17
TEST_F(Held, SaysWhoLookedAtHerAsRolesAndIsWrittenDownItself) {
  const std::string person = Somebody();
  ASSERT_TRUE(world_.Get(person).ok());
  ASSERT_TRUE(Of(person).ok());
  const auto held = Of(person);
  ASSERT_TRUE(held.ok()) << held.status();
  const auto actions = Values(*held, "accesses", "action");
  EXPECT_THAT(actions, ::testing::Contains("registry.persons.get"));
  EXPECT_THAT(actions, ::testing::Contains("registry.contacts.resolve"));
  EXPECT_THAT(actions, ::testing::Contains("platform.personal_data.export"));
  const auto roles = Values(*held, "accesses", "role");
  EXPECT_THAT(roles, ::testing::Contains("service"));
  EXPECT_EQ(roles.size(), actions.size());
}

TEST_F(Held, FollowsRecordsThatWereMerged) {
  const std::string survivor = Somebody(), lost = world_.world.Person("심 은지");
  ASSERT_TRUE(Merge(survivor, lost).ok());
  const auto held = Of(survivor), of_lost = Of(lost);
  ASSERT_TRUE(held.ok() && of_lost.ok()) << of_lost.status();
  EXPECT_THAT(held->merged_persons(), ElementsAre(lost));
  EXPECT_EQ(of_lost->merged_into(), survivor);
  EXPECT_THAT(Values(*of_lost, "identity", "full_name"), ElementsAre("심 은지"));
  EXPECT_EQ(Count(*held, "merges"), 1);
}

TEST_F(Held, NamesMergedRecordsOnceHoweverManyPagesThereAre) {
  const std::string survivor = Somebody(), lost = world_.world.Person("심 은지");
  ASSERT_TRUE(Merge(survivor, lost).ok());
  const auto held = Of(survivor, 1);
  ASSERT_TRUE(held.ok()) << held.status();
  EXPECT_THAT(held->merged_persons(), ElementsAre(lost));
}

// Two sisters, taken for one and told apart again, and a third one meanwhile.
TEST_F(Held, HoldsNothingOfWhomAMistakenMergeTookForHer) {
  const std::string person = Somebody(), third = world_.world.Person("심 은지");
  v1::CreatePersonRequest request;
  request.mutable_person()->set_full_name("박소희");
  request.mutable_person()->set_email("sister@people.test");
  request.mutable_person()->set_phone("010-0000-8888");
  request.mutable_person()->set_basis(v1::LEGAL_BASIS_CONTRACT);
  const auto sister = world_.world.Call<v1::Person>("PersonService/CreatePerson", request);
  ASSERT_TRUE(sister.ok()) << sister.status();
  ASSERT_TRUE(world_.Affiliate(sister->name(), world_.world.Firm(7)).ok());
  const auto merged = Merge(person, sister->name(), {"full_name", "email", "phone"});
  ASSERT_TRUE(merged.ok()) << merged.status();
  const auto another = Merge(person, third, {"latin_name"});
  ASSERT_TRUE(another.ok()) << another.status();
  EXPECT_THAT(Of(person)->SerializeAsString(), HasSubstr("sister@people.test"))
      << "hers as long as they are one";
  for (const auto& merge : {another->name(), merged->name()}) {
    v1::UndoMergeRequest undo;
    undo.set_name(merge);
    undo.set_reason("자매");
    const auto undone = world_.world.Call<v1::Merge>("MergeService/UndoMerge", undo);
    ASSERT_TRUE(undone.ok()) << undone.status();
  }
  const auto held = Of(person);
  ASSERT_TRUE(held.ok()) << held.status();
  const std::string told = held->SerializeAsString();
  for (const char* other : {"sister@people.test", "010-0000-8888", "박소희", "동백정밀 7"}) {
    EXPECT_THAT(told, Not(HasSubstr(other)));
  }
  EXPECT_THAT(Values(*held, "identity", "email"), ElementsAre("planted@people.test"));
  EXPECT_EQ(Count(*held, "identity_before_merge"), 2);
}

// row:R23
TEST_F(Held, CountsARecordOfAnotherCentreThatWasMergedIntoHers) {
  world_.world.Centre(ieum::testing::kCentreA, 90);
  world_.world.Centre(ieum::testing::kCentreB, 91);
  const auto a = world_.world.PeerWith("centre-a"), b = world_.world.PeerWith("centre-b");
  const std::string person = PersonOf(a.get()), lost = PersonOf(b.get());
  const auto merged = Merge(person, lost);
  ASSERT_TRUE(merged.ok()) << merged.status();
  const auto held = Of(person, 0, a.get());
  ASSERT_TRUE(held.ok()) << held.status();
  EXPECT_THAT(held->merged_persons(), IsEmpty()) << "whom the caller could not ask for";
  EXPECT_THAT(held->SerializeAsString(), Not(HasSubstr(IdOf(lost))));
  ASSERT_GE(held->left_out_size(), 1);
  EXPECT_EQ(held->left_out(0).kind(), "identity");
  EXPECT_EQ(held->left_out(0).records(), 1);
  EXPECT_THAT(Of(person)->merged_persons(), ElementsAre(lost));
}

TEST_F(Held, IsOfWhoWasErasedTheProofAlone) {
  const std::string person = Somebody();
  const auto erased = world_.Erase(person);
  ASSERT_TRUE(erased.ok()) << erased.status();
  const auto held = Of(person);
  ASSERT_TRUE(held.ok()) << held.status();
  EXPECT_EQ(held->erasure().erasure(), erased->name());
  EXPECT_THAT(held->records(), IsEmpty());
  EXPECT_THAT(held->SerializeAsString(), Not(HasSubstr("planted")));
}

TEST_F(Held, IsRefusedToWhoMayNotAskAndOfWhoIsNotThere) {
  const std::string person = Somebody();
  EXPECT_EQ(Why(Of("persons/0190c0de-0000-7000-8000-00000000dead")), "NOT_FOUND");
  EXPECT_EQ(Why(Of("심은지")), "INVALID_FIELD");
  EXPECT_EQ(Why(Of(person, 0, world_.world.nobody.get())), "PERMISSION_DENIED");
  EXPECT_EQ(Why(Of(person, 0, world_.world.service.get())), "PERMISSION_DENIED");
  const auto auditor = world_.world.PeerWith("auditor");
  EXPECT_EQ(Why(Of(person, 0, auditor.get())), "PERMISSION_DENIED");
  ExportPersonalDataRequest request;
  request.set_person(person);
  request.set_page_size(1);
  const auto first = Page(request);
  ASSERT_TRUE(first.ok()) << first.status();
  request.set_page_token(first->next_page_token());
  request.set_person(world_.world.Person("다른이"));
  EXPECT_EQ(Why(Page(request)), "PAGE_TOKEN_INVALID") << "a page of another person's";
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM access_log WHERE action = "
                       "'platform.personal_data.export' AND outcome = 'PERMISSION_DENIED'"),
            "3");
}

// row:R23
TEST_F(Held, IsOfAnotherCentreCountedAndNotTold) {
  world_.world.Centre(ieum::testing::kCentreA, 90);
  world_.world.Centre(ieum::testing::kCentreB, 91);
  const auto a = world_.world.PeerWith("centre-a"), b = world_.world.PeerWith("centre-b");
  const std::string person = PersonOf(a.get());
  EXPECT_EQ(Why(Of(person, 0, b.get())), "NOT_FOUND");
  const auto own = Of(person, 0, a.get());
  ASSERT_TRUE(own.ok()) << own.status();
  EXPECT_THAT(Values(*own, "identity", "full_name"), ElementsAre("하늘봄"));
  EXPECT_THAT(own->left_out(), IsEmpty());
  // She takes part in what another centre holds.
  const std::string campaign = world_.Campaign();
  world_.Ask("UPDATE campaign SET centre_id = '" + std::string(ieum::testing::kCentreB) +
             "' RETURNING 1");
  world_.Enrol(campaign, person);
  for (const int page_size : {0, 1}) {
    const auto some = Of(person, page_size, a.get());
    ASSERT_TRUE(some.ok()) << some.status();
    EXPECT_EQ(Count(*some, "enrolments"), 0);
    ASSERT_EQ(some->left_out_size(), 2) << "enrolments and their steps, each once";
    EXPECT_EQ(some->left_out(0).kind(), "enrolments");
    EXPECT_EQ(some->left_out(0).records(), 1);
    EXPECT_EQ(some->left_out(0).centres(), 1);
  }
  EXPECT_EQ(Count(*Of(person), "enrolments"), 1) << "who acts for the suite is told all";
}

}  // namespace
}  // namespace ieum::registry
