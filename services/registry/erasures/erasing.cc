#include "services/registry/erasures/erasing.h"

#include <algorithm>
#include <set>

#include "ieum/registry/v1/events.pb.h"
#include "platform/base/chosen_centre.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "platform/erasure/erasure_store.h"
#include "services/registry/changes/change_commands.h"
#include "services/registry/consents/consent_commands.h"
#include "services/registry/consents/consent_receipt_store.h"
#include "services/registry/consents/consent_store.h"
#include "services/registry/duplicates/duplicate_commands.h"
#include "services/registry/duplicates/duplicate_store.h"
#include "services/registry/erasures/erasure_store.h"
#include "services/registry/erasures/hold_store.h"
#include "services/registry/instants.h"
#include "services/registry/merges/merge_store.h"
#include "services/registry/moves/move_commands.h"
#include "services/registry/moves/move_store.h"
#include "services/registry/people/apart_store.h"
#include "services/registry/people/forget_store.h"
#include "services/registry/people/person_store.h"
#include "services/registry/people/standing_store.h"

namespace ieum::registry {
namespace {

constexpr char kPerson[] = "person";
constexpr char kSelf[] = "registry";

std::string DayOf(absl::Time instant) { return base::FormatDay(base::KoreaDay(instant)); }

void AddPart(v1::PersonDataKind kind, int64_t count,
             google::protobuf::RepeatedPtrField<v1::PersonDataPart>* parts) {
  if (count == 0) return;
  v1::PersonDataPart* part = parts->Add();
  part->set_kind(kind);
  part->set_count(count);
}

std::vector<ConsentHead> GivenHeads(db::Tx& tx, const base::Uuid& person, absl::Time now) {
  std::vector<ConsentHead> heads = FindHeads(tx, {person});
  std::erase_if(heads, [&](const ConsentHead& head) {
    return StateAt(head, now) != v1::CONSENT_STATE_GIVEN;
  });
  return heads;
}

// Today is her last day there; where it has not begun, its first one. Who keeps her was looked at;
// a record that was merged into hers may be of another centre.
void EndAffiliations(ledger::UnitOfWork& work, const base::Uuid& person) {
  const absl::CivilDay today = base::KoreaDay(work.now());
  for (Affiliation& affiliation : OpenAffiliations(work.tx(), person, today)) {
    affiliation.end_date = std::max(today, affiliation.start_date);
    SaveEnd(work.tx(), base::Scope::Everywhere(), affiliation);
    v1::AffiliationEnded event;
    event.set_affiliation_id(affiliation.id.ToString());
    event.set_event_date(base::FormatDay(today));
    event.set_person_id(person.ToString());
    event.set_organization_id(affiliation.organization_id.ToString());
    event.set_role(affiliation.role);
    event.set_start_date(base::FormatDay(affiliation.start_date));
    event.set_end_date(base::FormatDay(*affiliation.end_date));
    event.set_centre_id(base::CentreText(affiliation.centre));
    work.Append(person, kPerson, PersonName(person), event);
  }
}

void TakeConsentsBack(ledger::UnitOfWork& work, const base::Uuid& person,
                      const std::optional<base::Uuid>& centre) {
  Withdrawal withdrawal;
  withdrawal.channel = v1::CONSENT_CHANNEL_ERASURE;
  withdrawal.decided_at = work.now();
  TakeBack(work, person, centre, withdrawal);
}

void Tell(ledger::UnitOfWork& work, const ErasureRecord& record) {
  v1::PersonErased event;
  event.set_person_id(record.person_id.ToString());
  event.set_event_date(DayOf(work.now()));
  event.set_erasure_id(record.id.ToString());
  event.set_reason(record.reason);
  *event.mutable_erase_time() = ToTimestamp(record.erased_at);
  event.set_centre_id(base::CentreText(record.centre));
  work.Append(record.person_id, kPerson, PersonName(record.person_id), event);
}

// Registry destroys its own in the same transaction, so it confirms with it.
void Prove(ledger::UnitOfWork& work, const ErasureRecord& record, bool key_destroyed) {
  InsertRecord(work.tx(), record);
  InsertConfirmation(work.tx(), record.id, {kSelf, key_destroyed, std::nullopt, work.now()});
  erasure::NoteDestroyed(work.tx(), {record.person_id, record.id, record.erased_at}, key_destroyed,
                         true);
}

// What came between the look at what is to be locked and the locks: all of it again.
void RequireLocked(const std::vector<base::Uuid>& locked, const base::Uuid& id) {
  if (!std::binary_search(locked.begin(), locked.end(), id)) db::Conflict();
}

void ClosePairsOf(ledger::UnitOfWork& work, const base::Uuid& person, const Erasing& erasing) {
  std::vector<DuplicatePair> pairs = OpenPairsOf(work.tx(), person);
  for (const DuplicatePair& pair : pairs) RequireLocked(erasing.locked, pair.id);
  ClosePairs(work, std::move(pairs));
}

// Nobody takes over what is gone.
void CancelMovesOf(ledger::UnitOfWork& work, const base::Uuid& person, const Erasing& erasing) {
  const std::vector<base::Uuid> moves = OpenMovesOf(work.tx(), person);
  for (const base::Uuid& move : moves) RequireLocked(erasing.locked, move);
  CancelForErasure(work, moves);
}

// Nobody approves what is gone.
void CancelChangesOf(ledger::UnitOfWork& work, const base::Uuid& person, const Erasing& erasing) {
  for (const base::Uuid& change : WaitingChangesOf(work.tx(), person)) {
    RequireLocked(erasing.locked, change);
  }
  CancelChanges(work, person);
}

// Whoever wrote them down may have said who she is.
void ForgetWords(db::Tx& tx, const base::Uuid& person) {
  ForgetHoldWords(tx, person);
  ForgetMergeWords(tx, person);
  ForgetMoveWords(tx, person);
  ForgetOverrideWords(tx, person);
}

ErasureRecord ProofOf(ledger::UnitOfWork& work, const base::Uuid& person,
                      const std::optional<base::Uuid>& centre, const Erasing& erasing) {
  ErasureRecord record;
  record.id = ErasureIdOf(work, person);
  record.person_id = person;
  record.centre = centre;
  record.reason = erasing.reason;
  record.rule = erasing.rule;
  record.run = erasing.run;
  record.erased_at = work.now();
  record.eraser = work.caller().actor;
  record.parts = PartsOf(work.tx(), person, work.now());
  return record;
}

// `had_key`: before the first record of hers was erased.
void EraseRecord(ledger::UnitOfWork& work, const db::PersonKeys& keys, const ErasureRecord& record,
                 bool had_key, const Erasing& erasing) {
  const base::Uuid& person = record.person_id;
  // Told first: what follows is on behalf of it, and versions of her row are numbered by it.
  Tell(work, record);
  EndAffiliations(work, person);
  TakeConsentsBack(work, person, record.centre);
  EndWhatIsOpen(work, person, erasing);
  ForgetWords(work.tx(), person);
  ForgetPerson(work.tx(), base::Scope::Everywhere(), person, work.now());
  keys.Destroy(work.tx(), person, work.now());
  Prove(work, record, had_key);
}

}  // namespace

absl::StatusOr<Owner> KeptPerson(db::Tx& tx, const base::Scope& scope, const base::Uuid& id) {
  const auto owner = FindOwner(tx, scope, id);
  if (!owner) return base::NotFound(PersonName(id));
  RETURN_IF_ERROR(RequireKeeps(scope, owner->centre));
  if (!FindApart(tx, id)) RETURN_IF_ERROR(RequireNotErased(tx, id));
  RETURN_IF_ERROR(RequireUnmerged(tx, scope, id));
  return *owner;
}

void EndWhatIsOpen(ledger::UnitOfWork& work, const base::Uuid& person, const Erasing& erasing) {
  ClosePairsOf(work, person, erasing);
  CancelMovesOf(work, person, erasing);
  CancelChangesOf(work, person, erasing);
}

base::Uuid ErasureIdOf(const ledger::UnitOfWork& work, const base::Uuid& person) {
  return work.DeriveId("erasure/" + person.ToString());
}

std::vector<base::Uuid> LocksOf(ledger::UnitOfWork& work, const std::vector<base::Uuid>& persons) {
  std::set<base::Uuid> locked;
  for (const base::Uuid& person : persons) {
    for (const base::Uuid& record : RecordsOf(work.tx(), person)) {
      locked.insert(record);
      locked.insert(ErasureIdOf(work, record));
      for (const DuplicatePair& pair : OpenPairsOf(work.tx(), record)) locked.insert(pair.id);
      for (const base::Uuid& change : WaitingChangesOf(work.tx(), record)) locked.insert(change);
      for (const base::Uuid& move : OpenMovesOf(work.tx(), record)) locked.insert(move);
    }
  }
  return {locked.begin(), locked.end()};
}

v1::Erasure PartsOf(db::Tx& tx, const base::Uuid& person, absl::Time now) {
  v1::Erasure parts;
  auto* destroyed = parts.mutable_destroyed_parts();
  AddPart(v1::PERSON_DATA_KIND_IDENTITY, 1, destroyed);
  const auto apart = FindApart(tx, person);
  AddPart(v1::PERSON_DATA_KIND_SEARCH_KEYS,
          CountMatchKeys(tx, person) + (apart ? apart->search_keys : 0), destroyed);
  const auto affiliations = OpenAffiliations(tx, person, base::KoreaDay(now));
  AddPart(v1::PERSON_DATA_KIND_AFFILIATIONS, static_cast<int64_t>(affiliations.size()), destroyed);
  const auto consents = GivenHeads(tx, person, now);
  AddPart(v1::PERSON_DATA_KIND_CONSENTS, static_cast<int64_t>(consents.size()), destroyed);
  const auto pairs = OpenPairsOf(tx, person);
  AddPart(v1::PERSON_DATA_KIND_DUPLICATE_PAIRS, static_cast<int64_t>(pairs.size()), destroyed);
  const auto changes = WaitingChangesOf(tx, person);
  AddPart(v1::PERSON_DATA_KIND_CHANGE_REQUESTS, static_cast<int64_t>(changes.size()), destroyed);
  AddPart(v1::PERSON_DATA_KIND_FREE_WORDS, CountFreeWords(tx, person), destroyed);
  const KeptCounts kept = CountKept(tx, person);
  AddPart(v1::PERSON_DATA_KIND_ENROLMENTS, kept.enrolments, parts.mutable_kept_parts());
  AddPart(v1::PERSON_DATA_KIND_CONSENT_ENTRIES, kept.consent_entries, parts.mutable_kept_parts());
  AddPart(v1::PERSON_DATA_KIND_RECEIPTS, kept.receipts, parts.mutable_kept_parts());
  AddPart(v1::PERSON_DATA_KIND_OPEN_ACCOUNTS, kept.open_accounts, parts.mutable_kept_parts());
  return parts;
}

void EraseLocked(ledger::UnitOfWork& work, const db::PersonKeys& keys, const base::Uuid& person,
                 const std::optional<base::Uuid>& centre, const Erasing& erasing) {
  std::vector<base::Uuid> records = RecordsOf(work.tx(), person);
  for (const base::Uuid& record : records) RequireLocked(erasing.locked, record);
  // Her own last.
  std::erase(records, person);
  records.push_back(person);
  // Looked at before any of them goes: with a key the database destroys those of the records that
  // were merged into that one, and with them what they are found by.
  const std::set<base::Uuid> with_keys = keys.HeldOf(work.tx(), records);
  std::vector<ErasureRecord> proofs;
  for (const base::Uuid& record : records) {
    proofs.push_back(ProofOf(work, record, centre, erasing));
  }
  for (const ErasureRecord& proof : proofs) {
    EraseRecord(work, keys, proof, with_keys.contains(proof.person_id), erasing);
  }
}

}  // namespace ieum::registry
