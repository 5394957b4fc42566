// People of a chunk. Everybody who may be the same is looked for once for all rows; from then on
// those whom the rows before have made count, too. The rules are those of registering with nobody
// to ask.
#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "ieum/registry/v1/errors.pb.h"
#include "platform/base/chosen_centre.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/registry/duplicates/duplicate_commands.h"
#include "services/registry/imports/import_rows.h"
#include "services/registry/imports/import_store.h"
#include "services/registry/people/candidates.h"
#include "services/registry/people/guardianship.h"
#include "services/registry/people/match_store.h"
#include "services/registry/people/person_commands.h"
#include "services/registry/people/person_store.h"
#include "services/registry/people/standing_store.h"

namespace ieum::registry {
namespace {

constexpr char kIdentity[] = "import/person";  // of the keyed hash; never changes

struct PersonRow {
  int64_t number = 0;
  Person person;
  std::string identity;             // keyed hash of all that stands in the row
  std::optional<size_t> candidate;  // its place in the search
  std::optional<RowResult> result;  // what is known of it from the beginning
};

// What a row may not say, beside what nobody may say of a person.
absl::Status Check(const v1::Person& wanted, const Person& person, absl::CivilDay today) {
  base::FieldErrors errors;
  errors.Add(CheckBirthYear(person.birth_year, today));
  errors.Add(CheckBirthDate(BirthOf(person), today));
  if (wanted.has_guardian()) {
    errors.Add("INVALID_FIELD", "person.guardian",
               "must be empty: a child is registered by herself");
  } else {
    errors.Add(RequireGuardian(person, today, "person.guardian"));
  }
  if (!wanted.centre().empty()) {
    errors.Add("INVALID_FIELD", "person.centre", "must be empty: the import says it");
  }
  return errors.ToStatus();
}

PersonRow ReadRow(const ImportJob& job, const crypto::Vault& vault, const v1::RowToImport& wire,
                  absl::Time now) {
  PersonRow row;
  row.number = wire.number();
  if (wire.has_unreadable()) {
    row.result = RowResult{row.number, v1::IMPORT_OUTCOME_REFUSED, wire.unreadable().field(),
                           wire.unreadable().error_reason()};
    return row;
  }
  Person& person = row.person;
  person.id = RowId(job.id, row.number);
  person.centre = job.centre;
  person.created_at = person.updated_at = now;
  absl::Status status = TakePersonal(wire.person(), &person);
  if (status.ok()) status = Check(wire.person(), person, base::KoreaDay(now));
  if (!status.ok()) {
    row.result = Refused(row.number, status);
  } else {
    row.identity = vault.BlindIndex(
        kIdentity,
        absl::StrCat(base::CentreText(job.centre), "\n", PersonalOf(person).SerializeAsString()));
  }
  return row;
}

class PeopleChunk {
 public:
  PeopleChunk(ledger::UnitOfWork& work, const db::PersonKeys& keys, const MatchRules& rules,
              const ImportJob& job)
      : work_(work), keys_(keys), rules_(rules), job_(job) {}

  absl::Status Load(const RowsToImport& wire);
  std::vector<RowResult> Decide();
  // Locks `chunk`, the pairs, and whom rows were linked with: an erasure beside it takes the hashes
  // of their rows along, or they are found no more.
  absl::Status Write(const base::Uuid& chunk);

 private:
  RowResult DecideRow(const PersonRow& row);
  std::optional<base::Uuid> CertainOf(const std::vector<Candidate>& candidates) const;
  RowResult Register(const PersonRow& row, const std::vector<Candidate>& candidates);
  RowResult KnownBefore(const PersonRow& row, const std::optional<base::Uuid>& person) const;

