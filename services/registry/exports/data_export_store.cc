#include "services/registry/exports/data_export_store.h"

namespace ieum::registry {
namespace {

#define DATA_EXPORT_COLUMNS                                                               \
  "x.id, x.person_id, p.centre_id, x.applicant, x.channel, x.received_date, x.due_date, " \
  "x.created_at, x.due_told_at, x.outcome, x.settled_at, x.file_hash, a.version"

const db::Statement kInsert("data_export_insert", R"(
  INSERT INTO data_export (id, person_id, applicant, channel, received_date, due_date, created_at)
  VALUES ($1, $2, $3, $4, $5::date, $6::date, $7::timestamptz) ON CONFLICT (id) DO NOTHING)");

const db::Statement kSave("data_export_save", R"(
  UPDATE data_export x SET due_told_at = $2::timestamptz, outcome = $3,
    settled_at = $4::timestamptz, file_hash = $5
  FROM person p WHERE x.id = $1 AND p.id = x.person_id
    AND ($6::boolean OR p.centre_id = ANY($7::uuid[])))");

const db::Statement kFind("data_export_find", "SELECT " DATA_EXPORT_COLUMNS R"(
  FROM data_export x JOIN person p ON p.id = x.person_id JOIN aggregate a ON a.id = x.id
  WHERE x.id = $1 AND ($2::boolean OR p.centre_id = ANY($3::uuid[])))");

const db::Statement kDue("data_export_due", R"(
  SELECT id FROM data_export WHERE outcome = 0 AND due_told_at IS NULL AND due_date <= $1::date
  ORDER BY due_date, id LIMIT $2::bigint)");

const db::Statement kCountDue("data_export_count_due", R"(
  SELECT count(*) FROM data_export
  WHERE outcome = 0 AND due_told_at IS NULL AND due_date <= $1::date)");

}  // namespace

bool InsertDataExport(db::Tx& tx, const DataExport& request) {
  return tx.ExecOne(kInsert, request.id, request.person_id, request.applicant, request.channel,
                    request.received, request.due, request.created_at);
}

void SaveDataExport(db::Tx& tx, const base::Scope& scope, const DataExport& request) {
  tx.Exec(kSave, request.id, request.due_told_at, request.outcome, request.settled_at,
          request.file_hash, scope.everywhere(), scope.AsArray());
}

std::optional<DataExportView> FindDataExport(db::Tx& tx, const base::Scope& scope,
                                             const base::Uuid& id) {
  const auto row = tx.ExecOptional(kFind, id, scope.everywhere(), scope.AsArray());
  if (!row) return std::nullopt;
  return ReadDataExportView(*row);
}

const filter::ListSpec& DataExportList() {
  static const auto* spec = new filter::ListSpec{
      .columns = DATA_EXPORT_COLUMNS,
      .from =
          "data_export x JOIN person p ON p.id = x.person_id JOIN aggregate a ON "
          "a.id = x.id",
      .fields = {{"name", filter::Uuid("x.id").NotNull()},
                 {"person", filter::Resource("x.person_id", "persons/{}").NotNull()},
                 {"received_date", filter::Date("x.received_date").NotNull()},
                 {"due_date", filter::Date("x.due_date").NotNull()},
                 {"outcome", filter::Enum<v1::DataExportOutcome>("x.outcome").NotNull()},
                 {"centre", filter::Resource("p.centre_id", "organizations/{}")}},
      .key = "name",
      .centres = {"p.centre_id"}};
  return *spec;
}

DataExportView ReadDataExportView(const db::Row& row) {
  DataExportView view;
  DataExport& request = view.request;
  request.id = db::AsUuid(row[0]);
  request.person_id = db::AsUuid(row[1]);
  request.centre = db::AsOptionalUuid(row[2]);
  request.applicant = static_cast<v1::DataExportApplicant>(row[3].as<int>());
  request.channel = static_cast<v1::DataExportChannel>(row[4].as<int>());
  request.received = db::AsDay(row[5]);
  request.due = db::AsDay(row[6]);
  request.created_at = db::AsTime(row[7]);
  request.due_told_at = db::AsOptionalTime(row[8]);
  request.outcome = static_cast<v1::DataExportOutcome>(row[9].as<int>());
  request.settled_at = db::AsOptionalTime(row[10]);
  request.file_hash = db::AsText(row[11]);
  view.version = row[12].as<int64_t>();
  return view;
}

std::vector<base::Uuid> DataExportsDue(db::Tx& tx, absl::CivilDay last, int limit) {
  std::vector<base::Uuid> ids;
  for (const auto& row : tx.Exec(kDue, last, limit)) ids.push_back(db::AsUuid(row[0]));
  return ids;
}

int64_t CountDataExportsDue(db::Tx& tx, absl::CivilDay last) {
  return tx.Exec(kCountDue, last)[0][0].as<int64_t>();
}

}  // namespace ieum::registry
