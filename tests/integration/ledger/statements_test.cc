// Goal: no statement of the platform's lower floors waits for its first use to show a mistake.
// Method: every one that is linked in is prepared against the migrated schema.
#include "tests/support/statements.h"

#include <set>

#include "platform/db/person_keys.h"
#include "tests/integration/ledger/ledger_fixture.h"

namespace ieum::ledger {
namespace {

using ::testing::IsEmpty;
using ::testing::IsSupersetOf;

TEST_F(LedgerTest, EveryStatementPreparesAgainstTheMigratedSchema) {
  const crypto::Vault vault{crypto::Key()};
  const db::PersonKeys keys(vault);
  EXPECT_TRUE(test_.database()
                  .Write("link the statements of person keys in",
                         [&](db::Tx& tx) { return keys.GetOrCreate(tx, Uuid::NewV7()).status(); })
                  .ok());
  std::set<std::string> names;
  for (const db::Statement* statement : db::Statement::All()) {
    EXPECT_TRUE(names.insert(statement->name()).second)
        << "two statements are called " << statement->name();
  }
  EXPECT_THAT(names, IsSupersetOf({"aggregate_insert", "aggregate_lock", "aggregate_lock_free",
                                   "aggregate_raise", "command_dedup_insert", "command_dedup_prune",
                                   "command_dedup_select", "event_log_append", "event_log_read",
                                   "log_identity_epoch", "migration_lock", "outbox_shard_all",
                                   "outbox_shard_one", "person_key_destroy", "person_key_insert",
                                   "person_key_select", "platform_ping"}));
  EXPECT_THAT(testing::UnpreparableStatements(test_), IsEmpty());
}

}  // namespace
}  // namespace ieum::ledger
