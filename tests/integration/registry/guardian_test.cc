// Goal: nobody under fourteen is kept, enrolled or consents without a verified legal guardian, and
// from the fourteenth birthday in Korea on the own word counts. law:L08
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ieum/registry/v1/erasure_service.pb.h"
#include "ieum/registry/v1/merge_service.pb.h"
#include "services/registry/instants.h"
#include "tests/integration/registry/consent_world.h"

namespace ieum::registry {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kBirthday[] = "2010-03-05";  // the clock begins on 4 March 2024

class Guardians : public ::testing::Test {
 protected:
  v1::CreatePersonRequest Wanted(const std::string& birth_date, const std::string& guardian = "") {
    v1::CreatePersonRequest request;
    v1::Person& person = *request.mutable_person();
    person.set_full_name("최아이");
    person.set_basis(v1::LEGAL_BASIS_CONTRACT);
    person.set_birth_date(birth_date);
    if (!guardian.empty()) {
      person.mutable_guardian()->set_person(guardian);
      person.mutable_guardian()->set_verification(v1::GUARDIAN_VERIFICATION_FAMILY_CERTIFICATE);
    }
    return request;
  }
  absl::StatusOr<v1::Person> Create(const v1::CreatePersonRequest& request) {
    return world_.Call<v1::Person>("PersonService/CreatePerson", request);
  }
  v1::Person Child() {
    const auto child = Create(Wanted(kBirthday, mother_));
    EXPECT_TRUE(child.ok()) << child.status();
    return child.value_or(v1::Person());
  }
  absl::StatusOr<v1::Person> Update(const std::string& name, const std::string& path,
                                    const std::function<void(v1::Person*)>& change) {
    v1::UpdatePersonRequest request;
    request.mutable_person()->set_name(name);
    request.mutable_update_mask()->add_paths(path);
    change(request.mutable_person());
    return world_.Call<v1::Person>("PersonService/UpdatePerson", request);
  }
  v1::Person Get(const std::string& name) {
    v1::GetPersonRequest request;
    request.set_name(name);
    return world_.Call<v1::Person>("PersonService/GetPerson", request).value();
  }
  absl::StatusOr<v1::Enrolment> Enrol(const std::string& person) {
    v1::CreateEnrolmentRequest request;
    request.set_parent(campaign_);
    request.mutable_enrolment()->set_person(person);
    return world_.Call<v1::Enrolment>("EnrolmentService/CreateEnrolment", request);
  }
  // By whom somebody says something to collection, now.
  std::string Consent(const std::string& person, const std::string& guardian,
                      v1::ConsentState state = v1::CONSENT_STATE_GIVEN) {
    auto request = consents_.Saying(person, v1::CONSENT_PURPOSE_COLLECTION, text_, state);
    request.mutable_consent()->set_guardian(guardian);
    return Why(consents_.Call<v1::Consent>("RecordConsent", request));
  }

  ConsentWorld consents_;
  World& world_ = consents_.world;
  const std::string mother_ = consents_.Person();
  const std::string text_ = consents_.Text(v1::CONSENT_PURPOSE_COLLECTION);
  const std::string campaign_ = world_.OpenCampaign([](v1::Campaign* wish) {
    *wish->mutable_window()->mutable_end_time() = ToTimestamp(Korea("2024-10-10 18:00"));
  });
};

TEST_F(Guardians, AreVerifiedBeforeAChildIsKept) {
  const auto refused = Create(Wanted(kBirthday));
  EXPECT_EQ(Why(refused), "GUARDIAN_MISSING");
  EXPECT_THAT(refused.status().ToString(), Not(HasSubstr("2010")));
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM person"), "1") << "the mother alone";
  const v1::Person child = Child();
  EXPECT_EQ(child.birth_date(), kBirthday);
  EXPECT_EQ(child.birth_year(), 2010) << "follows from the day";
  EXPECT_EQ(child.guardian().person(), mother_);
  EXPECT_EQ(child.guardian().verifier(), "staff/manager");
  EXPECT_EQ(FromTimestamp(child.guardian().verify_time()), Korea("2024-03-04 11:00"));
  EXPECT_THAT(world_.EventTypes(child.name()), ElementsAre("PersonRegistered", "GuardianVerified"));
  const auto told = world_.Events(child.name())[1].As<v1::GuardianVerified>();
  EXPECT_EQ(told.guardian_person_id(), IdOf(mother_));
  EXPECT_EQ(told.verified_date(), "2024-03-04");
  for (const Told& event : world_.Events(child.name())) {
    EXPECT_THAT(event.payload, Not(HasSubstr("2010"))) << event.type;
  }
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM person WHERE position('2010-03' in "
                       "encode(birth_date_box, 'escape')) > 0"),
            "0")
      << "sealed";
  EXPECT_EQ(Why(Create(Wanted("2010-03-04"))), "OK") << "fourteen today";
}

