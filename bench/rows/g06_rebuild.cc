// G6: how fast reporting makes its facts again from the registry's ledger, over gRPC.
#include "absl/strings/str_cat.h"
#include "bench/harness/machine.h"
#include "bench/harness/waiting.h"
#include "bench/rows/backlog.h"
#include "bench/rows/rows.h"
#include "fmt/format.h"
#include "ieum/reporting/v1/rebuild_service.pb.h"

namespace ieum::bench {
namespace {

namespace reporting = ieum::reporting::v1;

constexpr int kRoundsMax = 3;
constexpr int64_t kLargeEvents = 1'000'000;  // one round of so many is enough
constexpr double kPatienceSeconds = 3600;

// A rebuild reads the ledgers of all; these two need not have applied the registry's for it.
void SkipBacklog(Suite& suite, const std::string& service) {
  for (int shard = 0; shard < 16; ++shard) {
    const std::string pos = suite.Ask(
        "registry", absl::StrCat("SELECT last_pos FROM outbox_shard WHERE shard = ", shard));
    suite.Ask(service, absl::StrCat("UPDATE inbox_cursor SET epoch = 1, pos = ", pos,
                                    " WHERE producer = 'registry' AND shard = ", shard));
  }
}

double MeasureRebuild(Suite& suite) {
  reporting::CreateRebuildRequest request;
  request.mutable_rebuild()->set_mode(reporting::REBUILD_MODE_COMPARE);
  reporting::Rebuild rebuild;
  const double begin = Now();
  const absl::Status made =
      suite.peer("reporting")
          .Call("/ieum.reporting.v1.RebuildService/CreateRebuild", request, &rebuild);
  if (!made.ok()) Die(absl::StrCat("reporting refuses a rebuild: ", made.message()));
  reporting::GetRebuildRequest get;
  get.set_name(rebuild.name());
  const auto ended = [&] {
    return suite.peer("reporting")
               .Call("/ieum.reporting.v1.RebuildService/GetRebuild", get, &rebuild)
               .ok() &&
           rebuild.state() != reporting::REBUILD_STATE_RUNNING;
  };
  if (!WaitFor(ended, kPatienceSeconds, 0.05) || rebuild.state() != reporting::REBUILD_STATE_DONE) {
    Die("the rebuild did not come to its end");
  }
  if (!rebuild.equal()) Die("the rebuild differs from what is live");
  return static_cast<double>(rebuild.applied_events()) / (Now() - begin);
}

}  // namespace

std::vector<Line> RunRebuild(Bench& bench) {
  Suite suite;
  suite.Start({"registry", "casemgmt", "notify", "reporting"});
  suite.Stop("casemgmt");
  suite.Stop("notify");
  const int64_t events = bench.options().rebuild_events;
  bench.Say(fmt::format("writing a ledger of {} events", events));
  const double began = Now();
  FillOrganizations(suite, events, Fill::kWithEvents);
  const double filled = Now();
  bench.Say(fmt::format("written in {:.0f} s; reporting applies them", filled - began));
  if (!suite.WaitCaughtUp({"reporting"}, kPatienceSeconds)) Die("reporting did not catch up");
  bench.Say(fmt::format("applied in {:.0f} s more", Now() - filled));
  SkipBacklog(suite, "casemgmt");
  SkipBacklog(suite, "notify");
  suite.Start({"casemgmt", "notify"});
  suite.postgres().Settle();
  Rounds rounds;
  const int count = events >= kLargeEvents ? 1 : std::min(kRoundsMax, bench.options().rounds);
  const CpuMeter meter(suite.Pids());
  for (int round = 0; round < count; ++round) {
    rounds.ours.push_back(MeasureRebuild(suite));
    bench.Say(fmt::format("round {} of {}: {:.0f} events/s", round + 1, count, rounds.ours.back()));
  }
  const auto cpu = meter.Read();
  const double thousands = static_cast<double>(events) * count / 1000;
  Line line{.row = "G6",
            .what = fmt::format("rebuild of reporting with comparison, {} events", events),
            .unit = "/s",
            .goal = {Goal::Of::kAtLeast, std::nullopt, 50'000},
            .cpu = fmt::format("reporting {:.3f}, registry {:.3f}, postgres {:.3f}",
                               cpu.at("reporting") / thousands, cpu.at("registry") / thousands,
                               cpu.at("postgres") / thousands),
            .note = "the wanted size is 5,000,000: --rebuild-events 5000000"};
  if (events >= 5'000'000) line.note.clear();
  SetRounds(rounds, &line);
  return {line};
}

}  // namespace ieum::bench
