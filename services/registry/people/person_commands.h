// What can be done with people. Nothing personal leaves the vault but through FindPerson.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/db/person_keys.h"
#include "platform/ledger/ledger.h"
#include "services/registry/people/person.h"
#include "services/registry/people/similarity.h"

namespace ieum::registry {

struct RegisterPersonInput {
  std::optional<base::Uuid> id;      // chosen by the caller
  v1::Person person;                 // what is not output
  std::optional<base::Uuid> centre;  // as the caller said
  v1::DuplicatePolicy policy = v1::DUPLICATE_POLICY_UNSPECIFIED;
  MatchRules rules;
};
// ALREADY_EXISTS (DUPLICATE_PERSON) and another person's name as the policy says.
absl::StatusOr<ledger::Done> RegisterPerson(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                            const RegisterPersonInput& input);

// Appends the event of a new person who is stored.
void TellRegistered(ledger::UnitOfWork& work, const Person& person);

struct UpdatePersonInput {
  base::Uuid id;
  std::string etag;
  // Given the person's own data as they are, makes of them what they shall be.
  std::function<absl::Status(v1::Person*)> change;
};
// CHANGE_NEEDS_REVIEW for a field that nobody changes alone (changes/sensitive_fields.h).
absl::StatusOr<ledger::Done> UpdatePerson(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                          const UpdatePersonInput& input);
// Its parts, for who has locked the person and more: what it would make, checked, and the update.
struct PersonUpdate {
  Person before, after;
  std::vector<std::string> changed;  // paths
};
absl::StatusOr<PersonUpdate> PlanUpdate(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                        const UpdatePersonInput& input);
absl::Status MakeUpdate(ledger::UnitOfWork& work, const db::PersonKeys& keys, PersonUpdate update);

struct StartAffiliationInput {
  std::optional<base::Uuid> id;  // chosen by the caller
  base::Uuid person_id;
  base::Uuid organization_id;
  v1::AffiliationRole role = v1::AFFILIATION_ROLE_UNSPECIFIED;
  std::string start_date;
  std::string end_date = {};  // "" = it goes on
};
// EMPLOYMENT_OVERLAP beside what the contract says of every affiliation. What an employment covers
// of the person's enrolments is attributed to its employer; the same with the two below. row:R10
absl::StatusOr<ledger::Done> StartAffiliation(ledger::UnitOfWork& work,
                                              const StartAffiliationInput& input);

struct EndAffiliationInput {
  base::Uuid person_id;
  base::Uuid id;
  std::string etag;      // the person's
  std::string end_date;  // "" = today
};
absl::StatusOr<ledger::Done> EndAffiliation(ledger::UnitOfWork& work,
                                            const EndAffiliationInput& input);

// The period as it was in truth.
struct CorrectAffiliationInput {
  base::Uuid person_id;
  base::Uuid id;
  std::string etag;  // the person's
  std::string start_date;
  std::string end_date;  // "" = it goes on
};
absl::StatusOr<ledger::Done> CorrectAffiliation(ledger::UnitOfWork& work,
                                                const CorrectAffiliationInput& input);

// One person's address for one message.
struct ContactQuestion {
  base::Uuid person;
  v1::ContactPurpose purpose = v1::CONTACT_PURPOSE_UNSPECIFIED;
  std::string message_reference;
  std::optional<base::Uuid> organization_id;
  v1::ContactChannel channel = v1::CONTACT_CHANNEL_UNSPECIFIED;
};
// Decides each question (contact_gate.h) and stores its receipt. Persons whose consents are looked
// at are locked: nobody is answered on a consent whose withdrawal has committed. row:X14 The
// addresses are read from the receipts afterwards. The name of the answer is that of the
// resolution, `contactResolutions/{uuid}`.
ledger::Done ResolveContacts(ledger::UnitOfWork& work,
                             const std::vector<ContactQuestion>& questions);

}  // namespace ieum::registry