TEST_F(Guardians, AreRegisteredAdultsAndSomebodyElse) {
  auto stranger = Wanted(kBirthday, "persons/" + base::Uuid::NewV7().ToString());
  EXPECT_EQ(Why(Create(stranger)), "PERSON_UNKNOWN");
  auto herself = Wanted(kBirthday);
  const std::string id = base::Uuid::NewV7().ToString();
  herself.set_person_id(id);
  *herself.mutable_person()->mutable_guardian() = Wanted("", "persons/" + id).person().guardian();
  EXPECT_EQ(Why(Create(herself)), "GUARDIAN_UNFIT");
  const auto sister = Create(Wanted("2006-01-01"));
  ASSERT_TRUE(sister.ok()) << sister.status();
  EXPECT_EQ(Why(Create(Wanted(kBirthday, sister->name()))), "GUARDIAN_UNFIT");
  auto later = Wanted(kBirthday, mother_);
  *later.mutable_person()->mutable_guardian()->mutable_verify_time() =
      ToTimestamp(Korea("2024-03-04 11:01"));
  EXPECT_EQ(Why(Create(later)), "DATE_INVALID");
  auto year = Wanted(kBirthday, mother_);
  year.mutable_person()->set_birth_year(2011);
  EXPECT_EQ(Why(Create(year)), "INVALID_FIELD");
  EXPECT_EQ(Why(Create(Wanted("2024-03-05"))), "DATE_INVALID");
  world_.Ask("UPDATE person_key SET wrapped = NULL, destroyed_at = now() WHERE person_id = '" +
             IdOf(mother_) + "' RETURNING 1");
  EXPECT_EQ(Why(Create(Wanted(kBirthday, mother_))), "PERSON_UNKNOWN") << "her data are erased";
}

// The record may have become the child's own.
TEST_F(Guardians, AreNoRecordThatLostInAMerge) {
  const std::string twice = consents_.Person();
  v1::MergePersonsRequest merge;
  merge.set_survivor(mother_);
  merge.set_duplicate(twice);
  merge.set_reason("twice at one door");
  ASSERT_EQ(Why(world_.Call<v1::Merge>("MergeService/MergePersons", merge)), "OK");
  const auto refused = Create(Wanted(kBirthday, twice));
  EXPECT_EQ(Why(refused), "PERSON_UNKNOWN");
  EXPECT_THAT(base::FieldsOf(refused.status()), ElementsAre("person.guardian.person"));
  EXPECT_EQ(Why(Create(Wanted(kBirthday, mother_))), "OK") << "who stands for it";
}

