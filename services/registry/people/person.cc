#include "services/registry/people/person.h"

#include "absl/strings/ascii.h"
#include "ieum/registry/v1/errors.pb.h"
#include "platform/base/chosen_centre.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "platform/base/text.h"
#include "re2/re2.h"
#include "services/registry/dates.h"
#include "services/registry/instants.h"
#include "services/registry/printed_name.h"

namespace ieum::registry {
namespace {

constexpr size_t kEmailMax = 254;  // bytes
constexpr int kLatinNameMax = 80;  // characters

// "" when there is none.
std::string CheckLatinName(std::string_view text, std::string_view field,
                           base::FieldErrors* errors) {
  static const RE2 latin(R"([\p{Latin} ,.'’-]*\p{Latin}[\p{Latin} ,.'’-]*)");
  if (text.empty()) return "";
  std::string name = CheckPrintedName(text, field, kLatinNameMax, errors);
  if (!name.empty() && !RE2::FullMatch(name, latin)) {
    errors->Add("INVALID_FIELD", field, "must be in Latin letters, as a passport has it");
  }
  return name;
}

}  // namespace

std::string PersonName(const base::Uuid& id) { return "persons/" + id.ToString(); }

std::string AffiliationName(const base::Uuid& person, const base::Uuid& id) {
  return PersonName(person) + "/affiliations/" + id.ToString();
}

absl::StatusOr<std::string> NormaliseEmail(std::string_view text, std::string_view field) {
  const std::string email = base::Nfc(text);
  const size_t at = email.rfind('@');
  const bool whole = at != std::string::npos && at > 0 && at + 1 < email.size();
  if (!whole || email.size() > kEmailMax || email.find_first_of(" \t\r\n") != std::string::npos) {
    return base::InvalidField("INVALID_FIELD", field, "must be an e-mail address");
  }
  return email.substr(0, at) + absl::AsciiStrToLower(email.substr(at));
}

std::string EmailSearchKey(std::string_view email) {
  return absl::AsciiStrToLower(std::string(email));
}

namespace {

// The year follows from the day.
void TakeBirth(const v1::Person& wanted, Person* person, base::FieldErrors* errors) {
  person->birth_year = wanted.birth_year();
  person->birth_date.reset();
  if (wanted.birth_date().empty()) return;
  const auto day = ReadDate(wanted.birth_date(), "person.birth_date");
  if (!day.ok()) return errors->Add(day.status());
  person->birth_date = *day;
  if (person->birth_year == 0) person->birth_year = static_cast<int>(day->year());
  if (person->birth_year != day->year()) {
    errors->Add("INVALID_FIELD", "person.birth_year", "must be that of person.birth_date, or 0");
  }
}

void TakeGuardian(const v1::Person& wanted, Person* person, base::FieldErrors* errors) {
  person->guardian.reset();
  if (!wanted.has_guardian()) return;
  Guardian guardian;
  const auto ids = base::IdsIn("persons/{}", wanted.guardian().person(), "person.guardian.person");
  if (ids.ok()) guardian.person_id = ids->back();
  errors->Add(ids.status());
  guardian.verification = wanted.guardian().verification();
  if (guardian.verification == v1::GUARDIAN_VERIFICATION_UNSPECIFIED) {
    errors->Add("INVALID_FIELD", "person.guardian.verification", "must say how it was made sure");
  }
  if (wanted.guardian().has_verify_time()) {
    guardian.verified_at = FromTimestamp(wanted.guardian().verify_time());
  }
  person->guardian = std::move(guardian);
}

}  // namespace

absl::Status TakePersonal(const v1::Person& wanted, Person* person) {
  base::FieldErrors errors;
  person->full_name =
      CheckPrintedName(wanted.full_name(), "person.full_name", kFullNameMax, &errors);
  person->latin_name = CheckLatinName(wanted.latin_name(), "person.latin_name", &errors);
  TakeBirth(wanted, person, &errors);
  TakeGuardian(wanted, person, &errors);
  person->email.clear();
  if (!wanted.email().empty()) {
    auto email = NormaliseEmail(wanted.email(), "person.email");
    if (email.ok()) person->email = *std::move(email);
    errors.Add(email.status());
  }
  person->phone = PhoneNumber();
  if (!wanted.phone().empty()) {
    auto phone = ReadPhone(wanted.phone(), "person.phone");
    if (phone.ok()) person->phone = *std::move(phone);
    errors.Add(phone.status());
  }
  if (wanted.basis() == v1::LEGAL_BASIS_UNSPECIFIED) {
    errors.Add("INVALID_FIELD", "person.basis", "must say why the data may be kept");
  }
  person->basis = wanted.basis();
  person->preferred_language = wanted.preferred_language();
  return errors.ToStatus();
}

absl::Status CheckBirthYear(int birth_year, absl::CivilDay today) {
  if (birth_year <= today.year()) return absl::OkStatus();
  return base::InvalidField(v1::ERROR_REASON_DATE_INVALID, "person.birth_year",
                            "must not lie in the future");
}

v1::Person PersonalOf(const Person& person) {
  v1::Person personal;
  personal.set_full_name(person.full_name);
  personal.set_latin_name(person.latin_name);
  personal.set_birth_year(person.birth_year);
  if (person.birth_date) personal.set_birth_date(base::FormatDay(*person.birth_date));
  if (person.guardian) {
    v1::Guardian& guardian = *personal.mutable_guardian();
    guardian.set_person(PersonName(person.guardian->person_id));
    guardian.set_verification(person.guardian->verification);
    *guardian.mutable_verify_time() = ToTimestamp(person.guardian->verified_at);
    guardian.set_verifier(person.guardian->verifier);
  }
  personal.set_email(person.email);
  personal.set_phone(person.phone.original);
  personal.set_preferred_language(person.preferred_language);
  personal.set_basis(person.basis);
  return personal;
}

std::vector<std::string> ChangedPersonal(const Person& before, const Person& after) {
  std::vector<std::string> paths;
  if (before.full_name != after.full_name) paths.push_back("full_name");
  if (before.latin_name != after.latin_name) paths.push_back("latin_name");
  if (before.birth_year != after.birth_year) paths.push_back("birth_year");
  if (before.birth_date != after.birth_date) paths.push_back("birth_date");
  if (before.guardian != after.guardian) paths.push_back("guardian");
  if (before.email != after.email) paths.push_back("email");
  if (before.phone.original != after.phone.original) paths.push_back("phone");
  if (before.preferred_language != after.preferred_language) {
    paths.push_back("preferred_language");
  }
  if (before.basis != after.basis) paths.push_back("basis");
  return paths;
}

absl::Status RequireKeeps(const base::Scope& scope, const std::optional<base::Uuid>& centre) {
  if (scope.Holds(base::CentreText(centre))) return absl::OkStatus();
  return base::Error(absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED",
                     "another centre keeps the person's data; it alone may change them");
}

absl::Status End(Affiliation* affiliation, absl::CivilDay last_day) {
  if (affiliation->end_date) {
    return base::Forbidden(
        v1::ERROR_REASON_AFFILIATION_ENDED,
        "the affiliation ended on " + base::FormatDay(*affiliation->end_date) + " already",
        {{"affiliation", AffiliationName(affiliation->person_id, affiliation->id)}});
  }
  if (last_day < affiliation->start_date) {
    return base::InvalidField(
        v1::ERROR_REASON_DATE_ORDER, "end_date",
        "must not lie before the first day, " + base::FormatDay(affiliation->start_date));
  }
  affiliation->end_date = last_day;
  return absl::OkStatus();
}

}  // namespace ieum::registry
