// Goal: nobody is registered twice unnoticed. Who sits there is asked, who does not is told once
// and for all what to do, and what was said about a pair is remembered. Method: people over gRPC in
// two centres, real parallel callers. row:R1 row:R2 row:R3 row:R8
#include <gmock/gmock.h>

#include <barrier>
#include <thread>

#include "absl/strings/str_split.h"
#include "tests/integration/registry/duplicate_world.h"

namespace ieum::registry {
namespace {

using ieum::testing::kCentreA;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kPhone[] = "010-0000-4321";

TEST_F(Duplicates, AreAnsweredWithTheScoreAndWhatMatched) {
  const std::string first = Register(Wanted("김민수", kPhone, 1984));
  const auto again = Create(Wanted("Kim Min-su", "+82 10 0000 4321", 1984));
  ASSERT_TRUE(again.ok()) << again.status();
  ASSERT_THAT(again->candidates(), SizeIs(1));
  const v1::DuplicateCandidate& candidate = again->candidates(0);
  EXPECT_EQ(candidate.person(), first);
  EXPECT_EQ(candidate.score(), 92);
  EXPECT_FALSE(candidate.elsewhere());
  EXPECT_THAT(candidate.matched_fields(),
              ElementsAre(v1::MATCH_FIELD_ROMANISED_NAME, v1::MATCH_FIELD_BIRTH_YEAR,
                          v1::MATCH_FIELD_PHONE));
  EXPECT_NE(again->name(), first) << "who sits there decides";
  EXPECT_THAT(Pairs(), IsEmpty());
}

TEST_F(Duplicates, AreAnsweredBeforeAnythingIsStored) {
  const std::string first = Register(Wanted("김민수", kPhone));
  v1::CreatePersonRequest request = Wanted("김 민수", kPhone);
  request.set_validate_only(true);
  const auto rehearsed = Create(request);
  ASSERT_TRUE(rehearsed.ok()) << rehearsed.status();
  ASSERT_THAT(rehearsed->candidates(), SizeIs(1));
  EXPECT_EQ(rehearsed->candidates(0).person(), first);
  request.set_duplicate_policy(v1::DUPLICATE_POLICY_QUEUE);
  EXPECT_TRUE(Create(request).ok());
  request.set_duplicate_policy(v1::DUPLICATE_POLICY_BLOCK);
  EXPECT_EQ(base::ReasonOf(Create(request).status()), "DUPLICATE_PERSON");
  EXPECT_THAT(Pairs(), IsEmpty());
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM person"), "1");
}

TEST_F(Duplicates, AreAnsweredAgainWhenTheRequestIsRepeated) {
  Register(Wanted("김민수", kPhone));
  v1::CreatePersonRequest request = Wanted("김민수", kPhone);
  request.set_request_id(base::Uuid::NewV7().ToString());
  const auto once = Create(request), again = Create(request);
  ASSERT_TRUE(once.ok() && again.ok());
  EXPECT_EQ(once->name(), again->name());
  EXPECT_EQ(again->candidates_size(), 1);
}

TEST_F(Duplicates, AreNotThoseOfACommonName) {
  for (int at = 0; at < 3; ++at) Register(Wanted("김지영"));
  EXPECT_THAT(Create(Wanted("김지영"))->candidates(), IsEmpty()) << "a name alone";
  EXPECT_THAT(Create(Wanted("박하늘", "", 1984))->candidates(), IsEmpty());
  EXPECT_THAT(Create(Wanted("박하늘", "", 1984))->candidates(), SizeIs(1));
  for (int at = 0; at < 6; ++at) Register(Wanted("이수연", "", 1984));
  EXPECT_THAT(Create(Wanted("이수연", "", 1984))->candidates(), IsEmpty())
      << "a name and year that many share";
}

TEST_F(Duplicates, AreFoundByANumberThatSheHadBefore) {
  const std::string first = Register(Wanted("김민수", kPhone, 1984));
  v1::UpdatePersonRequest update;
  update.mutable_person()->set_name(first);
  update.mutable_person()->set_phone("010-0000-9999");
  ASSERT_TRUE(world_.Call<v1::Person>("PersonService/UpdatePerson", update).ok());
  const auto again = Create(Wanted("김민수", kPhone));
  ASSERT_THAT(again->candidates(), SizeIs(1));
  EXPECT_THAT(again->candidates(0).matched_fields(),
              ElementsAre(v1::MATCH_FIELD_FULL_NAME, v1::MATCH_FIELD_FORMER_PHONE));
}

TEST_F(Duplicates, AreRefusedWhereNobodyIsAskedAndItSaysSo) {
  const std::string first = Register(Wanted("김민수", kPhone));
  const auto refused = Unasked(Wanted("김민수", kPhone), v1::DUPLICATE_POLICY_BLOCK);
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(base::ReasonOf(refused.status()), "DUPLICATE_PERSON");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM person"), "1");
  // The same name and year make it likely, not certain: she is registered, and somebody looks.
  const auto likely = Unasked(Wanted("Kim Minsu", kPhone, 1984), v1::DUPLICATE_POLICY_BLOCK);
  ASSERT_TRUE(likely.ok()) << likely.status();
  ASSERT_THAT(Pairs(), SizeIs(1));
  EXPECT_EQ(Pairs()[0].score(), 67);
}

TEST_F(Duplicates, AreNamedInARefusalAsFarAsItsHeadersHold) {
  for (int at = 0; at < 22; ++at) Register(Wanted("김민수", kPhone));
  const auto refused = Unasked(Wanted("김민수", kPhone), v1::DUPLICATE_POLICY_BLOCK);
  EXPECT_EQ(base::ReasonOf(refused.status()), "DUPLICATE_PERSON");
  const auto details = refused.status().GetPayload("type.googleapis.com/google.rpc.ErrorInfo");
  ASSERT_TRUE(details.has_value());
  const std::vector<std::string> parts = absl::StrSplit(std::string(*details), "persons/");
  EXPECT_THAT(parts, SizeIs(21)) << "what stands before twenty names";
}

TEST_F(Duplicates, AreLinkedToWhereNobodyIsAskedAndItSaysSo) {
  const auto first = Create(Wanted("김민수", kPhone));
  v1::CreatePersonRequest request = Wanted("김민수", kPhone, 1984);
  request.set_request_id(base::Uuid::NewV7().ToString());
  const auto linked = Unasked(request, v1::DUPLICATE_POLICY_LINK);
  ASSERT_TRUE(linked.ok()) << linked.status();
  EXPECT_EQ(linked->name(), first->name());
  EXPECT_EQ(linked->etag(), first->etag());
  EXPECT_EQ(linked->birth_year(), 0) << "she stays as she is";
  EXPECT_EQ(Unasked(request, v1::DUPLICATE_POLICY_LINK)->name(), first->name());
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM person"), "1");
  EXPECT_THAT(world_.EventTypes(), ElementsAre("PersonRegistered"));
}

TEST_F(Duplicates, WaitForAReviewWhereNobodyIsAskedAndItSaysSo) {
  const std::string first = Register(Wanted("김민수", kPhone));
  const auto second = Unasked(Wanted("김민수", kPhone), v1::DUPLICATE_POLICY_QUEUE);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_NE(second->name(), first);
  EXPECT_THAT(second->candidates(), SizeIs(1));
  const auto pairs = Pairs(nullptr, "state = DUPLICATE_PAIR_STATE_OPEN AND score >= 70");
  ASSERT_THAT(pairs, SizeIs(1));
  EXPECT_EQ(pairs[0].person(), std::min(first, second->name()));
  EXPECT_EQ(pairs[0].other_person(), std::max(first, second->name()));
  EXPECT_EQ(pairs[0].score(), 75);
  EXPECT_THAT(pairs[0].matched_fields(),
              ElementsAre(v1::MATCH_FIELD_FULL_NAME, v1::MATCH_FIELD_PHONE));
  const auto told = world_.Events(pairs[0].name());
  ASSERT_THAT(told, SizeIs(1));
  EXPECT_EQ(told[0].type, "DuplicatePairFound");
  EXPECT_EQ(told[0].As<v1::DuplicatePairFound>().person_id(), IdOf(pairs[0].person()));
}

TEST_F(Duplicates, AreRegisteredOnceByManyAtOnce) {
  constexpr int kCallers = 6;
  std::barrier gate(kCallers);
  std::vector<std::thread> threads;
  std::vector<std::string> names(kCallers);
  for (int caller = 0; caller < kCallers; ++caller) {
    threads.emplace_back([&, caller] {
      gate.arrive_and_wait();
      const auto person = Unasked(Wanted("김민수", kPhone), v1::DUPLICATE_POLICY_LINK);
      names[caller] = person.ok() ? person->name() : person.status().ToString();
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(names, ::testing::Each(names[0]));
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM person"), "1");
}

TEST_F(Duplicates, OfAnotherCentreAreToldAsSomewhereElse) {
  Centres();
  const std::string other = Register(Wanted("김민수", kPhone, 1984), a_.get());
  Register(Wanted("김민수", kPhone, 1984), a_.get());
  const auto person = Create(Wanted("김민수", kPhone, 1984), b_.get());
  ASSERT_TRUE(person.ok()) << person.status();
  ASSERT_THAT(person->candidates(), SizeIs(1)) << "two of them are one line";
  EXPECT_TRUE(person->candidates(0).elsewhere());
  EXPECT_EQ(person->candidates(0).person(), "");
  EXPECT_THAT(person->candidates(0).matched_fields(), IsEmpty());
  EXPECT_EQ(person->candidates(0).score(), 100);
  EXPECT_THAT(person->DebugString(), Not(HasSubstr(IdOf(other))));
}

TEST_F(Duplicates, OfAnotherCentreNeitherBlockNorAreLinkedTo) {
  Centres();
  const std::string other = Register(Wanted("김민수", kPhone), a_.get());
  const auto blocked = Unasked(Wanted("김민수", kPhone), v1::DUPLICATE_POLICY_BLOCK, b_.get());
  ASSERT_TRUE(blocked.ok()) << blocked.status();
  const auto refused = Unasked(Wanted("김민수", kPhone), v1::DUPLICATE_POLICY_BLOCK, b_.get());
  EXPECT_EQ(base::ReasonOf(refused.status()), "DUPLICATE_PERSON") << "now it is one of its own";
  EXPECT_THAT(std::string(refused.status().message()), Not(HasSubstr(IdOf(other))));
  EXPECT_THAT(Pairs(a_.get()), IsEmpty());
  EXPECT_THAT(Pairs(b_.get()), IsEmpty());
  EXPECT_THAT(Pairs(ab_.get()), IsEmpty()) << "two centres' pair is the suite's";
  ASSERT_THAT(Pairs(), SizeIs(1));
  EXPECT_EQ(Pairs()[0].centre(), "");
}

TEST_F(Duplicates, OfOneCentreAreItsStaffsToReview) {
  Centres();
  Register(Wanted("김민수", kPhone), a_.get());
  ASSERT_TRUE(Unasked(Wanted("김민수", kPhone), v1::DUPLICATE_POLICY_QUEUE, a_.get()).ok());
  ASSERT_THAT(Pairs(a_.get()), SizeIs(1));
  EXPECT_EQ(Pairs(a_.get())[0].centre(), absl::StrCat("organizations/", kCentreA));
  EXPECT_THAT(Pairs(b_.get()), IsEmpty());
  EXPECT_THAT(Pairs(ab_.get()), SizeIs(1));
}

TEST_F(Duplicates, OnceSaidNotToBeTheSameAreNeverProposedAgain) {
  Register(Wanted("김민수", kPhone));
  ASSERT_TRUE(Unasked(Wanted("김민수", kPhone), v1::DUPLICATE_POLICY_QUEUE).ok());
  const v1::DuplicatePair pair = Pairs()[0];
  EXPECT_EQ(base::ReasonOf(Dismiss(pair.name(), "\"7\"").status()), "STALE_ETAG");
  v1::DismissDuplicateRequest request;
  request.set_name(pair.name());
  request.set_etag(pair.etag());
  request.set_request_id(base::Uuid::NewV7().ToString());
  const auto dismissed =
      world_.Call<v1::DuplicatePair>("DuplicateService/DismissDuplicate", request);
  ASSERT_TRUE(dismissed.ok()) << dismissed.status();
  EXPECT_TRUE(world_.Call<v1::DuplicatePair>("DuplicateService/DismissDuplicate", request).ok())
      << "the same request again";
  EXPECT_EQ(dismissed->state(), v1::DUPLICATE_PAIR_STATE_DISMISSED);
  EXPECT_EQ(dismissed->decider(), "staff/manager");
  EXPECT_EQ(base::ReasonOf(Dismiss(pair.name()).status()), "DUPLICATE_PAIR_DECIDED");
  EXPECT_EQ(base::ReasonOf(Dismiss("duplicatePairs/" + base::Uuid::NewV7().ToString()).status()),
            "NOT_FOUND");
  EXPECT_EQ(ScanAll().pair_count(), 0);
  EXPECT_THAT(Pairs(nullptr, "state = DUPLICATE_PAIR_STATE_OPEN"), IsEmpty());
  EXPECT_THAT(world_.EventTypes(pair.name()),
              ElementsAre("DuplicatePairFound", "DuplicatePairDismissed"));
}

TEST_F(Duplicates, AreNoMoreOnceAPersonIsErased) {
  const std::string first = Register(Wanted("김민수", kPhone, 1984));
  EXPECT_NE(world_.Ask("SELECT count(*) FROM person_match_key"), "0");
  const db::PersonKeys keys(world_.vault());
  const absl::Status erased = world_.database.database().Write("erase", [&](db::Tx& tx) {
    keys.Destroy(tx, *base::Uuid::Parse(IdOf(first)), world_.clock.Now().value());
    return absl::OkStatus();
  });
  ASSERT_TRUE(erased.ok()) << erased;
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM person_match_key"), "0");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM person WHERE phone_index IS NOT NULL"), "0");
  EXPECT_THAT(Create(Wanted("김민수", kPhone, 1984))->candidates(), IsEmpty());
  EXPECT_EQ(ScanAll().pair_count(), 0);
}

TEST_F(Duplicates, RefuseAYearThatIsNotThereYetAndANameInOtherLetters) {
  EXPECT_EQ(base::ReasonOf(Create(Wanted("김민수", "", 2024)).status()), "DATE_INVALID");
  EXPECT_EQ(base::ReasonOf(Create(Wanted("김민수", "", 1899)).status()), "INVALID_FIELD");
  v1::CreatePersonRequest request = Wanted("김민수");
  request.mutable_person()->set_latin_name("김 Minsu");
  EXPECT_THAT(base::FieldsOf(Create(request).status()), ElementsAre("person.latin_name"));
  request.mutable_person()->set_latin_name("KIM, Minsu");
  request.mutable_person()->set_birth_year(1984);
  const auto person = Create(request);
  ASSERT_TRUE(person.ok()) << person.status();
  EXPECT_EQ(person->latin_name(), "KIM, Minsu");
  EXPECT_EQ(person->birth_year(), 1984);
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM person p WHERE p::text LIKE '%Minsu%'"), "0");
}

}  // namespace
}  // namespace ieum::registry
