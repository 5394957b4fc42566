#include "services/registry/consents/consent_receipt_store.h"

#include "services/registry/json_columns.h"
#include "services/registry/people/forget_store.h"

namespace ieum::registry {
namespace {

// Columns of a row, in the order in which they are read; the version is the person's.
#define RECEIPT_COLUMNS                                                                  \
  "r.id, r.person_id, r.centre_id, r.kind, r.recipient_id, r.items, "                    \
  "r.publication, r.refusal, r.consent_id, r.consent_revision, r.asked_by, r.asked_at, " \
  "r.overridden_id, r.ground, r.reason, a.version"
constexpr int kVersionColumn = 15;

const db::Statement kInsert("consent_receipt_insert", R"(
  INSERT INTO consent_receipt (id, person_id, centre_id, kind, recipient_id, items, publication,
                               refusal, consent_id, consent_revision, asked_by, asked_at,
                               overridden_id, ground, reason)
  VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7, $8, $9, $10, $11, $12::timestamptz, $13, $14, $15)
  ON CONFLICT DO NOTHING)");

const db::Statement kFind("consent_receipt_find", "SELECT " RECEIPT_COLUMNS R"(
  FROM consent_receipt r JOIN aggregate a ON a.id = r.person_id
  WHERE r.id = $1 AND ($2::boolean OR r.centre_id = ANY($3::uuid[])))");

const db::Statement kForgetWords("consent_receipt_forget_words", R"(
  UPDATE consent_receipt SET reason = $2 WHERE person_id = $1 AND reason <> '')");

std::string ItemsAsJson(const std::vector<std::string>& items) {
  v1::ConsentReceipt kept;
  kept.mutable_items()->Assign(items.begin(), items.end());
  return ToJson(kept);
}

std::vector<std::string> ItemsIn(const std::string& json) {
  v1::ConsentReceipt kept;
  FromJson(json, &kept);
  return {kept.items().begin(), kept.items().end()};
}

}  // namespace

bool InsertConsentReceipt(db::Tx& tx, const ConsentReceipt& receipt) {
  return tx.ExecOne(kInsert, receipt.id, receipt.person_id, receipt.centre, receipt.kind,
                    receipt.recipient, ItemsAsJson(receipt.items), receipt.publication,
                    receipt.refusal, receipt.consent_id, receipt.consent_revision, receipt.asker,
                    receipt.asked_at, receipt.overridden, receipt.ground, receipt.reason);
}

std::optional<ConsentReceiptView> FindConsentReceipt(db::Tx& tx, const base::Scope& scope,
                                                     const base::Uuid& id) {
  const auto row = tx.ExecOptional(kFind, id, scope.everywhere(), scope.AsArray());
  if (!row) return std::nullopt;
  return ReadConsentReceiptView(*row);
}

void ForgetOverrideWords(db::Tx& tx, const base::Uuid& person) {
  tx.Exec(kForgetWords, person, std::string(kErasedWords));
}

const filter::ListSpec& ConsentReceiptList() {
  static const auto* spec = new filter::ListSpec{
      .columns = RECEIPT_COLUMNS,
      .from = "consent_receipt r JOIN aggregate a ON a.id = r.person_id",
      .fields = {{"name", filter::Uuid("r.id").NotNull()},
                 {"allowed", filter::Bool("(r.refusal = 0 OR r.ground > 0)").NotNull()},
                 {"refusal", filter::Enum<v1::ConsentRefusal>("r.refusal").NotNull()},
                 {"recipient", filter::Resource("r.recipient_id", "organizations/{}")},
                 {"publication_kind", filter::Enum<v1::PublicationKind>("r.publication").NotNull()},
                 {"asker", filter::Text("r.asked_by").NotNull()},
                 {"ask_time", filter::Timestamp("r.asked_at").NotNull()},
                 {"ground", filter::Enum<v1::OverrideGround>("r.ground").NotNull()},
                 {"centre", filter::Resource("r.centre_id", "organizations/{}")}},
      .key = "name",
      .centres = {"r.centre_id"}};
  return *spec;
}

ConsentReceiptView ReadConsentReceiptView(const db::Row& row) {
  ConsentReceiptView view;
  ConsentReceipt& receipt = view.receipt;
  receipt.id = db::AsUuid(row[0]);
  receipt.person_id = db::AsUuid(row[1]);
  receipt.centre = db::AsOptionalUuid(row[2]);
  receipt.kind = static_cast<ConsentReceipt::Kind>(row[3].as<int>());
  receipt.recipient = db::AsOptionalUuid(row[4]);
  receipt.items = ItemsIn(db::AsText(row[5]));
  receipt.publication = static_cast<v1::PublicationKind>(row[6].as<int>());
  receipt.refusal = static_cast<v1::ConsentRefusal>(row[7].as<int>());
  receipt.consent_id = db::AsOptionalUuid(row[8]);
  receipt.consent_revision = row[9].as<int>();
  receipt.asker = db::AsText(row[10]);
  receipt.asked_at = db::AsTime(row[11]);
  receipt.overridden = db::AsOptionalUuid(row[12]);
  receipt.ground = static_cast<v1::OverrideGround>(row[13].as<int>());
  receipt.reason = db::AsText(row[14]);
  view.version = row[kVersionColumn].as<int64_t>();
  return view;
}

}  // namespace ieum::registry
