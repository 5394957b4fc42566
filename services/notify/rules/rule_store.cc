#include "services/notify/rules/rule_store.h"

#include "google/protobuf/util/json_util.h"
#include "platform/telemetry/log.h"

namespace ieum::notify {
namespace {

#define RULE_COLUMNS "v.code, v.version, v.terms, v.created_at"

const db::Statement kFindRule("rule_find", "SELECT " RULE_COLUMNS R"(
  FROM rule r JOIN rule_version v ON v.code = r.code
  WHERE r.code = $1 AND v.version = CASE WHEN $2::int = 0 THEN r.version ELSE $2::int END)");

const db::Statement kAddRule("rule_add", R"(
  INSERT INTO rule (code, id, version) VALUES ($1, $2, 1) ON CONFLICT DO NOTHING)");

const db::Statement kRaiseRule("rule_raise", "UPDATE rule SET version = $2 WHERE code = $1");

const db::Statement kInsertRuleVersion("rule_version_insert", R"(
  INSERT INTO rule_version (code, version, event_type, event_types, template_codes, terms,
                            created_at)
  VALUES ($1, $2, $3, $4::text[], $5::text[], $6::jsonb, $7::timestamptz)
  ON CONFLICT DO NOTHING)");

const db::Statement kListening("rule_listening", "SELECT " RULE_COLUMNS R"(
  FROM rule_version v WHERE v.code IN (
    SELECT code FROM rule_version WHERE event_types @> ARRAY[$1::text])
  ORDER BY v.code, v.version)");

const db::Statement kNaming("rule_naming_template", "SELECT " RULE_COLUMNS R"(
  FROM rule r JOIN rule_version v ON v.code = r.code AND v.version = r.version
  WHERE v.template_codes @> ARRAY[$1::text] ORDER BY v.code)");

std::string ToJson(const v1::Rule& terms) {
  std::string json;
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  const auto written = google::protobuf::util::MessageToJsonString(terms, &json, options);
  return written.ok() ? json : "{}";
}

v1::Rule FromJson(const std::string& json) {
  v1::Rule terms;
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  const auto read = google::protobuf::util::JsonStringToMessage(json, &terms, options);
  if (!read.ok()) telemetry::Error("a stored rule cannot be read");
  return terms;
}

std::vector<Rule> ReadAll(const db::Rows& rows) {
  std::vector<Rule> rules;
  for (const auto& row : rows) rules.push_back(ReadRuleRow(row));
  return rules;
}

}  // namespace

Rule ReadRuleRow(const db::Row& row) {
  Rule rule;
  rule.code = db::AsText(row[0]);
  rule.version = row[1].as<int>();
  rule.terms = FromJson(db::AsText(row[2]));
  rule.created_at = db::AsTime(row[3]);
  return rule;
}

std::optional<Rule> FindRule(db::Tx& tx, const std::string& code, int version) {
  const auto row = tx.ExecOptional(kFindRule, code, version);
  if (!row) return std::nullopt;
  return ReadRuleRow(*row);
}

void InsertRuleVersion(db::Tx& tx, const Rule& version) {
  const std::vector<std::string> types = EventTypesOf(version.terms);
  std::vector<std::string> templates = {TemplateCode(version.terms.template_())};
  if (!version.terms.change_notice_template().empty()) {
    templates.push_back(TemplateCode(version.terms.change_notice_template()));
  }
  if (version.version == 1) {
    tx.Exec(kAddRule, version.code, RuleId(version.code));
  } else {
    tx.Exec(kRaiseRule, version.code, version.version);
  }
  // Two that define it at once: the slower one runs again and finds the other's.
  const int64_t inserted = tx.ExecCount(
      kInsertRuleVersion, version.code, version.version, version.terms.trigger().event_type(),
      db::ArrayOf(types), db::ArrayOf(templates), ToJson(version.terms), version.created_at);
  if (inserted != 1) db::Conflict();
}

std::vector<Rule> RulesListeningTo(db::Tx& tx, const std::string& event_type) {
  return ReadAll(tx.Exec(kListening, event_type));
}

std::vector<Rule> RulesNamingTemplate(db::Tx& tx, const std::string& template_code) {
  return ReadAll(tx.Exec(kNaming, template_code));
}

const filter::ListSpec& RuleList() {
  static const auto* spec = new filter::ListSpec{
      .columns = RULE_COLUMNS,
      .from = "rule r JOIN rule_version v ON v.code = r.code AND v.version = r.version",
      .fields = {{"code", filter::Text("v.code").NotNull()},
                 {"trigger.event_type", filter::Text("v.event_type").NotNull()},
                 {"template", filter::Text("('templates/' || v.template_codes[1])").NotNull()},
                 {"create_time", filter::Timestamp("v.created_at").NotNull()}},
      .key = "code"};
  return *spec;
}

}  // namespace ieum::notify
