#include "services/registry/changes/sensitive_store.h"

#include "absl/strings/str_split.h"

namespace ieum::registry {
namespace {

#define SET_COLUMNS \
  "s.id, s.centre_id, array_to_string(s.fields, ','), s.updated_at, s.setter, a.version"

const db::Statement kSensitive("sensitive_fields", R"(
  SELECT array_to_string(fields, ',') FROM sensitive_field_set
  WHERE centre_id IS NULL OR centre_id = $1::uuid)");

const db::Statement kPut("sensitive_field_set_put", R"(
  INSERT INTO sensitive_field_set (id, centre_id, fields, updated_at, setter)
  VALUES ($1, $2, $3::text[], $4::timestamptz, $5)
  ON CONFLICT (id) DO UPDATE SET fields = EXCLUDED.fields, updated_at = EXCLUDED.updated_at,
    setter = EXCLUDED.setter)");

const db::Statement kFind("sensitive_field_set_find", "SELECT " SET_COLUMNS R"(
  FROM sensitive_field_set s JOIN aggregate a ON a.id = s.id WHERE s.id = $1)");

std::vector<std::string> FieldsIn(const pqxx::field& column) {
  return absl::StrSplit(db::AsText(column), ',', absl::SkipEmpty());
}

}  // namespace

Sensitive FindSensitive(db::Tx& tx, const std::optional<base::Uuid>& centre) {
  std::vector<std::string> fields;
  for (const auto& row : tx.Exec(kSensitive, centre)) {
    for (std::string& field : FieldsIn(row[0])) fields.push_back(std::move(field));
  }
  return Sensitive(std::move(fields));
}

void PutFieldSet(db::Tx& tx, const SensitiveFieldSet& set) {
  tx.Exec(kPut, set.id, set.centre, db::ArrayOf(set.fields), set.updated_at, set.setter);
}

std::optional<SensitiveFieldSetView> FindFieldSet(db::Tx& tx, const base::Uuid& id) {
  const auto row = tx.ExecOptional(kFind, id);
  if (!row) return std::nullopt;
  return ReadFieldSetView(*row);
}

const filter::ListSpec& FieldSetList() {
  static const auto* spec = new filter::ListSpec{
      .columns = SET_COLUMNS,
      .from = "sensitive_field_set s JOIN aggregate a ON a.id = s.id",
      .fields = {{"name", filter::Uuid("s.id").NotNull()},
                 {"centre", filter::Resource("s.centre_id", "organizations/{}")}},
      .key = "name"};
  return *spec;
}

SensitiveFieldSetView ReadFieldSetView(const db::Row& row) {
  SensitiveFieldSetView view;
  view.set.id = db::AsUuid(row[0]);
  view.set.centre = db::AsOptionalUuid(row[1]);
  view.set.fields = FieldsIn(row[2]);
  view.set.updated_at = db::AsTime(row[3]);
  view.set.setter = db::AsText(row[4]);
  view.version = row[5].as<int64_t>();
  return view;
}

}  // namespace ieum::registry
