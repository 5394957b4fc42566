// Goal: a database that falls silent, because its machine or the way to it is gone, is given up
// within seconds: the kernel alone would wait for a quarter of an hour, and with it the writer's
// place and every command behind it. Method: TCP to a real PostgreSQL in a network of our own,
// whose packets then vanish. row:R27
#include <gtest/gtest.h>

#include <chrono>
#include <future>

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

// Two ways to wait: for an answer to what arrived, and for somebody to have heard at all. Without
// TCP_USER_TIMEOUT this fails; with keepalive alone taken away it does not, so it says nothing of
// that.
TEST(SilentDatabase, IsGivenUpWithinSecondsWhetherItHadHeardUsOrNot) {
  EnterRoom();
  if (const absl::Status room = InOwnRoom(); !room.ok()) GTEST_SKIP() << room;
  testing::PostgresCluster cluster;
  testing::TestDatabase test(cluster.conninfo(), {});
  // The warning is what acknowledges the question: an acknowledgement alone may come late, be lost
  // in the silence, and then it is the other limit that is tested.
  test.Ask(
      "CREATE FUNCTION fall_asleep() RETURNS void LANGUAGE plpgsql AS $$ BEGIN "
      "RAISE WARNING 'asleep'; PERFORM pg_sleep(600); END $$");
  TcpProxy proxy(SocketOf(cluster.conninfo()), Dice(1));
  const std::string conninfo =
      absl::StrCat(test.conninfo(), " host=127.0.0.1 port=", proxy.port(), " sslmode=disable");
  db::Database heard({.conninfo = conninfo, .statement_timeout = absl::Minutes(10)});
  db::Database unheard({.conninfo = conninfo});
  ASSERT_TRUE(heard.Ping().ok());
  ASSERT_TRUE(unheard.Ping().ok());
  auto waits = Asking(heard, &kSleep);
  ASSERT_TRUE(WaitFor([&] {
    return test.Ask(
               "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%fall_asleep()%' AND "
               "wait_event = 'PgSleep' "
               "AND state = 'active' AND pid <> pg_backend_pid()") == "1";
  }));
  std::future<absl::Status> speaks;
  {
    const Silence silence(proxy.port());
    speaks = std::async(std::launch::async, [&] { return unheard.Ping(); });
    EXPECT_EQ(waits.wait_for(kGivenUpWithin), std::future_status::ready) << "what was heard";
    EXPECT_EQ(speaks.wait_for(seconds(5)), std::future_status::ready) << "what was not";
  }
  test.Ask(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'active' "
      "AND pid <> pg_backend_pid()");  // so that a failure ends, too
  EXPECT_TRUE(db::IsTransient(waits.get()));
  EXPECT_TRUE(db::IsTransient(speaks.get()));
}

}  // namespace
}  // namespace ieum::faults
