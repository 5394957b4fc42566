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

class ThingDoor {
 public:
  ThingDoor(db::Database& database, ledger::Ledger& ledger, const crypto::Key& page_key)
      : database_(database), ledger_(ledger), page_key_(page_key) {}
  void Serve(Router& router);

  // What HoldThing does with the word; set before the server starts.
  std::function<absl::Status(Call&, const std::string& word)> on_hold;

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
