#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "platform/broker/stream.h"
#include "tests/faults/fault.h"
#include "tests/faults/new_epoch.h"

namespace ieum::faults {
namespace {

using testing::RunToEnd;

constexpr absl::Duration kNoticedWithin = absl::Seconds(20);
constexpr char kBin[] = "/usr/lib/postgresql/15/bin/";

// PostgreSQL's own tools, on the cluster of the suite.
absl::Status Tool(World& world, const std::string& tool, std::vector<std::string> words) {
  std::vector<std::string> argv = {absl::StrCat(kBin, tool)};
  argv.insert(argv.end(), words.begin(), words.end());
  const std::string& cluster = world.suite().postgres().conninfo();
  const auto value = [&](const std::string& key) {
    const size_t from = cluster.find(key + "=") + key.size() + 1;
    return cluster.substr(from, cluster.find(' ', from) - from);
  };
  return RunToEnd({.argv = std::move(argv),
                   .environment = {{"PGHOST", value("host")},
                                   {"PGPORT", value("port")},
                                   {"PGUSER", value("user")}}})
      .status();
}

absl::Status Restore(World& world, const std::string& service, const std::string& dump) {
  const std::string database = "ieum_" + service;
  RETURN_IF_ERROR(Tool(world, "dropdb", {"--force", database}));
  RETURN_IF_ERROR(Tool(world, "createdb", {"-T", "template0", database}));
  return Tool(world, "pg_restore", {"-d", database, dump});
}

absl::StatusOr<uint64_t> LastOfStream(World& world, const std::string& service) {
  ASSIGN_OR_RETURN(const auto connection,
                   broker::Connection::Open(world.suite().BrokerAs(service)));
  ASSIGN_OR_RETURN(const auto state, broker::GetStreamState(*connection, service));
  return state.last_seq;
}

// The restored service works on, but nobody hears of it before somebody declares the restore.
absl::Status CheckSilence(World& world, const std::string& service) {
  if (!world.WaitFor([&] { return SaysStopped(world, service); }, kNoticedWithin)) {
    return absl::DataLossError(service + " did not notice that its ledger was restored");
  }
  ASSIGN_OR_RETURN(const uint64_t before, LastOfStream(world, service));
  (void)world.Pass(absl::Seconds(3));
  ASSIGN_OR_RETURN(const uint64_t after, LastOfStream(world, service));
  if (before == after) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat(after - before, " events were published by ", service,
                                          " after its ledger was restored"));
}

absl::Status Run(Scene& scene, const std::string& service, absl::Duration lost) {
  World& world = scene.world;
  const std::string dump = world.suite().folder() + "/backup";
  RETURN_IF_ERROR(Tool(world, "pg_dump", {"-Fc", "-f", dump, "ieum_" + service}));
  (void)world.Pass(lost);
  world.Hold(service);
  RETURN_IF_ERROR(Restore(world, service, dump));
  world.Release(service);
  const absl::Status silence = CheckSilence(world, service);
  RETURN_IF_ERROR(DeclareNewEpoch(world, service));
  RETURN_IF_ERROR(silence);
  // Mails rest until somebody has looked at what vanished.
  return world.suite()
      .Tell("notify", {"accept-epoch", "--producer", service, "--reason", "looked at it"})
      .status();
}

Strike Draw(Dice& dice) {
  const std::string service = dice.Pick(std::vector<std::string>{"registry", "casemgmt"});
  const absl::Duration lost = dice.Millis(2000, 8000);
  return {absl::StrCat("the database of ", service, " comes back without its last ",
                       absl::FormatDuration(lost)),
          lost + absl::Seconds(15), [=](Scene& scene) { return Run(scene, service, lost); }};
}

}  // namespace

// Alone, because what was answered and vanished cannot be told from a loss by everybody.
Fault RestoreLedger() {
  return {"T17", "a producer's database is restored from a backup under load",
          "the relay stops and says so; nothing is published before the new epoch is declared",
          Draw, /*alone=*/true};
}

}  // namespace ieum::faults
