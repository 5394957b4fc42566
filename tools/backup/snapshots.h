// The four databases as they were at one point, while everybody works on.
//
// One point means: no consumer has applied what its producer's ledger does not hold. For the time
// of taking the snapshots — milliseconds — no consumer and no rebuild may commit (a SHARE lock on
// their cursors); commands go on. Cursors stand still then and ledgers only grow, so whatever was
// applied before is in every snapshot of its producer, in whatever order they are taken. Answers
// between services are no events: for them a caller's snapshot comes before that of whom it calls.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/db/database.h"
#include "tools/backup/manifest.h"
#include "tools/backup/places.h"

namespace ieum::backup {

// A database as whoever backs up needs it: it may hold a transaction for hours.
std::unique_ptr<db::Database> OpenDatabase(const DatabasePlace& place);

// A transaction that is kept open by a thread of its own.
class HeldTransaction;

class Snapshots {
 public:
  // UNAVAILABLE names the database that does not answer, or that could not be stopped in time.
  static absl::StatusOr<std::unique_ptr<Snapshots>> Take(const Places& places);
  ~Snapshots();  // they are gone then

  const std::map<std::string, ServicePoint>& points() const { return points_; }
  // For pg_dump --snapshot.
  const std::string& id(const std::string& service) const { return ids_.at(service); }
  db::Database& database(const std::string& service) { return *databases_.at(service); }
  absl::Time taken_at() const { return taken_at_; }
  // How long consumers stood still.
  absl::Duration stopped() const { return stopped_; }

 private:
  Snapshots();
  absl::Status Open(const Places& places);
  absl::Status TakeAll();
  absl::Status TakeOne(const std::string& service);

  std::map<std::string, std::unique_ptr<db::Database>> databases_;
  std::vector<std::unique_ptr<HeldTransaction>> held_;
  std::map<std::string, ServicePoint> points_;
  std::map<std::string, std::string> ids_;
  absl::Time taken_at_;
  absl::Duration stopped_;
};

}  // namespace ieum::backup
