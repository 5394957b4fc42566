// Goal: a row has one owner at any instant, whatever happens beside a hand-over. Method: real
// threads over gRPC, many rounds. row:R24 row:X13
#include <gmock/gmock.h>

#include <atomic>
#include <barrier>
#include <thread>

#include "ieum/registry/v1/erasure_service.pb.h"
#include "tests/integration/registry/move_world.h"

namespace ieum::registry {
namespace {

using ::testing::AnyOf;

constexpr int kRounds = 12;

class MoveRace : public Moves {
 protected:
  // Both begin at once.
  template <class One, class Other>
  static void Beside(One one, Other other) {
    std::barrier start(2);
    std::thread first([&] {
      start.arrive_and_wait();
      one();
    });
    start.arrive_and_wait();
    other();
    first.join();
  }
};

TEST_F(MoveRace, AcceptsOnce) {
  const std::string campaign = CampaignOf(at_a_.get(), "A1");
  for (int round = 0; round < kRounds; ++round) {
    const std::string enrolment = Enrol(at_a_.get(), campaign, world_.Firm(100 + round)).name();
    const std::string move = Must(Request(enrolment, b_)).name();
    std::atomic<int> won{0};
    const auto accept = [&](rpc::Peer* as) {
      const auto answer = Accept(move, as);
      if (answer.ok()) ++won;
      EXPECT_THAT(Why(answer), AnyOf("OK", "MOVE_STATE"));
    };
    Beside([&] { accept(at_b_.get()); }, [&] { accept(world_.manager.get()); });
    EXPECT_EQ(won, 1);
    EXPECT_EQ(
        world_.Ask("SELECT ownership_epoch FROM enrolment WHERE id = '" + IdOf(enrolment) + "'"),
        "1");
  }
}

// A change of A comes before the hand-over, or is refused: none is lost, and none comes after it.
TEST_F(MoveRace, LetsNoChangeOfTheGivingCentreComeAfterIt) {
  for (int round = 0; round < kRounds; ++round) {
    const std::string person = PersonOf(at_a_.get());
    ConsentToB(person);
    const std::string move = Must(Request(person, b_)).name();
    absl::StatusOr<v1::Person> changed;
    Beside([&] { Must(Accept(move)); }, [&] { changed = Rename(person, "FROM A", at_a_.get()); });
    EXPECT_THAT(Why(changed), AnyOf("OK", "OWNERSHIP_MOVED", "NOT_FOUND"));
    const std::string after_move = world_.Ask(
        "SELECT count(*) FROM event_log u JOIN event_log m ON m.aggregate_id = u.aggregate_id AND "
        "m.type LIKE '%.PersonMoved' WHERE u.type LIKE '%.PersonUpdated' AND u.actor = "
        "'staff/centre-a' AND u.version > m.version AND u.aggregate_id = '" +
        IdOf(person) + "'");
    EXPECT_EQ(after_move, "0");
    const std::string told = world_.Ask(
        "SELECT count(*) FROM event_log WHERE type LIKE '%.PersonUpdated' AND aggregate_id = '" +
        IdOf(person) + "'");
    const auto now = Must(See(person, at_b_.get()));
    EXPECT_EQ(now.latin_name(), told == "1" ? "FROM A" : "");
    // A change that was made and whose answer could not be read any more says NOT_FOUND.
    if (Why(changed) == "OWNERSHIP_MOVED") {
      EXPECT_EQ(told, "0");
    }
  }
}

TEST_F(MoveRace, LetsNoStepOfTheGivingCentreComeAfterIt) {
  const std::string campaign = CampaignOf(at_a_.get(), "A1");
  for (int round = 0; round < kRounds; ++round) {
    const std::string enrolment = Enrol(at_a_.get(), campaign, world_.Firm(100 + round)).name();
    const std::string move = Must(Request(enrolment, b_)).name();
    absl::StatusOr<v1::Enrolment> step;
    Beside([&] { Must(Accept(move)); }, [&] { step = Activate(enrolment, at_a_.get()); });
    EXPECT_THAT(Why(step), AnyOf("OK", "OWNERSHIP_MOVED", "NOT_FOUND"));
    const auto now = Must(SeeEnrolment(enrolment, at_b_.get()));
    EXPECT_EQ(now.centre(), b_);
    if (step.ok()) {
      EXPECT_EQ(now.state(), v1::ENROLMENT_STATE_ACTIVE);
    }
    if (Why(step) == "OWNERSHIP_MOVED") {
      EXPECT_EQ(now.state(), v1::ENROLMENT_STATE_CONFIRMED);
    }
  }
}

// Erased is erased, whoever keeps what is left.
TEST_F(MoveRace, EndsWithAnErasure) {
  for (int round = 0; round < kRounds; ++round) {
    const std::string person = PersonOf(at_a_.get());
    ConsentToB(person);
    const std::string move = Must(Request(person, b_)).name();
    absl::StatusOr<v1::Move> accepted;
    absl::StatusOr<v1::Erasure> erased;
    Beside([&] { accepted = Accept(move); },
           [&] {
             v1::ErasePersonRequest request;
             request.set_name(person);
             request.set_reason(v1::ERASURE_REASON_REQUEST);
             erased = world_.Call<v1::Erasure>("ErasureService/ErasePerson", request);
           });
    EXPECT_EQ(Why(erased), "OK");
    EXPECT_THAT(Why(accepted), AnyOf("OK", "MOVE_STATE", "PERSON_ERASED"));
    const auto state = Must(Get(move, world_.manager.get())).state();
    EXPECT_EQ(state, accepted.ok() ? v1::MOVE_STATE_ACCEPTED : v1::MOVE_STATE_CANCELLED);
    EXPECT_EQ(
        world_.Ask("SELECT count(*) FROM person_key WHERE wrapped IS NOT NULL AND person_id = '" +
                   IdOf(person) + "'"),
        "0");
    EXPECT_EQ(world_.Ask("SELECT count(*) FROM ownership_move WHERE state = 1"), "0");
  }
}

// Her word that is said beside the hand-over comes before it, or after it and to the new keeper.
TEST_F(MoveRace, LooksAtTheConsentOfThatInstant) {
  for (int round = 0; round < kRounds; ++round) {
    const std::string person = PersonOf(at_a_.get());
    ConsentToB(person);
    const std::string move = Must(Request(person, b_)).name();
    absl::StatusOr<v1::Move> accepted;
    Beside([&] { accepted = Accept(move); }, [&] { Must(consents_.Withdraw(person)); });
    EXPECT_THAT(Why(accepted), AnyOf("OK", "MOVE_BASIS_MISSING"));
    const std::string after = world_.Ask(
        "SELECT count(*) FROM event_log m JOIN event_log w ON w.aggregate_id = m.aggregate_id AND "
        "w.type LIKE '%.ConsentWithdrawn' AND w.version < m.version WHERE m.type LIKE "
        "'%.PersonMoved' AND m.aggregate_id = '" +
        IdOf(person) + "'");
    EXPECT_EQ(after, "0") << "nothing goes after a withdrawal";
  }
}

}  // namespace
}  // namespace ieum::registry
