// Goal: of work that is due row by row each is settled once, and one that is refused keeps nobody
// behind it waiting.
#include "platform/flow/due_rows.h"

#include <gtest/gtest.h>

#include "tests/support/postgres.h"

namespace ieum::flow {
namespace {

using ieum::testing::TestDatabase;

const db::MigrationSet kBills = {{"0001_bill", R"(
  CREATE TABLE bill (
    id      uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    due     int NOT NULL,
    outcome text NOT NULL DEFAULT '',  -- of settling it; '' = it is settled
    settled int NOT NULL DEFAULT 0
  ))"}};

const db::Statement kFind("bill_find",
                          "SELECT id, outcome FROM bill WHERE settled = 0 AND due <= $1 "
                          "ORDER BY due, id LIMIT $2");
const db::Statement kCount("bill_count",
                           "SELECT count(*) FROM bill WHERE settled = 0 AND due <= $1");
const db::Statement kSettle("bill_settle", "UPDATE bill SET settled = settled + 1 WHERE id = $1");

absl::StatusOr<ledger::Done> Settle(ledger::UnitOfWork& work, const base::Uuid& id,
                                    const std::string& outcome) {
  work.Lock({id});
  if (outcome == "refused") return absl::FailedPreconditionError("not in order");
  if (outcome == "unreachable") return absl::UnavailableError("nobody there");
  work.tx().Exec(kSettle, id);
  return ledger::Done{id, "bills/" + id.ToString()};
}

class DueRowsTest : public ::testing::Test {
 protected:
  std::vector<DueRow> Find(db::Tx& tx, absl::Time now, int limit) {
    ++looks_;
    std::vector<DueRow> due;
    for (const auto& row : tx.Exec(kFind, absl::ToUnixSeconds(now), limit)) {
      const auto id = db::AsUuid(row[0]);
      due.push_back({id, [id, outcome = row[1].as<std::string>()](ledger::UnitOfWork& work) {
                       return Settle(work, id, outcome);
                     }});
    }
    return due;
  }

  DueWork Bills() {
    return SettleEach(
        ledger_,
        {.name = "bills",
         .command = "SettleBill",
         .find = [this](db::Tx& tx, absl::Time now, int limit) { return Find(tx, now, limit); },
         .count =
             [](db::Tx& tx, absl::Time now) {
               return tx.Exec(kCount, absl::ToUnixSeconds(now))[0][0].as<int64_t>();
             }});
  }

  // As the loop does, until nothing is left or a step fails.
  absl::Status Round(int second) {
    for (;;) {
      const absl::StatusOr<bool> more = bills_.step(absl::FromUnixSeconds(second));
      if (!more.ok()) return more.status();
      if (!*more) return absl::OkStatus();
    }
  }

  void Owe(int from, int to, const std::string& outcome = "") {
    database_.Ask("INSERT INTO bill (due, outcome) SELECT n, '" + outcome +
                  "' FROM generate_series(" + std::to_string(from) + ", " + std::to_string(to) +
                  ") n RETURNING 1");
  }
  std::string Settled() { return database_.Ask("SELECT coalesce(sum(settled), 0) FROM bill"); }

  TestDatabase database_{kBills};
  base::SystemClock clock_;
  ledger::Ledger ledger_{database_.database(), clock_, "sample"};
  int looks_ = 0;
  DueWork bills_ = Bills();
};

TEST_F(DueRowsTest, AreSettledOnceEachWhenTheirInstantHasCome) {
  Owe(1, 100);
  EXPECT_TRUE(Round(90).ok());
  EXPECT_EQ(Settled(), "90");
  EXPECT_EQ(bills_.count_due(absl::FromUnixSeconds(100)).value(), 10);
  EXPECT_TRUE(Round(100).ok());
  EXPECT_TRUE(Round(100).ok());
  EXPECT_EQ(Settled(), "100");
  EXPECT_EQ(database_.Ask("SELECT max(settled) FROM bill"), "1");
}

TEST_F(DueRowsTest, ThatAreRefusedKeepNobodyWaitingBehindThem) {
  Owe(1, 70, "refused");
  Owe(71, 100);
  EXPECT_TRUE(absl::IsFailedPrecondition(Round(100))) << "somebody is told";
  EXPECT_EQ(Settled(), "30");
  EXPECT_EQ(bills_.count_due(absl::FromUnixSeconds(100)).value(), 70) << "they stay due";
  database_.Ask("UPDATE bill SET outcome = '' RETURNING 1");
  EXPECT_TRUE(Round(100).ok());
  EXPECT_EQ(Settled(), "100");
}

TEST_F(DueRowsTest, AreLeftForLaterWhenWhatTheyNeedCannotBeReached) {
  Owe(1, 5);
  Owe(6, 60, "unreachable");
  EXPECT_TRUE(absl::IsUnavailable(Round(100)));
  EXPECT_EQ(Settled(), "5");
  EXPECT_EQ(looks_, 1) << "the rest is not tried before the loop has waited";
}

}  // namespace
}  // namespace ieum::flow
