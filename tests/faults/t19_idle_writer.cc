#include <pqxx/pqxx>

#include "absl/strings/str_cat.h"
#include "tests/faults/fault.h"

namespace ieum::faults {
namespace {

constexpr absl::Duration kLagMost = absl::Seconds(3);

// Somebody else's transaction in another database of the cluster, with a snapshot and a row.
absl::Status Run(Scene& scene, absl::Duration time) {
  try {
    pqxx::connection other(scene.world.suite().postgres().conninfo() + " dbname=postgres");
    pqxx::work idle(other);
    idle.exec("CREATE TABLE IF NOT EXISTS faults_idle (n int)");
    idle.exec("INSERT INTO faults_idle VALUES (1)");
    (void)scene.world.Pass(time);
    const auto ledgers = scene.world.LedgerPositions();
    if (!ledgers.ok()) return ledgers.status();
    const auto lag = scene.world.WaitCaughtUp(*ledgers, kLagMost);
    idle.abort();
    return lag.status();
  } catch (const std::exception& error) {
    return absl::UnavailableError(error.what());
  }
}

Strike Draw(Dice& dice) {
  const absl::Duration time = dice.Millis(3000, 12000);
  return {absl::StrCat("a transaction of another database has written and idles for ",
                       absl::FormatDuration(time)),
          time, [=](Scene& scene) { return Run(scene, time); }};
}

}  // namespace

Fault IdleWriter() {
  return {"T19", "an idle transaction that has written, in another database of the cluster",
          "consumers catch up beside it as without it", Draw};
}

}  // namespace ieum::faults
