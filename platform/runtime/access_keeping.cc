#include "platform/runtime/access_keeping.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "platform/base/status.h"
#include "platform/base/uuid.h"
#include "platform/flow/lease_store.h"
#include "platform/telemetry/log.h"

namespace ieum::runtime {
namespace {

constexpr char kLease[] = "access_log";
constexpr std::chrono::seconds kRound(1);
constexpr int kRunsOfRound = 50;  // of kSealRowsMax rows of each writer
constexpr absl::Duration kLeaseLife = absl::Seconds(6);
constexpr absl::Duration kLeaseEvery = absl::Seconds(2);
constexpr absl::Duration kSweepEvery = absl::Minutes(10);
constexpr absl::Duration kPurgeEvery = absl::Hours(1);
constexpr absl::Duration kWordEvery = absl::Minutes(1);
constexpr int kDaysOfYear = 366;  // rather a day too late

// The log must not stand in line behind commands and reads: it has its own connection, and what it
// shares nothing with is the sealing's.
db::DatabaseOptions WithFewConnections(db::DatabaseOptions options) {
  options.write_connections = 2;
  options.read_connections = 1;
  return options;
}

}  // namespace

AccessKeeping::AccessKeeping(AccessKeepingOptions options, telemetry::Metrics& metrics)
    : options_(std::move(options)),
      owner_(absl::StrCat(options_.service, "/", getpid(), "/", base::Uuid::NewV7().ToString())),
      database_(WithFewConnections(options_.database)),
      log_(database_, &metrics),
      sealed_(metrics.Counter("ieum_access_log_sealed_rows_total", "Rows that were sealed")),
      holes_(metrics.Gauge("ieum_access_log_holes",
                           "Writers of which a row is gone that was not sealed yet")) {}

AccessKeeping::~AccessKeeping() { Stop(); }

void AccessKeeping::Start() {
  thread_ = std::thread([this] { Loop(); });
}

void AccessKeeping::Stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stopped_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void AccessKeeping::Loop() {
  std::unique_lock lock(mutex_);
  while (!stopped_.wait_for(lock, kRound, [this] { return stopping_; })) {
    lock.unlock();
    Round();
    lock.lock();
  }
  lock.unlock();
  if (leads_ && !flow::FreeLeases(database_, owner_, {kLease}).ok()) {
    telemetry::Warn("the access log's lease runs out instead of being given back");
  }
}

// The lease says only who should: two who seal at once cannot both succeed.
void AccessKeeping::TakeLease() {
  const absl::Time now = absl::Now();
  if (now >= last_lease_ && now < last_lease_ + kLeaseEvery) return;
  last_lease_ = now;
  const auto terms = flow::TakeLeases(database_, owner_, {kLease}, kLeaseLife, leads_);
  const bool had = leads_;
  leads_ = terms.ok() && terms->contains(kLease);
  if (!had) next_sweep_ = next_purge_ = next_word_ = absl::InfinitePast();
}

void AccessKeeping::Round() {
  TakeLease();
  if (!leads_) return;
  Seal();
  Purge();
}

// Between two runs: what a round has to seal may take longer than the lease lives, and who stops
// does not wait for all of it.
bool AccessKeeping::GoesOn() {
  {
    std::lock_guard lock(mutex_);
    if (stopping_) return false;
  }
  TakeLease();
  return leads_;
}

void AccessKeeping::Seal() {
  const absl::Time now = absl::Now();
  const bool everything = now >= next_sweep_;
  // More than one seal's rows may have come since the last round.
  const auto sealed =
      access_log::SealAll(database_, everything, kRunsOfRound, [this] { return GoesOn(); });
  if (!sealed.ok()) {
    // Another one was faster, or the database is away: the next round sees what is open.
    telemetry::Warn("the access log was not sealed",
                    {{"reason", std::string(sealed.status().message())}});
    return;
  }
  if (everything && !sealed->more_of_old) next_sweep_ = now + kSweepEvery;
  sealed_.Increment(static_cast<double>(sealed->rows));
  if (everything) swept_holes_ = sealed->missing.size();
  holes_.Set(static_cast<double>(std::max(swept_holes_, sealed->missing.size())));
  for (const access_log::RowId& row : sealed->missing) {
    telemetry::Error("a row of the access log is gone", {{"row", row.ToString()}});
  }
  if (sealed->seals == 0 || now < next_word_) return;
  next_word_ = now + kWordEvery;
  // Outside of the database, so that a chain that was made anew as a whole is found out.
  telemetry::Info(
      "the access log is sealed",
      {{"seal", sealed->last_number}, {"hash", absl::BytesToHexString(sealed->last_hash)}});
}

void AccessKeeping::Purge() {
  const absl::Time now = absl::Now();
  if (now < next_purge_) return;
  next_purge_ = now + kPurgeEvery;
  const auto gone =
      access_log::PurgeOlderThan(database_, absl::Hours(24) * kDaysOfYear * options_.years);
  if (!gone.ok()) {
    telemetry::Warn("the access log was not purged",
                    {{"reason", std::string(gone.status().message())}});
  } else if (*gone > 0) {
    telemetry::Info("old accesses were purged", {{"rows", *gone}, {"years", options_.years}});
  }
}

}  // namespace ieum::runtime
