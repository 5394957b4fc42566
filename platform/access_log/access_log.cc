#include "platform/access_log/access_log.h"

#include <algorithm>
#include <iterator>

#include "absl/time/clock.h"
#include "platform/access_log/access_store.h"
#include "platform/base/status.h"
#include "platform/telemetry/log.h"

namespace ieum::access_log {
namespace {

absl::Status TooMany() {
  return base::Unavailable("more accesses wait to be written down than can be", absl::Seconds(1));
}

}  // namespace

AccessLog::AccessLog(db::Database& database, telemetry::Metrics* metrics) : database_(database) {
  if (metrics != nullptr) {
    rows_ = &metrics->Counter("ieum_access_log_rows_total", "Accesses that were written down");
    lost_ = &metrics->Counter("ieum_access_log_failures_total",
                              "Accesses that could not be written down; their data was not given");
    seconds_ = &metrics->Seconds("ieum_access_log_write_seconds",
                                 "Duration of writing accesses that came together");
  }
  BeginWriter();
  thread_ = std::thread([this] { Loop(); });
}

AccessLog::~AccessLog() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void AccessLog::Append(Access access, Written written) {
  bool taken = false;
  {
    std::lock_guard lock(mutex_);
    taken = !stopping_ && waiting_.size() < kWaitingMax;
    if (taken) waiting_.push_back({std::move(access), std::move(written)});
  }
  if (taken) return changed_.notify_one();
  if (lost_ != nullptr) lost_->Increment();
  written(TooMany());
}

void AccessLog::Loop() {
  std::vector<Waiting> batch;
  while (true) {
    batch.clear();
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      const auto end = waiting_.begin() + std::min(waiting_.size(), kBatchMax);
      std::move(waiting_.begin(), end, std::back_inserter(batch));
      waiting_.erase(waiting_.begin(), end);
    }
    const absl::Status status = WriteBatch(batch);
    for (const Waiting& each : batch) each.written(status);
  }
}

void AccessLog::BeginWriter() {
  writer_ = base::Uuid::NewV7();
  writer_began_ = absl::Now();
  next_number_ = 1;
}

// A number is used for one row only, and never again after a failure: rows whose commit is in doubt
// keep theirs, and what comes after begins anew under another writer's id.
absl::Status AccessLog::WriteBatch(const std::vector<Waiting>& batch) {
  const absl::Time began = absl::Now();
  if (began - writer_began_ > kWriterLife || began < writer_began_) BeginWriter();
  absl::Status status = Insert(batch, false);
  if (db::InDoubt(status)) {
    status = Insert(batch, true);
  } else if (!status.ok() && !db::IsTransient(status)) {  // as when somebody took our numbers
    BeginWriter();
    status = Insert(batch, false);
  }
  if (seconds_ != nullptr) seconds_->Observe(absl::ToDoubleSeconds(absl::Now() - began));
  if (status.ok()) {
    next_number_ += static_cast<int64_t>(batch.size());
    if (rows_ != nullptr) rows_->Increment(static_cast<double>(batch.size()));
    return status;
  }
  BeginWriter();
  if (lost_ != nullptr) lost_->Increment(static_cast<double>(batch.size()));
  telemetry::Warn("accesses could not be written down",
                  {{"accesses", static_cast<int64_t>(batch.size())},
                   {"reason", std::string(status.message())}});
  return base::Unavailable("accesses cannot be written down now", absl::Seconds(1));
}

absl::Status AccessLog::Insert(const std::vector<Waiting>& batch, bool again) {
  std::vector<const Access*> accesses;
  accesses.reserve(batch.size());
  for (const Waiting& each : batch) accesses.push_back(&each.access);
  return database_.Write("access_log", [&](db::Tx& tx) {
    const int64_t inserted = InsertRows(tx, writer_, next_number_, accesses);
    if (inserted == static_cast<int64_t>(batch.size()) || (again && inserted == 0)) {
      return absl::OkStatus();
    }
    return absl::InternalError("somebody took the numbers of the access log's rows");
  });
}

}  // namespace ieum::access_log
