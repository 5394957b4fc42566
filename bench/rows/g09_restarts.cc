// G9: how long a service takes to serve, how long events stand still when the relay's leader is
// killed, and how long a broker that was away takes to be caught up with.
#include <algorithm>
#include <pqxx/pqxx>

#include "absl/strings/str_cat.h"
#include "bench/harness/waiting.h"
#include "bench/rows/backlog.h"
#include "bench/rows/one_organization.h"
#include "bench/rows/rows.h"
#include "fmt/format.h"

namespace ieum::bench {
namespace {

constexpr int64_t kBacklog = 10'000;
constexpr int kRoundsMax = 3;

double ColdStart(Suite& suite) {
  suite.Stop("registry");
  const double begin = Now();
  suite.Spawn("registry");
  if (!WaitFor([&] { return suite.Serves("registry"); }, 30, 0.001)) Die("registry does not start");
  return (Now() - begin) * 1000;
}

// Until an event of the standby's own command is a fact in reporting.
double LeaderKilled(Suite& suite) {
  const std::string standby = suite.StartReplica("registry");
  MakeOrganization(suite, standby);
  if (!suite.WaitCaughtUp({"reporting"}, 30)) Die("reporting does not catch up");
  const std::string leader = suite.Progress("registry").relay_leader() ? "registry" : standby;
  const std::string other = leader == standby ? "registry" : standby;
  pqxx::connection connection(suite.database("reporting"));
  pqxx::nontransaction work(connection);
  suite.Kill(leader);
  const double begin = Now();
  const std::string name = MakeOrganization(suite, other);
  const std::string sql =
      absl::StrCat("SELECT 1 FROM fact WHERE type = ",
                   "'ieum.registry.v1.OrganizationRegistered' AND subject = '", name, "'");
  if (!WaitFor([&] { return !work.exec(sql).empty(); }, 30, 0.005)) {
    Die("no event comes after the leader was killed");
  }
  const double seconds = Now() - begin;
  suite.Start({"registry"});
  suite.Stop(standby);
  return seconds;
}

double BrokerBack(Suite& suite) {
  suite.nats().Stop();
  FillOrganizations(suite, kBacklog, Fill::kWithEvents);
  suite.nats().Start();  // returns when it answers
  const double begin = Now();
  if (!suite.WaitCaughtUp({"casemgmt", "reporting", "notify"}, 60)) {
    Die("the services do not catch up with the broker");
  }
  return Now() - begin;
}

Line LineOf(const std::string& what, const std::string& unit, double must, double aim,
            const std::vector<double>& rounds) {
  Line line{.row = "G9", .what = what, .unit = unit, .goal = {Goal::Of::kAtMost, must, aim}};
  SetRounds({rounds, {}}, &line);
  return line;
}

}  // namespace

std::vector<Line> RunRestarts(Bench& bench) {
  Suite suite;
  suite.Start(kServices);
  MakeOrganization(suite);
  std::vector<double> cold, killed, back;
  for (int round = 1; round <= std::min(kRoundsMax, bench.options().rounds); ++round) {
    cold.push_back(ColdStart(suite));
    killed.push_back(LeaderKilled(suite));
    back.push_back(BrokerBack(suite));
    bench.Say(
        fmt::format("round {}: cold start {:.0f} ms, leader killed {:.2f} s, broker back {:.2f} s",
                    round, cold.back(), killed.back(), back.back()));
  }
  return {
      LineOf("cold start of registry until it is ready", "ms", 300, 120, cold),
      LineOf("relay's leader killed (-9) → next event is a fact in reporting", "s", 4, 2, killed),
      LineOf(fmt::format("broker back → {} waiting events applied by three services", kBacklog),
             "s", 2, 1, back)};
}

}  // namespace ieum::bench
