#include "services/casemgmt/referrals/provision_store.h"

#include "services/casemgmt/referrals/list_columns_store.h"

namespace ieum::casemgmt {
namespace {

constexpr char kColumns[] =
    "p.id, p.case_id, p.kind, p.subject_id, p.recipient_id, p.items, p.refusal, p.receipt_id, "
    "p.asked_at, c.person_id";

ProvisionView ViewFrom(const db::Row& row) {
  ProvisionView view;
  Provision& provision = view.provision;
  provision.id = db::AsUuid(row[0]);
  provision.case_id = db::AsUuid(row[1]);
  provision.kind = static_cast<v1::ProvisionKind>(row[2].as<int>());
  provision.subject = db::AsOptionalUuid(row[3]);
  provision.recipient = db::AsUuid(row[4]);
  provision.items = AsTexts(row[5]);
  provision.answer.refusal = static_cast<registry::v1::ConsentRefusal>(row[6].as<int>());
  provision.answer.receipt = db::AsUuid(row[7]);
  provision.answer.asked_at = db::AsTime(row[8]);
  view.person = db::AsOptionalUuid(row[9]);
  return view;
}

const db::Statement kInsert("provision_insert", R"(
  INSERT INTO provision (id, case_id, kind, subject_id, recipient_id, items, allowed, refusal,
                         receipt_id, asked_at)
  VALUES ($1, $2, $3, $4, $5, $6::text[], $7, $8, $9, $10)
  ON CONFLICT DO NOTHING)");

// Of the person whom the id means now: two records of hers are one.
const db::Statement kHold("provision_hold_consent", R"(
  SELECT pg_advisory_xact_lock(hashtextextended('provision/' || person_survivor($1)::text, 0)))");

// Purpose 2 is provision to a third party. What ends a consent has the revision of what it ends, or
// a later one.
const db::Statement kWithdrawnSince("provision_withdrawn_since", R"(
  SELECT 1 FROM consent_heard
  WHERE person_id IN (SELECT person_ids($1)) AND purpose = 2 AND receiver = $2 AND NOT given
    AND revision >= $3 LIMIT 1)");

const db::Statement kNoteLost("referral_note_consent_lost", R"(
  UPDATE referral f SET consent_lost = true
  FROM casefile c
  WHERE c.id = f.case_id AND c.person_id IN (SELECT person_ids($1)) AND f.recipient_id = $2
    AND f.state IN (1, 2) AND f.parts <> '{}' AND NOT f.consent_lost)");

}  // namespace

bool InsertProvision(db::Tx& tx, const Provision& p) {
  return tx.ExecCount(kInsert, p.id, p.case_id, p.kind, p.subject, p.recipient,
                      db::ArrayOf(p.items), p.answer.allowed(), p.answer.refusal, p.answer.receipt,
                      p.answer.asked_at) == 1;
}

const filter::ListSpec& ProvisionList() {
  static const auto* spec = new filter::ListSpec{
      .columns = kColumns,
      .from = "provision p JOIN casefile c ON c.id = p.case_id",
      .fields = {{"name", filter::Uuid("p.id").NotNull()},
                 {"kind", filter::Enum<v1::ProvisionKind>("p.kind").NotNull()},
                 {"allowed", filter::Bool("p.allowed").NotNull()},
                 {"recipient", filter::Resource("p.recipient_id", "organizations/{}").NotNull()},
                 {"ask_time", filter::Timestamp("p.asked_at").NotNull()}},
      .key = "name",
      .centres = {"c.centre_id"}};
  return *spec;
}

filter::Cursor ListProvisions(db::Tx& tx, const filter::ListQuery& query,
                              std::vector<ProvisionView>* views) {
  views->clear();
  return query.Read(tx, [&](const db::Row& row) { views->push_back(ViewFrom(row)); });
}

void HoldConsentOf(db::Tx& tx, const base::Uuid& person) { tx.Exec(kHold, person); }

bool WithdrawnSince(db::Tx& tx, const base::Uuid& person, const base::Uuid& recipient,
                    int consent_revision) {
  return tx.ExecOptional(kWithdrawnSince, person, recipient, consent_revision).has_value();
}

int64_t NoteConsentLost(db::Tx& tx, const base::Uuid& person, const base::Uuid& recipient) {
  return tx.ExecCount(kNoteLost, person, recipient);
}

}  // namespace ieum::casemgmt
