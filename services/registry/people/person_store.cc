#include "services/registry/people/person_store.h"

#include "platform/base/status.h"

namespace ieum::registry {
namespace {

// Names under which values are sealed; they are bound into the boxes and never change.
constexpr char kFullName[] = "full_name";
constexpr char kEmail[] = "email";
constexpr char kPhone[] = "phone";
constexpr char kPhoneE164[] = "phone_e164";

const db::Statement kExists("person_exists", "SELECT 1 FROM person WHERE id = $1");

const db::Statement kVersion("person_version", "SELECT version FROM aggregate WHERE id = $1");

const db::Statement kFind("person_find", R"(
  SELECT id, basis, preferred_language, full_name_box, email_box, phone_box, phone_e164_box,
         created_at, updated_at
  FROM person WHERE id = ANY($1::uuid[]))");

const db::Statement kPut("person_put", R"(
  INSERT INTO person (id, basis, preferred_language, full_name_box, email_box, phone_box,
                      phone_e164_box, email_index, phone_index, created_at, updated_at)
  VALUES ($1, $2, $3, $4::bytea, $5::bytea, $6::bytea, $7::bytea, $8::bytea, $9::bytea,
          $10::timestamptz, $11::timestamptz)
  ON CONFLICT (id) DO UPDATE SET basis = EXCLUDED.basis,
    preferred_language = EXCLUDED.preferred_language, full_name_box = EXCLUDED.full_name_box,
    email_box = EXCLUDED.email_box, phone_box = EXCLUDED.phone_box,
    phone_e164_box = EXCLUDED.phone_e164_box, email_index = EXCLUDED.email_index,
    phone_index = EXCLUDED.phone_index, updated_at = EXCLUDED.updated_at)");

#define AFFILIATION_COLUMNS "f.id, f.person_id, f.organization_id, f.role, f.start_date, f.end_date"
constexpr int kVersionColumn = 6;

const db::Statement kInsertAffiliation("affiliation_insert", R"(
  INSERT INTO affiliation (id, person_id, organization_id, role, start_date, end_date)
  VALUES ($1, $2, $3, $4, $5::date, $6::date) ON CONFLICT (id) DO NOTHING)");

const db::Statement kSaveEnd("affiliation_save_end",
                             "UPDATE affiliation SET end_date = $2::date WHERE id = $1");

const db::Statement kFindAffiliation("affiliation_find", "SELECT " AFFILIATION_COLUMNS
                                                         " FROM affiliation f WHERE f.id = $1");

Affiliation ReadAffiliation(const db::Row& row) {
  Affiliation affiliation;
  affiliation.id = db::AsUuid(row[0]);
  affiliation.person_id = db::AsUuid(row[1]);
  affiliation.organization_id = db::AsUuid(row[2]);
  affiliation.role = static_cast<v1::AffiliationRole>(row[3].as<int>());
  affiliation.start_date = db::AsDay(row[4]);
  affiliation.end_date = db::AsOptionalDay(row[5]);
  return affiliation;
}

// Seals and opens the values of one person; an absent value has no box.
class Boxes {
 public:
  Boxes(const crypto::Vault& vault, crypto::Key key) : vault_(vault), key_(std::move(key)) {}

  db::Param Seal(const char* field, const std::string& value) const {
    if (value.empty()) return std::nullopt;
    return db::Bytes(vault_.SealValue(key_, field, value));
  }
  absl::Status Open(const char* field, const pqxx::field& box, std::string* value) const {
    if (box.is_null()) return absl::OkStatus();
    ASSIGN_OR_RETURN(*value, vault_.OpenValue(key_, field, db::AsBytes(box)));
    return absl::OkStatus();
  }
  db::Param Index(const char* field, const std::string& normalised) const {
    if (normalised.empty()) return std::nullopt;
    return db::Bytes(vault_.BlindIndex(field, normalised));
  }

