// G3: from the commit of a command to the commit of its effect in another service's database, both
// as PostgreSQL dated them, at half and at four fifths of the load that a closed loop reached.
#include <algorithm>
#include <pqxx/pqxx>
#include <unordered_map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "bench/harness/load.h"
#include "bench/harness/numbers.h"
#include "bench/rows/rows.h"
#include "fmt/format.h"

namespace ieum::bench {
namespace {

constexpr int kEventsMax = 4000;  // looked at in one round

using Instants = std::unordered_map<std::string, double>;  // unix seconds by id

Instants Read(const std::string& conninfo, const std::string& sql) {
  pqxx::connection connection(conninfo);
  Instants instants;
  for (const auto& row : pqxx::nontransaction(connection).exec(sql)) {
    instants[row[0].c_str()] = row[1].as<double>();
  }
  return instants;
}

std::string ArrayLiteral(const Instants& ids) {
  return absl::StrCat(
      "'{",
      absl::StrJoin(ids, ",", [](std::string* out, const auto& each) { out->append(each.first); }),
      "}'");
}

// Commit times by aggregate; each organization has one event.
Instants Committed(Suite& suite, double since) {
  return Read(suite.database("registry"),
              fmt::format("SELECT aggregate_id, extract(epoch FROM pg_xact_commit_timestamp(xmin)) "
                          "FROM event_log WHERE recorded_at > to_timestamp({:.3f}) "
                          "ORDER BY random() LIMIT {}",
                          since, kEventsMax));
}

std::vector<double> Delays(const Instants& committed, const Instants& applied) {
  std::vector<double> delays;
  for (const auto& [id, at] : committed) {
    const auto found = applied.find(id);
    if (found != applied.end()) delays.push_back((found->second - at) * 1000);
  }
  return delays;
}

struct Seen {
  std::vector<double> p50, p99;
};

Line LineOf(const std::string& what, const Seen& seen, double must_not, const std::string& cpu,
            const std::string& note) {
  Line line{.row = "G3",
            .what = what,
            .unit = "ms",
            .goal = {Goal::Of::kAtMost, std::nullopt, must_not},
            .latency = LatencyWords(Median(seen.p50), Median(seen.p99)),
            .cpu = cpu,
            .note = note};
  SetRounds({seen.p99, {}}, &line);
  return line;
}

std::vector<Line> AtShare(Bench& bench, double share, double aim) {
  Suite& suite = bench.LiveSuite();
  const double rate = bench.Peak() * share;
  Seen sink, facts;
  std::vector<LoadSeen> loads;
  for (int round = 0; round < bench.options().rounds; ++round) {
    loads.push_back(
        RunLoad(suite, {.clients = 500, .rate = rate, .seconds = bench.options().seconds}));
    bench.Rest();
    const Instants committed = Committed(suite, loads.back().started);
    const Instants applied =
        Read(suite.database("casemgmt"),
             absl::StrCat("SELECT id, extract(epoch FROM pg_xact_commit_timestamp(xmin)) FROM "
                          "organization_reference WHERE id = ANY(",
                          ArrayLiteral(committed), "::uuid[])"));
    const Instants counted = Read(
        suite.database("reporting"),
        fmt::format("SELECT aggregate_id, extract(epoch FROM pg_xact_commit_timestamp(xmin)) FROM "
                    "fact WHERE occurred_at > to_timestamp({:.3f}) - interval '5 s' AND "
                    "aggregate_id = ANY({}::uuid[])",
                    loads.back().started, ArrayLiteral(committed)));
    const auto one = Delays(committed, applied), other = Delays(committed, counted);
    sink.p50.push_back(Percentile(one, 0.5));
    sink.p99.push_back(Percentile(one, 0.99));
    facts.p50.push_back(Percentile(other, 0.5));
    facts.p99.push_back(Percentile(other, 0.99));
    bench.Say(fmt::format("at {:.0f} %: casemgmt p99 {} ms, reporting p99 {} ms", share * 100,
                          Printed(sink.p99.back()), Printed(facts.p99.back())));
  }
  const LoadSeen load = MedianOf(loads);
  const std::string at =
      fmt::format("commit → effect committed in {{}}, p99 at {:.0f} % load", share * 100);
  const std::string cpu = DescribeCpu(load.cpu_per_1000);
  const std::string note =
      fmt::format("offered {} /s, answered {} /s", Printed(rate), Printed(load.per_second));
  return {LineOf(fmt::format(fmt::runtime(at), "casemgmt"), sink, aim, cpu, note),
          LineOf(fmt::format(fmt::runtime(at), "reporting"), facts, aim, "", "")};
}

}  // namespace

std::vector<Line> RunEventLatency(Bench& bench) {
  std::vector<Line> lines = AtShare(bench, 0.5, 15);
  for (Line& line : AtShare(bench, 0.8, 60)) lines.push_back(std::move(line));
  return lines;
}

}  // namespace ieum::bench
