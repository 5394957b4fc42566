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

const db::Statement kListeners("rule_listeners", R"(
  SELECT l.event_type, v.code, v.version, v.created_at
  FROM (SELECT DISTINCT t.event_type, r.code
        FROM unnest($1::text[]) AS t(event_type)
        JOIN rule_version r ON r.event_types @> ARRAY[t.event_type]) l
  JOIN rule_version v ON v.code = l.code
  ORDER BY l.event_type, v.code, v.version)");

const db::Statement kVersions("rule_versions", "SELECT " RULE_COLUMNS R"(
  FROM rule_version v JOIN unnest($1::text[], $2::int[]) AS k(code, version)
    ON v.code = k.code AND v.version = k.version)");

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

std::vector<Listener> ListenersTo(db::Tx& tx, const std::vector<std::string>& event_types) {
  std::vector<Listener> listeners;
  for (const auto& row : tx.Exec(kListeners, db::ArrayOf(event_types))) {
    listeners.push_back(
        {db::AsText(row[0]), {db::AsText(row[1]), row[2].as<int>(), db::AsTime(row[3])}});
  }
  return listeners;
}

std::vector<Rule> FindRuleVersions(db::Tx& tx, const std::vector<RuleKey>& versions) {
  std::vector<db::Param> codes, numbers;
  for (const RuleKey& version : versions) {
    codes.emplace_back(version.code);
    numbers.emplace_back(version.version);
  }
  return ReadAll(tx.Exec(kVersions, db::Array(codes), db::Array(numbers)));
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
