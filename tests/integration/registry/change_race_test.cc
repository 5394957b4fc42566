// Goal: a change is decided once, and nobody's change is lost beside a decision. Method: real
// threads over gRPC. row:R20
#include <gmock/gmock.h>

#include <atomic>
#include <barrier>
#include <thread>

#include "tests/integration/registry/change_world.h"

namespace ieum::registry {
namespace {

using ::testing::AnyOf;

constexpr int kRounds = 12;

// Both at once.
void Race(const std::function<void()>& one, const std::function<void()>& other) {
  std::barrier start(2);
  std::thread beside([&] {
    start.arrive_and_wait();
    other();
  });
  start.arrive_and_wait();
  one();
  beside.join();
}

class ChangeRace : public ::testing::Test {
 protected:
  std::string Waiting(const std::string& person) {
    return changes_.Waiting(ChangeWorld::Wish(ChangeWorld::Phone(person, "010-0000-0002")));
  }
  std::string Register() { return changes_.Register("김하나", "010-0000-0001"); }

  ChangeWorld changes_;
  World& world_ = changes_.world;
};

TEST_F(ChangeRace, OfTwoReviewersIsWonByOne) {
  const auto second = world_.PeerWith("supervisor");
  for (int round = 0; round < kRounds; ++round) {
    const std::string person = Register(), name = Waiting(person);
    std::atomic<int> approved{0};
    std::string rejected;
    const bool both_approve = round % 2 == 0;
    Race(
        [&] {
          const auto said = changes_.Approve(name);
          if (said.ok()) ++approved;
          EXPECT_THAT(Why(said), AnyOf("OK", "CHANGE_DECIDED"));
        },
        [&] {
          const auto said = both_approve ? changes_.Approve(name, second.get())
                                         : changes_.Reject(name, second.get());
          rejected = !both_approve && said.ok() ? "yes" : "";
          if (both_approve && said.ok()) ++approved;
          EXPECT_THAT(Why(said), AnyOf("OK", "CHANGE_DECIDED"));
        });
    EXPECT_EQ(approved + (rejected.empty() ? 0 : 1), 1);
    EXPECT_EQ(changes_.Known(person).phone(), approved == 1 ? "010-0000-0002" : "010-0000-0001");
    EXPECT_EQ(world_.Events(name).size(), 2u);
  }
}

// What the update says stands unless the approval came first and the update after it.
TEST_F(ChangeRace, WithAnUpdateLosesNeither) {
  const auto peer = world_.PeerWith("manager");
  for (int round = 0; round < kRounds; ++round) {
    const std::string person = Register(), name = Waiting(person);
    std::string approved;
    Race([&] { approved = Why(changes_.Approve(name)); },
         [&] {
           const auto update = ChangeWorld::Phone(person, "010-0000-0003");
           EXPECT_EQ(Why(world_.Call<v1::Person>("PersonService/UpdatePerson", update, peer.get())),
                     "OK");
         });
    EXPECT_THAT(approved, AnyOf("OK", "CHANGE_STALE"));
    EXPECT_EQ(changes_.Known(person).phone(), "010-0000-0003") << "the later one, or the only one";
    EXPECT_EQ(world_.Events(person).size(), approved == "OK" ? 3u : 2u);
  }
}

TEST_F(ChangeRace, WithAnErasureLeavesNothingOfHers) {
  const auto peer = world_.PeerWith("manager");
  for (int round = 0; round < kRounds; ++round) {
    const std::string person = Register(), name = Waiting(person);
    std::string approved;
    Race([&] { approved = Why(changes_.Approve(name)); },
         [&] {
           v1::ErasePersonRequest erase;
           erase.set_name(person);
           erase.set_reason(v1::ERASURE_REASON_REQUEST);
           EXPECT_EQ(Why(world_.Call<v1::Erasure>("ErasureService/ErasePerson", erase, peer.get())),
                     "OK");
         });
    EXPECT_THAT(approved, AnyOf("OK", "CHANGE_DECIDED", "PERSON_ERASED"));
    EXPECT_EQ(changes_.StateOf(name),
              approved == "OK" ? v1::CHANGE_STATE_APPROVED : v1::CHANGE_STATE_CANCELLED);
  }
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM change_request WHERE after_box IS NOT NULL"), "0");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM person WHERE phone_box IS NOT NULL"), "0");
}

TEST_F(ChangeRace, WithAMergeIsMadeBeforeItOrNotAtAll) {
  for (int round = 0; round < kRounds; ++round) {
    const std::string survivor = Register(), person = Register(), name = Waiting(person);
    std::string approved;
    Race([&] { approved = Why(changes_.Approve(name)); },
         [&] { EXPECT_EQ(Why(changes_.Merge(survivor, person)), "OK"); });
    EXPECT_THAT(approved, AnyOf("OK", "PERSON_MERGED"));
    EXPECT_EQ(world_.Ask("SELECT count(*) FROM event_log WHERE subject = '" + person +
                         "' AND type LIKE '%PersonUpdated'"),
              approved == "OK" ? "1" : "0");
  }
}

}  // namespace
}  // namespace ieum::registry
