// Goal: two records of one person become one: both histories stay, the losing id leads to the
// survivor for ever, and undoing it leaves both as they were. Method: merges over gRPC on a real
// database, whose rows are compared. row:R4 row:R6
#include <gmock/gmock.h>

#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/registry/merges/merge_rules.h"
#include "tests/integration/registry/duplicate_world.h"
#include "tests/integration/registry/merge_world.h"
#include "tests/support/centres.h"

namespace ieum::registry {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class Merges : public ::testing::Test {
 protected:
  std::vector<std::string> Found(const std::string& phone, rpc::Peer* as = nullptr) {
    v1::SearchPersonsRequest request;
    request.set_phone(phone);
    request.set_access_reason("somebody calls");
    const auto page =
        world_.Call<v1::SearchPersonsResponse>("PersonService/SearchPersons", request, as);
    EXPECT_TRUE(page.ok()) << page.status();
    std::vector<std::string> names;
    if (page.ok()) {
      for (const auto& match : page->matches()) names.push_back(match.person().name());
    }
    return names;
  }
  absl::StatusOr<v1::Merge> GetMerge(const std::string& name, rpc::Peer* as = nullptr) {
    v1::GetMergeRequest request;
    request.set_name(name);
    return world_.Call<v1::Merge>("MergeService/GetMerge", request, as);
  }
  std::vector<v1::Merge> List(const std::string& filter, rpc::Peer* as = nullptr) {
    v1::ListMergesRequest request;
    request.set_filter(filter);
    const auto page = world_.Call<v1::ListMergesResponse>("MergeService/ListMerges", request, as);
    EXPECT_TRUE(page.ok()) << page.status();
    if (!page.ok()) return {};
    return {page->merges().begin(), page->merges().end()};
  }

