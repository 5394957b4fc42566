#include "platform/runtime/diagnosis_store.h"

#include "platform/base/status.h"

namespace ieum::runtime {
namespace {

const db::Statement kItself("diagnosis_database", R"(
  SELECT clock_timestamp(), pg_database_size(current_database()),
         coalesce((SELECT owner FROM lease WHERE name = 'relay' AND until > clock_timestamp()), ''))");

const db::Statement kEpochs(
    "diagnosis_epochs",
    "SELECT DISTINCT producer FROM inbox_epoch WHERE accepted_at IS NULL ORDER BY producer");

// Read as text: the migrations' own table is not there before the first of them.
constexpr char kApplied[] = "SELECT set_name, max(name) FROM schema_migration GROUP BY set_name";

}  // namespace

absl::StatusOr<DatabaseLook> LookAtDatabase(db::Database& database) {
  DatabaseLook look;
  RETURN_IF_ERROR(database.Read("diagnosis", [&](db::Tx& tx) {
    look = {};
    const auto itself = tx.Exec(kItself);
    look.time = db::AsTime(itself[0][0]);
    look.bytes = itself[0][1].as<int64_t>();
    look.relay_leader = db::AsText(itself[0][2]);
    for (const auto& row : tx.Exec(kEpochs)) look.epochs_to_accept.push_back(db::AsText(row[0]));
    for (const auto& row : tx.RunDynamic(kApplied, {})) {
      look.applied[db::AsText(row[0])] = db::AsText(row[1]);
    }
    return absl::OkStatus();
  }));
  return look;
}

}  // namespace ieum::runtime
