// Goal: INV2, INV3, INV4 and INV5 are judged as they are written, as far as no server is needed.
// Method: small ledgers, streams and cursors as values, one fault in each.
// law:INV2 law:INV3 law:INV4 law:INV5
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/flow/check_hash.h"
#include "tools/audit/effects.h"
#include "tools/audit/positions.h"
#include "tools/audit/streams.h"
#include "tools/audit/versions.h"

namespace ieum::audit {
namespace {

using base::Uuid;
using ::testing::HasSubstr;

std::string What(const Tally& tally) { return tally.first() ? tally.first()->what : ""; }

TEST(PositionLaw, WantsCountLastPositionAndCounterToBeOne) {
  const auto judge = [](ShardCount third) {
    std::array<ShardCount, Uuid::kShards> counts{};
    counts[3] = third;
    Tally tally;
    const bool holds = JudgePositions("registry", counts, tally);
    EXPECT_EQ(holds, tally.breaches() == 0);
    return holds;
  };
  EXPECT_TRUE(judge({7, 7, 7}));
  EXPECT_FALSE(judge({7, 6, 7}));
  EXPECT_FALSE(judge({8, 7, 7}));
  EXPECT_FALSE(judge({6, 7, 7}));
}

Uuid IdOn(int shard, uint8_t first = 0) {
  std::array<uint8_t, 16> bytes{};
  bytes[0] = first;
  bytes[15] = static_cast<uint8_t>(shard);
  return Uuid(bytes);
}

struct Written {
  uint8_t aggregate;
  int64_t version, pos;
};

std::string Walk(const std::vector<Written>& events, const std::vector<AggregateVersion>& kept) {
  Tally tally;
  VersionWalk walk("registry", tally);
  for (const Written& event : events) {
    EventKey key;
    key.aggregate = IdOn(3, event.aggregate);
    key.shard = 3;
    key.version = event.version;
    key.pos = event.pos;
    walk.Event(key);
  }
  walk.Finish();
  for (const AggregateVersion& one : kept) walk.Aggregate(one);
  walk.FinishAggregates();
  return What(tally);
}

TEST(VersionLaw, WantsVersionsInTheOrderOfPositionsUpToTheKeptOne) {
  EXPECT_EQ(Walk({{1, 1, 1}, {1, 2, 5}, {2, 1, 3}}, {{IdOn(3, 1), 2}, {IdOn(3, 2), 1}}), "");
  EXPECT_THAT(Walk({{1, 1, 1}, {1, 3, 5}}, {{IdOn(3, 1), 3}}), HasSubstr("version 3 follows 1"));
  EXPECT_THAT(Walk({{1, 2, 1}}, {{IdOn(3, 1), 2}}), HasSubstr("version 2 follows 0"));
  EXPECT_THAT(Walk({{1, 1, 5}, {1, 2, 4}}, {{IdOn(3, 1), 2}}), HasSubstr("stands before"));
  EXPECT_THAT(Walk({{1, 1, 1}}, {{IdOn(3, 1), 2}}), HasSubstr("kept is 2"));
  EXPECT_THAT(Walk({{1, 1, 1}}, {}), HasSubstr("keeps no version"));
  EXPECT_THAT(Walk({{2, 1, 1}}, {{IdOn(3, 1), 4}, {IdOn(3, 2), 1}}), HasSubstr("without events"));
}

std::string RealTime(const std::vector<Sighting>& sightings) {
  Tally tally;
  JudgeRealTime(sightings, tally);
  return What(tally);
}

Sighting Wrote(int64_t version, int64_t begin, int64_t end, uint8_t aggregate = 1) {
  return {IdOn(3, aggregate), version, true, begin, end, "registry", "w"};
}
Sighting Saw(int64_t version, int64_t begin, int64_t end, uint8_t aggregate = 1) {
  return {IdOn(3, aggregate), version, false, begin, end, "registry", "r"};
}

TEST(RealTimeLaw, LetsWhatOverlapsComeInAnyOrder) {
  EXPECT_EQ(RealTime({Wrote(1, 1, 9), Wrote(2, 2, 8), Saw(1, 3, 7), Saw(2, 8, 12)}), "");
  EXPECT_EQ(RealTime({Saw(2, 20, 21), Saw(2, 1, 30), Wrote(2, 5, 6), Wrote(1, 1, 2)}), "");
  EXPECT_EQ(RealTime({Wrote(2, 1, 2, 1), Wrote(1, 3, 4, 2)}), "");
}

TEST(RealTimeLaw, SeesTimeGoingBackwards) {
  EXPECT_THAT(RealTime({Wrote(2, 1, 2), Wrote(1, 3, 4)}), HasSubstr("began after"));
  EXPECT_THAT(RealTime({Wrote(1, 1, 2), Wrote(2, 3, 4), Saw(1, 5, 6)}), HasSubstr("began after"));
  EXPECT_THAT(RealTime({Saw(2, 1, 2), Wrote(2, 3, 4)}), HasSubstr("began after"));
  EXPECT_THAT(RealTime({Wrote(1, 1, 5), Wrote(1, 2, 6)}), HasSubstr("as its own"));
}

TEST(StreamLaw, LetsRepeatsComeAndSeesHoles) {
  StreamOrder order;
  EXPECT_EQ(order.Next(3, 5), "");
  EXPECT_EQ(order.Next(3, 6), "");
  EXPECT_EQ(order.Next(3, 5), "");
  EXPECT_EQ(order.Next(4, 1), "");
  EXPECT_THAT(order.Next(3, 8), HasSubstr("behind position 6"));
  EXPECT_EQ(order.repeats(), 1);
  EXPECT_EQ(order.first(3), 5);
  EXPECT_EQ(order.last(3), 8);
}

platform::v1::LedgerEvent Row() {
  platform::v1::LedgerEvent row;
  row.set_shard(3);
  row.set_position(17);
  row.set_event_id(IdOn(1).ToString());
  row.set_type("ieum.registry.v1.OrganizationRegistered");
  row.set_subject("organizations/" + IdOn(3).ToString());
  row.set_aggregate_id(IdOn(3).ToString());
  row.set_aggregate_version(2);
  row.set_actor("staff/1");
  row.set_payload("bytes");
  return row;
}

TEST(StreamLaw, ComparesPayloadAndEveryHeaderButTheChain) {
  const broker::Origin origin{"registry", 1, 2, 3};
  const broker::Message same = broker::EncodeEvent(Row(), origin, {"registry.1.3.17.x", 4, ""});
  EXPECT_EQ(DifferenceFrom(Row(), same, origin), "");
  broker::Message payload = same;
  payload.payload[0] ^= 1;
  EXPECT_THAT(DifferenceFrom(Row(), payload, origin), HasSubstr("payload"));
  for (size_t i = 0; i < same.headers.size(); ++i) {
    const std::string& name = same.headers[i].first;
    if (name.starts_with("Nats-") || name.starts_with("Ev-Term") || name.starts_with("Ev-Inc")) {
      continue;
    }
    broker::Message altered = same;
    altered.headers[i].second += "0";
    EXPECT_THAT(DifferenceFrom(Row(), altered, origin), HasSubstr(name));
  }
  broker::Message more = same;
  more.headers.emplace_back("X-Other", "1");
  EXPECT_THAT(DifferenceFrom(Row(), more, origin), HasSubstr("X-Other"));
}

TEST(CursorLaw, WantsCursorsAtTheEndOfWhatRests) {
  LedgerState ledger;
  ledger.epoch = 1;
  ledger.last[3] = 10;
  const auto judge = [&](int64_t pos, bool at_rest, int64_t epoch = 1) {
    Tally tally;
    JudgeCursors("reporting", "registry", ledger, {{"registry", 3, epoch, pos, 0}}, at_rest, tally);
    return What(tally);
  };
  EXPECT_EQ(judge(10, true), "");
  EXPECT_EQ(judge(9, false), "");
  EXPECT_THAT(judge(9, true), HasSubstr("stands at 9"));
  EXPECT_THAT(judge(11, false), HasSubstr("took position 11"));
  EXPECT_THAT(judge(10, true, 2), HasSubstr("epoch 2"));
}

TEST(HashLaw, LocatesWhatWasTakenButIsNotInTheLedger) {
  std::vector<platform::v1::LedgerEvent> events(4);
  std::vector<uint64_t> hashes;
  uint64_t hash = 0;
  for (int i = 0; i < 4; ++i) {
    events[i].set_position(i + 1);
    events[i].set_event_id(std::to_string(i));
    hashes.push_back(hash ^= flow::EventHash(events[i]));
  }
  const auto walk = [&](std::vector<HashWalk::Claim> claims) {
    Tally tally;
    HashWalk along("registry", 3, std::move(claims), tally);
    for (const auto& event : events) along.Event(event);
    return What(tally);
  };
  EXPECT_EQ(walk({{"a", 2, hashes[1]}, {"b", 3, hashes[2]}, {"a", 4, hashes[3]}}), "");
  EXPECT_THAT(walk({{"a", 2, hashes[1]}, {"b", 2, hashes[1]}, {"a", 4, hashes[3] ^ 1}}),
              HasSubstr("a took something else than the ledger holds, in 3…4"));
}

}  // namespace
}  // namespace ieum::audit
