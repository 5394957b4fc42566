// Goal: a transaction that lives long makes nothing dearer for those who work beside it (G10).
// Until it ends no old version of a row can be cleaned away, so a row that changes always must not
// be looked for among its old ones. Method: the pages that PostgreSQL touches for one step, before
// and after thousands of them beside such a transaction.
#include <nlohmann/json.hpp>
#include <pqxx/pqxx>

#include "tests/integration/ledger/ledger_fixture.h"

namespace ieum::ledger {
namespace {

constexpr int kSteps = 4000;
constexpr int64_t kMore = 16;  // pages that a deeper index and longer lists of places may cost

constexpr char kTake[] = "SELECT * FROM outbox_take('{3, 7}', '{1, 2}')";
constexpr char kLook[] = "SELECT * FROM outbox_positions()";
// One step of one cursor, from where it stands; its place is not looked for in what is measured.
constexpr char kStep[] = R"(
  SELECT format('SELECT * FROM inbox_step(''sample'', ''{3}'', ''{%s}'', ''{%s}'', ''{1}'', ''{0}'',
                                          ''{"%s"}'')', pos, pos + 1, ctid)
  FROM inbox_cursor WHERE producer = 'sample' AND shard = 3)";

class LongTransaction : public LedgerTest {
 protected:
  LongTransaction() : old_(test_.conninfo()) {
    Ask("INSERT INTO inbox_cursor (producer, shard, epoch, pos) VALUES ('sample', 3, 1, 0) "
        "RETURNING 1");
  }

  // Holds back every cleaning until the test ends.
  void Begin() {
    held_.emplace(old_);
    held_->exec("SELECT pg_current_xact_id()");
  }

  int64_t Pages(const std::string& sql) {
    const auto plan = nlohmann::json::parse(Ask("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + sql));
    const auto& top = plan[0]["Plan"];
    return top["Shared Hit Blocks"].get<int64_t>() + top["Shared Read Blocks"].get<int64_t>();
  }
  // After once for the session's caches.
  int64_t PagesOnceWarm(const std::string& sql) { return Pages(sql), Pages(sql); }

  // Each a transaction of its own.
  void Repeat(const std::string& body) {
    pqxx::connection connection(test_.conninfo());
    pqxx::nontransaction work(connection);
    work.exec("SET synchronous_commit = off");
    work.exec("DO $do$ DECLARE step text; BEGIN FOR i IN 1.." + std::to_string(kSteps) + " LOOP " +
              body + " COMMIT; END LOOP; END $do$");
  }

 private:
  pqxx::connection old_;
  std::optional<pqxx::work> held_;
};

TEST_F(LongTransaction, MakesPositionsNoDearer) {
  const int64_t take = PagesOnceWarm(kTake), look = PagesOnceWarm(kLook);
  const int64_t walk = PagesOnceWarm("SELECT * FROM outbox_shard");
  Begin();
  Repeat("PERFORM * FROM outbox_take('{3, 7}', '{1, 2}');");
  ASSERT_GT(Pages("SELECT * FROM outbox_shard"), walk + kMore) << "nothing was held back";
  EXPECT_LE(Pages(kTake), take + kMore);
  EXPECT_LE(Pages(kLook), look + kMore);
  EXPECT_EQ(Number("SELECT newest FROM outbox_positions() WHERE of_shard = 7"),
            2 * Number("SELECT newest FROM outbox_positions() WHERE of_shard = 3"));
  Ask("UPDATE outbox_shard SET last_pos = 0 WHERE last_pos > 0 RETURNING 1");  // as there are
                                                                               // events
}

TEST_F(LongTransaction, MakesACursorsStepNoDearer) {
  const int64_t step = PagesOnceWarm(Ask(kStep));
  const int64_t walk = PagesOnceWarm("SELECT * FROM inbox_cursor");
  Begin();
  Repeat(R"(
    SELECT format('SELECT 1 FROM inbox_step(''sample'', ''{3}'', ''{%s}'', ''{%s}'', ''{1}'', ''{0}'',
                                            ''{"%s"}'')', pos, pos + 1, ctid) INTO step
    FROM inbox_cursor WHERE producer = 'sample' AND shard = 3;
    EXECUTE step;)");
  ASSERT_EQ(Number("SELECT pos FROM inbox_cursor WHERE producer = 'sample'"), kSteps + 1);
  ASSERT_GT(Pages("SELECT * FROM inbox_cursor"), walk + kMore) << "nothing was held back";
  EXPECT_LE(Pages(Ask(kStep)), step + kMore);
}

// The counters have no key since they are found this way.
TEST_F(LedgerTest, IsWrittenWhileAllItsTablesArePublished) {
  Ask("CREATE PUBLICATION everything FOR ALL TABLES");
  EXPECT_EQ(Ask("SELECT count(*) FROM outbox_take('{3}', '{1}')"), "1");
  Ask("UPDATE outbox_shard SET last_pos = 0 WHERE last_pos > 0 RETURNING 1");  // as there are
                                                                               // events
}

}  // namespace
}  // namespace ieum::ledger
