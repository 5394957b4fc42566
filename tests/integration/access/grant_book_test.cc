// Goal: what a subject holds follows the tables within a moment, ends by the clock, and counts no
// longer than somebody looks. Method: a real PostgreSQL, two books as in two processes.
#include "platform/access/grant_book.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/access/subject_id.h"
#include "platform/base/status.h"
#include "tests/support/postgres.h"
#include "tests/support/wait.h"

namespace ieum::access {
namespace {

using rpc::Grant;
using rpc::Identity;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr char kKim[] = "staff/kim";
constexpr char kCentre[] = "0190b0c0-0000-7000-8000-00000000000a";

class Book : public ::testing::Test {
 protected:
  Book() { EXPECT_TRUE(book_.Refresh().ok()); }

  template <class F>
  void Change(F change) {
    const absl::Status done = database_.database().Write("change", [&](db::Tx& tx) {
      change(tx);
      return absl::OkStatus();
    });
    ASSERT_TRUE(done.ok()) << done;
  }
  base::Uuid Give(const std::string& role, const std::string& centre,
                  std::optional<absl::Time> until = std::nullopt) {
    const base::Uuid id = base::Uuid::NewV7();
    Change([&](db::Tx& tx) { PutGrant(tx, {id, SubjectId(kKim), role, centre, until}, 7); });
    return id;
  }
  std::vector<Grant> Held(const GrantBook& book, std::vector<Grant> by_token = {},
                          const std::string& subject = kKim) {
    Identity identity{subject, std::move(by_token)};
    const absl::Status status = book.Complete(&identity);
    EXPECT_TRUE(status.ok()) << status;
    return identity.grants;
  }
  std::vector<Grant> HeldNow() {
    EXPECT_TRUE(book_.Refresh().ok());
    return Held(book_);
  }

