// Who of those registered may be the same person. Looks at everybody's data, whoever asks; what a
// caller is told of it is decided by ToldOf.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "ieum/registry/v1/person_service.pb.h"
#include "platform/base/scope.h"
#include "platform/db/person_keys.h"
#include "platform/db/tx.h"
#include "services/registry/people/match_store.h"
#include "services/registry/people/person_store.h"
#include "services/registry/people/similarity.h"

namespace ieum::registry {

struct Candidate {
  base::Uuid id;
  std::optional<base::Uuid> centre;  // that keeps her; nullopt = the whole suite
  Verdict verdict;
};

// What becomes of a search that meets somebody whose sealed data cannot be opened. Who registers
// stops: she may be the same person. A search of everybody goes on without her.
enum class Unreadable { kIsAFault, kIsPassedOver };

// Of each of these persons, stored or not yet, the candidates whose score is `from` or more, the
// likeliest first, then by id; never the person herself, nobody who was erased. A fault of the
// vault.
absl::StatusOr<std::vector<std::vector<Candidate>>> FindCandidates(
    db::Tx& tx, const db::PersonKeys& keys, const std::vector<Person>& persons,
    const MatchRules& rules, int from, Unreadable unreadable = Unreadable::kIsAFault);

// Looks for the candidates of many persons who are registered one after the other: a later one is
// held beside those before her, too.
class CandidateSearch {
 public:
  // Makes what they are looked for by, and asks nobody. `persons` outlive the search.
  CandidateSearch(const crypto::Vault& vault, const std::vector<Person>& persons);

  // Finds everybody who is stored now and may be the same as one of them; to be called before the
  // first Add. Called again it reads those alone who came or changed since: who looks before others
  // are kept out looks once more behind it, at little. A fault of the vault.
  absl::Status Look(db::Tx& tx, const db::PersonKeys& keys);

  // Everybody stored who may be the same as one of them; to be asked before the first Add.
  std::vector<base::Uuid> stored() const;
  // What FindCandidates says of `persons[at]`.
  std::vector<Candidate> CandidatesOf(size_t at, const MatchRules& rules, int from) const;
  // `persons[at]` is registered.
  void Add(size_t at);
  // Under which `persons[at]` is to be kept.
  const KeysToKeep& keys_of(size_t at) const { return kept_[at]; }

  // Somebody, and what of her is compared.
  struct Known {
    Person person;
    Traits traits;
  };

 private:
  const std::vector<Person>* persons_;
  std::vector<Traits> traits_;                           // of each
  std::vector<std::vector<MatchKey>> wanted_, kept_as_;  // of each
  std::vector<KeysToKeep> kept_;                         // of each
  KeysToFind sought_;
  std::vector<Findings> findings_;          // of each
  std::map<base::Uuid, PersonState> read_;  // as she was then
  std::map<base::Uuid, Known> others_;
  std::map<MatchKey, std::vector<base::Uuid>> added_;
};

// What the answer to a caller holds: those whom he may see, at most kCandidatesTold, and one line
// for all others together.
inline constexpr int kCandidatesTold = 20;
std::vector<v1::DuplicateCandidate> ToldOf(db::Tx& tx, const base::Scope& scope,
                                           const std::vector<Candidate>& candidates);

}  // namespace ieum::registry
