// Goal: a person has one key for as long as the person may be known, and none for ever after.
// Method: the table as it is, also with many at once; what was sealed is tried again afterwards.
#include "platform/db/person_keys.h"

#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "platform/base/status.h"
#include "platform/db/database.h"
#include "tests/support/postgres.h"

namespace ieum::db {
namespace {

using base::Uuid;
using testing::TestDatabase;

class PersonKeysTest : public ::testing::Test {
 protected:
  // What a body of its own transaction answered.
  template <class Result>
  Result InTransaction(const std::function<Result(Tx&)>& body) {
    std::optional<Result> result;
    const absl::Status status = test_.database().Write("keys", [&](Tx& tx) {
      result.emplace(body(tx));
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
    return *std::move(result);
  }
  absl::StatusOr<crypto::Key> GetOrCreate(const Uuid& person) {
    return InTransaction<absl::StatusOr<crypto::Key>>(
        [&](Tx& tx) { return keys_.GetOrCreate(tx, person); });
  }
  absl::StatusOr<crypto::Key> Get(const Uuid& person) {
    return InTransaction<absl::StatusOr<crypto::Key>>(
        [&](Tx& tx) { return keys_.Get(tx, person); });
  }
  bool Destroy(const Uuid& person) {
    return InTransaction<bool>(
        [&](Tx& tx) { return keys_.Destroy(tx, person, absl::FromUnixSeconds(1'700'000'000)); });
  }

  TestDatabase test_;
  const crypto::Vault vault_{crypto::Key()};
  const PersonKeys keys_{vault_};
  const Uuid kim_ = Uuid::NewV7(), lee_ = Uuid::NewV7();
};

void ExpectErased(const absl::Status& status) {
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
  EXPECT_EQ(base::ReasonOf(status), "PERSON_ERASED");
}

TEST_F(PersonKeysTest, AreMadeOnceAndFoundAgain) {
  const absl::Status none = Get(kim_).status();
  EXPECT_EQ(none.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(base::ReasonOf(none), "NOT_FOUND");
  const crypto::Key made = GetOrCreate(kim_).value();
  EXPECT_EQ(GetOrCreate(kim_).value().bytes(), made.bytes());
  EXPECT_EQ(Get(kim_).value().bytes(), made.bytes());
  EXPECT_NE(GetOrCreate(lee_).value().bytes(), made.bytes());
}

TEST_F(PersonKeysTest, AreMadeOnceByManyAtOnce) {
  std::vector<std::string> got(8);
  std::vector<std::thread> threads;
  for (std::string& mine : got) {
    threads.emplace_back([&] { mine = GetOrCreate(kim_).value().bytes(); });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(std::set(got.begin(), got.end()).size(), 1u);
}

TEST_F(PersonKeysTest, AreKeptWrappedOnly) {
  const crypto::Key key = GetOrCreate(kim_).value();
  const std::string stored = test_.Ask("SELECT encode(wrapped, 'base64') FROM person_key");
  EXPECT_EQ(stored.find(key.ToBase64().substr(0, 40)), std::string::npos);
  const crypto::Vault thief{crypto::Key()};
  const absl::Status stolen =
      InTransaction<absl::Status>([&](Tx& tx) { return PersonKeys(thief).Get(tx, kim_).status(); });
  EXPECT_EQ(stolen.code(), absl::StatusCode::kDataLoss);
}

TEST_F(PersonKeysTest, DoNotFitAnotherPerson) {
  GetOrCreate(kim_).value();
  GetOrCreate(lee_).value();
  test_.Ask("UPDATE person_key SET wrapped = (SELECT wrapped FROM person_key WHERE person_id = '" +
            kim_.ToString() + "')");
  EXPECT_EQ(Get(lee_).status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(PersonKeysTest, OnceDestroyedNeverComeBack) {
  const std::string box = vault_.SealValue(GetOrCreate(kim_).value(), "email", "kim@example.org");
  EXPECT_TRUE(Destroy(kim_));
  for (int i = 0; i < 2; ++i) {
    ExpectErased(Get(kim_).status());
    ExpectErased(GetOrCreate(kim_).status());
  }
  EXPECT_FALSE(Destroy(kim_)) << "there is nothing left to destroy";
  EXPECT_EQ(test_.Ask("SELECT count(*) FROM person_key WHERE wrapped IS NULL "
                      "AND destroyed_at = to_timestamp(1700000000)"),
            "1")
      << "the row stays as proof";
}

TEST_F(PersonKeysTest, ComeBackWhenTheirDestructionIsRolledBack) {
  const crypto::Key key = GetOrCreate(kim_).value();
  const absl::Status status = test_.database().Write("erase", [&](Tx& tx) {
    EXPECT_TRUE(keys_.Destroy(tx, kim_, absl::Now()));
    ExpectErased(keys_.Get(tx, kim_).status());
    return base::Forbidden("LEGAL_HOLD", "kept");
  });
  EXPECT_EQ(base::ReasonOf(status), "LEGAL_HOLD");
  EXPECT_EQ(Get(kim_).value().bytes(), key.bytes());
}

// A process that slept through a rotation must not make what nobody can open.
TEST_F(PersonKeysTest, AreNotWrappedByAKeyThatWasRetired) {
  crypto::KeyRing on_disk{crypto::Key()};
  const crypto::Vault vault(on_disk, [&] { return absl::StatusOr<crypto::KeyRing>(on_disk); });
  const PersonKeys keys(vault);
  test_.Ask("INSERT INTO wrapping_key (id, retired_at) VALUES ('" +
            crypto::KeyId(on_disk.newest()) + "', now()) RETURNING 1");
  const auto make = [&](const Uuid& person) {
    return InTransaction<absl::StatusOr<crypto::Key>>(
        [&](Tx& tx) { return keys.GetOrCreate(tx, person); });
  };
  EXPECT_FALSE(make(kim_).ok());
  EXPECT_EQ(test_.Ask("SELECT count(*) FROM person_key"), "0");
  on_disk = on_disk.With(crypto::Key());
  EXPECT_TRUE(make(kim_).ok()) << "it reads its file again";
  EXPECT_EQ(test_.Ask("SELECT key_id FROM person_key"), crypto::KeyId(on_disk.newest()));
}

TEST_F(PersonKeysTest, AreNotThereToBeDestroyedBeforeTheyAreMade) { EXPECT_FALSE(Destroy(kim_)); }

}  // namespace
}  // namespace ieum::db
