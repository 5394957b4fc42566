#include "tools/backup/snapshots.h"

#include <functional>
#include <future>
#include <optional>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "platform/base/status.h"
#include "tools/backup/backup_store.h"

namespace ieum::backup {
namespace {

constexpr absl::Duration kHeldMax = absl::Hours(24);
// A consumer commits within this time or is waited for no longer: others wait behind us.
constexpr absl::Duration kLockPatience = absl::Seconds(2);
constexpr int kTries = 5;

}  // namespace

class HeldTransaction {
 public:
  using Body = std::function<absl::Status(db::Tx&)>;
  // Runs a body in a transaction; db::Database::Read or WriteOnce.
  using Runner = std::function<absl::Status(absl::FunctionRef<absl::Status(db::Tx&)>)>;

  HeldTransaction(Runner run, Body begin)
      : thread_([this, run = std::move(run), begin = std::move(begin)] { Hold(run, begin); }) {}
  ~HeldTransaction() {
    end_.set_value();
    thread_.join();
  }

  // What `begin` answered, or why there is no transaction.
  absl::Status Begun() { return begun_.get_future().get(); }

 private:
  void Hold(const Runner& run, const Body& begin) {
    bool told = false;
    const absl::Status ended = run([&](db::Tx& tx) {
      RETURN_IF_ERROR(begin(tx));
      if (!std::exchange(told, true)) begun_.set_value(absl::OkStatus());
      ended_.wait();
      return absl::OkStatus();
    });
    if (!told) begun_.set_value(ended.ok() ? absl::InternalError("ended at once") : ended);
  }

  std::promise<absl::Status> begun_;
  std::promise<void> end_;
  std::shared_future<void> ended_{end_.get_future()};
  std::thread thread_;
};

std::unique_ptr<db::Database> OpenDatabase(const DatabasePlace& place) {
  db::DatabaseOptions options;
  options.conninfo = place.conninfo;
  options.password = place.password;
  options.write_connections = 1;
  options.read_connections = 2;
  options.statement_timeout = absl::Hours(1);
  options.lock_timeout = kLockPatience;
  options.idle_in_transaction_timeout = kHeldMax;
  return std::make_unique<db::Database>(options);
}

Snapshots::Snapshots() = default;

Snapshots::~Snapshots() { held_.clear(); }

absl::StatusOr<std::unique_ptr<Snapshots>> Snapshots::Take(const Places& places) {
  std::unique_ptr<Snapshots> snapshots(new Snapshots());
  RETURN_IF_ERROR(snapshots->Open(places));
  absl::Status taken;
  for (int attempt = 0; attempt < kTries; ++attempt) {
    taken = snapshots->TakeAll();
    if (taken.ok()) return snapshots;
    snapshots->held_.clear();
    if (!db::IsTransient(taken)) break;
  }
  return taken;
}

absl::Status Snapshots::Open(const Places& places) {
  for (const DatabasePlace& place : places.databases) {
    databases_[place.service] = OpenDatabase(place);
    const absl::Status answers = databases_[place.service]->Ping();
    if (answers.ok()) continue;
    return absl::UnavailableError(
        absl::StrCat("the database of ", place.service, " does not answer"));
  }
  return absl::OkStatus();
}

absl::Status Snapshots::TakeAll() {
  std::vector<std::unique_ptr<HeldTransaction>> locks;
  for (const char* service : kServices) {
    db::Database& database = *databases_.at(service);
    locks.push_back(std::make_unique<HeldTransaction>(
        [&database](auto body) { return database.WriteOnce("stop_consumers", body); },
        [](db::Tx& tx) {
          StopConsumers(tx);
          return absl::OkStatus();
        }));
  }
  const absl::Time began = absl::Now();
  // Each is asked, so that none is left behind unheard.
  absl::Status stopped;
  for (const auto& lock : locks) stopped.Update(lock->Begun());
  RETURN_IF_ERROR(stopped);
  taken_at_ = absl::Now();
  for (const char* service : kServices) RETURN_IF_ERROR(TakeOne(service));
  locks.clear();
  stopped_ = absl::Now() - began;
  return absl::OkStatus();
}

absl::Status Snapshots::TakeOne(const std::string& service) {
  db::Database& database = *databases_.at(service);
  held_.push_back(std::make_unique<HeldTransaction>(
      [&database](auto body) { return database.Read("snapshot", body); },
      [this, service](db::Tx& tx) {
        ids_[service] = ExportSnapshot(tx);
        points_[service] = ReadPoint(tx);
        return absl::OkStatus();
      }));
  return held_.back()->Begun();
}

}  // namespace ieum::backup