TEST_F(Guardians, AreAskedForWhenItTurnsOutThatSomebodyIsAChild) {
  auto adult = Wanted("");
  adult.mutable_person()->set_birth_year(1990);
  const std::string name = Create(adult)->name();
  const auto young = [](v1::Person* person) { person->set_birth_date(kBirthday); };
  EXPECT_EQ(Why(Update(name, "birth_date", young)), "GUARDIAN_MISSING");
  EXPECT_EQ(Get(name).birth_year(), 1990) << "a refusal changes nothing";
  ASSERT_TRUE(Update(name, "guardian", [&](v1::Person* person) {
                *person->mutable_guardian() = Wanted("", mother_).person().guardian();
              }).ok());
  const auto updated = Update(name, "birth_date", young);
  ASSERT_TRUE(updated.ok()) << updated.status();
  EXPECT_EQ(updated->birth_year(), 2010);
  EXPECT_EQ(Why(Update(name, "guardian", [](v1::Person*) {})), "GUARDIAN_MISSING");
  EXPECT_EQ(Get(name).guardian().person(), mother_);
  auto year_alone = Wanted("");
  year_alone.mutable_person()->set_birth_year(2010);
  EXPECT_EQ(Why(Create(year_alone)), "GUARDIAN_MISSING") << "may be thirteen";
  year_alone.mutable_person()->set_birth_year(2009);
  EXPECT_EQ(Why(Create(year_alone)), "OK");
}

TEST_F(Guardians, AreReplacedAndTheirHistoryStays) {
  const v1::Person child = Child();
  const std::string father = consents_.Person();
  world_.SetClock("2024-03-04 15:00");
  const auto changed = Update(child.name(), "guardian", [&](v1::Person* person) {
    *person->mutable_guardian() = Wanted("", father).person().guardian();
  });
  ASSERT_TRUE(changed.ok()) << changed.status();
  EXPECT_EQ(changed->guardian().person(), father);
  EXPECT_EQ(FromTimestamp(changed->guardian().verify_time()), Korea("2024-03-04 15:00"));
  EXPECT_EQ(world_.Ask("SELECT count(*) || ' ' || count(ended_at) FROM guardianship"), "2 1");
  EXPECT_THAT(world_.EventTypes(child.name()), ElementsAre("PersonRegistered", "GuardianVerified",
                                                           "PersonUpdated", "GuardianVerified"));
  EXPECT_THAT(world_.Events(child.name())[2].As<v1::PersonUpdated>().changed_fields(),
              ElementsAre("guardian"));
  // Something else of her does not verify anybody anew.
  ASSERT_TRUE(Update(child.name(), "phone", [](v1::Person* person) {
                person->set_phone("010-1234-5678");
              }).ok());
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM guardianship"), "2");
}

// Each look at who answers for whom leaves a row about both: only methods that log it show it.
// law:L17
TEST_F(Guardians, AreShownByNoMethodThatDoesNotLogThem) {
  auto wanted = Wanted(kBirthday, mother_);
  wanted.mutable_person()->set_phone("010-0000-4321");
  const auto child = Create(wanted);
  ASSERT_TRUE(child.ok()) << child.status();
  EXPECT_EQ(child->guardian().person(), mother_) << "whom the caller named";
  v1::SearchPersonsRequest search;
  search.set_phone("010-0000-4321");
  search.set_access_reason("중복 확인");
  const auto found = world_.Call<v1::SearchPersonsResponse>("PersonService/SearchPersons", search);
  ASSERT_TRUE(found.ok()) << found.status();
  ASSERT_EQ(found->matches_size(), 1);
  EXPECT_EQ(found->matches(0).person().name(), child->name());
  EXPECT_FALSE(found->matches(0).person().has_guardian());
  *wanted.mutable_person()->mutable_guardian() = Wanted("", consents_.Person()).person().guardian();
  wanted.set_duplicate_policy(v1::DUPLICATE_POLICY_LINK);
  const auto linked = Create(wanted);
  ASSERT_TRUE(linked.ok()) << linked.status();
  EXPECT_EQ(linked->name(), child->name());
  EXPECT_FALSE(linked->has_guardian());
}

