#include "services/notify/templates/template_store.h"

#include "absl/strings/str_split.h"

namespace ieum::notify {
namespace {

#define TEMPLATE_COLUMNS                                                                \
  "v.code, v.version, v.event_type, v.ko_subject, v.ko_body, v.en_subject, v.en_body, " \
  "array_to_string(v.variables, ' '), v.created_at, v.law_class, v.channel"

const db::Statement kFindTemplate("template_find", "SELECT " TEMPLATE_COLUMNS R"(
  FROM template t JOIN template_version v ON v.code = t.code
  WHERE t.code = $1 AND v.version = CASE WHEN $2::int = 0 THEN t.version ELSE $2::int END)");

const db::Statement kAddTemplate("template_add", R"(
  INSERT INTO template (code, id, version) VALUES ($1, $2, 1) ON CONFLICT DO NOTHING)");

const db::Statement kRaiseTemplate("template_raise",
                                   "UPDATE template SET version = $2 WHERE code = $1");

const db::Statement kInsertTemplateVersion("template_version_insert", R"(
  INSERT INTO template_version (code, version, event_type, ko_subject, ko_body, en_subject,
                                en_body, variables, created_at, law_class, channel)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8::text[], $9::timestamptz, $10, $11)
  ON CONFLICT DO NOTHING)");

const db::Statement kNewestTemplates(
    "template_newest", "SELECT code, version FROM template WHERE code = ANY($1::text[])");

}  // namespace

Template ReadTemplateRow(const db::Row& row) {
  Template version;
  version.code = db::AsText(row[0]);
  version.version = row[1].as<int>();
  version.event_type = db::AsText(row[2]);
  version.ko = {db::AsText(row[3]), db::AsText(row[4])};
  version.en = {db::AsText(row[5]), db::AsText(row[6])};
  version.variables = absl::StrSplit(db::AsText(row[7]), ' ', absl::SkipEmpty());
  version.created_at = db::AsTime(row[8]);
  version.law_class = static_cast<v1::LawClass>(row[9].as<int>());
  version.channel = static_cast<v1::Channel>(row[10].as<int>());
  return version;
}

std::optional<Template> FindTemplate(db::Tx& tx, const std::string& code, int version) {
  const auto row = tx.ExecOptional(kFindTemplate, code, version);
  if (!row) return std::nullopt;
  return ReadTemplateRow(*row);
}

void InsertTemplateVersion(db::Tx& tx, const Template& version) {
  if (version.version == 1) {
    tx.Exec(kAddTemplate, version.code, TemplateId(version.code));
  } else {
    tx.Exec(kRaiseTemplate, version.code, version.version);
  }
  // Two that define it at once: the slower one runs again and finds the other's.
  const int64_t inserted =
      tx.ExecCount(kInsertTemplateVersion, version.code, version.version, version.event_type,
                   version.ko.subject, version.ko.body, version.en.subject, version.en.body,
                   db::Array({version.variables.begin(), version.variables.end()}),
                   version.created_at, version.law_class, version.channel);
  if (inserted != 1) db::Conflict();
}

std::map<std::string, int> NewestTemplateVersions(db::Tx& tx,
                                                  const std::vector<std::string>& codes) {
  std::map<std::string, int> versions;
  for (const auto& row : tx.Exec(kNewestTemplates, db::ArrayOf(codes))) {
    versions[db::AsText(row[0])] = row[1].as<int>();
  }
  return versions;
}

const filter::ListSpec& TemplateList() {
  static const auto* spec = new filter::ListSpec{
      .columns = TEMPLATE_COLUMNS,
      .from = "template t JOIN template_version v ON v.code = t.code AND v.version = t.version",
      .fields = {{"code", filter::Text("v.code").NotNull()},
                 {"event_type", filter::Text("v.event_type").NotNull()},
                 {"create_time", filter::Timestamp("v.created_at").NotNull()}},
      .key = "code"};
  return *spec;
}

}  // namespace ieum::notify
