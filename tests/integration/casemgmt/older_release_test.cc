// Goal: what registry told while a process of an older release was listening is made good after the
// upgrade: consents that it passed over are known, and whoever was erased is named nowhere. Method:
// a ledger of registry that the consumer has gone over, and rows that an older program leaves.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "platform/erasure/erasure_store.h"
#include "services/casemgmt/erasures/erased_persons_store.h"
#include "services/casemgmt/erasures/forgetting_dues.h"
#include "services/casemgmt/participants/past_consents.h"
#include "services/casemgmt/references/consent_heard.h"
#include "tests/integration/casemgmt/case_world.h"

namespace ieum::casemgmt::testing {
namespace {

namespace registry = ieum::registry::v1;

constexpr int kShard = 3;

class OlderRelease : public ::testing::Test {
 protected:
  template <class Event>
  void Said(const base::Uuid& person, int revision,
            const std::optional<base::Uuid>& receiver = std::nullopt) {
    Event event;
    event.set_person_id(person.ToString());
    event.set_purpose(receiver ? registry::CONSENT_PURPOSE_THIRD_PARTY_PROVISION
                               : registry::CONSENT_PURPOSE_COLLECTION);
    event.set_revision(revision);
    if (receiver) event.set_receiver_organization_id(receiver->ToString());
    Log(event);
  }
  void Log(const google::protobuf::Message& event) {
    platform::v1::LedgerEvent row;
    row.set_shard(kShard);
    row.set_position(static_cast<int64_t>(log_.size()) + 1);
    row.set_type(event.GetDescriptor()->full_name());
    event.SerializeToString(row.mutable_payload());
    log_.push_back(row);
  }
  // The consumer of before has gone over the log up to there, and then came the upgrade.
  void Upgrade(size_t cursor) {
    Move(cursor);
    world_.Ask("DELETE FROM past_consents RETURNING 1");
    world_.Ask(
        absl::StrCat("INSERT INTO past_consents (shard, goal) SELECT shard, pos FROM "
                     "inbox_cursor RETURNING 1"));
  }
  void Move(size_t cursor) {
    world_.Ask(
        absl::StrCat("INSERT INTO inbox_cursor (producer, shard, epoch, pos) VALUES "
                     "('registry', ",
                     kShard, ", 1, ", cursor,
                     ") ON CONFLICT (producer, shard) DO UPDATE SET pos = EXCLUDED.pos "
                     "RETURNING 1"));
  }
  // Three events a piece.
  flow::DueWork Work() {
    return PastConsents(world_.database(),
                        [this](const std::string& producer, int shard, int64_t from, int) {
                          EXPECT_EQ(producer, "registry");
                          EXPECT_EQ(shard, kShard);
                          platform::v1::ReadLogResponse read;
                          for (auto at = static_cast<size_t>(from - 1);
                               at < log_.size() && read.events_size() < 3; ++at) {
                            *read.add_events() = log_[at];
                          }
                          ++asked_;
                          if (busy_) Move(log_.size() + static_cast<size_t>(asked_));
                          return absl::StatusOr<platform::v1::ReadLogResponse>(read);
                        });
  }
  int64_t Due(const flow::DueWork& work) { return work.count_due(absl::Now()).value(); }
  // Until it rests.
  void Run(const flow::DueWork& work) {
    for (int steps = 0; steps < 100; ++steps) {
      const auto more = work.step(absl::Now());
      ASSERT_TRUE(more.ok()) << more.status();
      if (!*more) return;
    }
    FAIL() << "it does not come to an end";
  }
  bool Consents(const base::Uuid& person, const std::optional<base::Uuid>& receiver = {}) {
    bool has = false;
    EXPECT_TRUE(world_.database()
                    .Read("test_consent",
                          [&](db::Tx& tx) {
                            has = HasConsent(tx, person,
                                             receiver
                                                 ? registry::CONSENT_PURPOSE_THIRD_PARTY_PROVISION
                                                 : registry::CONSENT_PURPOSE_COLLECTION,
                                             world_.clock().Now().value_or(absl::Now()), receiver);
                            return absl::OkStatus();
                          })
                    .ok());
    return has;
  }
  // What a release does that knows of no room of persons: the key goes, and nothing else.
  void EraseAsOfOld(const base::Uuid& person) {
    const erasure::Erasure erasure = {person, base::Uuid::NewV7(), absl::Now()};
    const auto erase = [&](db::Tx& tx) {
      erasure::NoteDestroyed(tx, erasure, erasure::DestroyKey(tx, erasure), false);
      return absl::OkStatus();
    };
    EXPECT_TRUE(world_.database().Write("test_erase", erase).ok());
  }
  std::string RowsOf(const base::Uuid& person) {
    std::vector<std::string> counts;
    for (const char* table : TablesThatNamePersons()) {
      counts.push_back(absl::StrCat("(SELECT count(*) FROM ", table, " WHERE person_id = '",
                                    person.ToString(), "')"));
    }
    return world_.Ask("SELECT " + absl::StrJoin(counts, " + "));
  }

