#include "services/registry/consents/consent_text_store.h"

#include "services/registry/json_columns.h"

namespace ieum::registry {
namespace {

// Columns of a row, in the order in which they are read; the wording has the others, too.
#define TEXT_COLUMNS "t.id, t.wording, t.recipient_id, t.created_at"

const db::Statement kInsert("consent_text_insert", R"(
  INSERT INTO consent_text (id, code, version, language, purpose, recipient_id, wording, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb, $8::timestamptz)
  ON CONFLICT DO NOTHING)");

const db::Statement kFind("consent_text_find", "SELECT " TEXT_COLUMNS R"(
  FROM consent_text t WHERE t.id = $1)");

}  // namespace

bool InsertConsentText(db::Tx& tx, const ConsentText& text) {
  const v1::ConsentText& wording = text.wording;
  return tx.ExecOne(kInsert, text.id, wording.code(), wording.version(), wording.language(),
                    wording.purpose(), text.recipient, ToJson(wording), text.created_at);
}

std::optional<ConsentText> FindConsentText(db::Tx& tx, const base::Uuid& id) {
  const auto row = tx.ExecOptional(kFind, id);
  if (!row) return std::nullopt;
  return ReadConsentText(*row);
}

const filter::ListSpec& ConsentTextList() {
  static const auto* spec = new filter::ListSpec{
      .columns = TEXT_COLUMNS,
      .from = "consent_text t",
      .fields = {{"name", filter::Uuid("t.id").NotNull()},
                 {"code", filter::Text("t.code").NotNull()},
                 {"version", filter::Int("t.version").NotNull()},
                 {"language", filter::Enum<v1::Language>("t.language").NotNull()},
                 {"purpose", filter::Enum<v1::ConsentPurpose>("t.purpose").NotNull()},
                 {"recipient", filter::Resource("t.recipient_id", "organizations/{}")},
                 {"create_time", filter::Timestamp("t.created_at").NotNull()}},
      .key = "name"};
  return *spec;
}

ConsentText ReadConsentText(const db::Row& row) {
  ConsentText text;
  text.id = db::AsUuid(row[0]);
  FromJson(db::AsText(row[1]), &text.wording);
  text.recipient = db::AsOptionalUuid(row[2]);
  text.created_at = db::AsTime(row[3]);
  return text;
}

}  // namespace ieum::registry
