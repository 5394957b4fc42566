#include "services/registry/exports/holdings.h"

#include <iterator>

#include "platform/base/status.h"
#include "services/registry/people/person_store.h"
#include "services/registry/people/standing_store.h"

namespace ieum::registry {

personal_data::Holdings HeldByRegistry() {
  personal_data::Holdings holdings;
  for (auto part : {HeldOfPeople, HeldOfConsents, HeldOfParticipation, HeldOfRecords}) {
    auto kinds = part();
    std::move(kinds.begin(), kinds.end(), std::back_inserter(holdings.kinds));
  }
  holdings.silences = {
      {"consent_head.person_id", "the last of her consents, which are told"},
      {"duplicate_scan.last_person_id", "a place in the order of ids, and no person"},
      {"erasure_record.person_id", "of who was erased; the proof is told instead of records"},
      {"import_identity.person_id", "a keyed hash of a row, from which nothing can be read"},
      {"person.merged_into", "told as who stands for the record"},
      {"person_apart.person_id", "of whose data nothing is told meanwhile: they look erased"},
      {"person_apart_look.person_id",
       "who looked; the log of accesses, which is told, has it, too"},
      {"person_erasure.person_id", "of who was erased; the proof is told instead of records"},
      {"person_index_apart.person_id", "keyed hashes of values that are told"},
      {"person_key.person_id", "the key itself; what is sealed with it is told"},
      {"person_key_apart.person_id", "the key itself, while nothing is told of her"},
      {"person_match_key.person_id", "keyed hashes of values that are told"},
      {"person_match_key_apart.person_id", "keyed hashes of values that are told"},
  };
  return holdings;
}

absl::Status IdentifyPerson(db::Tx& tx, const base::Scope& scope, const base::Uuid& person,
                            platform::v1::ExportPersonalDataResponse* response) {
  if (!FindOwner(tx, scope, person)) return base::NotFound(PersonName(person));
  const base::Uuid standing = StandsFor(tx, person);
  if (standing != person) response->set_merged_into(PersonName(standing));
  for (const base::Uuid& record : RecordsOf(tx, person)) {
    if (record == person || !FindOwner(tx, scope, record)) continue;
    response->add_merged_persons(PersonName(record));
  }
  return absl::OkStatus();
}

}  // namespace ieum::registry
