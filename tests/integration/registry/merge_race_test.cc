// Goal: merges that overlap leave one chain and no circle, and nobody is written to on a consent
// that was withdrawn beside a merge. Method: real threads over gRPC. row:R4 row:X14
#include <gmock/gmock.h>

#include <atomic>
#include <barrier>
#include <thread>

#include "absl/strings/str_cat.h"
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

}  // namespace
}  // namespace ieum::registry
