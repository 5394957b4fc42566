#include "platform/flow/lease.h"

#include <algorithm>

#include "platform/base/failpoint.h"
#include "platform/flow/lease_store.h"
#include "platform/telemetry/log.h"

namespace ieum::flow {
namespace {

int64_t Nanos(Instant instant) { return absl::ToInt64Nanoseconds(instant); }

}  // namespace

bool Lease::held() const {
  return IEUM_FAILPOINT_ON("lease.forced") || Nanos(MonotonicNow()) < held_until_ns_;
}

LeaseKeeper::LeaseKeeper(db::Database& database, std::string owner, const LeaseLimits& limits,
                         std::function<void()> on_change)
    : database_(database),
      owner_(std::move(owner)),
      limits_(limits),
      on_change_(std::move(on_change)) {}

LeaseKeeper::~LeaseKeeper() { Stop(); }

void LeaseKeeper::Stop() {
  stopping_ = true;
  mailbox_.Nudge();
  if (thread_.joinable()) thread_.join();
}

Lease* LeaseKeeper::Add(const std::string& name) {
  leases_.push_back(std::make_unique<Lease>(name));
  return leases_.back().get();
}

void LeaseKeeper::Start() {
  if (!leases_.empty()) thread_ = std::thread([this] { Run(); });
}

void LeaseKeeper::Run() {
  while (!stopping_) {
    const bool all = Round();
    (void)mailbox_.Take(all ? limits_.renew : limits_.standby);
  }
}

bool LeaseKeeper::Round() {
  std::vector<std::string> names;
  for (const auto& lease : leases_) names.push_back(lease->name());
  const bool renewal =
      std::all_of(leases_.begin(), leases_.end(), [](const auto& lease) { return lease->held(); });
  const Instant asked = MonotonicNow();
  IEUM_FAILPOINT("lease.before_renewal");
  const auto terms = TakeLeases(database_, owner_, names, limits_.ttl, renewal);
  if (!terms.ok()) return false;  // what is held runs out by itself
  bool changed = false, all = true;
  for (const auto& lease : leases_) {
    const auto term = terms->find(lease->name());
    const bool had = lease->held(), has = term != terms->end();
    all &= has;
    if (has) lease->term_ = term->second;
    lease->held_until_ns_ = has ? Nanos(asked + limits_.ttl) : 0;
    if (had == has) continue;
    changed = true;
    telemetry::Info(has ? "lease won" : "lease lost",
                    {{"lease", lease->name()}, {"term", lease->term()}});
  }
  if (changed) on_change_();
  return all;
}

void LeaseKeeper::ReleaseAll() {
  Stop();
  std::vector<std::string> names;
  for (const auto& lease : leases_) {
    if (lease->held_until_ns_.exchange(0) != 0) names.push_back(lease->name());
  }
  if (names.empty()) return;
  const absl::Status status = FreeLeases(database_, owner_, names);
  if (!status.ok()) telemetry::Warn("leases run out instead of being given back");
}

}  // namespace ieum::flow
