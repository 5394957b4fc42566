#include "services/reporting/targets/target_store.h"

#include "platform/base/timestamp.h"
#include "platform/ledger/unit_of_work.h"

namespace ieum::reporting {
namespace {

// The order of columns that TargetOf reads.
constexpr char kColumns[] =
    "t.programme, t.edition, t.indicator, t.revision, t.value, t.position, t.area, t.updated_at";

const db::Statement kFind("target_find", R"(
  SELECT t.programme, t.edition, t.indicator, t.revision, t.value, t.position, t.area, t.updated_at
  FROM target t
  WHERE t.programme = $1 AND t.edition = $2 AND t.indicator = $3
    AND (t.revision = $4::int OR ($4::int = 0 AND t.latest)))");

const db::Statement kOfEdition("target_of_edition", R"(
  SELECT t.programme, t.edition, t.indicator, t.revision, t.value, t.position, t.area, t.updated_at
  FROM target t WHERE t.programme = $1 AND t.edition = $2 AND t.latest
  ORDER BY t.position, t.indicator)");

const db::Statement kRetire("target_retire", R"(
  UPDATE target SET latest = false
  WHERE programme = $1 AND edition = $2 AND indicator = $3 AND latest)");

const db::Statement kInsert("target_insert", R"(
  INSERT INTO target (programme, edition, indicator, revision, value, position, area, updated_at,
                      latest)
  VALUES ($1, $2, $3, $4::int, $5, $6::int, $7, $8::timestamptz, true)
  ON CONFLICT DO NOTHING)");

}  // namespace

v1::Target TargetOf(const db::Row& row) {
  v1::Target target;
  target.set_name(TargetName({db::AsText(row[0]), db::AsText(row[1]), db::AsText(row[2])}));
  target.set_revision(row[3].as<int>());
  target.set_value(db::AsText(row[4]));
  target.set_position(row[5].as<int>());
  target.set_area(db::AsText(row[6]));
  *target.mutable_update_time() = base::ToTimestamp(db::AsTime(row[7]));
  // One event makes one revision, so the revision is the aggregate's version.
  target.set_etag(ledger::FormatEtag(target.revision()));
  return target;
}

std::optional<v1::Target> FindTarget(db::Tx& tx, const PlanKey& key, int revision) {
  auto row = tx.ExecOptional(kFind, key.programme, key.edition, key.code, revision);
  if (!row) return std::nullopt;
  return TargetOf(*row);
}

std::vector<v1::Target> TargetsOfEdition(db::Tx& tx, const PlanKey& edition) {
  std::vector<v1::Target> targets;
  for (const auto& row : tx.Exec(kOfEdition, edition.programme, edition.edition)) {
    targets.push_back(TargetOf(row));
  }
  return targets;
}

void InsertTarget(db::Tx& tx, const PlanKey& key, const v1::Target& target, absl::Time at) {
  tx.Exec(kRetire, key.programme, key.edition, key.code);
  // Two that set the first one at once: the slower one runs again and finds the other's.
  const int64_t inserted =
      tx.ExecCount(kInsert, key.programme, key.edition, key.code, target.revision(), target.value(),
                   target.position(), target.area(), at);
  if (inserted != 1) db::Conflict();
}

const filter::ListSpec& TargetList() {
  static const auto* spec =
      new filter::ListSpec{.columns = kColumns,
                           .from = "target t",
                           .fields = {{"indicator", filter::Text("t.indicator").NotNull()},
                                      {"area", filter::Text("t.area").NotNull()},
                                      {"position", filter::Int("t.position").NotNull()},
                                      {"update_time", filter::Timestamp("t.updated_at").NotNull()}},
                           .key = "indicator",
                           .default_order = "position",
                           .fixed = "t.latest"};
  return *spec;
}

}  // namespace ieum::reporting