  MergeWorld merges_;
  World& world_ = merges_.world;
  const std::string survivor_ = merges_.Register("김하나", "010-0000-0001");
  const std::string duplicate_ = merges_.Register("김 하나", "010-0000-0002");
};

TEST_F(Merges, LetTheLosingIdLeadToTheSurvivor) {
  const auto merged = merges_.Merge(survivor_, duplicate_);
  ASSERT_TRUE(merged.ok()) << merged.status();
  EXPECT_EQ(merged->state(), v1::MERGE_STATE_MERGED);
  EXPECT_EQ(merged->merger(), "staff/manager");
  const v1::Person asked = merges_.Known(duplicate_);
  EXPECT_EQ(asked.name(), survivor_);
  EXPECT_EQ(asked.merged_into(), survivor_);
  EXPECT_EQ(asked.phone(), "010-0000-0001");
  const v1::Person known = merges_.Known(survivor_);
  EXPECT_EQ(known.merged_into(), "");
  EXPECT_THAT(known.merged_persons(), ElementsAre(duplicate_));
  EXPECT_EQ(known.etag(), merged->etag()) << "a merge changes its survivor's version";
  EXPECT_THAT(world_.EventTypes(survivor_), ElementsAre("PersonRegistered", "PersonsMerged"));
  const auto event = world_.Events(survivor_)[1].As<v1::PersonsMerged>();
  EXPECT_EQ(event.survivor_person_id(), IdOf(survivor_));
  EXPECT_EQ(event.duplicate_person_id(), IdOf(duplicate_));
}

TEST_F(Merges, TakeTheValuesThatWereChosen) {
  const auto merged = merges_.Merge(survivor_, duplicate_, {"phone"});
  ASSERT_TRUE(merged.ok()) << merged.status();
  const v1::Person known = merges_.Known(survivor_);
  EXPECT_EQ(known.phone(), "010-0000-0002");
  EXPECT_EQ(known.full_name(), "김하나");
  const auto told = world_.Events(survivor_)[1].As<v1::PersonUpdated>();
  EXPECT_THAT(told.changed_fields(), ElementsAre("phone"));
  ASSERT_TRUE(merges_.Undo(merged->name()).ok());
  EXPECT_EQ(merges_.Known(survivor_).phone(), "010-0000-0001");
  EXPECT_EQ(merges_.Known(duplicate_).phone(), "010-0000-0002");
}

TEST_F(Merges, LeaveToTheSurvivorWhatCameSince) {
  const auto merged = merges_.Merge(survivor_, duplicate_, {"phone", "full_name"});
  ASSERT_TRUE(merged.ok()) << merged.status();
  ASSERT_TRUE(merges_.SetPhone(survivor_, "010-0000-0009").ok());
  const std::string since = merges_.Affiliate(survivor_, world_.Firm(1));
  ASSERT_TRUE(merges_.Undo(merged->name()).ok());
  const v1::Person known = merges_.Known(survivor_);
  EXPECT_EQ(known.phone(), "010-0000-0009");
  EXPECT_EQ(known.full_name(), "김하나");
  ASSERT_THAT(merges_.Affiliations(survivor_), SizeIs(1));
  EXPECT_EQ(merges_.Affiliations(survivor_)[0].name(), since);
  EXPECT_THAT(merges_.Affiliations(duplicate_), IsEmpty());
}

TEST_F(Merges, BringHerAffiliationsAndWhatNamesHerAsContact) {
  const std::string firm = world_.Firm(1);
  const std::string affiliation = merges_.Affiliate(duplicate_, firm);
  const auto lead = merges_.Lead(firm, duplicate_);
  ASSERT_TRUE(lead.ok()) << lead.status();
  const auto merged = merges_.Merge(survivor_, duplicate_);
  ASSERT_TRUE(merged.ok()) << merged.status();
  for (const std::string& name : {survivor_, duplicate_}) {
    ASSERT_THAT(merges_.Affiliations(name), SizeIs(1));
    EXPECT_EQ(merges_.Affiliations(name)[0].name(),
              absl::StrCat(survivor_, "/affiliations/", IdOf(affiliation)));
  }
  EXPECT_EQ(world_.Ask("SELECT contact_person_id FROM lead"), IdOf(survivor_));
  std::vector<std::string> places;
  for (const auto& effect : merged->effects()) {
    if (effect.rule() == v1::MERGE_RULE_MOVE) {
      places.push_back(absl::StrCat(effect.place(), " ", effect.row_count()));
    }
  }
  EXPECT_THAT(places, ElementsAre("affiliation.person_id 1", "lead.contact_person_id 1"));
  ASSERT_TRUE(merges_.Undo(merged->name()).ok());
  EXPECT_EQ(merges_.Affiliations(duplicate_)[0].name(), affiliation);
  EXPECT_EQ(world_.Ask("SELECT contact_person_id FROM lead"), IdOf(duplicate_));
}

TEST_F(Merges, RefuseWritesToTheLosingIdNamingTheSurvivor) {
  const std::string affiliation = merges_.Affiliate(duplicate_, world_.Firm(1));
  ASSERT_TRUE(merges_.Merge(survivor_, duplicate_).ok());
  const auto changed = merges_.SetPhone(duplicate_, "010-0000-0003");
  EXPECT_EQ(base::ReasonOf(changed.status()), "PERSON_MERGED");
  EXPECT_THAT(changed.status().ToString(), ::testing::HasSubstr("merge"));
  v1::EndAffiliationRequest end;
  end.set_name(affiliation);
  EXPECT_EQ(
      base::ReasonOf(world_.Call<v1::Affiliation>("PersonService/EndAffiliation", end).status()),
      "PERSON_MERGED");
  v1::CreateAffiliationRequest begin;
  begin.set_parent(duplicate_);
  begin.mutable_affiliation()->set_organization(world_.Firm(2));
  begin.mutable_affiliation()->set_role(v1::AFFILIATION_ROLE_CONTACT);
  begin.mutable_affiliation()->set_start_date("2023-01-02");
  EXPECT_EQ(base::ReasonOf(
                world_.Call<v1::Affiliation>("PersonService/CreateAffiliation", begin).status()),
            "PERSON_MERGED");
  const std::string text = merges_.consents.Text(v1::CONSENT_PURPOSE_COLLECTION);
  EXPECT_EQ(Why(merges_.consents.Say(duplicate_, v1::CONSENT_PURPOSE_COLLECTION, text)),
            "PERSON_MERGED");
  EXPECT_EQ(Why(merges_.Enrol(world_.OpenCampaign(), duplicate_)), "PERSON_MERGED");
  EXPECT_EQ(Why(merges_.Merge(merges_.Register("이둘", ""), duplicate_)), "PERSON_MERGED");
  EXPECT_EQ(Why(merges_.Merge(duplicate_, survivor_)), "PERSON_MERGED");
}

TEST_F(Merges, LetHerBeFoundByWhatEitherRecordSays) {
  ASSERT_TRUE(merges_.Merge(survivor_, duplicate_).ok());
  EXPECT_THAT(Found("010-0000-0001"), ElementsAre(survivor_));
  EXPECT_THAT(Found("010-0000-0002"), ElementsAre(survivor_));
  v1::CreatePersonRequest request;
  request.mutable_person()->set_full_name("김하나");
  request.mutable_person()->set_phone("010-0000-0002");
  request.mutable_person()->set_basis(v1::LEGAL_BASIS_CONTRACT);
  request.set_duplicate_policy(v1::DUPLICATE_POLICY_LINK);
  const auto linked = world_.Call<v1::Person>("PersonService/CreatePerson", request);
  ASSERT_TRUE(linked.ok()) << linked.status();
  EXPECT_EQ(linked->name(), survivor_);
  EXPECT_THAT(linked->candidates(),
              ::testing::Each(::testing::Property(&v1::DuplicateCandidate::person, survivor_)));
}

TEST_F(Merges, SayBeforehandWhatEachRuleWouldDo) {
  merges_.Affiliate(duplicate_, world_.Firm(1));
  const auto before = merges_.Rows();
  v1::MergePersonsRequest request = merges_.Wanted(survivor_, duplicate_, {"phone"});
  request.set_validate_only(true);
  const auto rehearsed = merges_.Merge(request);
  ASSERT_TRUE(rehearsed.ok()) << rehearsed.status();
  EXPECT_THAT(rehearsed->effects(),
              Contains(::testing::Property(&v1::MergeEffect::place, "affiliation.person_id")));
  EXPECT_EQ(merges_.Rows(), before);
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM person_merge"), "0");
  EXPECT_EQ(merges_.Known(duplicate_).name(), duplicate_);
}

TEST_F(Merges, AnswerARepeatedRequestAgain) {
  v1::MergePersonsRequest request = merges_.Wanted(survivor_, duplicate_);
  request.set_request_id(base::Uuid::NewV7().ToString());
  const auto once = merges_.Merge(request), again = merges_.Merge(request);
  ASSERT_TRUE(once.ok() && again.ok()) << again.status();
  EXPECT_EQ(once->name(), again->name());
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM person_merge"), "1");
}

TEST_F(Merges, RefuseWhatIsStaleOrTheSameOrUnknown) {
  v1::MergePersonsRequest request = merges_.Wanted(survivor_, duplicate_);
  request.set_duplicate_etag("\"7\"");
  EXPECT_EQ(Why(merges_.Merge(request)), "STALE_ETAG");
  request.clear_duplicate_etag();
  request.set_survivor_etag("\"7\"");
  EXPECT_EQ(Why(merges_.Merge(request)), "STALE_ETAG");
  EXPECT_EQ(Why(merges_.Merge(survivor_, survivor_)), "INVALID_FIELD");
  EXPECT_EQ(Why(merges_.Merge(survivor_, duplicate_, {"centre"})), "INVALID_FIELD");
  EXPECT_EQ(Why(merges_.Merge(survivor_, "persons/" + base::Uuid::NewV7().ToString())),
            "NOT_FOUND");
  request = merges_.Wanted(survivor_, duplicate_);
  request.set_reason("the number is 010-1234-5678");
  EXPECT_EQ(Why(merges_.Merge(request)), "INVALID_FIELD");
  EXPECT_EQ(Why(merges_.Undo("merges/" + base::Uuid::NewV7().ToString())), "NOT_FOUND");
}

TEST_F(Merges, AreUndoneTheLastOneFirst) {
  const std::string third = merges_.Register("김하나", "010-0000-0003");
  const auto before = merges_.Rows();
  const auto first = merges_.Merge(survivor_, duplicate_);
  const auto second = merges_.Merge(third, survivor_, {"phone"});
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(merges_.Known(duplicate_).name(), third) << "over two steps";
  EXPECT_THAT(merges_.Known(third).merged_persons(), UnorderedElementsAre(survivor_, duplicate_));
  EXPECT_EQ(Why(merges_.Undo(first->name())), "MERGE_NOT_LAST");
  ASSERT_TRUE(merges_.Undo(second->name()).ok());
  EXPECT_EQ(merges_.Known(duplicate_).name(), survivor_);
  const auto undone = merges_.Undo(first->name());
  ASSERT_TRUE(undone.ok()) << undone.status();
  EXPECT_EQ(undone->state(), v1::MERGE_STATE_UNDONE);
  EXPECT_EQ(undone->undo_reason(), "they are sisters");
  EXPECT_EQ(Why(merges_.Undo(first->name())), "MERGE_UNDONE");
  EXPECT_EQ(merges_.Rows(), before);
}

TEST_F(Merges, CannotBeUndoneWhenTheDataAreGone) {
  const auto merged = merges_.Merge(survivor_, duplicate_);
  ASSERT_TRUE(merged.ok());
  world_.Ask(
      absl::StrCat("UPDATE person_key SET wrapped = NULL, destroyed_at = now() WHERE person_id = '",
                   IdOf(survivor_), "' RETURNING 1"));
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM person_key WHERE wrapped IS NOT NULL"), "0")
      << "with a person's key go those of all her records";
  EXPECT_EQ(Why(merges_.Undo(merged->name())), "PERSON_ERASED");
}

TEST_F(Merges, AreThereForWhoKeepsBoth) {
  const std::string a = world_.Centre(ieum::testing::kCentreA, 901),
                    b = world_.Centre(ieum::testing::kCentreB, 902);
  const auto in_a = world_.PeerWith("centre-a"), in_b = world_.PeerWith("centre-b");
  const std::string first = merges_.Register("이둘", "010-0000-0011", a);
  const std::string second = merges_.Register("이 둘", "010-0000-0012", a);
  const std::string other = merges_.Register("이둘", "010-0000-0013", b);
  EXPECT_EQ(Why(merges_.Merge(merges_.Wanted(first, other), in_a.get())), "NOT_FOUND");
  EXPECT_EQ(Why(merges_.Merge(merges_.Wanted(other, first), in_a.get())), "NOT_FOUND");
  const auto merged = merges_.Merge(merges_.Wanted(first, second), in_a.get());
  ASSERT_TRUE(merged.ok()) << merged.status();
  EXPECT_EQ(merged->centre(), a);
  EXPECT_EQ(Why(GetMerge(merged->name(), in_b.get())), "NOT_FOUND");
  EXPECT_EQ(Why(merges_.Undo(merged->name(), in_b.get())), "NOT_FOUND");
  EXPECT_THAT(List("", in_b.get()), IsEmpty());
  ASSERT_THAT(List("state = MERGE_STATE_MERGED", in_a.get()), SizeIs(1));
  // Over two centres it is for who acts for all, and the losing id is there for whom she is there.
  ASSERT_TRUE(merges_.Merge(first, other).ok());
  EXPECT_THAT(List("", in_a.get()), SizeIs(1));
  EXPECT_EQ(Why(merges_.Get(other, in_b.get())), "NOT_FOUND");
  const auto seen = merges_.Get(other, in_a.get());
  ASSERT_TRUE(seen.ok()) << seen.status();
  EXPECT_EQ(seen->name(), first);
  EXPECT_THAT(Found("010-0000-0013", in_a.get()), ElementsAre(first));
  EXPECT_THAT(Found("010-0000-0013", in_b.get()), IsEmpty());
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM person_merge WHERE centre_id IS NULL"), "1");
}

TEST_F(Merges, OverTwoCentresAreAnsweredToWhoActsForBoth) {
  const std::string a = world_.Centre(ieum::testing::kCentreA, 901),
                    b = world_.Centre(ieum::testing::kCentreB, 902);
  const auto in_both = world_.PeerWith("centre-ab");
  const std::string first = merges_.Register("이둘", "010-0000-0011", a);
  const std::string other = merges_.Register("이둘", "010-0000-0013", b);
  v1::MergePersonsRequest request = merges_.Wanted(first, other);
  request.set_request_id(base::Uuid::NewV7().ToString());
  const auto merged = merges_.Merge(request, in_both.get());
  ASSERT_TRUE(merged.ok()) << merged.status();
  EXPECT_EQ(merged->survivor(), first);
  EXPECT_EQ(merged->centre(), "");
  const auto again = merges_.Merge(request, in_both.get());
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->name(), merged->name());
  EXPECT_EQ(Why(GetMerge(merged->name(), in_both.get())), "NOT_FOUND") << "for who acts for all";
}

