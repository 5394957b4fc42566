#include "services/casemgmt/assessments/instrument_store.h"

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"

namespace ieum::casemgmt {
namespace {

constexpr char kColumns[] =
    "i.id, i.code, i.version, i.label, i.label_en, i.full_sum, i.created_at";
constexpr char kFrom[] = "instrument i";

base::Decimal DecimalIn(const pqxx::field& field) {
  return base::Decimal::Parse(db::AsText(field)).value_or(base::Decimal());
}

Instrument InstrumentFrom(const db::Row& row) {
  Instrument instrument;
  instrument.id = db::AsUuid(row[0]);
  instrument.code = db::AsText(row[1]);
  instrument.version = row[2].as<int>();
  instrument.label = db::AsText(row[3]);
  instrument.label_en = db::AsText(row[4]);
  instrument.full = DecimalIn(row[5]);
  instrument.create_time = db::AsTime(row[6]);
  return instrument;
}

const db::Statement kFactors("instrument_factors", R"(
  SELECT instrument_id, code, label, label_en, weight, sensitive
  FROM instrument_factor WHERE instrument_id = ANY($1::uuid[]) ORDER BY instrument_id, position)");

void AddFactors(db::Tx& tx, std::vector<Instrument>* instruments) {
  std::vector<base::Uuid> ids;
  absl::flat_hash_map<base::Uuid, Instrument*> by_id;
  for (Instrument& instrument : *instruments) {
    ids.push_back(instrument.id);
    by_id[instrument.id] = &instrument;
  }
  if (ids.empty()) return;
  for (const auto& row : tx.Exec(kFactors, db::ArrayOf(ids))) {
    by_id[db::AsUuid(row[0])]->factors.push_back({.code = db::AsText(row[1]),
                                                  .label = db::AsText(row[2]),
                                                  .label_en = db::AsText(row[3]),
                                                  .weight = DecimalIn(row[4]),
                                                  .sensitive = row[5].as<bool>()});
  }
}

std::optional<Instrument> WholeOf(db::Tx& tx, const std::optional<db::Row>& row) {
  if (!row) return std::nullopt;
  std::vector<Instrument> one = {InstrumentFrom(*row)};
  AddFactors(tx, &one);
  return std::move(one.front());
}

}  // namespace

const std::string kFindSql = absl::StrCat("SELECT ", kColumns, " FROM ", kFrom, " WHERE i.id = $1");
const db::Statement kFind("instrument_find", kFindSql.c_str());

std::optional<Instrument> FindInstrument(db::Tx& tx, const base::Uuid& id) {
  return WholeOf(tx, tx.ExecOptional(kFind, id));
}

const std::string kNewestSql = absl::StrCat("SELECT ", kColumns, " FROM ", kFrom,
                                            " WHERE i.code = $1 ORDER BY i.version DESC LIMIT 1");
const db::Statement kNewest("instrument_newest", kNewestSql.c_str());

std::optional<Instrument> NewestInstrument(db::Tx& tx, const std::string& code) {
  return WholeOf(tx, tx.ExecOptional(kNewest, code));
}

const db::Statement kNewestVersion(
    "instrument_newest_version",
    "SELECT coalesce(max(version), 0) FROM instrument WHERE code = $1");

int NewestInstrumentVersion(db::Tx& tx, const std::string& code) {
  return tx.Exec(kNewestVersion, code)[0][0].as<int>();
}

const db::Statement kInsert("instrument_insert", R"(
  INSERT INTO instrument (id, code, version, label, label_en, full_sum, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING)");

const db::Statement kInsertFactors("instrument_insert_factors", R"(
  INSERT INTO instrument_factor (instrument_id, position, code, label, label_en, weight, sensitive)
  SELECT $1, position, code, label, label_en, weight, sensitive
  FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::boolean[])
    WITH ORDINALITY AS factor (code, label, label_en, weight, sensitive, position))");

bool InsertInstrument(db::Tx& tx, const Instrument& i) {
  if (!tx.ExecOne(kInsert, i.id, i.code, i.version, i.label, i.label_en, i.full.ToString(),
                  i.create_time)) {
    return false;
  }
  std::vector<db::Param> codes, labels, labels_en, weights, sensitive;
  for (const Factor& factor : i.factors) {
    codes.emplace_back(factor.code);
    labels.emplace_back(factor.label);
    labels_en.emplace_back(factor.label_en);
    weights.emplace_back(factor.weight.ToString());
    sensitive.emplace_back(factor.sensitive);
  }
  tx.ExecLater(kInsertFactors, i.id, db::Array(codes), db::Array(labels), db::Array(labels_en),
               db::Array(weights), db::Array(sensitive));
  return true;
}

const filter::ListSpec& InstrumentList() {
  static const auto* spec = new filter::ListSpec{
      .columns = kColumns,
      .from = kFrom,
      .fields = {{"name", filter::Resource("i.id", "instruments/{}").NotNull()},
                 {"code", filter::Text("i.code").NotNull()},
                 {"version", filter::Int("i.version").NotNull()},
                 {"create_time", filter::Timestamp("i.created_at").NotNull()}},
      .key = "name"};
  return *spec;
}

filter::Cursor ListInstruments(db::Tx& tx, const filter::ListQuery& query,
                               std::vector<Instrument>* instruments) {
  instruments->clear();
  filter::Cursor next =
      query.Read(tx, [&](const db::Row& row) { instruments->push_back(InstrumentFrom(row)); });
  AddFactors(tx, instruments);
  return next;
}

}  // namespace ieum::casemgmt
