// Goal: values go into PostgreSQL and come back as they were. Method: each kind of parameter is
// sent, read by the server in SQL, and read back.
#include <gtest/gtest.h>

#include <limits>

#include "platform/db/database.h"
#include "tests/support/postgres.h"

namespace ieum::db {
namespace {

using base::Uuid;
using testing::TestDatabase;

const Statement kTime("test_echo_time", "SELECT $1::timestamptz, $1::timestamptz::text");
const Statement kDay("test_echo_day", "SELECT $1::date, $1::date::text");
const Statement kUuid("test_echo_uuid", "SELECT $1::uuid");
const Statement kNumber("test_echo_number", "SELECT $1::bigint");
const Statement kBool("test_echo_bool", "SELECT $1::boolean");
const Statement kNumbers(
    "test_echo_numbers",
    "SELECT n FROM unnest($1::bigint[]) WITH ORDINALITY AS e(n, i) ORDER BY i");
const Statement kAny("test_any_uuid",
                     "SELECT count(*) FROM unnest($2::uuid[]) e(id) "
                     "WHERE id = ANY($1::uuid[])");
const Statement kRows("test_no_rows", "SELECT 1 WHERE $1::boolean");
const Statement kChange("test_change", "UPDATE thing SET n = n + 1 WHERE n >= $1");

class Values : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    test_ =
        std::make_unique<TestDatabase>(testing::SharedCluster(), MigrationSet{}, /*migrate=*/false);
    test_->Ask("CREATE TABLE thing (n int); INSERT INTO thing VALUES (1), (2)");
  }
  static void TearDownTestSuite() { test_.reset(); }
  void InTransaction(const std::function<void(Tx&)>& body) {
    const absl::Status status = test_->database().Write("values", [&](Tx& tx) {
      body(tx);
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
  }
  // One for the whole suite: nothing here is kept.
  static inline std::unique_ptr<TestDatabase> test_;
};

TEST_F(Values, OfTimeKeepTheirMicroseconds) {
  InTransaction([](Tx& tx) {
    for (const absl::Time at :
         {absl::UnixEpoch(), absl::FromUnixMicros(1'678'086'000'123'456), absl::FromUnixMicros(-1),
          absl::FromUnixSeconds(-2'000'000'000), absl::FromUnixSeconds(253'402'300'799),
          absl::FromUnixMicros(1'678'086'000'100'000)}) {
      EXPECT_EQ(AsTime(tx.Exec(kTime, at)[0][0]), at) << at;
    }
    // Less than PostgreSQL can keep is dropped, never rounded into the future.
    const absl::Time fine = absl::FromUnixMicros(5) + absl::Nanoseconds(999);
    EXPECT_EQ(AsTime(tx.Exec(kTime, fine)[0][0]), absl::FromUnixMicros(5));
    EXPECT_EQ(AsText(tx.Exec(kTime, absl::UnixEpoch())[0][1]), "1970-01-01 00:00:00+00");
  });
}

TEST_F(Values, OfTimeAndDayMayBeMissing) {
  InTransaction([](Tx& tx) {
    const Row row = tx.Exec(kTime, std::optional<absl::Time>())[0];
    EXPECT_FALSE(AsOptionalTime(row[0]).has_value());
    EXPECT_EQ(AsText(row[1]), "");
    EXPECT_EQ(AsOptionalTime(tx.Exec(kTime, absl::UnixEpoch())[0][0]), absl::UnixEpoch());
    EXPECT_FALSE(AsOptionalDay(tx.Exec(kDay, std::nullopt)[0][0]).has_value());
    EXPECT_FALSE(AsOptionalUuid(tx.Exec(kUuid, std::nullopt)[0][0]).has_value());
  });
}

TEST_F(Values, OfDaysAreCivilDates) {
  InTransaction([](Tx& tx) {
    for (const absl::CivilDay day : {absl::CivilDay(2023, 3, 14), absl::CivilDay(2024, 2, 29),
                                     absl::CivilDay(1900, 1, 1), absl::CivilDay(9999, 12, 31)}) {
      EXPECT_EQ(AsDay(tx.Exec(kDay, day)[0][0]), day);
      EXPECT_EQ(AsOptionalDay(tx.Exec(kDay, day)[0][0]), day);
    }
    EXPECT_EQ(AsText(tx.Exec(kDay, absl::CivilDay(2023, 3, 4))[0][1]), "2023-03-04");
  });
}

enum class Colour { kRed = 3 };

TEST_F(Values, OfNumbersKeepTheirRange) {
  InTransaction([](Tx& tx) {
    for (const int64_t n : {std::numeric_limits<int64_t>::min(), int64_t{-1}, int64_t{0},
                            std::numeric_limits<int64_t>::max()}) {
      EXPECT_EQ(tx.Exec(kNumber, n)[0][0].as<int64_t>(), n);
    }
    EXPECT_EQ(tx.Exec(kNumber, Colour::kRed)[0][0].as<int>(), 3);
    EXPECT_TRUE(tx.Exec(kBool, true)[0][0].as<bool>());
    EXPECT_FALSE(tx.Exec(kBool, false)[0][0].as<bool>());
    EXPECT_TRUE(tx.Exec(kBool, std::optional<bool>())[0][0].is_null());
  });
}

TEST_F(Values, OfIdsAreFoundInArrays) {
  InTransaction([](Tx& tx) {
    const std::vector<Uuid> ids{Uuid::NewV7(), Uuid::NewV7(), Uuid::NewV7()};
    EXPECT_EQ(AsUuid(tx.Exec(kUuid, ids[0])[0][0]), ids[0]);
    EXPECT_EQ(AsOptionalUuid(tx.Exec(kUuid, ids[0])[0][0]), ids[0]);
    const std::vector<Uuid> two{ids[2], ids[0]};
    EXPECT_EQ(tx.Exec(kAny, ArrayOf(two), ArrayOf(ids))[0][0].as<int>(), 2);
    EXPECT_EQ(tx.Exec(kAny, ArrayOf(std::vector<Uuid>()), ArrayOf(ids))[0][0].as<int>(), 0);
  });
}

TEST_F(Values, OfArraysKeepOrderAndNulls) {
  InTransaction([](Tx& tx) {
    const Rows rows = tx.Exec(kNumbers, Array({Param(3), Param(std::nullopt), Param(1)}));
    ASSERT_EQ(rows.size(), 3u);
    EXPECT_EQ(rows[0][0].as<int>(), 3);
    EXPECT_TRUE(rows[1][0].is_null());
    EXPECT_EQ(rows[2][0].as<int>(), 1);
    EXPECT_EQ(tx.Exec(kNumbers, Array({})).size(), 0u);
    EXPECT_EQ(tx.Exec(kNumbers, Array({Param(std::nullopt)})).size(), 1u);
  });
}

TEST_F(Values, OfStatementsAreRowsAndCounts) {
  InTransaction([](Tx& tx) {
    EXPECT_FALSE(tx.ExecOptional(kRows, false).has_value());
    EXPECT_TRUE(tx.ExecOptional(kRows, true).has_value());
    EXPECT_EQ(tx.ExecCount(kChange, 1), 2);
    EXPECT_EQ(tx.ExecCount(kChange, 3), 1);
    EXPECT_EQ(tx.ExecCount(kChange, 100), 0);
    EXPECT_EQ(tx.RunDynamic("SELECT n FROM thing WHERE n > $1 ORDER BY n", {Param(2)}).size(), 1u);
  });
}

}  // namespace
}  // namespace ieum::db