  World world_{"2024-03-04 10:00"};
  Cases cases_{world_};
  std::vector<platform::v1::LedgerEvent> log_;
  int asked_ = 0;
  bool busy_ = false;  // the consumer goes on with each look into the log
};

TEST_F(OlderRelease, PassedOverConsentsThatAreKnownAfterTheUpgrade) {
  const base::Uuid gave = base::Uuid::NewV7(), withdrew = base::Uuid::NewV7();
  const base::Uuid erased = base::Uuid::NewV7(), later = base::Uuid::NewV7();
  Said<registry::ConsentGiven>(gave, 1);
  Log(registry::OrganizationRegistered());  // of no interest
  Said<registry::ConsentGiven>(withdrew, 1);
  Said<registry::ConsentGiven>(erased, 1);
  Said<registry::ConsentWithdrawn>(withdrew, 1);
  Said<registry::ConsentWithdrawn>(gave, 1);
  Said<registry::ConsentGiven>(gave, 2);
  const size_t cursor = log_.size();
  Said<registry::ConsentGiven>(later, 1);  // the consumer will hear it
  EraseAsOfOld(erased);
  Upgrade(cursor);
  {
    const flow::DueWork work = Work();
    EXPECT_EQ(Due(work), 1);
    ASSERT_TRUE(work.step(absl::Now()).value());  // killed after a piece
  }
  const int asked = asked_;
  const flow::DueWork work = Work();
  Run(work);
  EXPECT_EQ(Due(work), 0);
  EXPECT_EQ(asked_ - asked, 2) << "it went on where it was, and not behind the cursor";
  EXPECT_TRUE(Consents(gave));
  EXPECT_FALSE(Consents(withdrew));
  EXPECT_FALSE(Consents(later));
  EXPECT_EQ(RowsOf(erased), "0") << "nothing is heard of her any more";
}

// Pods of both releases take turns with the consumer while one is replaced by the other.
TEST_F(OlderRelease, TakesTurnsForADayAndIsFollowed) {
  const base::Uuid person = base::Uuid::NewV7();
  const base::Uuid receiver = base::Uuid::NewV7();
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM past_consents"), "0") << "a new installation";
  Said<registry::ConsentGiven>(person, 1, receiver);
  Upgrade(1);
  Run(Work());
  EXPECT_TRUE(Consents(person, receiver));
  Said<registry::ConsentWithdrawn>(person, 1, receiver);
  Move(2);
  const flow::DueWork work = Work();
  EXPECT_EQ(Due(work), 0) << "nobody waits for it";
  Run(work);
  EXPECT_FALSE(Consents(person, receiver));
  // It looks up to where the consumer stood, and does not run after one that goes on.
  Move(3);
  busy_ = true;
  const int before = asked_;
  Run(Work());
  EXPECT_EQ(asked_, before + 1);
  busy_ = false;
  world_.Ask("UPDATE past_consents SET until = clock_timestamp() - interval '1 hour' RETURNING 1");
  Run(Work());
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM past_consents"), "0");
  Said<registry::ConsentGiven>(person, 2, receiver);
  Move(3);
  const int asked = asked_;
  Run(Work());
  EXPECT_EQ(asked_, asked) << "it is over";
}

TEST_F(OlderRelease, LeftRowsOfAnErasedPersonThatAreLetGo) {
  const base::Uuid person = cases_.Person(), other = cases_.Person();
  const base::Uuid hers = cases_.CaseIn(v1::CASE_STATE_INTAKE, {.person = person});
  const base::Uuid others = cases_.CaseIn(v1::CASE_STATE_INTAKE, {.person = other});
  const base::Uuid consented = cases_.Person();  // and nothing else
  EraseAsOfOld(person);
  EraseAsOfOld(consented);
  EXPECT_NE(RowsOf(person), "0");
  Run(ForgettingAgain(world_.ledger()));
  EXPECT_EQ(RowsOf(person), "0");
  EXPECT_EQ(RowsOf(consented), "0");
  EXPECT_FALSE(cases_.Read(hers).person.has_value());
  EXPECT_EQ(world_.LastOf(hers).type, "CaseAnonymised");
  EXPECT_TRUE(cases_.Read(others).person.has_value());
  const int64_t events = world_.EventCount();
  Run(ForgettingAgain(world_.ledger()));
  EXPECT_EQ(world_.EventCount(), events) << "told once";
}

// A new table of persons has its place in that list, and in ForgetPerson.
TEST_F(OlderRelease, IsLookedForInEachTableThatNamesAPerson) {
  std::vector<std::string> named(TablesThatNamePersons().begin(), TablesThatNamePersons().end());
  // Of the platform: the keys themselves, and that they were destroyed.
  named.insert(named.end(), {"person_erasure", "person_key", "person_key_apart"});
  const std::string known = absl::StrCat("'", absl::StrJoin(named, "', '"), "'");
  EXPECT_EQ(world_.Ask("SELECT coalesce(string_agg(c.relname, ', '), '') "
                       "FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
                       "JOIN pg_namespace n ON n.oid = c.relnamespace "
                       "WHERE n.nspname = 'public' AND c.relkind = 'r' AND a.attname = "
                       "'person_id' AND NOT a.attisdropped AND c.relname NOT IN (" +
                       known + ")"),
            "");
}

}  // namespace
}  // namespace ieum::casemgmt::testing
