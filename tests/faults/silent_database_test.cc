// Goal: a database that falls silent, because its machine or the way to it is gone, is given up
// within seconds: the kernel alone would wait for a quarter of an hour, and with it the writer's
// place and every command behind it. Method: TCP to a real PostgreSQL in a network of our own,
// whose packets then vanish. row:R27
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <future>
#include <optional>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "platform/db/database.h"
#include "tests/faults/room.h"
#include "tests/faults/tcp_proxy.h"
#include "tests/support/postgres.h"
#include "tests/support/wait.h"

namespace ieum::faults {
namespace {

using std::chrono::seconds;
using testing::RunToEnd;
using testing::WaitFor;

constexpr seconds kGivenUpWithin(25);  // 15 s, and what a busy machine needs

const db::Statement kSleep("test_silent_sleep", "SELECT fall_asleep()");

// "host=/dir port=17 user=…" → "/dir/.s.PGSQL.17".
std::string SocketOf(const std::string& conninfo) {
  std::string folder, port;
  const std::vector<std::string> words = absl::StrSplit(conninfo, ' ');
  for (const std::string& word : words) {
    if (word.starts_with("host=")) folder = word.substr(5);
    if (word.starts_with("port=")) port = word.substr(5);
  }
  return absl::StrCat(folder, "/.s.PGSQL.", port);
}

// Packets to and from this port vanish for as long as it lives.
class Silence {
 public:
  explicit Silence(int port) : port_(absl::StrCat(port)) { Rules("-A"); }
  ~Silence() { Rules("-D"); }

 private:
  void Rules(const char* verb) {
    for (const char* side : {"--dport", "--sport"}) {
      const auto done = RunToEnd({.argv = {"iptables", "-w", verb, "INPUT", "-i", "lo", "-p", "tcp",
                                           side, port_, "-j", "DROP"}});
      EXPECT_TRUE(done.ok()) << done.status();
    }
  }
  const std::string port_;
};

std::future<absl::Status> Asking(db::Database& database, const db::Statement* statement) {
  return std::async(std::launch::async, [&database, statement] {
    return database.ReadOne("silent", [&](db::Tx& tx) {
      tx.Exec(*statement);
      return absl::OkStatus();
    });
  });
}

// Whether all that was said to this port was acknowledged: the kernel waits for nothing there.
bool AllHeard(int port) {
  std::ifstream table("/proc/self/net/tcp");
  std::string line, slot, local, remote, state, queues;
  const std::string there = absl::StrCat(":", absl::Hex(port, absl::kZeroPad4));
  while (std::getline(table, line)) {
    std::istringstream(line) >> slot >> local >> remote >> state >> queues;
    if (!absl::EndsWithIgnoreCase(remote, there) || state != "01") continue;
    if (!queues.starts_with("00000000:")) return false;
  }
  return true;
}

class SilentDatabase : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { EnterRoom(); }
  void SetUp() override {
    if (const absl::Status room = InOwnRoom(); !room.ok()) GTEST_SKIP() << room;
    cluster_.emplace();
    test_.emplace(cluster_->conninfo(), db::MigrationSet{});
    // The warning is what acknowledges the question by the way: an acknowledgement alone is late.
    test_->Ask(
        "CREATE FUNCTION fall_asleep() RETURNS void LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE WARNING 'asleep'; PERFORM pg_sleep(600); END $$");
    proxy_.emplace(SocketOf(cluster_->conninfo()), Dice(1));
    database_.emplace(db::DatabaseOptions{
        .conninfo = absl::StrCat(test_->conninfo(), " host=127.0.0.1 port=", proxy_->port(),
                                 " sslmode=disable"),
        .statement_timeout = absl::Minutes(10)});
    ASSERT_TRUE(database_->Ping().ok());
  }
  bool Sleeps() {
    return test_->Ask(
               "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%fall_asleep()%' AND "
               "wait_event = 'PgSleep' AND state = 'active' AND pid <> pg_backend_pid()") == "1";
  }
  void ExpectGivenUp(std::future<absl::Status>& waits) {
    EXPECT_EQ(waits.wait_for(kGivenUpWithin), std::future_status::ready);
    test_->Ask(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'active' "
        "AND pid <> pg_backend_pid()");  // so that a failure ends, too
  }

  std::optional<testing::PostgresCluster> cluster_;
  std::optional<testing::TestDatabase> test_;
  std::optional<TcpProxy> proxy_;
  std::optional<db::Database> database_;
};

// An idle connection, as far as the kernel knows: nothing is under way in either direction, so
// nothing but keepalives finds out.
TEST_F(SilentDatabase, IsGivenUpThoughAllThatWasSaidHadArrived) {
  auto waits = Asking(*database_, &kSleep);
  ASSERT_TRUE(WaitFor([&] { return Sleeps() && AllHeard(proxy_->port()); }));
  {
    const Silence silence(proxy_->port());
    ExpectGivenUp(waits);
  }
  EXPECT_TRUE(db::IsTransient(waits.get()));
}

// A question that nobody acknowledges: keepalives do not run then, only TCP_USER_TIMEOUT does.
TEST_F(SilentDatabase, IsGivenUpThoughNothingThatIsSaidArrives) {
  std::future<absl::Status> speaks;
  {
    const Silence silence(proxy_->port());
    speaks = std::async(std::launch::async, [&] { return database_->Ping(); });
    ExpectGivenUp(speaks);
  }
  EXPECT_TRUE(db::IsTransient(speaks.get()));
}

}  // namespace
}  // namespace ieum::faults
