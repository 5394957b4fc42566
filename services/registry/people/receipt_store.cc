#include "services/registry/people/receipt_store.h"

namespace ieum::registry {
namespace {

const db::Statement kFindBases("receipt_find_bases",
                               "SELECT id, basis FROM person WHERE id = ANY($1::uuid[])");

const db::Statement kInsert("receipt_insert", R"(
  INSERT INTO contact_receipt (id, resolution_id, place, person_id, asked_by, purpose, basis,
                               refusal, message_reference, organization_id, asked_at)
  SELECT r.id, $5, r.place, r.person_id, $6, $7, r.basis, r.refusal, $8, $9::uuid, $10::timestamptz
  FROM unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::smallint[]) WITH ORDINALITY
    AS r (id, person_id, basis, refusal, place)
  ON CONFLICT DO NOTHING)");

const db::Statement kFind("receipt_find", R"(
  SELECT id, person_id, basis, refusal FROM contact_receipt WHERE resolution_id = $1
  ORDER BY place)");

}  // namespace

std::map<base::Uuid, v1::LegalBasis> FindBases(db::Tx& tx, const std::vector<base::Uuid>& persons) {
  std::map<base::Uuid, v1::LegalBasis> bases;
  for (const auto& row : tx.Exec(kFindBases, db::ArrayOf(persons))) {
    bases[db::AsUuid(row[0])] = static_cast<v1::LegalBasis>(row[1].as<int>());
  }
  return bases;
}

void InsertReceipts(db::Tx& tx, const Resolution& resolution,
                    const std::vector<Receipt>& receipts) {
  std::vector<db::Param> ids, persons, bases, refusals;
  for (const Receipt& receipt : receipts) {
    ids.emplace_back(receipt.id);
    persons.emplace_back(receipt.person_id);
    bases.emplace_back(receipt.basis);
    refusals.emplace_back(receipt.refusal);
  }
  const int64_t inserted =
      tx.ExecCount(kInsert, db::Array(ids), db::Array(persons), db::Array(bases),
                   db::Array(refusals), resolution.id, resolution.asked_by, resolution.purpose,
                   resolution.message_reference, resolution.organization_id, resolution.asked_at);
  if (inserted != static_cast<int64_t>(receipts.size())) db::Conflict();
}

std::vector<Receipt> FindReceipts(db::Tx& tx, const base::Uuid& resolution) {
  std::vector<Receipt> receipts;
  for (const auto& row : tx.Exec(kFind, resolution)) {
    receipts.push_back({db::AsUuid(row[0]), db::AsUuid(row[1]),
                        static_cast<v1::LegalBasis>(row[2].as<int>()),
                        static_cast<v1::ContactRefusal>(row[3].as<int>())});
  }
  return receipts;
}

}  // namespace ieum::registry