// row:R3
TEST_F(Duplicates, OfAMergedPersonAreTheSurvivors) {
  const auto queue = v1::DUPLICATE_POLICY_QUEUE;
  const auto first = Unasked(Wanted("김민수", "010-0000-4321", 1984), queue);
  const auto second = Unasked(Wanted("김 민수", "010-0000-4321", 1984), queue);
  const auto third = Unasked(Wanted("김민수", "010-0000-4321", 0), queue);
  ASSERT_TRUE(first.ok() && second.ok() && third.ok());
  ASSERT_THAT(Pairs(), SizeIs(3));
  v1::MergePersonsRequest request;
  request.set_survivor(first->name());
  request.set_duplicate(second->name());
  request.set_reason("one person");
  const auto merged = world_.Call<v1::Merge>("MergeService/MergePersons", request);
  ASSERT_TRUE(merged.ok()) << merged.status();
  const auto open = Pairs(nullptr, "state = DUPLICATE_PAIR_STATE_OPEN");
  ASSERT_THAT(open, SizeIs(1));
  EXPECT_THAT((std::set<std::string>{open[0].person(), open[0].other_person()}),
              UnorderedElementsAre(first->name(), third->name()));
  ScanAll();
  EXPECT_THAT(Pairs(), SizeIs(3)) << "nothing is found anew";
  v1::UndoMergeRequest undo;
  undo.set_name(merged->name());
  undo.set_reason("two brothers");
  ASSERT_TRUE(world_.Call<v1::Merge>("MergeService/UndoMerge", undo).ok());
  EXPECT_THAT(Pairs(nullptr, "state = DUPLICATE_PAIR_STATE_OPEN"), SizeIs(3));
}

