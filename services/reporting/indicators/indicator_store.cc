#include "services/reporting/indicators/indicator_store.h"

#include "platform/ledger/unit_of_work.h"

namespace ieum::reporting {
namespace {

// The order of columns that IndicatorOf reads.
constexpr char kColumns[] = "d.definition, d.version, d.hash, d.created_at";

const db::Statement kFind("indicator_find", R"(
  SELECT d.definition, d.version, d.hash, d.created_at
  FROM indicator_definition d
  WHERE d.code = $1 AND (d.version = $2::int OR ($2::int = 0 AND d.latest)))");

const db::Statement kRetire("indicator_retire", R"(
  UPDATE indicator_definition SET latest = false WHERE code = $1 AND latest)");

const db::Statement kInsert("indicator_insert", R"(
  INSERT INTO indicator_definition (code, version, definition, hash, label_ko, unit, created_at,
                                    latest)
  VALUES ($1, $2::int, $3::bytea, $4, $5, $6, $7::timestamptz, true)
  ON CONFLICT DO NOTHING)");

const db::Statement kUnknown("indicator_unknown", R"(
  SELECT c FROM unnest($1::text[]) AS c
  WHERE NOT EXISTS (SELECT 1 FROM indicator_definition d WHERE d.code = c))");

const db::Statement kFindFunnel("funnel_find",
                                "SELECT definition FROM funnel_definition WHERE code = $1");

const db::Statement kInsertFunnel("funnel_insert", R"(
  INSERT INTO funnel_definition (code, definition, label_ko) VALUES ($1, $2::bytea, $3)
  ON CONFLICT DO NOTHING)");

}  // namespace

v1::Indicator IndicatorOf(const db::Row& row) {
  v1::Indicator indicator;
  indicator.ParseFromString(db::AsBytes(row[0]));
  indicator.set_version(row[1].as<int>());
  indicator.set_definition_hash(db::AsText(row[2]));
  indicator.mutable_create_time()->set_seconds(absl::ToUnixSeconds(db::AsTime(row[3])));
  // One event makes one version, so the definition's version is the aggregate's.
  indicator.set_etag(ledger::FormatEtag(indicator.version()));
  return indicator;
}

std::optional<v1::Indicator> FindIndicator(db::Tx& tx, const std::string& code, int version) {
  auto row = tx.ExecOptional(kFind, code, version);
  if (!row) return std::nullopt;
  return IndicatorOf(*row);
}

void InsertIndicator(db::Tx& tx, const v1::Indicator& indicator, const std::string& code,
                     int version, absl::Time at) {
  tx.Exec(kRetire, code);
  // Two that define it at once: the slower one runs again and finds the other's.
  const int64_t inserted =
      tx.ExecCount(kInsert, code, version, db::Bytes(indicator.SerializeAsString()),
                   indicator.definition_hash(), indicator.label_ko(), indicator.unit(), at);
  if (inserted != 1) db::Conflict();
}

const filter::ListSpec& IndicatorList() {
  static const auto* spec =
      new filter::ListSpec{.columns = kColumns,
                           .from = "indicator_definition d",
                           .fields = {{"code", filter::Text("d.code").NotNull()},
                                      {"label_ko", filter::Text("d.label_ko").NotNull()},
                                      {"unit", filter::Text("d.unit").NotNull()},
                                      {"create_time", filter::Timestamp("d.created_at").NotNull()}},
                           .key = "code",
                           .fixed = "d.latest"};
  return *spec;
}

std::vector<std::string> UnknownIndicators(db::Tx& tx, const std::vector<std::string>& codes) {
  std::vector<std::string> unknown;
  for (const auto& row : tx.Exec(kUnknown, db::ArrayOf(codes)))
    unknown.push_back(db::AsText(row[0]));
  return unknown;
}

v1::FunnelDefinition FunnelOf(const db::Row& row) {
  v1::FunnelDefinition funnel;
  funnel.ParseFromString(db::AsBytes(row[0]));
  return funnel;
}

std::optional<v1::FunnelDefinition> FindFunnel(db::Tx& tx, const std::string& code) {
  auto row = tx.ExecOptional(kFindFunnel, code);
  if (!row) return std::nullopt;
  return FunnelOf(*row);
}

void InsertFunnel(db::Tx& tx, const v1::FunnelDefinition& funnel, const std::string& code) {
  const int64_t inserted =
      tx.ExecCount(kInsertFunnel, code, db::Bytes(funnel.SerializeAsString()), funnel.label_ko());
  if (inserted != 1) db::Conflict();
}

const filter::ListSpec& FunnelList() {
  static const auto* spec =
      new filter::ListSpec{.columns = "d.definition",
                           .from = "funnel_definition d",
                           .fields = {{"code", filter::Text("d.code").NotNull()},
                                      {"label_ko", filter::Text("d.label_ko").NotNull()}},
                           .key = "code"};
  return *spec;
}

}  // namespace ieum::reporting
