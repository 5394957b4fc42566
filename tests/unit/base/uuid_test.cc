// Goal: ids are unique, in the order of making, and follow from their causes when they should.
// Method: what RFC 9562 and the header promise, read off the bytes; derived ids against values
// computed by another implementation of BLAKE2b.
#include "platform/base/uuid.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "platform/base/status.h"

namespace ieum::base {
namespace {

using ::testing::ElementsAre;

Uuid Of(const char* text) { return Uuid::Parse(text).value(); }

int VersionOf(const Uuid& id) { return id.bytes()[6] >> 4; }
int VariantOf(const Uuid& id) { return id.bytes()[8] >> 6; }

int64_t MillisOf(const Uuid& id) {
  int64_t ms = 0;
  for (int i = 0; i < 6; ++i) ms = ms << 8 | id.bytes()[i];
  return ms;
}

TEST(UuidV7, CarriesItsTimeVersionAndVariant) {
  const int64_t before = absl::ToUnixMillis(absl::Now());
  const Uuid id = Uuid::NewV7();
  EXPECT_EQ(VersionOf(id), 7);
  EXPECT_EQ(VariantOf(id), 2);
  EXPECT_GE(MillisOf(id), before);
  // Ids borrow the next millisecond when one runs out of places.
  EXPECT_LE(MillisOf(id), absl::ToUnixMillis(absl::Now()) + 1000);
}

TEST(UuidV7, GrowsWithinTheProcess) {
  Uuid last;
  for (int i = 0; i < 20'000; ++i) {
    const Uuid next = Uuid::NewV7();
    ASSERT_LT(last, next) << i;
    ASSERT_EQ(VersionOf(next), 7);
    last = next;
  }
}

TEST(UuidV7, GrowsFromThreadToThread) {
  std::mutex mutex;
  Uuid last;
  int disorder = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 5'000; ++i) {
        std::lock_guard lock(mutex);
        const Uuid next = Uuid::NewV7();
        if (!(last < next)) ++disorder;
        last = next;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(disorder, 0);
}

TEST(UuidV7, IsUniqueAndInOrderForEachOfManyThreads) {
  constexpr int kThreads = 4, kEach = 10'000;
  std::vector<std::vector<Uuid>> made(kThreads);
  std::vector<std::thread> threads;
  for (auto& mine : made) {
    threads.emplace_back([&mine] {
      for (int i = 0; i < kEach; ++i) mine.push_back(Uuid::NewV7());
    });
  }
  for (auto& thread : threads) thread.join();
  std::set<Uuid> all;
  for (const auto& mine : made) {
    EXPECT_TRUE(std::is_sorted(mine.begin(), mine.end()));
    all.insert(mine.begin(), mine.end());
  }
  EXPECT_EQ(all.size(), size_t{kThreads} * kEach);
}

TEST(UuidV7, IsMadeForAGivenInstant) {
  const absl::Time at = absl::FromUnixMillis(1'678'086'000'123);
  const Uuid id = Uuid::NewV7At(at);
  EXPECT_EQ(MillisOf(id), 1'678'086'000'123);
  EXPECT_EQ(VersionOf(id), 7);
  EXPECT_EQ(VariantOf(id), 2);
  EXPECT_NE(id, Uuid::NewV7At(at));
  EXPECT_LT(id, Uuid::NewV7At(at + absl::Milliseconds(1)));
}

TEST(Derive, KeepsTheTimeOfAV7Seed) {
  const Uuid seed = Of("018b6b1c-2d3e-7f40-815a-0102030405ff");
  EXPECT_EQ(Uuid::Derive(seed, "event/0").ToString(), "018b6b1c-2d3e-7076-b33b-012fcd09bf95");
}

TEST(Derive, MakesVersionEightOfAnyOtherSeed) {
  const Uuid seed = Of("6ba7b810-9dad-11d1-80b4-00c04fd430c8");
  const Uuid derived = Uuid::Derive(seed, "이음");
  EXPECT_EQ(derived.ToString(), "c7af8d94-175d-89fb-9b2d-5020eff28481");
  EXPECT_EQ(VersionOf(derived), 8);
  EXPECT_EQ(VersionOf(Uuid::Derive(Uuid(), "x")), 8);
}

TEST(Derive, DependsOnSeedAndLabelOnly) {
  EXPECT_TRUE(rc::check([](const std::string& label, const std::string& other) {
    const Uuid seed = Uuid::NewV7();
    const Uuid derived = Uuid::Derive(seed, label);
    RC_ASSERT(derived == Uuid::Derive(seed, label));
    RC_ASSERT(derived != Uuid::Derive(Uuid::NewV7(), label));
    RC_ASSERT((derived == Uuid::Derive(seed, other)) == (label == other));
    RC_ASSERT(VersionOf(derived) == 7 && VariantOf(derived) == 2);
    RC_ASSERT(MillisOf(derived) == MillisOf(seed));
  }));
}

TEST(Derive, SpreadsOverAllShards) {
  const Uuid seed = Uuid::NewV7();
  std::set<int> shards;
  for (int i = 0; i < 400; ++i) shards.insert(Uuid::Derive(seed, std::to_string(i)).shard());
  EXPECT_EQ(shards.size(), size_t{Uuid::kShards});
}

TEST(UuidText, IsReadInAnyCaseAndWrittenInLower) {
  const Uuid id = Of("01890A5D-AC96-774B-bcce-B302099A8057");
  EXPECT_EQ(id.ToString(), "01890a5d-ac96-774b-bcce-b302099a8057");
  EXPECT_EQ(id, Of("01890a5d-ac96-774b-bcce-b302099a8057"));
}

TEST(UuidText, ComesBackAsItWas) {
  EXPECT_TRUE(rc::check([](const std::array<uint8_t, 16>& bytes) {
    const Uuid id(bytes);
    const auto again = Uuid::Parse(id.ToString());
    RC_ASSERT(again.has_value());
    RC_ASSERT(*again == id);
    RC_ASSERT(again->bytes() == bytes);
  }));
}

TEST(UuidText, RefusesEverythingElse) {
  for (const std::string& text : {std::string(), std::string("01890a5d-ac96-774b-bcce-b302099a805"),
                                  std::string("01890a5d-ac96-774b-bcce-b302099a80577"),
                                  std::string("01890a5dac96774bbcceb302099a8057"),
                                  std::string("{01890a5d-ac96-774b-bcce-b302099a80}"),
                                  std::string("01890a5d-ac96-774b-bcce-b302099a805g"),
                                  std::string("01890a5d-ac96-774b-bcce-b302099a805 "),
                                  std::string("01890a5d_ac96_774b_bcce_b302099a8057"),
                                  std::string("01890a5d-ac96-774b-bcceb-302099a8057"),
                                  std::string("0x890a5d-ac96-774b-bcce-b302099a8057"),
                                  std::string("01890a5d-ac96-774b-bcce-b302099a805\0", 36),
                                  std::string("０1890a5d-ac96-774b-bcce-b302099a80")}) {
    EXPECT_FALSE(Uuid::Parse(text).has_value()) << text;
  }
}

TEST(ParseUuid, BlamesTheField) {
  EXPECT_EQ(ParseUuid("01890a5d-ac96-774b-bcce-b302099a8057", "request_id").value(),
            Of("01890a5d-ac96-774b-bcce-b302099a8057"));
  const absl::Status status = ParseUuid("'; DROP TABLE", "request_id").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(FieldsOf(status), ElementsAre("request_id"));
  EXPECT_EQ(std::string(status.message()).find("DROP"), std::string::npos);
}

TEST(Uuid, ComparesLikePostgresAndKnowsItsShard) {
  EXPECT_LT(Of("00000000-0000-0000-0000-0000000000ff"), Of("01000000-0000-0000-0000-000000000000"));
  EXPECT_LT(Of("7fffffff-0000-0000-0000-000000000000"), Of("80000000-0000-0000-0000-000000000000"));
  EXPECT_EQ(Of("01890a5d-ac96-774b-bcce-b302099a8057").shard(), 7);
  EXPECT_EQ(Of("01890a5d-ac96-774b-bcce-b302099a80f0").shard(), 0);
  EXPECT_EQ(Of("01890a5d-ac96-774b-bcce-b302099a80ff").shard(), 15);
  EXPECT_TRUE(Uuid().nil());
  EXPECT_FALSE(Uuid::NewV7().nil());
}

TEST(IdsIn, GivesTheIdsOfAResourceName) {
  const Uuid campaign = Uuid::NewV7(), enrolment = Uuid::NewV7();
  EXPECT_THAT(IdsIn("campaigns/{}", "campaigns/" + campaign.ToString(), "name").value(),
              ElementsAre(campaign));
  EXPECT_THAT(
      IdsIn("campaigns/{}/enrolments/{}",
            "campaigns/" + campaign.ToString() + "/enrolments/" + enrolment.ToString(), "name")
          .value(),
      ElementsAre(campaign, enrolment));
}

TEST(IdsIn, RefusesEveryOtherNameAndBlamesTheField) {
  const std::string id = Uuid::NewV7().ToString();
  for (const auto& name :
       std::vector<std::string>{std::string(), id, "campaigns", "campaigns/",
                                "campaigns/" + id + "/", "/campaigns/" + id, "Campaigns/" + id,
                                "persons/" + id, "campaigns/" + id + "/enrolments/" + id,
                                "campaigns//" + id, "campaigns/-", "campaigns/" + id.substr(1)}) {
    const absl::Status status = IdsIn("campaigns/{}", name, "enrolment.parent").status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << name;
    EXPECT_THAT(FieldsOf(status), ElementsAre("enrolment.parent")) << name;
  }
}

}  // namespace
}  // namespace ieum::base
