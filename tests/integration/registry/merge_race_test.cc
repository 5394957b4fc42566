// Goal: merges that overlap leave one chain and no circle, and nobody is written to on a consent
// that was withdrawn beside a merge. Method: real threads over gRPC. row:R4 row:X14
#include <gmock/gmock.h>

#include <atomic>
#include <barrier>
#include <set>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/registry/merges/merge_rules.h"
#include "tests/integration/registry/merge_world.h"

namespace ieum::registry {
namespace {

constexpr int kRounds = 12;

TEST(MergeRace, OfOverlappingPersonsLeavesOneChain) {
  MergeWorld merges;
  for (int round = 0; round < kRounds; ++round) {
    std::vector<std::string> names;
    for (int at = 0; at < 3; ++at) names.push_back(merges.Register("김하나"));
    std::atomic<int> won{0};
    std::barrier start(3);
    std::vector<std::thread> threads;
    for (int at = 0; at < 3; ++at) {  // each into the next: together a circle
      threads.emplace_back([&, at] {
        const auto peer = merges.world.PeerWith("manager");
        start.arrive_and_wait();
        const auto merged = merges.Merge(merges.Wanted(names[(at + 1) % 3], names[at]), peer.get());
        if (merged.ok()) ++won;
        EXPECT_THAT(Why(merged), ::testing::AnyOf("OK", "PERSON_MERGED"));
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_GE(won, 1);
    EXPECT_LE(won, 2);
    std::set<std::string> standing;
    for (const std::string& name : names) standing.insert(merges.Known(name).name());
    EXPECT_EQ(standing.size(), 3U - won);
  }
}

// The withdrawal is said under the survivor, the gate is asked by the losing id, both beside the
// merge and its end.
TEST(MergeRace, GivesNoAddressOnAConsentThatWasWithdrawn) {
  MergeWorld merges;
  ConsentWorld& consents = merges.consents;
  constexpr auto kAdvertising = v1::CONSENT_PURPOSE_ADVERTISING;
  const std::string text = consents.Text(kAdvertising);
  for (int round = 0; round < kRounds; ++round) {
    const std::string survivor = consents.Person(), duplicate = consents.Person();
    ASSERT_TRUE(consents.Say(survivor, kAdvertising, text).ok());
    ASSERT_TRUE(consents.Say(duplicate, kAdvertising, text).ok());
    std::barrier start(3);
    std::atomic<bool> withdrawn{false}, wrong{false};
    std::thread merging([&] {
      start.arrive_and_wait();
      const auto merged = merges.Merge(survivor, duplicate);
      EXPECT_TRUE(merged.ok()) << merged.status();
    });
    std::thread withdrawing([&] {
      start.arrive_and_wait();
      EXPECT_TRUE(consents.Withdraw(survivor).ok());
      withdrawn = true;
    });
    std::thread asking([&] {
      start.arrive_and_wait();
      for (int turn = 0; turn < 8; ++turn) {
        const bool too_late = withdrawn;
        const auto answer =
            consents.Resolve(survivor, v1::CONTACT_PURPOSE_ADVERTISING, v1::CONTACT_CHANNEL_EMAIL);
        if (!answer.ok() || (too_late && answer->has_contact())) wrong = true;
      }
    });
    merging.join();
    withdrawing.join();
    asking.join();
    EXPECT_FALSE(wrong);
    for (const std::string& name : {survivor, duplicate}) {
      const auto answer =
          consents.Resolve(name, v1::CONTACT_PURPOSE_ADVERTISING, v1::CONTACT_CHANNEL_EMAIL);
      ASSERT_TRUE(answer.ok()) << answer.status();
      EXPECT_FALSE(answer->has_contact()) << "whichever came first";
    }
  }
}

// row:R3 row:R6
TEST(MergePairs, GoBackWhicheverOfTwoMergesIsUndoneFirst) {
  MergeWorld merges;
  const auto queued = [&](const std::string& full_name) {
    v1::CreatePersonRequest request;
    request.mutable_person()->set_full_name(full_name);
    request.mutable_person()->set_phone("010-0000-4321");
    request.mutable_person()->set_birth_year(1984);
    request.mutable_person()->set_basis(v1::LEGAL_BASIS_CONTRACT);
    request.set_duplicate_policy(v1::DUPLICATE_POLICY_QUEUE);
    const auto made = merges.world.Call<v1::Person>("PersonService/CreatePerson", request);
    EXPECT_TRUE(made.ok()) << made.status();
    return made.ok() ? made->name() : "";
  };
  const std::string one = queued("김민수"), other = queued("김 민수");
  const std::string first = merges.Register("박하늘"), second = merges.Register("최가온");
  const auto of = [&](const std::string& person, const std::string& third) {
    return merges.world.Ask(
        absl::StrCat("SELECT count(*) FROM duplicate_pair WHERE state = 1 AND '", IdOf(person),
                     "' IN (person_id::text, other_person_id::text) AND '", IdOf(third),
                     "' IN (person_id::text, other_person_id::text)"));
  };
  ASSERT_EQ(of(one, other), "1");
  const auto merged = merges.Merge(first, one), since = merges.Merge(second, other);
  ASSERT_TRUE(merged.ok() && since.ok()) << merged.status() << since.status();
  EXPECT_EQ(of(first, second), "1");
  ASSERT_TRUE(merges.Undo(merged->name()).ok());
  EXPECT_EQ(of(one, second), "1");
  ASSERT_TRUE(merges.Undo(since->name()).ok());
  EXPECT_EQ(of(one, other), "1");
  EXPECT_EQ(merges.world.Ask("SELECT count(*) FROM duplicate_pair"), "1");
}

// Counting is done while both persons are locked.
TEST(MergeRules, CountByIndexes) {
  ieum::testing::TestDatabase database(registry_migrations());
  const std::string led = database.Ask(R"(
    SELECT coalesce(string_agg(DISTINCT i.indrelid::regclass || '.' || a.attname, ' '), '')
    FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
    JOIN pg_class r ON r.oid = i.indrelid JOIN pg_namespace n ON n.oid = r.relnamespace
    WHERE n.nspname = 'public')");
  const std::set<std::string> indexed = absl::StrSplit(led, ' ');
  for (const MergePlace& place : MergePlaces()) {
    const std::string name = absl::StrCat(place.table, ".", place.column);
    EXPECT_TRUE(!place.counted || indexed.contains(name)) << name << " has no index that it leads";
    EXPECT_TRUE(place.counted || !place.moves()) << name;
  }
}

}  // namespace
}  // namespace ieum::registry