  ledger::UnitOfWork& work_;
  const db::PersonKeys& keys_;
  const MatchRules& rules_;
  const ImportJob& job_;
  std::vector<PersonRow> rows_;
  std::map<std::string, std::optional<base::Uuid>> identities_;  // known before, or by now
  std::vector<Person> wanted_;                                   // who is searched for
  std::optional<CandidateSearch> search_;
  std::set<base::Uuid> seen_;  // of the candidates those whom the caller may see
  std::vector<size_t> made_;   // places in wanted_
  std::set<base::Uuid> linked_;
  std::vector<ImportIdentity> remembered_;
  std::vector<DuplicatePair> pairs_;
};

absl::Status PeopleChunk::Load(const RowsToImport& wire) {
  std::vector<std::string> hashes;
  for (const v1::RowToImport& row : wire) {
    rows_.push_back(ReadRow(job_, keys_.vault(), row, work_.now()));
    if (!rows_.back().result) hashes.push_back(rows_.back().identity);
  }
  db::Tx& tx = work_.tx();
  // As much as can be known before the others are kept out; what they write meanwhile is seen
  // behind it. Who is known now is known then, or was erased.
  identities_ = FindIdentities(tx, hashes);
  for (PersonRow& row : rows_) {
    if (row.result || identities_.contains(row.identity)) continue;
    row.candidate = wanted_.size();
    wanted_.push_back(row.person);
  }
  search_.emplace(keys_.vault(), wanted_);
  RETURN_IF_ERROR(search_->Look(tx, keys_));
  HoldAllKeys(tx);
  identities_ = FindIdentities(tx, hashes);
  RETURN_IF_ERROR(search_->Look(tx, keys_));
  seen_ = SeenOf(tx, work_.scope(), search_->stored());
  return absl::OkStatus();
}

std::vector<RowResult> PeopleChunk::Decide() {
  std::vector<RowResult> results;
  for (const PersonRow& row : rows_) {
    results.push_back(row.result ? *row.result : DecideRow(row));
    results.back().number = row.number;
  }
  return results;
}

RowResult PeopleChunk::KnownBefore(const PersonRow& row,
                                   const std::optional<base::Uuid>& person) const {
  if (person) return {.outcome = v1::IMPORT_OUTCOME_UNCHANGED, .person = person};
  return Refused(row.number,
                 base::InvalidField("PERSON_ERASED", "person",
                                    "was imported before and erased; it does not come back so"));
}

std::optional<base::Uuid> PeopleChunk::CertainOf(const std::vector<Candidate>& candidates) const {
  for (const Candidate& candidate : candidates) {
    if (candidate.verdict.score >= rules_.act_from && seen_.contains(candidate.id)) {
      return candidate.id;
    }
  }
  return std::nullopt;
}

RowResult PeopleChunk::DecideRow(const PersonRow& row) {
  const auto known = identities_.find(row.identity);
  if (known != identities_.end()) return KnownBefore(row, known->second);
  const auto candidates =
      search_->CandidatesOf(*row.candidate, rules_, std::min(rules_.queue_from, rules_.act_from));
  const auto certain = CertainOf(candidates);
  if (certain && job_.policy == v1::DUPLICATE_POLICY_BLOCK) {
    RowResult refused =
        Refused(row.number, base::InvalidField(v1::ERROR_REASON_DUPLICATE_PERSON, "person",
                                               "is all but certainly registered already"));
    refused.person = certain;
    return refused;
  }
  if (!certain || job_.policy != v1::DUPLICATE_POLICY_LINK) return Register(row, candidates);
  linked_.insert(*certain);
  identities_[row.identity] = certain;
  remembered_.push_back({row.identity, *certain});
  return {.outcome = v1::IMPORT_OUTCOME_LINKED, .person = certain};
}

RowResult PeopleChunk::Register(const PersonRow& row, const std::vector<Candidate>& candidates) {
  const base::Uuid& id = row.person.id;
  made_.push_back(*row.candidate);
  search_->Add(*row.candidate);
  seen_.insert(id);
  identities_[row.identity] = id;
  remembered_.push_back({row.identity, id});
  const auto pairs = PairsToReview(row.person, candidates, rules_.queue_from, work_.now());
  pairs_.insert(pairs_.end(), pairs.begin(), pairs.end());
  return {.outcome = pairs.empty() ? v1::IMPORT_OUTCOME_CREATED : v1::IMPORT_OUTCOME_REVIEW,
          .person = id};
}

absl::Status PeopleChunk::Write(const base::Uuid& chunk) {
  std::vector<base::Uuid> locked = {chunk}, ids;
  for (const size_t at : made_) {
    ids.push_back(wanted_[at].id);
    linked_.erase(ids.back());  // nobody but this chunk has heard of them
  }
  for (const DuplicatePair& pair : pairs_) locked.push_back(pair.id);
  locked.insert(locked.end(), linked_.begin(), linked_.end());
  work_.Lock(std::move(locked));
  db::Tx& tx = work_.tx();
  RequireStanding(tx, {linked_.begin(), linked_.end()});
  if (!ids.empty()) {
    ASSIGN_OR_RETURN(const std::vector<crypto::Key> keys, keys_.CreateAll(tx, ids));
    tx.Gather(nullptr);
    std::vector<SealedPerson> made;
    std::vector<const KeysToKeep*> found_by;
    for (size_t at = 0; at < made_.size(); ++at) {
      const Person& person = wanted_[made_[at]];
      made.push_back(Sealed(keys_.vault(), keys[at], person));
      found_by.push_back(&search_->keys_of(made_[at]));
      TellRegistered(work_, person);
    }
    InsertSealed(tx, made);
    InsertMatchKeys(tx, found_by);
  }
  NotePairs(work_, pairs_);
  InsertIdentities(tx, remembered_);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<RowResult>> ImportPeople(ledger::UnitOfWork& work,
                                                    const db::PersonKeys& keys,
                                                    const MatchRules& rules, const ImportJob& job,
                                                    const base::Uuid& chunk,
                                                    const RowsToImport& rows) {
  PeopleChunk people(work, keys, rules, job);
  RETURN_IF_ERROR(people.Load(rows));
  std::vector<RowResult> results = people.Decide();
  RETURN_IF_ERROR(people.Write(chunk));
  return results;
}

}  // namespace ieum::registry