// Who was erased cannot be asked for a child any more: somebody else is verified first. law:L14
TEST_F(Guardians, AreNoneOnceTheirDataAreErased) {
  const std::string child = Child().name(), father = consents_.Person();
  v1::ErasePersonRequest erase;
  erase.set_name(mother_);
  erase.set_reason(v1::ERASURE_REASON_REQUEST);
  ASSERT_EQ(Why(world_.Call<v1::Erasure>("ErasureService/ErasePerson", erase)), "OK");
  EXPECT_FALSE(Get(child).has_guardian());
  EXPECT_EQ(Consent(child, mother_), "GUARDIAN_MISSING");
  EXPECT_EQ(Why(Enrol(child)), "GUARDIAN_MISSING");
  EXPECT_EQ(Why(Update(child, "guardian",
                       [&](v1::Person* person) {
                         *person->mutable_guardian() = Wanted("", father).person().guardian();
                       })),
            "OK");
  EXPECT_EQ(Consent(child, father), "OK");
  EXPECT_EQ(Why(Enrol(child)), "OK");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM guardianship WHERE ended_at IS NULL"), "1");
}

// He was verified under the record that lost: both ids mean him.
TEST_F(Guardians, SpeakUnderEitherIdOnceTheirRecordsAreOne) {
  const std::string child = Child().name(), other = consents_.Person(), father = consents_.Person();
  v1::MergePersonsRequest merge;
  merge.set_survivor(other);
  merge.set_duplicate(mother_);
  merge.set_reason("both came with one form");
  ASSERT_EQ(Why(world_.Call<v1::Merge>("MergeService/MergePersons", merge)), "OK");
  EXPECT_EQ(Consent(child, other), "OK");
  EXPECT_EQ(Consent(child, mother_), "OK");
  EXPECT_EQ(Consent(child, father), "GUARDIAN_MISSING");
  EXPECT_EQ(Consent(child, ""), "GUARDIAN_MISSING");
}

TEST_F(Guardians, StandBehindEveryEnrolmentOfAChild) {
  const v1::Person child = Child();
  const auto enrolled = Enrol(child.name());
  ASSERT_TRUE(enrolled.ok()) << enrolled.status();
  EXPECT_EQ(enrolled->state(), v1::ENROLMENT_STATE_CONFIRMED);
  // One whom nobody asked for a guardian when she was written down.
  const auto former = Create(Wanted("2010-03-04"));
  ASSERT_TRUE(former.ok()) << former.status();
  v1::CreateEnrolmentRequest yesterday;
  yesterday.set_parent(campaign_);
  yesterday.mutable_enrolment()->set_person(former->name());
  yesterday.mutable_enrolment()->set_applied_date("2024-03-03");
  EXPECT_EQ(Why(world_.Call<v1::Enrolment>("EnrolmentService/CreateEnrolment", yesterday)),
            "GUARDIAN_MISSING")
      << "she was thirteen on that day";
  EXPECT_EQ(Why(Enrol(former->name())), "OK");
}

TEST_F(Guardians, SpeakForAChildUntilMidnightBeforeHerBirthday) {
  const std::string child = Child().name();
  const std::string father = consents_.Person();
  EXPECT_EQ(Consent(child, ""), "GUARDIAN_MISSING");
  EXPECT_EQ(Consent(child, father), "GUARDIAN_MISSING") << "he was not verified";
  EXPECT_EQ(Consent(child, "", v1::CONSENT_STATE_REFUSED), "OK") << "a child may say no";
  world_.SetClock("2024-03-04 23:59");
  EXPECT_EQ(Consent(child, ""), "GUARDIAN_MISSING");
  EXPECT_EQ(Consent(child, mother_), "OK");
  world_.SetClock("2024-03-05 00:00");
  EXPECT_EQ(Consent(child, ""), "OK") << "now her own word counts";
  auto earlier = consents_.Saying(child, v1::CONSENT_PURPOSE_ADVERTISING,
                                  consents_.Text(v1::CONSENT_PURPOSE_ADVERTISING));
  *earlier.mutable_consent()->mutable_decide_time() = ToTimestamp(Korea("2024-03-04 23:59"));
  EXPECT_EQ(Why(consents_.Call<v1::Consent>("RecordConsent", earlier)), "GUARDIAN_MISSING")
      << "said by the child, whenever it is written down";
  ASSERT_TRUE(Update(child, "guardian", [](v1::Person*) {}).ok()) << "she needs none any more";
}

}  // namespace
}  // namespace ieum::registry
