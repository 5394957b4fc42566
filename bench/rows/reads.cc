// Reads: one organization by name, and a page of 50 filtered by kind or by a region with few firms,
// at three sizes of the table, against the echo of the same machine: the gRPC library's own health
// method, without our wrapper, without a database.
#include <fstream>

#include "absl/strings/str_cat.h"
#include "bench/harness/load.h"
#include "bench/harness/numbers.h"
#include "bench/rows/backlog.h"
#include "bench/rows/growth.h"
#include "bench/rows/rows.h"
#include "fmt/format.h"
#include "ieum/registry/v1/person_service.pb.h"
#include "pqxx/pqxx"

namespace ieum::bench {
namespace {

constexpr int kNames = 20'000;
constexpr int kClients = 32;

void WriteNames(const Suite& suite, const std::string& path) {
  pqxx::connection connection(suite.database("registry"));
  std::ofstream file(path);
  for (const auto& row : pqxx::nontransaction(connection)
                             .exec(fmt::format("SELECT 'organizations/' || id FROM organization "
                                               "ORDER BY md5(id::text) LIMIT {}",
                                               kNames))) {
    file << row[0].c_str() << "\n";
  }
}

Line Measure(Bench& bench, Suite& suite, const std::string& call, int64_t size,
             const std::string& names) {
  const double seconds = bench.options().quick ? 1 : 1.5;
  const int rounds = bench.options().quick ? 2 : 5;
  std::vector<LoadSeen> runs;
  const Rounds all = Alternate(
      bench, rounds,
      [&] {
        runs.push_back(RunLoad(suite, {.call = call,
                                       .clients = kClients,
                                       .warm = 0.3,
                                       .seconds = seconds,
                                       .names_file = names}));
        return runs.back().per_second;
      },
      [&] {
        return RunLoad(suite,
                       {.call = "health", .clients = kClients, .warm = 0.2, .seconds = seconds / 2})
            .per_second;
      });
  const std::map<std::string, std::string> words = {
      {"get", "Get of an organization"},
      {"list", "List of 50, filtered by kind"},
      {"person", "Get of a person, written down in the access log before it is answered"}};
  const std::string& what = words.at(call);
  const LoadSeen seen = MedianOf(runs);
  Line line{.row = "reads",
            .what = fmt::format("{}, {} in the table", what, Printed(static_cast<double>(size))),
            .unit = "/s",
            .limit_is = "gRPC echo",
            .latency = LatencyWords(seen.p50_ms, seen.p99_ms),
            .cpu = DescribeCpu(seen.cpu_per_1000)};
  SetRounds(all, &line);
  return line;
}

// Facts of whom has none; so many firms of a small region at every size that a page is full.
constexpr char kFacts[] = R"(
  INSERT INTO organization_facts (organization_id, valid_from, region_code, size_class, size_band)
  SELECT o.id, '2020-01-01',
         CASE WHEN {} + row_number() OVER (ORDER BY o.id) <= 60 THEN '26710' ELSE '26110' END, 0, 3
  FROM organization o
  WHERE NOT EXISTS (SELECT FROM organization_facts f WHERE f.organization_id = o.id))";

std::vector<std::string> FactsOf(int64_t held) {
  return {fmt::format(kFacts, held), "VACUUM ANALYZE organization_facts"};
}

// What is measured at every size, and how the table calls it.
const std::pair<const char*, const char*> kGrowing[] = {
    {"get", "Get of an organization"},
    {"list", "List of 50 organizations, filtered by kind"},
    {"region", "List of 50 organizations, filtered by a region with 60"}};

constexpr int kPersons = 1000;

void MakePersons(Suite& suite, const std::string& path) {
  std::ofstream file(path);
  for (int at = 0; at < kPersons; ++at) {
    registry::v1::CreatePersonRequest request;
    request.mutable_person()->set_full_name("김하늘");
    request.mutable_person()->set_basis(registry::v1::LEGAL_BASIS_CONTRACT);
    registry::v1::Person made;
    const absl::Status done =
        suite.peer("registry").Call("/ieum.registry.v1.PersonService/CreatePerson", request, &made);
    if (!done.ok()) Die(absl::StrCat("the registry refuses a person: ", done.message()));
    file << made.name() << "\n";
  }
}

// What a read costs whose access is kept: beside the line of a read of which nothing is.
Line MeasurePersons(Bench& bench, Suite& suite, const std::string& names) {
  MakePersons(suite, names);
  const auto ask = [&](const char* sql) { return std::stod(suite.Ask("registry", sql)); };
  const double rows = ask("SELECT count(*) FROM access_log");
  const double commits = ask("SELECT count(DISTINCT xmin::text) FROM access_log");
  Line line = Measure(bench, suite, "person", kPersons, names);
  const double more_rows = ask("SELECT count(*) FROM access_log") - rows;
  const double more_commits = ask("SELECT count(DISTINCT xmin::text) FROM access_log") - commits;
  line.note = fmt::format("{:.1f} accesses a commit", more_rows / std::max(1.0, more_commits));
  return line;
}

}  // namespace

std::vector<Line> RunReads(Bench& bench) {
  Suite suite;
  suite.Start({"registry"});
  testing::TempDir dir;
  const std::string names = dir.path() + "/names";
  std::map<std::string, std::vector<Line>> by_call;
  Growth growth;
  int64_t held = 0;
  std::vector<Line> lines;
  lines.push_back(MeasurePersons(bench, suite, names));
  for (const int64_t wanted : {int64_t{1000}, int64_t{200'000}, int64_t{1'000'000}}) {
    const int64_t size = std::min(wanted, bench.options().organizations);
    if (size <= held) continue;
    bench.Say(fmt::format("filling the table up to {} organizations", size));
    FillOrganizations(suite, size - held, Fill::kWithoutEvents);
    for (const std::string& step : FactsOf(held)) suite.Ask("registry", step);
    held = size;
    WriteNames(suite, names);
    for (const std::string call : {"get", "list"}) {
      by_call[call].push_back(Measure(bench, suite, call, size, names));
    }
    for (const auto& [call, words] : kGrowing) {
      growth.Measure(bench, suite, call, words, size, names);
    }
  }
  for (auto& [call, all] : by_call) {
    all.back().note =
        fmt::format("{:.2f} of the pace at 1,000", all.back().ours / all.front().ours);
    for (Line& line : all) lines.push_back(std::move(line));
  }
  for (Line& line : growth.Lines()) lines.push_back(std::move(line));
  return lines;
}

}  // namespace ieum::bench
