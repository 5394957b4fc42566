#include <signal.h>

#include <pqxx/pqxx>

#include "absl/strings/str_cat.h"
#include "tests/faults/fault.h"

namespace ieum::faults {
namespace {

constexpr char kTerminateAll[] =
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
    "WHERE datname LIKE 'ieum_%' AND pid <> pg_backend_pid()";

absl::Status StopAtOnce(Scene& scene, absl::Duration away, bool kill) {
  if (kill) {
    scene.world.suite().postgres().KillNine();
  } else {
    ::kill(scene.world.PostgresPid(), SIGQUIT);
  }
  (void)scene.world.Pass(away);
  scene.world.suite().postgres().StartAgain();
  return absl::OkStatus();
}

absl::Status Storm(Scene& scene, int64_t times, absl::Duration between) {
  for (int64_t i = 0; i < times && scene.world.Pass(between); ++i) {
    try {
      pqxx::connection connection(scene.world.suite().postgres().conninfo() + " dbname=postgres");
      pqxx::nontransaction(connection).exec(kTerminateAll);
    } catch (const std::exception& error) {
      return absl::UnavailableError(error.what());
    }
  }
  return absl::OkStatus();
}

Strike Draw(Dice& dice) {
  const absl::Duration away = dice.Millis(500, 6000), between = dice.Millis(20, 400);
  const int64_t times = dice.Between(5, 30);
  if (dice.Chance(0.4)) {
    return {absl::StrCat("pg_terminate_backend of all connections, ", times, " times every ",
                         absl::FormatDuration(between)),
            times * between, [=](Scene& scene) { return Storm(scene, times, between); }};
  }
  const bool kill = dice.Chance(0.5);
  return {absl::StrCat("PostgreSQL ", kill ? "killed with -9" : "stopped at once", ", away for ",
                       absl::FormatDuration(away)),
          away + absl::Seconds(1), [=](Scene& scene) { return StopAtOnce(scene, away, kill); }};
}

}  // namespace

Fault BreakPostgres() {
  return {"T6", "PostgreSQL stops at once or is killed; storms of pg_terminate_backend",
          "no caller hears INTERNAL", Draw};
}

}  // namespace ieum::faults
