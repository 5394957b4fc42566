// Goal: a backup has the name that was asked for, a restore harms nobody who has come meanwhile and
// brings no schema that was not asked for, and no password is seen on the way. Method: four real
// databases with every service's schema, PostgreSQL's own tools, held up where it matters.
#include "tools/backup/backup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <sstream>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/operator/backup_fixture.h"
#include "tests/support/wait.h"

namespace ieum::backup {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::TestDatabase;
using testing::WaitFor;

constexpr char kSecret[] = "sesame-opens-it";

std::string Whole(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

// A transaction that holds what it asked for until it is destroyed.
class Held {
 public:
  Held(TestDatabase& test, const std::string& sql)
      : database_({.conninfo = test.conninfo(), .idle_in_transaction_timeout = absl::Minutes(10)}),
        thread_([this, sql] {
          const absl::Status held = database_.WriteOnce("hold", [&](db::Tx& tx) {
            tx.RunScript(sql);
            begun_.set_value();
            end_.get_future().wait();
            return absl::OkStatus();
          });
          EXPECT_TRUE(held.ok()) << held;
        }) {
    begun_.get_future().wait();
  }
  ~Held() {
    end_.set_value();
    thread_.join();
  }

 private:
  db::Database database_;
  std::promise<void> begun_, end_;
  std::thread thread_;
};

class Backups : public BackupFixture {
 protected:
  Backups() : BackupFixture(absl::StrCat(" password=", kSecret)) {}

  absl::Status Make(const std::string& folder) {
    return MakeBackup({places_, folder, /*passphrase=*/"", "test"}).status();
  }
  bool Waits(const std::string& service, const std::string& program) {
    return WaitFor([&] {
      return At(service).Ask(absl::StrCat(
                 "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND "
                 "wait_event_type = 'Lock' AND application_name = '",
                 program, "'")) == "1";
    });
  }
  // What everybody can read of that program at work on this database.
  std::string CommandLine(const std::string& service, const std::string& program,
                          std::string* environment) {
    const std::string database = At(service).Ask("SELECT current_database()");
    for (const auto& entry : fs::directory_iterator("/proc")) {
      const std::string line = Whole(entry.path() / "cmdline");
      if (!absl::StrContains(line, program) || !absl::StrContains(line, database)) continue;
      *environment = Whole(entry.path() / "environ");
      return line;
    }
    return "";
  }
  void ExpectNoSecretOnTheCommandLineOf(const std::string& service, const std::string& program) {
    std::string environment;
    const std::string line = CommandLine(service, program, &environment);
    EXPECT_THAT(line, AllOf(HasSubstr("--dbname="), Not(HasSubstr(kSecret)))) << program;
    EXPECT_THAT(environment, HasSubstr(absl::StrCat("PGPASSWORD=", kSecret))) << program;
  }
};

// Made in full work, and restored before those leases would have come to their end.
TEST_F(Backups, BringNoLeaseBackOfAProcessThatIsGone) {
  At("registry")
      .Ask(
          "INSERT INTO lease (name, owner, term, until) VALUES "
          "('relay', 'registry/1/gone', 7, clock_timestamp() + interval '1 hour') RETURNING term");
  const absl::Status made = Make(Folder());
  ASSERT_TRUE(made.ok()) << made;
  At("registry").Ask("DELETE FROM lease RETURNING term");
  const auto restored = Restore(Restoring());
  ASSERT_TRUE(restored.ok()) << restored.status();
  EXPECT_EQ(At("registry").Ask("SELECT count(*) FROM lease WHERE until > clock_timestamp()"), "0");
  EXPECT_EQ(At("registry").Ask("SELECT term FROM lease"), "7") << "the next one's is greater";
}

TEST_F(Backups, HaveTheNameThatWasAskedForWithASlashToo) {
  const absl::Status made = Make(Folder() + "/");
  ASSERT_TRUE(made.ok()) << made;
  EXPECT_TRUE(VerifyBackup(Folder(), "").ok());
  EXPECT_FALSE(fs::exists(Folder() + ".growing"));
  for (const char* end : {"", "/", "//", "/."}) {
    EXPECT_THAT(std::string(Make(Folder() + end).message()), HasSubstr("is there already")) << end;
  }
  EXPECT_TRUE(VerifyBackup(Folder(), "").ok()) << "a refused one touched it";
}

TEST_F(Backups, LeaveAloneWhatAnotherRunMakesOrLeftBehind) {
  fs::create_directory(Folder() + ".growing");
  std::ofstream(Folder() + ".growing/registry.dump") << "half";
  EXPECT_THAT(std::string(Make(Folder() + "/").message()),
              AllOf(HasSubstr("backup.growing"), HasSubstr("remove it")));
  EXPECT_EQ(Whole(Folder() + ".growing/registry.dump"), "half");
  EXPECT_FALSE(fs::exists(Folder()));
}

TEST_F(Backups, OfAnotherReleaseAreRestoredOnlyWhenThatIsSaid) {
  At("casemgmt")
      .Ask(
          "DELETE FROM schema_migration WHERE set_name = 'casemgmt' AND name = (SELECT max(name) "
          "FROM "
          "schema_migration WHERE set_name = 'casemgmt')");
  ASSERT_TRUE(Make(Folder()).ok());
  const std::string tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'";
  At("notify").Ask("CREATE TABLE of_now (n int)");
  const std::string before = At("notify").Ask(tables);
  RestoreRequest request = Restoring();
  EXPECT_THAT(std::string(Restore(request).status().message()),
              AllOf(HasSubstr("casemgmt is of an older release"), HasSubstr("--older-schema")));
  EXPECT_EQ(At("notify").Ask(tables), before) << "a refused restore changed something";
  request.older_schema = true;
  const auto restored = Restore(request);
  EXPECT_TRUE(restored.ok()) << restored.status();
  EXPECT_EQ(At("notify").Ask("SELECT to_regclass('of_now')"), "");
  // What a newer release wrote is nobody's to bring back but its own.
  fs::remove_all(Folder());
  At("registry")
      .Ask(
          "INSERT INTO schema_migration (set_name, name, checksum) VALUES ('registry', "
          "'9999_of_tomorrow', 'x')");
  ASSERT_TRUE(Make(Folder()).ok());
  EXPECT_THAT(std::string(Restore(request).status().message()),
              AllOf(HasSubstr("registry is of a newer release"), HasSubstr("9999_of_tomorrow")));
}

// notify's database is the first that is restored, and registry's the last: whoever starts in the
// time between is not to have his tables taken from under him.
TEST_F(Backups, LookOnceMoreForAProcessBeforeTheyEmptyADatabase) {
  ASSERT_TRUE(Make(Folder()).ok());
  At("notify").Ask("CREATE SCHEMA aside");
  At("notify").Ask(
      "CREATE FUNCTION aside.wait() RETURNS event_trigger LANGUAGE plpgsql AS "
      "$$ BEGIN PERFORM pg_advisory_xact_lock(17); END $$");
  At("notify").Ask(
      "CREATE EVENT TRIGGER waits ON ddl_command_start WHEN TAG IN ('CREATE TABLE') "
      "EXECUTE FUNCTION aside.wait()");
  const auto request = Restoring();
  std::future<absl::Status> restored;
  {
    const Held held(At("notify"), "SELECT pg_advisory_xact_lock(17)");
    restored = std::async(std::launch::async, [&] { return Restore(request).status(); });
    ASSERT_TRUE(Waits("notify", "pg_restore"));
    ExpectNoSecretOnTheCommandLineOf("notify", "pg_restore");
    At("registry")
        .Ask(
            "INSERT INTO lease (name, owner, term, until) VALUES ('relay', 'registry/4711', 1, "
            "now() + interval '1 hour')");
  }
  const absl::Status refused = restored.get();
  EXPECT_TRUE(absl::IsFailedPrecondition(refused)) << refused;
  EXPECT_THAT(std::string(refused.message()),
              AllOf(HasSubstr("the database of registry was not restored"),
                    HasSubstr("relay (registry/4711)"), HasSubstr("stop every service first")));
  EXPECT_EQ(At("registry").Ask("SELECT owner FROM lease WHERE name = 'relay'"), "registry/4711");
}

TEST_F(Backups, ShowNoPasswordToTheMachine) {
  std::future<absl::Status> made;
  {
    const Held held(At("reporting"), "LOCK TABLE lease IN ACCESS EXCLUSIVE MODE");
    made = std::async(std::launch::async, [&] { return Make(Folder()); });
    ASSERT_TRUE(Waits("reporting", "pg_dump"));
    ExpectNoSecretOnTheCommandLineOf("reporting", "pg_dump");
  }
  const absl::Status done = made.get();
  EXPECT_TRUE(done.ok()) << done;
}

}  // namespace
}  // namespace ieum::backup