 private:
  const crypto::Vault& vault_;
  crypto::Key key_;
};

absl::StatusOr<Person> OpenPerson(const base::Uuid& id, const db::Row& row, const Boxes& boxes) {
  Person person;
  person.id = id;
  person.basis = static_cast<v1::LegalBasis>(row[1].as<int>());
  person.preferred_language = static_cast<v1::Language>(row[2].as<int>());
  RETURN_IF_ERROR(boxes.Open(kFullName, row[3], &person.full_name));
  RETURN_IF_ERROR(boxes.Open(kEmail, row[4], &person.email));
  RETURN_IF_ERROR(boxes.Open(kPhone, row[5], &person.phone.original));
  RETURN_IF_ERROR(boxes.Open(kPhoneE164, row[6], &person.phone.e164));
  person.created_at = db::AsTime(row[7]);
  person.updated_at = db::AsTime(row[8]);
  return person;
}

}  // namespace

bool PersonExists(db::Tx& tx, const base::Uuid& id) { return !tx.Exec(kExists, id).empty(); }

int64_t PersonVersion(db::Tx& tx, const base::Uuid& id) {
  auto row = tx.ExecOptional(kVersion, id);
  return row ? (*row)[0].as<int64_t>() : 0;
}

absl::StatusOr<Person> FindPerson(db::Tx& tx, const db::PersonKeys& keys, const base::Uuid& id) {
  return FindPersons(tx, keys, {id}).at(id);
}

std::map<base::Uuid, absl::StatusOr<Person>> FindPersons(db::Tx& tx, const db::PersonKeys& keys,
                                                         const std::vector<base::Uuid>& ids) {
  std::map<base::Uuid, absl::StatusOr<Person>> persons;
  const db::Rows rows = tx.Exec(kFind, db::ArrayOf(ids));
  auto key_of = keys.GetAll(tx, ids);
  for (const auto& row : rows) {
    const base::Uuid id = db::AsUuid(row[0]);
    absl::StatusOr<crypto::Key>& key = key_of.at(id);
    persons.emplace(id, key.ok() ? OpenPerson(id, row, Boxes(keys.vault(), *std::move(key)))
                                 : absl::StatusOr<Person>(key.status()));
  }
  for (const base::Uuid& id : ids) {
    if (!persons.contains(id)) persons.emplace(id, base::NotFound(PersonName(id)));
  }
  return persons;
}

absl::Status PutPerson(db::Tx& tx, const db::PersonKeys& keys, const Person& person) {
  ASSIGN_OR_RETURN(crypto::Key key, keys.GetOrCreate(tx, person.id));
  const Boxes boxes(keys.vault(), std::move(key));
  tx.Exec(kPut, person.id, person.basis, person.preferred_language,
          boxes.Seal(kFullName, person.full_name), boxes.Seal(kEmail, person.email),
          boxes.Seal(kPhone, person.phone.original), boxes.Seal(kPhoneE164, person.phone.e164),
          boxes.Index(kEmail, EmailSearchKey(person.email)),
          boxes.Index(kPhone, person.phone.search_key), person.created_at, person.updated_at);
  return absl::OkStatus();
}

bool InsertAffiliation(db::Tx& tx, const Affiliation& affiliation) {
  return tx.ExecCount(kInsertAffiliation, affiliation.id, affiliation.person_id,
                      affiliation.organization_id, affiliation.role, affiliation.start_date,
                      affiliation.end_date) == 1;
}

void SaveEnd(db::Tx& tx, const Affiliation& affiliation) {
  tx.Exec(kSaveEnd, affiliation.id, affiliation.end_date);
}

std::optional<Affiliation> FindAffiliation(db::Tx& tx, const base::Uuid& id) {
  auto row = tx.ExecOptional(kFindAffiliation, id);
  if (!row) return std::nullopt;
  return ReadAffiliation(*row);
}

const filter::ListSpec& AffiliationList() {
  static const auto* spec = new filter::ListSpec{
      .columns = AFFILIATION_COLUMNS ", a.version",
      .from = "affiliation f JOIN aggregate a ON a.id = f.person_id",
      .fields = {{"name", filter::Uuid("f.id").NotNull()},
                 {"organization",
                  filter::Resource("f.organization_id", "organizations/{}").NotNull()},
                 {"role", filter::Enum<v1::AffiliationRole>("f.role").NotNull()},
                 {"start_date", filter::Date("f.start_date").NotNull()},
                 {"end_date", filter::Date("f.end_date")}},
      .key = "name"};
  return *spec;
}

AffiliationView ReadAffiliationView(const db::Row& row) {
  return {ReadAffiliation(row), row[kVersionColumn].as<int64_t>()};
}

}  // namespace ieum::registry
