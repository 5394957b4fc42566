// The test's own service: things in a table, doors as a real service has them.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "ieum/sample/v1/sample_service.pb.h"
#include "platform/crypto/seal.h"
#include "platform/db/database.h"
#include "platform/db/migrations.h"
#include "platform/filter/list_query.h"
#include "platform/ledger/ledger.h"
#include "platform/rpc/call.h"
#include "platform/rpc/router.h"

namespace ieum::rpc {

db::MigrationSet ThingMigrations();
const filter::ListSpec& ThingList();
// One row, as the table's columns say; false when there is one with that id.
bool InsertThing(db::Tx& tx, const base::Uuid& id, const sample::v1::Thing& thing, absl::Time now);

// What a test puts into a handler of a server that runs. It has a lock of its own, since the
// hand-over from the caller's thread to the handler's is gRPC's, where ThreadSanitizer cannot look.
class Hook {
 public:
  using Function = std::function<absl::Status(Call&, const std::string& word)>;
  void operator=(Function function) {
    const std::lock_guard lock(mutex_);
    function_ = std::move(function);
  }
  // OK when there is none.
  absl::Status operator()(Call& call, const std::string& word) {
    const Function function = Taken();
    return function ? function(call, word) : absl::OkStatus();
  }

 private:
  Function Taken() {
    const std::lock_guard lock(mutex_);
    return function_;
  }
  std::mutex mutex_;
  Function function_;
};

class ThingDoor {
 public:
  ThingDoor(db::Database& database, ledger::Ledger& ledger, const crypto::Key& page_key)
      : database_(database), ledger_(ledger), page_key_(page_key) {}
  void Serve(Router& router);

  Hook on_hold;  // what HoldThing does with the word

 private:
  absl::StatusOr<sample::v1::Thing> Create(Call&, const sample::v1::CreateThingRequest&);
  absl::StatusOr<sample::v1::Thing> Get(Call&, const sample::v1::GetThingRequest&);
  absl::StatusOr<sample::v1::ListThingsResponse> List(Call&, const sample::v1::ListThingsRequest&);
  absl::StatusOr<sample::v1::Thing> Update(Call&, const sample::v1::UpdateThingRequest&);
  absl::StatusOr<sample::v1::HoldThingResponse> Hold(Call&, const sample::v1::HoldThingRequest&);
  absl::StatusOr<sample::v1::Thing> Read(const std::string& name);

  db::Database& database_;
  ledger::Ledger& ledger_;
  const crypto::Key page_key_;
};

}  // namespace ieum::rpc
