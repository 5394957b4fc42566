// Columns of a person's values, as they are now and as they were, and how they are sealed and
// opened.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "platform/crypto/vault.h"
#include "platform/db/tx.h"
#include "services/registry/people/guardianship.h"
#include "services/registry/people/person.h"

namespace ieum::registry {

// `t`: the table's name in the statement and a dot, a literal: "p.".
#define PERSON_COLUMNS(t)                                                                       \
  t "basis, " t "preferred_language, " t "full_name_box, " t "email_box, " t "phone_box, " t    \
    "phone_e164_box, " t "created_at, " t "updated_at, " t "centre_id, " t "latin_name_box, " t \
    "birth_year_box, " t "birth_date_box"
inline constexpr int kPersonColumns = 12;

// Of `person p`. Whom a centre may see: whose data it keeps, and who acts for it; to work for it
// (role 5) is not to act for it. Parameters with the scope: "$2", "$3".
#define PERSON_IN_SCOPE(everywhere, centres)                                     \
  "(" everywhere "::boolean OR p.centre_id = ANY(" centres                       \
  "::uuid[]) OR EXISTS ("                                                        \
  "SELECT 1 FROM affiliation s WHERE s.person_id = p.id AND s.end_date IS NULL " \
  "AND s.role <> 5 AND s.organization_id = ANY(" centres "::uuid[])))"

#define AFFILIATION_COLUMNS(t)                                                                \
  t "id, " t "person_id, " t "organization_id, " t "role, " t "start_date, " t "end_date, " t \
    "centre_id"
inline constexpr int kAffiliationColumns = 7;

// Names under which values are sealed; they are bound into the boxes and never change.
inline constexpr char kFullNameBox[] = "full_name";
inline constexpr char kEmailBox[] = "email";
inline constexpr char kPhoneBox[] = "phone";
inline constexpr char kPhoneE164Box[] = "phone_e164";
inline constexpr char kLatinNameBox[] = "latin_name";
inline constexpr char kBirthYearBox[] = "birth_year";
inline constexpr char kBirthDateBox[] = "birth_date";

// Seals and opens the values of one person; an absent value has no box.
class Boxes {
 public:
  Boxes(const crypto::Vault& vault, crypto::Key key) : vault_(vault), key_(std::move(key)) {}

  db::Param Seal(const char* field, const std::string& value) const;
  absl::Status Open(const char* field, const pqxx::field& box, std::string* value) const;
  db::Param Index(const char* field, const std::string& normalised) const;

 private:
  const crypto::Vault& vault_;
  crypto::Key key_;
};

absl::StatusOr<Birth> OpenBirth(const pqxx::field& year_box, const pqxx::field& date_box,
                                const Boxes& boxes);

// From the column `at` on.
absl::StatusOr<Person> OpenPerson(const base::Uuid& id, const db::Row& row, int at,
                                  const Boxes& boxes);
Affiliation ReadAffiliation(const db::Row& row, int at = 0);

}  // namespace ieum::registry
