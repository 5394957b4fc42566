// Goal: whoever hears that a person was erased destroys her key in the transaction of its position,
// and says so until it is heard. Method: registry's event through the effects of a subscription on
// a real PostgreSQL; a keeper of proofs that answers, or does not. row:R25 row:X11
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ieum/registry/v1/events.pb.h"
#include "platform/base/clock.h"
#include "platform/base/status.h"
#include "platform/db/person_keys.h"
#include "platform/erasure/listen.h"
#include "platform/erasure/telling.h"
#include "platform/flow/task.h"
#include "tests/support/postgres.h"

namespace ieum::erasure {
namespace {

using flow::ReceivedEvent;
using registry::v1::PersonErased;
using registry::v1::PersonKeptApart;
using registry::v1::PersonPutBack;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Erasures : public ::testing::Test {
 protected:
  Erasures() {
    EXPECT_TRUE(clock_.Set(absl::FromUnixSeconds(1'700'000'000)).ok());
    Listen<PersonErased>(on_);
    ListenApart<PersonKeptApart, PersonPutBack>(on_);
  }

  PersonErased ErasedOf(const base::Uuid& person) {
    PersonErased event;
    event.set_person_id(person.ToString());
    event.set_erasure_id(base::Uuid::Derive(person, "erasure").ToString());
    event.mutable_erase_time()->set_seconds(1'700'000'000);
    return event;
  }
  template <class Event>
  Event Of(const base::Uuid& person) {
    Event event;
    event.set_person_id(person.ToString());
    return event;
  }
  template <class Event>
  absl::Status Deliver(const Event& event, bool commit = true) {
    ReceivedEvent received;
    received.producer = "registry";
    received.envelope.set_shard(kim_.shard());
    received.envelope.set_position(++position_);
    received.envelope.set_event_id(base::Uuid::NewV7().ToString());
    received.envelope.set_aggregate_id(event.person_id());
    received.envelope.set_type(event.GetDescriptor()->full_name());
    received.envelope.set_payload(event.SerializeAsString());
    const flow::Task task = flow::TaskFor(on_, &received);
    if (task.kind == flow::Task::Kind::kSkip) return absl::NotFoundError("not listened to");
    return database_.database().Write("deliver", [&](db::Tx& tx) -> absl::Status {
      bool appended = false;
      RETURN_IF_ERROR(flow::ApplyAll({task}, {received}, ledger_, tx, &appended));
      return commit ? absl::OkStatus() : absl::AbortedError("the position stood elsewhere");
    });
  }
  absl::Status MakeKey(const base::Uuid& person) {
    return database_.database().Write(
        "key", [&](db::Tx& tx) { return keys_.GetOrCreate(tx, person).status(); });
  }
  absl::StatusOr<bool> Tell(const absl::Status& answer) {
    const flow::DueWork work = Telling(database_.database(), [&](const Destroyed& destroyed) {
      told_.push_back(destroyed.erasure.person_id);
      return destroyed.erasure.person_id == kim_ ? answer : absl::OkStatus();
    });
    return work.step(absl::UnixEpoch());
  }
  std::string Untold() {
    return database_.Ask("SELECT count(*) FROM person_erasure WHERE told_at IS NULL");
  }

  testing::TestDatabase database_;
  base::SimulatedClock clock_;
  ledger::Ledger ledger_{database_.database(), clock_, "casemgmt"};
  const crypto::Vault vault_{crypto::Key()};
  const db::PersonKeys keys_{vault_};
  const base::Uuid kim_ = base::Uuid::NewV7(), lee_ = base::Uuid::NewV7();
  flow::Subscriptions on_;
  std::vector<base::Uuid> told_;
  int64_t position_ = 0;
};

TEST_F(Erasures, DestroyTheKeyForEver) {
  ASSERT_TRUE(MakeKey(kim_).ok());
  ASSERT_TRUE(Deliver(ErasedOf(kim_)).ok());
  EXPECT_EQ(base::ReasonOf(MakeKey(kim_)), "PERSON_ERASED");
  EXPECT_EQ(database_.Ask("SELECT key_destroyed FROM person_erasure"), "t");
  ASSERT_TRUE(Deliver(ErasedOf(kim_)).ok());
  EXPECT_EQ(database_.Ask("SELECT key_destroyed FROM person_erasure"), "t") << "told again";
}

// An event of hers that comes late must not make a key.
TEST_F(Erasures, BarTheKeyOfOneOfWhomNothingWasHeld) {
  ASSERT_TRUE(Deliver(ErasedOf(kim_)).ok());
  EXPECT_EQ(base::ReasonOf(MakeKey(kim_)), "PERSON_ERASED");
  EXPECT_EQ(database_.Ask("SELECT key_destroyed FROM person_erasure"), "f");
  EXPECT_TRUE(MakeKey(lee_).ok());
}

// law:L13
TEST_F(Erasures, AreNotYetOfOneWhoseDataAreKeptApart) {
  ASSERT_TRUE(MakeKey(kim_).ok());
  const std::string before = database_.Ask("SELECT k::text FROM person_key k");
  const auto deliver = [&](const auto& event) { ASSERT_TRUE(Deliver(event).ok()); };
  deliver(Of<PersonKeptApart>(kim_));
  deliver(Of<PersonKeptApart>(kim_));
  deliver(Of<PersonKeptApart>(lee_));
  EXPECT_EQ(base::ReasonOf(MakeKey(kim_)), "PERSON_ERASED");
  EXPECT_EQ(base::ReasonOf(MakeKey(lee_)), "PERSON_ERASED") << "none is made meanwhile";
  deliver(Of<PersonPutBack>(kim_));
  deliver(Of<PersonPutBack>(lee_));
  EXPECT_EQ(database_.Ask("SELECT k::text FROM person_key k"), before);
  EXPECT_EQ(database_.Ask("SELECT count(*) FROM person_key_apart"), "0");
  // What a restored ledger has not said comes back, what it has said stays.
  deliver(Of<PersonKeptApart>(lee_));
  std::array<int64_t, base::Uuid::kShards> kept{};
  kept.fill(position_);
  deliver(Of<PersonKeptApart>(kim_));
  ASSERT_TRUE(database_.database()
                  .Write("rewind",
                         [&](db::Tx& tx) {
                           PutVanishedBack(tx, kept);
                           return absl::OkStatus();
                         })
                  .ok());
  EXPECT_TRUE(MakeKey(kim_).ok());
  EXPECT_EQ(base::ReasonOf(MakeKey(lee_)), "PERSON_ERASED");
  // And with an erasure goes the key that lay apart.
  deliver(Of<PersonKeptApart>(kim_));
  deliver(ErasedOf(kim_));
  deliver(ErasedOf(lee_));
  EXPECT_EQ(database_.Ask("SELECT string_agg(key_destroyed::text, ' ' ORDER BY key_destroyed) "
                          "FROM person_erasure"),
            "false true");
  EXPECT_EQ(database_.Ask("SELECT count(*) FROM person_key_apart"), "0");
  deliver(Of<PersonPutBack>(kim_));
  EXPECT_EQ(base::ReasonOf(MakeKey(kim_)), "PERSON_ERASED") << "for ever";
}

TEST_F(Erasures, AreOneWithTheirPosition) {
  ASSERT_TRUE(MakeKey(kim_).ok());
  EXPECT_FALSE(Deliver(ErasedOf(kim_), false).ok());
  EXPECT_TRUE(MakeKey(kim_).ok()) << "rolled back with it";
  EXPECT_EQ(database_.Ask("SELECT count(*) FROM person_erasure"), "0");
}

TEST_F(Erasures, AreToldUntilTheyAreHeard) {
  ASSERT_TRUE(Deliver(ErasedOf(kim_)).ok() && Deliver(ErasedOf(lee_)).ok());
  EXPECT_FALSE(Tell(absl::UnavailableError("away")).ok());
  EXPECT_THAT(told_, ElementsAre(kim_, lee_)) << "one that is not heard keeps nobody";
  EXPECT_EQ(Untold(), "1");
  EXPECT_TRUE(Tell(absl::OkStatus()).ok());
  EXPECT_EQ(Untold(), "0");
  told_.clear();
  EXPECT_TRUE(Tell(absl::OkStatus()).ok());
  EXPECT_THAT(told_, IsEmpty());
}

// Registry came back from a backup, and the erasure was repeated there: another proof.
TEST_F(Erasures, AreToldAnewForANewProof) {
  ASSERT_TRUE(Deliver(ErasedOf(kim_)).ok());
  EXPECT_TRUE(Tell(absl::NotFoundError("no such proof")).ok());
  EXPECT_EQ(Untold(), "0");
  PersonErased again = ErasedOf(kim_);
  again.set_erasure_id(lee_.ToString());
  ASSERT_TRUE(Deliver(again).ok());
  EXPECT_EQ(Untold(), "1");
  EXPECT_EQ(database_.Ask("SELECT erasure_id FROM person_erasure"), lee_.ToString());
}

TEST_F(Erasures, ShowTheLastOne) {
  const auto last = [&] {
    std::optional<platform::v1::ErasureProgress> progress;
    EXPECT_TRUE(database_.database()
                    .Read("last",
                          [&](db::Tx& tx) {
                            progress = ReadProgress(tx);
                            return absl::OkStatus();
                          })
                    .ok());
    return progress;
  };
  EXPECT_FALSE(last());
  ASSERT_TRUE(Deliver(ErasedOf(kim_)).ok() && Deliver(ErasedOf(lee_)).ok());
  ASSERT_TRUE(last());
  EXPECT_EQ(last()->erasure_id(), ErasedOf(lee_).erasure_id());
  EXPECT_EQ(last()->erase_time().seconds(), 1'700'000'000);
  EXPECT_EQ(last()->unconfirmed(), 2);
}

}  // namespace
}  // namespace ieum::erasure