  testing::TestDatabase database_;
  base::SimulatedClock clock_;
  telemetry::Metrics metrics_{"test"}, other_metrics_{"test"};
  GrantBook book_{database_.database(), clock_, metrics_};
};

TEST(SubjectId, IsTheSameForEver) {
  EXPECT_EQ(SubjectId(kKim).ToString(), "f0a3113d-e05b-8f5b-a874-0fb89c33dccf");
  EXPECT_NE(SubjectId(kKim), SubjectId("staff/kin"));
}

TEST_F(Book, AddsWhatWasGivenToWhatATokenSays) {
  Give("judge", kCentre);
  Give("auditor", "*");
  EXPECT_TRUE(book_.Refresh().ok());
  EXPECT_THAT(
      Held(book_, {{"operator", "*"}}),
      UnorderedElementsAre(Grant{"operator", "*"}, Grant{"judge", kCentre}, Grant{"auditor", "*"}));
  EXPECT_THAT(Held(book_, {}, "staff/lee"), IsEmpty());
}

TEST_F(Book, TakesEverythingFromOneWhoWasClosedWhateverATokenSays) {
  Give("judge", kCentre);
  Change([](db::Tx& tx) { SetClosed(tx, SubjectId(kKim), true); });
  EXPECT_TRUE(book_.Refresh().ok());
  EXPECT_THAT(Held(book_, {{"operator", "*"}}), IsEmpty());
  Change([](db::Tx& tx) { SetClosed(tx, SubjectId(kKim), false); });
  EXPECT_TRUE(book_.Refresh().ok());
  EXPECT_THAT(Held(book_, {{"operator", "*"}}), ElementsAre(Grant{"operator", "*"}));
}

TEST_F(Book, LeavesServicesAsTheyAre) {
  Change([](db::Tx& tx) { SetClosed(tx, SubjectId("service/notify"), true); });
  EXPECT_TRUE(book_.Refresh().ok());
  EXPECT_THAT(Held(book_, {{"service", "*"}}, "service/notify"),
              ElementsAre(Grant{"service", "*"}));
}

TEST_F(Book, EndsAGrantAtItsInstantWithoutAnybodyWritingItDown) {
  const absl::Time end = absl::FromUnixSeconds(1'700'000'000);
  Give("break_glass", kCentre, end);
  EXPECT_THAT(HeldNow(), IsEmpty()) << "nobody knows what time it is";
  ASSERT_TRUE(clock_.Set(end - absl::Nanoseconds(1000)).ok());
  EXPECT_THAT(HeldNow(), ElementsAre(Grant{"break_glass", kCentre}));
  ASSERT_TRUE(clock_.Set(end).ok());
  EXPECT_THAT(Held(book_), IsEmpty());
}

TEST_F(Book, SeesChangesOfOtherProcessesByItself) {
  GrantBook other(database_.database(), clock_, other_metrics_);
  other.Start();
  const base::Uuid id = Give("judge", kCentre);
  EXPECT_TRUE(testing::WaitFor([&] { return Held(other).size() == 1; }));
  Change([&](db::Tx& tx) { RemoveGrant(tx, id); });
  EXPECT_TRUE(testing::WaitFor([&] { return Held(other).empty(); }));
}

TEST_F(Book, KnowsNobodyBeforeItsFirstLook) {
  const GrantBook unread(database_.database(), clock_, other_metrics_);
  Identity kim{kKim, {{"operator", "*"}}}, notify = rpc::ServiceIdentity("notify");
  EXPECT_EQ(base::ReasonOf(unread.Complete(&kim)), "UNAVAILABLE");
  EXPECT_TRUE(unread.Complete(&notify).ok());
}

TEST_F(Book, KeepsItsCopyWhenTheTablesCannotBeRead) {
  Give("judge", kCentre);
  ASSERT_THAT(HeldNow(), ElementsAre(Grant{"judge", kCentre}));
  database_.Ask("ALTER TABLE access_revision RENAME TO gone");
  EXPECT_FALSE(book_.Refresh().ok());
  EXPECT_THAT(Held(book_), ElementsAre(Grant{"judge", kCentre}));
  database_.Ask("ALTER TABLE gone RENAME TO access_revision");
}

TEST_F(Book, ForgetsGrantsWhoseEventIsGone) {
  const int shard = SubjectId(kKim).shard();
  Give("judge", kCentre);  // told at position 7
  std::array<int64_t, base::Uuid::kShards> kept{};
  kept[shard] = 7;
  Change([&](db::Tx& tx) { RemoveGrantsBehind(tx, kept); });
  EXPECT_THAT(HeldNow(), ElementsAre(Grant{"judge", kCentre}));
  kept[shard] = 6;
  Change([&](db::Tx& tx) { RemoveGrantsBehind(tx, kept); });
  EXPECT_THAT(HeldNow(), IsEmpty());
}

class Tree : public Book {
 protected:
  // `number`: of a centre. 0 as a parent: of none.
  static std::string Centre(int number) {
    return "0190b0c0-0000-7000-8000-00000000000" + std::to_string(number);
  }
  void Put(int centre, int parent, int64_t pos = 0) {
    std::optional<base::Uuid> above;
    if (parent != 0) above = base::Uuid::Parse(Centre(parent));
    Change([&](db::Tx& tx) { PutCentre(tx, *base::Uuid::Parse(Centre(centre)), above, pos); });
  }
};

// row:R11
TEST_F(Tree, GivesWhatIsHeldInACentreInThoseBelowItToo) {
  Put(2, 1);
  Put(3, 2);
  Put(4, 1);
  Put(6, 5);
  Give("case_manager", Centre(1));
  Give("judge", Centre(3));
  EXPECT_THAT(HeldNow(), UnorderedElementsAre(
                             Grant{"case_manager", Centre(1)}, Grant{"case_manager", Centre(2)},
                             Grant{"case_manager", Centre(3)}, Grant{"case_manager", Centre(4)},
                             Grant{"judge", Centre(3)}));
}

// row:R11
TEST_F(Tree, CountsForWhatATokenSaysToo) {
  Put(2, 1);
  EXPECT_TRUE(book_.Refresh().ok());
  EXPECT_THAT(
      Held(book_, {{"auditor", Centre(1)}, {"auditor", Centre(2)}, {"operator", "*"}}, "staff/lee"),
      UnorderedElementsAre(Grant{"auditor", Centre(1)}, Grant{"auditor", Centre(2)},
                           Grant{"operator", "*"}));
}

// row:R24
TEST_F(Tree, FollowsACentreThatIsMovedOrTakenOut) {
  Put(2, 1);
  Give("judge", Centre(1));
  ASSERT_EQ(HeldNow().size(), 2u);
  Put(2, 3);
  EXPECT_THAT(HeldNow(), ElementsAre(Grant{"judge", Centre(1)}));
  Put(2, 1, 8);  // as another service hears of it
  EXPECT_EQ(HeldNow().size(), 2u);
  Put(2, 0, 9);
  EXPECT_THAT(HeldNow(), ElementsAre(Grant{"judge", Centre(1)}));
}

TEST_F(Tree, LeavesAnEmergencyInTheCentreThatItWasCalledIn) {
  Put(2, 1);
  ASSERT_TRUE(clock_.Set(absl::FromUnixSeconds(1'700'000'000)).ok());
  Give("break_glass", Centre(1), absl::FromUnixSeconds(1'700'000'001));
  EXPECT_THAT(HeldNow(), ElementsAre(Grant{"break_glass", Centre(1)}));
}

TEST_F(Tree, EndsWhereACentreStandsAboveItselfForAMoment) {
  Put(2, 1);
  Put(1, 2);
  Give("judge", Centre(1));
  EXPECT_THAT(HeldNow(),
              UnorderedElementsAre(Grant{"judge", Centre(1)}, Grant{"judge", Centre(2)}));
}

TEST_F(Tree, StandsAsBeforeWhereAnEventIsGone) {
  const base::Uuid centre = *base::Uuid::Parse(Centre(2));
  Put(2, 1, 7);
  Put(2, 0, 9);
  Give("judge", Centre(1));
  ASSERT_EQ(HeldNow().size(), 1u);
  std::array<int64_t, base::Uuid::kShards> kept{};
  kept[centre.shard()] = 8;
  Change([&](db::Tx& tx) { ForgetCentresBehind(tx, kept); });
  EXPECT_EQ(HeldNow().size(), 2u);
  kept[centre.shard()] = 6;
  Change([&](db::Tx& tx) { ForgetCentresBehind(tx, kept); });
  EXPECT_EQ(HeldNow().size(), 1u);
}

TEST_F(Book, RefusesACentreThatIsNoId) {
  const absl::Status done = database_.database().Write("change", [&](db::Tx& tx) {
    PutGrant(tx, {base::Uuid::NewV7(), SubjectId(kKim), "judge", "incheon", std::nullopt}, 1);
    return absl::OkStatus();
  });
  EXPECT_FALSE(done.ok());
}

}  // namespace
}  // namespace ieum::access