// Columns that name a person by foreign key or by what they are called, against the rules.
TEST(MergeRules, AreThereForEveryColumnThatNamesAPerson) {
  ieum::testing::TestDatabase database(registry_migrations());
  const std::string named = database.Ask(R"(
    SELECT coalesce(string_agg(DISTINCT place, ' '), '') FROM (
      SELECT c.conrelid::regclass || '.' || a.attname AS place
      FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY(c.conkey)
      WHERE c.contype = 'f' AND c.confrelid = 'person'::regclass
      UNION
      SELECT r.relname || '.' || a.attname FROM pg_attribute a JOIN pg_class r ON r.oid = a.attrelid
      JOIN pg_namespace n ON n.oid = r.relnamespace
      WHERE n.nspname = 'public' AND r.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
        AND a.atttypid = 'uuid'::regtype
        AND (a.attname ~ '(^|_)(person|guardian)_id$' OR a.attname ~ '_person_id$')) found)");
  std::set<std::string> expected = absl::StrSplit(named, ' '), rules;
  for (const MergePlace& place : MergePlaces()) {
    rules.insert(absl::StrCat(place.table, ".", place.column));
  }
  EXPECT_EQ(rules, expected) << "a new table with a person's key needs a line in merge_rules.cc";
}

}  // namespace
}  // namespace ieum::registry
