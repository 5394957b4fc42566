// G5: how fast a consumer applies events that wait in the stream, against pgbench of the
// transaction that applies 256 of them.
#include <pqxx/pqxx>

#include "absl/strings/str_cat.h"
#include "bench/harness/machine.h"
#include "bench/harness/pgbench.h"
#include "bench/harness/waiting.h"
#include "bench/rows/backlog.h"
#include "bench/rows/rows.h"
#include "fmt/format.h"

namespace ieum::bench {
namespace {

constexpr int kBatchEvents = 256;
constexpr int kLanes = 2;

std::string EffectScript() {
  const std::string producer = "('bench' || :client_id::text)";
  const auto cursors = [&](const std::string& column) {
    return absl::StrCat("(SELECT array_agg(", column,
                        " ORDER BY shard) FROM inbox_cursor WHERE producer = ", producer, ")");
  };
  const auto rows = [](const std::string& value) {
    return absl::StrCat("(SELECT array_agg(", value, ") FROM generate_series(1, ", kBatchEvents,
                        ") g)");
  };
  return absl::StrCat(
      "\\set a random(1, 1000000000000000)\nBEGIN;\n",
      StatementText("inbox_cursor_move",
                    {producer, cursors("shard"), cursors("pos"), cursors("pos + 32"),
                     cursors("epoch"), cursors("check_hash + 1")}),
      StatementText("organization_reference_keep",
                    {rows("md5((:a::bigint + g)::text)::uuid"), rows("1::smallint"),
                     rows("NULL::date"), rows("1::bigint")}),
      "END;\n");
}

void MakeCursors(Suite& suite) {
  suite.postgres().Ask(LimitDatabase("casemgmt"),
                       absl::StrCat("INSERT INTO inbox_cursor (producer, shard, epoch, pos) "
                                    "SELECT 'bench' || c, s * ",
                                    kLanes, ", 1, 0 FROM generate_series(0, ", kLanes - 1,
                                    ") c, generate_series(0, 7) s ON CONFLICT DO NOTHING"));
}

// From the first moved cursor to the last.
double MeasureConsumer(Suite& suite, int64_t events) {
  suite.Ask("casemgmt",
            "TRUNCATE organization_reference, inbox_check; DELETE FROM inbox_stream WHERE producer "
            "= 'registry'; DELETE FROM inbox_cursor WHERE producer = 'registry'");
  suite.postgres().Settle();
  pqxx::connection connection(suite.database("casemgmt"));
  pqxx::nontransaction work(connection);
  const auto applied = [&] {
    return work
        .exec("SELECT coalesce(sum(pos), 0) FROM inbox_cursor WHERE producer = 'registry'")[0][0]
        .as<int64_t>();
  };
  suite.Spawn("casemgmt");
  int64_t first = 0;
  if (!WaitFor([&] { return (first = applied()) > 0; }, 30, 0.001))
    Die("casemgmt consumes nothing");
  const double begin = Now();
  if (!WaitFor([&] { return applied() >= events; }, 120, 0.005)) {
    Die("casemgmt did not consume the backlog within two minutes");
  }
  const double rate = static_cast<double>(events - first) / (Now() - begin);
  return rate;
}

}  // namespace

std::vector<Line> RunConsumer(Bench& bench) {
  Suite suite;
  suite.Start({"registry"});
  const int64_t events = bench.options().quick ? 20'000 : 100'000;
  bench.Say(fmt::format("writing a ledger of {} events", events));
  FillOrganizations(suite, events, Fill::kWithEvents);
  const int64_t all =
      std::atoll(suite.Ask("registry", "SELECT sum(last_pos) FROM outbox_shard").c_str());
  const auto published = [&] {
    int64_t sum = 0;
    const platform::v1::Progress progress = suite.Progress("registry");
    for (int64_t each : progress.published_positions()) sum += each;
    return sum >= all;
  };
  if (!WaitFor(published, 120, 0.02)) Die("the backlog does not come into the stream");
  MakeCursors(suite);
  std::map<std::string, double> cpu;
  PgbenchSeen pgbench;
  const Rounds rounds = Alternate(
      bench, bench.options().rounds,
      [&] {
        const double rate = MeasureConsumer(suite, all);
        cpu = {{"casemgmt", CpuSeconds(suite.pid("casemgmt"))}};
        suite.Stop("casemgmt");
        return rate;
      },
      [&] {
        suite.postgres().Settle();
        pgbench = RunPgbench(
            suite, {LimitDatabase("casemgmt"), EffectScript(), kLanes, bench.options().seconds});
        return pgbench.per_second * kBatchEvents;
      });
  Line line{
      .row = "G5",
      .what = fmt::format("consumer (casemgmt), {} events waiting in the stream", all),
      .unit = "/s",
      .limit_is =
          fmt::format("pgbench -c {} of the transaction of {} events", kLanes, kBatchEvents),
      .goal = {Goal::Of::kRatio, 0.7, std::nullopt},
      .cpu = fmt::format("casemgmt {:.3f}", cpu["casemgmt"] / static_cast<double>(all) * 1000)};
  SetRounds(rounds, &line);
  Line absolute{.row = "G5",
                .what = "the same, events a second",
                .unit = "/s",
                .goal = {Goal::Of::kAtLeast, 15'000, 30'000}};
  SetRounds({rounds.ours, {}}, &absolute);
  return {line, absolute};
}

}  // namespace ieum::bench
