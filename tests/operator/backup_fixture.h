// Four real databases with every service's schema, and where a backup of them goes.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "tests/support/postgres.h"
#include "tests/support/process.h"
#include "tools/backup/places.h"
#include "tools/backup/restore.h"

namespace ieum::backup {

class BackupFixture : public ::testing::Test {
 protected:
  // `words` come behind every conninfo.
  explicit BackupFixture(const std::string& words = "");

  testing::TestDatabase& At(const std::string& service) { return databases_.at(service); }
  std::string Folder() const { return dir_.path() + "/backup"; }
  // Of the backup in Folder() into the same databases, whatever is in them.
  RestoreRequest Restoring() const;

  testing::TempDir dir_;
  Places places_;  // databases alone

 private:
  std::map<std::string, testing::TestDatabase> databases_;
};

}  // namespace ieum::backup
