#include "services/registry/people/receipt_store.h"

namespace ieum::registry {
namespace {

const db::Statement kFindBases("receipt_find_bases", R"(
  SELECT id, basis, erased_at IS NOT NULL, merged_into IS NOT NULL FROM person
  WHERE id = ANY($1::uuid[]) AND ($2::boolean OR centre_id = ANY($3::uuid[])))");

const db::Statement kInsert("receipt_insert", R"(
  INSERT INTO contact_receipt (id, resolution_id, place, person_id, asked_by, purpose, basis,
                               refusal, message_reference, organization_id, channel, addresses,
                               consent_id, consent_revision, asked_at)
  SELECT r.id, $1, r.place, r.person_id, $2, r.purpose, r.basis, r.refusal, r.message_reference,
         r.organization_id, r.channel, r.addresses, r.consent_id, r.consent_revision,
         $3::timestamptz
  FROM unnest($4::uuid[], $5::uuid[], $6::smallint[], $7::smallint[], $8::smallint[], $9::text[],
              $10::uuid[], $11::smallint[], $12::smallint[], $13::uuid[], $14::int[])
    WITH ORDINALITY
    AS r (id, person_id, purpose, basis, refusal, message_reference, organization_id, channel,
          addresses, consent_id, consent_revision, place)
  ON CONFLICT DO NOTHING)");

const db::Statement kFind("receipt_find", R"(
  SELECT id, person_id, basis, refusal, purpose, message_reference, organization_id, channel,
         addresses, consent_id, consent_revision
  FROM contact_receipt WHERE resolution_id = $1 ORDER BY place)");

}  // namespace

std::map<base::Uuid, v1::LegalBasis> FindBases(db::Tx& tx, const base::Scope& scope,
                                               const std::vector<base::Uuid>& persons,
                                               std::set<base::Uuid>* erased, bool* merged) {
  std::map<base::Uuid, v1::LegalBasis> bases;
  for (const auto& row :
       tx.Exec(kFindBases, db::ArrayOf(persons), scope.everywhere(), scope.AsArray())) {
    const base::Uuid person = db::AsUuid(row[0]);
    if (row[3].as<bool>()) *merged = true;
    if (row[2].as<bool>()) {
      erased->insert(person);
    } else {
      bases[person] = static_cast<v1::LegalBasis>(row[1].as<int>());
    }
  }
  return bases;
}

void InsertReceipts(db::Tx& tx, const Resolution& resolution,
                    const std::vector<Receipt>& receipts) {
  std::vector<db::Param> ids, persons, purposes, bases, refusals, references, organizations,
      channels, addresses, consents, revisions;
  for (const Receipt& receipt : receipts) {
    ids.emplace_back(receipt.id);
    persons.emplace_back(receipt.person_id);
    purposes.emplace_back(receipt.purpose);
    bases.emplace_back(receipt.basis);
    refusals.emplace_back(receipt.refusal);
    references.emplace_back(receipt.message_reference);
    organizations.emplace_back(receipt.organization_id);
    channels.emplace_back(receipt.channel);
    addresses.emplace_back(receipt.addresses);
    consents.emplace_back(receipt.consent_id);
    revisions.emplace_back(receipt.consent_revision);
  }
  const int64_t inserted =
      tx.ExecCount(kInsert, resolution.id, resolution.asked_by, resolution.asked_at, db::Array(ids),
                   db::Array(persons), db::Array(purposes), db::Array(bases), db::Array(refusals),
                   db::Array(references), db::Array(organizations), db::Array(channels),
                   db::Array(addresses), db::Array(consents), db::Array(revisions));
  if (inserted != static_cast<int64_t>(receipts.size())) db::Conflict();
}

std::vector<Receipt> FindReceipts(db::Tx& tx, const base::Uuid& resolution) {
  std::vector<Receipt> receipts;
  for (const auto& row : tx.Exec(kFind, resolution)) {
    receipts.push_back(
        {db::AsUuid(row[0]), db::AsUuid(row[1]), static_cast<v1::LegalBasis>(row[2].as<int>()),
         static_cast<v1::ContactRefusal>(row[3].as<int>()),
         static_cast<v1::ContactPurpose>(row[4].as<int>()), db::AsText(row[5]),
         db::AsOptionalUuid(row[6]), static_cast<v1::ContactChannel>(row[7].as<int>()),
         row[8].as<int>(), db::AsOptionalUuid(row[9]), row[10].as<int>()});
  }
  return receipts;
}

}  // namespace ieum::registry
