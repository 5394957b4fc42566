#include <cstring>
#include <pqxx/pqxx>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tests/faults/world.h"

namespace ieum::faults {
namespace {

constexpr std::chrono::milliseconds kPoll(5);
constexpr char kBackends[] =
    "SELECT datname, count(*) FROM pg_stat_activity WHERE datname LIKE 'ieum_%' GROUP BY 1";

}  // namespace

absl::StatusOr<World::Positions> World::LedgerPositions() {
  Positions positions;
  for (const std::string& service : testing::kServices) {
    try {
      pqxx::connection connection(suite_.DatabaseOf(service));
      for (const auto& row : pqxx::nontransaction(connection)
                                 .exec("SELECT last_pos FROM outbox_shard ORDER BY shard")) {
        positions[service].push_back(row[0].as<int64_t>());
      }
    } catch (const std::exception& error) {
      return absl::UnavailableError(absl::StrCat(service, ": ", error.what()));
    }
  }
  return positions;
}

// Who has not taken what these ledgers hold; empty when all have.
absl::StatusOr<std::string> World::Behind(const Positions& ledgers) {
  for (const std::string& service : testing::kServices) {
    const platform::v1::Progress progress = suite_.Progress(service);
    if (progress.service() != service) return absl::StrCat(service, " does not answer");
    for (const auto& consumer : progress.consumers()) {
      const std::vector<int64_t>& produced = ledgers.at(consumer.producer());
      for (size_t shard = 0; shard < produced.size(); ++shard) {
        const int64_t taken = consumer.positions(static_cast<int>(shard));
        if (taken >= produced[shard]) continue;
        return absl::StrFormat("%s stands at %s/%d/%d, behind %d", service, consumer.producer(),
                               shard, taken, produced[shard]);
      }
    }
  }
  return std::string();
}

absl::StatusOr<absl::Duration> World::WaitCaughtUp(const Positions& ledgers, absl::Duration limit) {
  const absl::Time begin = absl::Now();
  std::string behind = "nothing was read";
  const bool done = WaitFor(
      [&] {
        const auto now = Behind(ledgers);
        behind = now.ok() ? *now : now.status().ToString();
        return behind.empty();
      },
      limit);
  if (done) return absl::Now() - begin;
  return absl::DeadlineExceededError(
      absl::StrCat("not caught up after ", absl::FormatDuration(limit), ": ", behind));
}

// A pool opens its connections when they are first needed, up to its size, and keeps them: they are
// no descriptors that somebody forgot.
World::Footprints World::FootprintsNow() {
  Footprints footprints;
  for (const std::string& service : testing::kServices) {
    footprints[service] = FootprintOf(Pid(service));
  }
  try {
    pqxx::connection connection(suite_.postgres().conninfo() + " dbname=postgres");
    for (const auto& row : pqxx::nontransaction(connection).exec(kBackends)) {
      const auto found = footprints.find(row[0].as<std::string>().substr(strlen("ieum_")));
      if (found != footprints.end()) found->second.fds -= row[1].as<int64_t>();
    }
  } catch (const std::exception& error) {
    Breach(absl::StrCat("connections were not counted: ", error.what()));
  }
  return footprints;
}

bool World::WaitFor(const std::function<bool()>& condition, absl::Duration limit) {
  const absl::Time end = absl::Now() + limit;
  while (!condition()) {
    if (absl::Now() > end) return false;
    std::unique_lock<std::mutex> lock(mutex_);
    if (ended_.wait_for(lock, kPoll, [this] { return ending_; })) return false;
  }
  return true;
}

bool World::Pass(absl::Duration time) {
  std::unique_lock<std::mutex> lock(mutex_);
  return !ended_.wait_for(lock, absl::ToChronoNanoseconds(time), [this] { return ending_; });
}

}  // namespace ieum::faults
