// A person: who it is (never outside of the vault), and what may be done with it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "ieum/registry/v1/person_service.pb.h"
#include "ieum/registry/v1/types.pb.h"
#include "platform/base/scope.h"
#include "platform/base/uuid.h"
#include "services/registry/people/phone.h"

namespace ieum::registry {

// Who answers for a child, and how that was made sure.
struct Guardian {
  base::Uuid person_id;
  v1::GuardianVerification verification = v1::GUARDIAN_VERIFICATION_UNSPECIFIED;
  absl::Time verified_at = absl::InfinitePast();  // that: not said
  std::string verifier;

  bool operator==(const Guardian&) const = default;
};

struct Person {
  base::Uuid id;
  v1::LegalBasis basis = v1::LEGAL_BASIS_UNSPECIFIED;
  v1::Language preferred_language = v1::LANGUAGE_UNSPECIFIED;
  std::string full_name;
  std::string latin_name;  // "" = none
  int birth_year = 0;      // 0 = not known; that of the day where that is
  std::optional<absl::CivilDay> birth_date;
  std::optional<Guardian> guardian;  // who was verified; nullopt = nobody
  std::string email;                 // "" = none
  PhoneNumber phone;                 // original "" = none
  std::optional<base::Uuid> centre;  // that keeps the data; nullopt = the whole suite
  absl::Time created_at;
  absl::Time updated_at;
  std::optional<base::Uuid> merged_into;  // of a record that lost in a merge; the next one's
  bool has_merged = false;                // records that lost lead to this one
};

struct Affiliation {
  base::Uuid id;
  base::Uuid person_id;
  base::Uuid organization_id;
  v1::AffiliationRole role = v1::AFFILIATION_ROLE_UNSPECIFIED;
  absl::CivilDay start_date;
  std::optional<absl::CivilDay> end_date;
  std::optional<base::Uuid> centre;  // the person's
};

std::string PersonName(const base::Uuid& id);  // "persons/{uuid}"
std::string AffiliationName(const base::Uuid& person,
                            const base::Uuid& id);  // ".../affiliations/…"

// NFC, the part behind @ in lower case; INVALID_FIELD blaming `field`, never echoed.
absl::StatusOr<std::string> NormaliseEmail(std::string_view text, std::string_view field);
// What a search by e-mail compares: all of it in lower case.
std::string EmailSearchKey(std::string_view email);

// Takes what is the person's own, and her guardian, from the contract's message, named below
// "person". INVALID_ARGUMENT with every fault, values never echoed.
absl::Status TakePersonal(const v1::Person& wanted, Person* person);
// DATE_INVALID blaming person.birth_year for one that is not there yet.
absl::Status CheckBirthYear(int birth_year, absl::CivilDay today);
// The same fields as a message.
v1::Person PersonalOf(const Person& person);
// Paths of what differs.
std::vector<std::string> ChangedPersonal(const Person& before, const Person& after);

// A centre sees the persons whom it keeps and those who act for it; it changes the first only.
// PERMISSION_DENIED.
absl::Status RequireKeeps(const base::Scope& scope, const std::optional<base::Uuid>& centre);

// Ends an affiliation: FAILED_PRECONDITION (AFFILIATION_ENDED), INVALID_ARGUMENT (DATE_ORDER).
absl::Status End(Affiliation* affiliation, absl::CivilDay last_day);

}  // namespace ieum::registry
