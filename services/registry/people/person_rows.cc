#include "services/registry/people/person_rows.h"

#include "absl/strings/numbers.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"

namespace ieum::registry {

db::Param Boxes::Seal(const char* field, const std::string& value) const {
  if (value.empty()) return std::nullopt;
  return db::Bytes(vault_.SealValue(key_, field, value));
}

absl::Status Boxes::Open(const char* field, const pqxx::field& box, std::string* value) const {
  if (box.is_null()) return absl::OkStatus();
  ASSIGN_OR_RETURN(*value, vault_.OpenValue(key_, field, db::AsBytes(box)));
  return absl::OkStatus();
}

db::Param Boxes::Index(const char* field, const std::string& normalised) const {
  if (normalised.empty()) return std::nullopt;
  return db::Bytes(vault_.BlindIndex(field, normalised));
}

absl::StatusOr<Birth> OpenBirth(const pqxx::field& year_box, const pqxx::field& date_box,
                                const Boxes& boxes) {
  Birth birth;
  std::string year, date;
  RETURN_IF_ERROR(boxes.Open(kBirthYearBox, year_box, &year));
  if (!year.empty() && !absl::SimpleAtoi(year, &birth.year)) {
    return absl::DataLossError("a sealed year of birth is no number");
  }
  RETURN_IF_ERROR(boxes.Open(kBirthDateBox, date_box, &date));
  if (!date.empty()) {
    ASSIGN_OR_RETURN(birth.date, base::ParseDay(date, "birth_date"));
  }
  return birth;
}

absl::StatusOr<Person> OpenPerson(const base::Uuid& id, const db::Row& row, int at,
                                  const Boxes& boxes) {
  Person person;
  person.id = id;
  person.basis = static_cast<v1::LegalBasis>(row[at].as<int>());
  person.preferred_language = static_cast<v1::Language>(row[at + 1].as<int>());
  RETURN_IF_ERROR(boxes.Open(kFullNameBox, row[at + 2], &person.full_name));
  RETURN_IF_ERROR(boxes.Open(kEmailBox, row[at + 3], &person.email));
  RETURN_IF_ERROR(boxes.Open(kPhoneBox, row[at + 4], &person.phone.original));
  RETURN_IF_ERROR(boxes.Open(kPhoneE164Box, row[at + 5], &person.phone.e164));
  person.created_at = db::AsTime(row[at + 6]);
  person.updated_at = db::AsTime(row[at + 7]);
  person.centre = db::AsOptionalUuid(row[at + 8]);
  RETURN_IF_ERROR(boxes.Open(kLatinNameBox, row[at + 9], &person.latin_name));
  ASSIGN_OR_RETURN(const Birth birth, OpenBirth(row[at + 10], row[at + 11], boxes));
  person.birth_year = birth.year;
  person.birth_date = birth.date;
  person.phone.search_key = PhoneSearchKey(person.phone);
  return person;
}

Affiliation ReadAffiliation(const db::Row& row, int at) {
  Affiliation affiliation;
  affiliation.id = db::AsUuid(row[at]);
  affiliation.person_id = db::AsUuid(row[at + 1]);
  affiliation.organization_id = db::AsUuid(row[at + 2]);
  affiliation.role = static_cast<v1::AffiliationRole>(row[at + 3].as<int>());
  affiliation.start_date = db::AsDay(row[at + 4]);
  affiliation.end_date = db::AsOptionalDay(row[at + 5]);
  affiliation.centre = db::AsOptionalUuid(row[at + 6]);
  return affiliation;
}

}  // namespace ieum::registry
