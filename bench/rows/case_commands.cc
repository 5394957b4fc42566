// Cases that are looked after (MonitorCase): the case and a task change, two events. Against
// pgbench of the same SQL, as G1 is for the registry; what the answer takes is in ours alone: the
// case is read back, and that somebody saw whose it is goes into the access log.
#include "bench/rows/case_commands.h"

#include <algorithm>
#include <fstream>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "bench/harness/load.h"
#include "bench/harness/numbers.h"
#include "bench/harness/pgbench.h"
#include "bench/rows/cases_fill.h"
#include "fmt/format.h"
#include "ieum/casemgmt/v1/case_service.pb.h"
#include "services/casemgmt/cases/case_rows.h"

namespace ieum::bench {
namespace {

constexpr char kHash[] =
    "'\\x00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff'::bytea";

std::string ArrayOf(const std::string& value) { return absl::StrCat("ARRAY[", value, "]"); }
std::string Twice(const std::string& value) {
  return absl::StrCat("ARRAY[", value, ", ", value, "]");
}

// A row is written with what stands in it: as long, and nothing to make up.
std::string SaveCase(const std::string& id) {
  const std::string insert = casemgmt::InsertCaseSql();
  const size_t open = insert.find('(') + 1;
  std::vector<std::string> values =
      absl::StrSplit(insert.substr(open, insert.find(')') - open), ", ");
  values[0] = id;
  std::replace(values.begin(), values.end(), std::string("updated_at"), std::string("now()"));
  return StatementText("case_update", values);
}

// As long as that of CaseMonitored.
std::string Payload() { return fmt::format("'\\x{}'::bytea", std::string(2 * 420, '6')); }

std::string MonitorScript(int64_t cases) {
  const std::string id = CaseAtSql(":n");
  const std::string request = "(:a::text || :b::text)::uuid";
  const std::string events =
      absl::StrCat("ARRAY[(:b::text || :a::text)::uuid, ", "(:b::text || :c::text)::uuid]");
  const std::string task = absl::StrCat(
      "(SELECT min(t.id::text)::uuid FROM case_task t WHERE "
      "t.case_id = ",
      id, " AND t.state = 1 AND t.kind = 6)");
  return absl::StrCat(
      "\\set a random(1000000000000000, 9999999999999999)\n"
      "\\set b random(1000000000000000, 9999999999999999)\n"
      "\\set c random(1000000000000000, 9999999999999999)\n"
      "\\set d random(1, 30)\n"
      "\\set n random(0, ",
      cases - 1, ")\n", "BEGIN;\n", StatementText("command_dedup_select", {ArrayOf(request)}),
      StatementText("aggregate_lock", {ArrayOf(id)}),
      StatementText("case_find_many", {ArrayOf(id)}),
      StatementText("case_task_open_of_many", {ArrayOf(id)}), SaveCase(id),
      StatementText("case_task_update", {task, "kind", "(current_date + :d::int)", "owner_subject",
                                         "owner_id", "supervisor_id", "centre_id", "state",
                                         "paused", "overdue_told", "now()", "clock_run"}),
      StatementText("aggregate_raise",
                    {ArrayOf(id), ArrayOf("3"),
                     absl::StrCat("ARRAY[(SELECT version FROM aggregate WHERE id = ", id, ")]")}),
      StatementText(
          "event_log_append",
          {Twice("(:n % 16)::smallint"), events, Twice(id), "ARRAY[:c::bigint, :c::bigint + 1]",
           Twice("'ieum.casemgmt.v1.CaseMonitored'"),
           Twice("'cases/018fffff-ffff-7fff-bfff-ffffffffffff'"), Twice("now()"),
           Twice("'bench/driver'"), Twice("'018fffff-ffff-7fff-bfff-ffffffffffff'"), Twice("''"),
           Twice("'00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'"), Twice(Payload())}),
      StatementText("command_dedup_insert",
                    {ArrayOf(request), ArrayOf(kHash),
                     ArrayOf("'cases/018fffff-ffff-7fff-bfff-ffffffffffff'"), ArrayOf("1"),
                     ArrayOf("(:n % 16)::smallint"), ArrayOf("1")}),
      "END;\n");
}

// Each case once and then again, in no order.
void WriteCalls(const std::string& path, int64_t cases) {
  std::ofstream file(path);
  file << "/ieum.casemgmt.v1.CaseService/MonitorCase\n";
  for (int64_t n = 0; n < cases; ++n) {
    casemgmt::v1::MonitorCaseRequest request;
    request.set_name(absl::StrCat("cases/", CaseAt(n).ToString()));
    file << absl::Base64Escape(request.SerializeAsString()) << "\n";
  }
}

}  // namespace

Line MeasureCaseCommands(Bench& bench, Suite& suite, int64_t cases) {
  const testing::TempDir dir;
  const std::string calls = dir.path() + "/calls";
  WriteCalls(calls, cases);
  std::vector<LoadSeen> loads;
  PgbenchSeen pgbench;
  const Rounds rounds = Alternate(
      bench, bench.options().rounds,
      [&] {
        loads.push_back(RunLoad(suite, {.call = "given",
                                        .process = "casemgmt",
                                        .clients = 64,
                                        .seconds = bench.options().seconds,
                                        .names_file = calls}));
        if (loads.back().ok == 0) Die("casemgmt looked after no case");
        RestOfCases(suite);
        return loads.back().per_second;
      },
      [&] {
        pgbench = RunPgbench(
            suite, {LimitDatabase("casemgmt"), MonitorScript(cases), 8, bench.options().seconds});
        suite.postgres().Settle();
        return pgbench.per_second;
      });
  const LoadSeen load = MedianOf(loads);
  int64_t failed = 0;
  for (const LoadSeen& each : loads) failed += each.failed;
  Line line{.row = "cases",
            .what = fmt::format("cases looked after (MonitorCase: a case and a task change, two "
                                "events), among {}, everything live, 64 clients",
                                Printed(static_cast<double>(cases))),
            .unit = "/s",
            .limit_is = "pgbench -c 8 of the same SQL",
            .latency = LatencyWords(load.p50_ms, load.p99_ms),
            .cpu = fmt::format("{}; pgbench and its PostgreSQL {:.3f}",
                               DescribeCpu(load.cpu_per_1000), pgbench.cpu_per_1000),
            .note = fmt::format("pgbench p50 {}, p99 {} ms; {} calls failed",
                                Printed(pgbench.p50_ms), Printed(pgbench.p99_ms), failed)};
  SetRounds(rounds, &line);
  return line;
}

}  // namespace ieum::bench
