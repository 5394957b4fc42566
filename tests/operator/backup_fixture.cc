#include "tests/operator/backup_fixture.h"

namespace ieum::backup {

BackupFixture::BackupFixture(const std::string& words) {
  for (const char* service : kServices) {
    testing::TestDatabase& test =
        databases_
            .try_emplace(service, testing::SharedCluster(), db::MigrationSet{}, /*migrate=*/false)
            .first->second;
    for (const char* set : {"platform", service}) {
      EXPECT_TRUE(db::Migrate(test.database(), set, KnownSets().at(set)).ok()) << set;
    }
    places_.databases.push_back({service, test.conninfo() + words, ""});
  }
}

RestoreRequest BackupFixture::Restoring() const {
  return {
      .places = places_, .folder = Folder(), .passphrase = "", .keys_into = "", .replace = true};
}

}  // namespace ieum::backup
