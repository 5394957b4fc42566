// Goal: a transaction means the same on every server: what the code relies on, it asks for itself.
// Method: a database whose owner changed every default that matters; each promise is then tried.
#include <gtest/gtest.h>

#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "platform/db/database.h"
#include "platform/telemetry/metrics.h"
#include "tests/support/postgres.h"

namespace ieum::db {
namespace {

using testing::TestDatabase;

const Statement kSetting("test_current_setting", "SELECT current_setting($1)");
const Statement kTime("test_session_time", "SELECT $1::timestamptz, $2::date, $3::bytea, $4::text");

class Session : public ::testing::Test {
 protected:
  Session() {
    test_.Ask(R"(DO $$ DECLARE setting text; BEGIN
      FOREACH setting IN ARRAY ARRAY[
        'datestyle = ''SQL, DMY''', 'bytea_output = ''escape''', 'timezone = ''Asia/Seoul''',
        'synchronous_commit = off', 'default_transaction_isolation = ''serializable''',
        'default_transaction_read_only = on', 'client_encoding = ''LATIN1''',
        'lock_timeout = ''10s''', 'statement_timeout = ''10s''']
      LOOP
        EXECUTE format('ALTER DATABASE %I SET ', current_database()) || setting;
      END LOOP;
    END $$)");
  }
  static std::string Setting(Tx& tx, const char* name) {
    return AsText(tx.Exec(kSetting, name)[0][0]);
  }
  TestDatabase test_{testing::SharedCluster(), {}, /*migrate=*/false};
  Database database_{{.conninfo = test_.conninfo()}};
};

TEST_F(Session, ReadsValuesWhateverTheServerPrefers) {
  const absl::Time at = absl::FromUnixMicros(1'678'086'000'123'456);
  const absl::CivilDay day(2023, 3, 4);
  ASSERT_TRUE(database_
                  .Write("values",
                         [&](Tx& tx) {
                           const Row row = tx.Exec(kTime, at, day, Bytes(std::string("\0\\a", 3)),
                                                   "이음🙂")[0];
                           EXPECT_EQ(AsTime(row[0]), at);
                           EXPECT_EQ(AsDay(row[1]), day);
                           EXPECT_EQ(AsBytes(row[2]), std::string("\0\\a", 3));
                           EXPECT_EQ(AsText(row[3]), "이음🙂");
                           return absl::OkStatus();
                         })
                  .ok());
}

TEST_F(Session, WritesReadCommittedAndDurably) {
  ASSERT_TRUE(database_
                  .Write("settings",
                         [&](Tx& tx) {
                           EXPECT_EQ(Setting(tx, "transaction_isolation"), "read committed");
                           EXPECT_EQ(Setting(tx, "transaction_read_only"), "off");
                           EXPECT_EQ(Setting(tx, "synchronous_commit"), "on");
                           return absl::OkStatus();
                         })
                  .ok());
}

TEST_F(Session, RelaxesOneTransactionOnly) {
  DatabaseOptions options{.conninfo = test_.conninfo()};
  options.write_connections = 1;
  Database database(options);
  const auto expect = [&](const char* value) {
    return [value](Tx& tx) {
      EXPECT_EQ(Setting(tx, "synchronous_commit"), value);
      return absl::OkStatus();
    };
  };
  EXPECT_TRUE(database.WriteRelaxed("relaxed", expect("off")).ok());
  EXPECT_TRUE(database.Write("strict", expect("on")).ok());
}

TEST_F(Session, ReadsOneSnapshotWithoutTheRightToWrite) {
  ASSERT_TRUE(database_
                  .Read("settings",
                        [&](Tx& tx) {
                          EXPECT_EQ(Setting(tx, "transaction_isolation"), "repeatable read");
                          EXPECT_EQ(Setting(tx, "transaction_read_only"), "on");
                          return absl::OkStatus();
                        })
                  .ok());
}

// The words of a connection string: "host=… port=… user=… dbname=…".
std::map<std::string, std::string> WordsOf(const std::string& conninfo) {
  return absl::StrSplit(conninfo, absl::ByAnyChar(" ="), absl::SkipEmpty());
}

// The server asks for none, but libpq refuses an address that a password has spoilt.
TEST_F(Session, TakesThePasswordBesideWordsAndBesideAUri) {
  auto words = WordsOf(test_.conninfo());
  const std::string host = absl::StrReplaceAll(words["host"], {{"/", "%2F"}});
  const std::string uri = absl::StrCat("postgresql://", words["user"], "@/", words["dbname"],
                                       "?port=", words["port"], "&host=", host);
  const std::string authority_only = absl::StrCat("postgres://", words["user"], "@", host, ":",
                                                  words["port"], "/", words["dbname"]);
  for (const std::string& conninfo : {test_.conninfo(), uri, authority_only}) {
    Database database({.conninfo = conninfo, .password = "it's a \\ & ?=#%/ 비밀"});
    const absl::Status answered = database.Ping();
    EXPECT_TRUE(answered.ok()) << conninfo << ": " << answered;
  }
}

TEST_F(Session, HasTheLimitsThatWereAskedFor) {
  Database database({.conninfo = test_.conninfo(),
                     .statement_timeout = absl::Seconds(30),
                     .lock_timeout = absl::Milliseconds(1500),
                     .idle_in_transaction_timeout = absl::Seconds(5)});
  ASSERT_TRUE(database
                  .Write("settings",
                         [&](Tx& tx) {
                           EXPECT_EQ(Setting(tx, "statement_timeout"), "30s");
                           EXPECT_EQ(Setting(tx, "lock_timeout"), "1500ms");
                           EXPECT_EQ(Setting(tx, "idle_in_transaction_session_timeout"), "5s");
                           return absl::OkStatus();
                         })
                  .ok());
}

TEST(Password, IsPassedOnWhateverIsInIt) {
  TestDatabase test(testing::SharedCluster(), {}, /*migrate=*/false);
  // The cluster trusts its socket, so this shows that nothing of it is read as another setting.
  Database database({.conninfo = test.conninfo(), .password = "it's \\ host=nowhere '"});
  EXPECT_TRUE(database.Ping().ok());
}

TEST(DatabaseMetrics, ShowHowLongTransactionsTook) {
  TestDatabase test(testing::SharedCluster(), {}, /*migrate=*/false);
  telemetry::Metrics metrics("test");
  Database database({.conninfo = test.conninfo()}, &metrics);
  EXPECT_TRUE(database.Ping().ok());
  EXPECT_TRUE(database.Write("nothing", [](Tx&) { return absl::OkStatus(); }).ok());
  const std::string text = metrics.Render();
  for (const char* said :
       {"db_client_operation_duration_seconds_count{db_operation_name=\"read\","
        "db_query_summary=\"ping\",db_system_name=\"postgresql\"} 1",
        "db_client_operation_duration_seconds_count{db_operation_name=\"write\","
        "db_query_summary=\"nothing\",db_system_name=\"postgresql\"} 1",
        "db_client_connections{db_system_name=\"postgresql\",pool=\"write\",state=\"idle\"} 1",
        "db_client_connections{db_system_name=\"postgresql\",pool=\"write\",state=\"used\"} 0",
        "db_client_connection_wait_time_seconds_count{db_system_name=\"postgresql\",pool="
        "\"read\"} 1"}) {
    EXPECT_NE(text.find(said), std::string::npos) << said << "\n" << text;
  }
}

TEST(DatabaseMetrics, KeepTheNumberOfNamesBounded) {
  TestDatabase test(testing::SharedCluster(), {}, /*migrate=*/false);
  telemetry::Metrics metrics("test");
  Database database({.conninfo = test.conninfo()}, &metrics);
  for (int i = 0; i < 250; ++i) {
    const std::string name = "name_" + std::to_string(i);
    ASSERT_TRUE(database.Write(name, [](Tx&) { return absl::OkStatus(); }).ok());
  }
  const std::string text = metrics.Render();
  size_t series = 0;
  const std::string begin = "db_client_operation_duration_seconds_count{";
  for (size_t at = text.find(begin); at != std::string::npos; at = text.find(begin, at + 1)) {
    ++series;
  }
  EXPECT_EQ(series, 201);
  EXPECT_NE(text.find("db_query_summary=\"_OTHER\",db_system_name=\"postgresql\"} 50"),
            std::string::npos);
}

}  // namespace
}  // namespace ieum::db
