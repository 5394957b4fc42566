#include "services/registry/duplicates/duplicate_commands.h"

#include <algorithm>
#include <map>

#include "ieum/registry/v1/errors.pb.h"
#include "ieum/registry/v1/events.pb.h"
#include "platform/base/chosen_centre.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "platform/telemetry/log.h"
#include "services/registry/duplicates/duplicate_store.h"
#include "services/registry/people/match_store.h"
#include "services/registry/people/person_store.h"

namespace ieum::registry {
namespace {

constexpr char kPairKind[] = "duplicate_pair";
constexpr char kScanKind[] = "duplicate_scan";

std::string Today(const ledger::UnitOfWork& work) {
  return base::FormatDay(base::KoreaDay(work.now()));
}

template <class Event>
Event EventOf(const ledger::UnitOfWork& work, const DuplicatePair& pair) {
  Event event;
  event.set_duplicate_pair_id(pair.id.ToString());
  event.set_event_date(Today(work));
  event.set_person_id(pair.person.ToString());
  event.set_other_person_id(pair.other.ToString());
  event.set_centre_id(base::CentreText(pair.centre));
  return event;
}

absl::Status Running(db::Tx& tx) {
  const auto scan = RunningScan(tx);
  return base::Forbidden(v1::ERROR_REASON_DUPLICATE_SCAN_RUNNING,
                         "a search of the whole registry is running; it goes on by itself",
                         {{"duplicate_scan", scan ? DuplicateScanName(scan->id) : std::string()}});
}

std::vector<base::Uuid> IdsOf(const std::vector<PersonToScan>& persons) {
  std::vector<base::Uuid> ids;
  for (const PersonToScan& person : persons) ids.push_back(person.id);
  return ids;
}

// Those whose data can be read, and those whose data are there and cannot be opened.
struct Loaded {
  std::vector<Person> persons;
  std::vector<base::Uuid> unreadable;
  absl::Status why_unreadable;
};

// Who was erased is in neither.
absl::StatusOr<Loaded> LoadAll(db::Tx& tx, const db::PersonKeys& keys,
                               const std::vector<base::Uuid>& ids) {
  Loaded loaded;
  if (ids.empty()) return loaded;
  for (auto& [id, person] : FindPersons(tx, base::Scope::Everywhere(), keys, ids)) {
    if (person.ok()) {
      loaded.persons.push_back(*std::move(person));
    } else if (absl::IsDataLoss(person.status())) {
      loaded.why_unreadable = person.status();
      loaded.unreadable.push_back(id);
    } else if (!absl::IsFailedPrecondition(person.status())) {
      return person.status();
    }
  }
  return loaded;
}

// One who cannot be read does not keep the others from being compared. Where nobody can, it is not
// the persons: a key is missing, and the search waits until it is back.
absl::Status PassOverUnreadable(const Loaded& loaded) {
  if (loaded.persons.empty() && loaded.unreadable.size() > 1) return loaded.why_unreadable;
  for (const base::Uuid& person : loaded.unreadable) {
    telemetry::Error("a person's data cannot be opened; the search for duplicates goes on without",
                     {{"person", person.ToString()}});
  }
  return absl::OkStatus();
}

// Pairs of these persons with anybody, each once, without those that were found before.
absl::StatusOr<std::vector<DuplicatePair>> FreshPairs(ledger::UnitOfWork& work,
                                                      const db::PersonKeys& keys,
                                                      const MatchRules& rules,
                                                      const std::vector<Person>& persons) {
  ASSIGN_OR_RETURN(
      const auto candidates,
      FindCandidates(work.tx(), keys, persons, rules, rules.queue_from, Unreadable::kIsPassedOver));
  std::map<base::Uuid, DuplicatePair> pairs;
  for (size_t at = 0; at < persons.size(); ++at) {
    for (DuplicatePair& pair :
         PairsToReview(persons[at], candidates[at], rules.queue_from, work.now())) {
      pairs.emplace(pair.id, std::move(pair));
    }
  }
  std::vector<base::Uuid> ids;
  for (const auto& [id, pair] : pairs) ids.push_back(id);
  for (const base::Uuid& known : KnownPairs(work.tx(), ids)) pairs.erase(known);
  std::vector<DuplicatePair> fresh;
  for (auto& [id, pair] : pairs) fresh.push_back(std::move(pair));
  return fresh;
}

void Complete(ledger::UnitOfWork& work, DuplicateScan* scan) {
  scan->state = v1::DUPLICATE_SCAN_STATE_COMPLETED;
  v1::DuplicateScanCompleted event;
  event.set_duplicate_scan_id(scan->id.ToString());
  event.set_event_date(Today(work));
  event.set_persons(scan->scanned);
  event.set_pairs(scan->pairs);
  work.Append(scan->id, kScanKind, DuplicateScanName(scan->id), event);
}

}  // namespace

std::vector<DuplicatePair> PairsToReview(const Person& person,
                                         const std::vector<Candidate>& candidates, int from,
                                         absl::Time now) {
  std::vector<DuplicatePair> pairs;
  for (const Candidate& candidate : candidates) {
    if (candidate.verdict.score < from || pairs.size() == kPairsOfOne) break;
    pairs.push_back(PairOf(person, candidate, now));
  }
  return pairs;
}

int NotePairs(ledger::UnitOfWork& work, const std::vector<DuplicatePair>& pairs) {
  int noted = 0;
  for (const DuplicatePair& pair : pairs) {
    if (work.Version(pair.id) != 0 || !InsertPair(work.tx(), pair)) continue;
    auto event = EventOf<v1::DuplicatePairFound>(work, pair);
    event.set_score(pair.score);
    work.Append(pair.id, kPairKind, DuplicatePairName(pair.id), event);
    ++noted;
  }
  return noted;
}

absl::StatusOr<ledger::Done> DismissDuplicate(ledger::UnitOfWork& work,
                                              const DismissDuplicateInput& input) {
  work.Lock({input.id});
  auto view = FindPair(work.tx(), work.scope(), input.id);
  const std::string name = DuplicatePairName(input.id);
  if (!view) return base::NotFound(name);
  RETURN_IF_ERROR(work.ExpectEtag(input.id, input.etag));
  RETURN_IF_ERROR(Dismiss(&view->pair, work.caller().actor, work.now()));
  SaveDecision(work.tx(), work.scope(), view->pair);
  work.Append(input.id, kPairKind, name, EventOf<v1::DuplicatePairDismissed>(work, view->pair));
  return ledger::Done{input.id, name};
}

void ClosePairs(ledger::UnitOfWork& work, std::vector<DuplicatePair> pairs) {
  for (DuplicatePair& pair : pairs) {
    pair.state = v1::DUPLICATE_PAIR_STATE_CLOSED;
    pair.decider = work.caller().actor;
    pair.decided_at = work.now();
    // Of two centres, too: it is closed with the person, whoever keeps the other one.
    SaveDecision(work.tx(), base::Scope::Everywhere(), pair);
    work.Append(pair.id, kPairKind, DuplicatePairName(pair.id),
                EventOf<v1::DuplicatePairClosed>(work, pair));
  }
}

absl::StatusOr<ledger::Done> StartDuplicateScan(ledger::UnitOfWork& work) {
  DuplicateScan scan;
  scan.id = work.DeriveId(kScanKind);
  work.Lock({scan.id});
  scan.persons = CountPersons(work.tx());
  scan.started_at = work.now();
  if (!InsertScan(work.tx(), scan)) return Running(work.tx());
  const std::string name = DuplicateScanName(scan.id);
  v1::DuplicateScanStarted event;
  event.set_duplicate_scan_id(scan.id.ToString());
  event.set_event_date(Today(work));
  work.Append(scan.id, kScanKind, name, event);
  return ledger::Done{scan.id, name};
}

absl::StatusOr<ledger::Done> RenewMatchKeys(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                            const base::Uuid& scan,
                                            const std::vector<base::Uuid>& persons) {
  std::vector<base::Uuid> locked = persons;
  locked.push_back(scan);
  work.Lock(std::move(locked));
  ASSIGN_OR_RETURN(const Loaded loaded, LoadAll(work.tx(), keys, persons));
  for (const Person& person : loaded.persons) PutMatchKeys(work.tx(), keys.vault(), person);
  // The keys of the others are as old as they were; the next search tries again.
  std::vector<base::Uuid> renewed = persons;
  std::erase_if(renewed, [&](const base::Uuid& person) {
    return std::count(loaded.unreadable.begin(), loaded.unreadable.end(), person) > 0;
  });
  SaveMatchForm(work.tx(), work.scope(), renewed);
  return ledger::Done{scan, DuplicateScanName(scan)};
}

absl::StatusOr<ledger::Done> StepDuplicateScan(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                               const MatchRules& rules, const DuplicateScan& from) {
  const ledger::Done done{from.id, DuplicateScanName(from.id)};
  const auto batch = PersonsBehind(work.tx(), from.last_person, kScanStep);
  ASSIGN_OR_RETURN(Loaded loaded, LoadAll(work.tx(), keys, IdsOf(batch)));
  RETURN_IF_ERROR(PassOverUnreadable(loaded));
  // Whoever stands for a record that lost in a merge is compared.
  std::erase_if(loaded.persons,
                [](const Person& person) { return person.merged_into.has_value(); });
  ASSIGN_OR_RETURN(const auto pairs, FreshPairs(work, keys, rules, loaded.persons));
  std::vector<base::Uuid> locked = {from.id};
  for (const DuplicatePair& pair : pairs) locked.push_back(pair.id);
  work.Lock(locked);
  auto scan = RunningScan(work.tx());
  if (!scan || scan->id != from.id || scan->last_person != from.last_person) return done;
  scan->pairs += NotePairs(work, pairs);
  scan->scanned += static_cast<int64_t>(batch.size());
  if (!batch.empty()) scan->last_person = batch.back().id;
  scan->updated_at = work.now();
  if (batch.size() < kScanStep) Complete(work, &*scan);
  SaveScan(work.tx(), *scan);
  return done;
}

}  // namespace ieum::registry
