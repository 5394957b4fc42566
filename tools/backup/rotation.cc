#include "tools/backup/rotation.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "platform/crypto/vault.h"
#include "tools/backup/places.h"
#include "tools/backup/rotation_store.h"

namespace ieum::backup {
namespace {

constexpr int kPrivate = 0600;

std::vector<std::string> IdsOf(const crypto::KeyRing& ring) {
  std::vector<std::string> ids;
  for (const crypto::Key& key : ring.keys()) ids.push_back(crypto::KeyId(key));
  return ids;
}

}  // namespace

absl::StatusOr<crypto::KeyRing> ReadRing(const std::string& key_file) {
  ASSIGN_OR_RETURN(const std::string text, ReadWhole(key_file));
  auto ring = crypto::KeyRing::FromText(text);
  if (ring.ok()) return ring;
  return absl::InvalidArgumentError(
      absl::StrCat(key_file, ": ", std::string(ring.status().message())));
}

absl::StatusOr<std::vector<KeyUse>> LookAtKeys(db::Database& database,
                                               const crypto::KeyRing& ring) {
  std::vector<KeyCount> counts;
  RETURN_IF_ERROR(database.Read("wrapping_keys", [&](db::Tx& tx) {
    counts = CountByKey(tx);
    return absl::OkStatus();
  }));
  std::vector<KeyUse> uses;
  for (const std::string& id : IdsOf(ring)) {
    uses.push_back({.key_id = id, .in_file = true, .newest = uses.empty()});
  }
  for (const KeyCount& count : counts) {
    auto use = std::find_if(uses.begin(), uses.end(),
                            [&](const KeyUse& one) { return one.key_id == count.key_id; });
    if (use == uses.end()) use = uses.insert(uses.end(), KeyUse{.key_id = count.key_id});
    use->persons = count.persons;
    use->retired = count.retired;
  }
  return uses;
}

absl::StatusOr<int64_t> JoinKeys(const std::string& key_file, const std::string& other_file) {
  ASSIGN_OR_RETURN(const crypto::KeyRing ring, ReadRing(key_file));
  ASSIGN_OR_RETURN(const crypto::KeyRing other, ReadRing(other_file));
  const crypto::KeyRing joined = ring.AlsoOpening(other);
  RETURN_IF_ERROR(WriteWhole(key_file, joined.ToText(), kPrivate));
  return static_cast<int64_t>(joined.keys().size() - ring.keys().size());
}

absl::StatusOr<std::string> AddKey(db::Database& database, const std::string& key_file) {
  ASSIGN_OR_RETURN(crypto::KeyRing ring, ReadRing(key_file));
  if (ring.keys().size() == 1) {
    ring = ring.With(crypto::Key());
    // On disk before anything is wrapped by it.
    RETURN_IF_ERROR(WriteWhole(key_file, ring.ToText(), kPrivate));
  }
  RETURN_IF_ERROR(database.Write("name_wrapping_keys", [&](db::Tx& tx) {
    NameKeys(tx, IdsOf(ring));
    return absl::OkStatus();
  }));
  return crypto::KeyId(ring.newest());
}

absl::StatusOr<int64_t> RewrapAll(db::Database& database, const std::string& key_file, int batch,
                                  const std::function<void(int64_t)>& told) {
  ASSIGN_OR_RETURN(crypto::KeyRing ring, ReadRing(key_file));
  const std::string newest = crypto::KeyId(ring.newest());
  const crypto::Vault vault(std::move(ring));
  int64_t all = 0;
  base::Uuid after;
  // Once more from the start when something was done: a process that has not read its file again
  // still wraps by the old key.
  for (int64_t round = 0;;) {
    size_t done = 0;
    base::Uuid last;
    RETURN_IF_ERROR(database.Write("rewrap", [&](db::Tx& tx) -> absl::Status {
      std::vector<WrappedPerson> persons = LockOthers(tx, newest, after, batch);
      done = persons.size();
      for (WrappedPerson& person : persons) {
        const auto wrapped = vault.Rewrap(person.person, person.wrapped);
        if (!wrapped.ok()) {
          return absl::DataLossError(
              absl::StrCat("no key of ", key_file, " opens that of person ",
                           person.person.ToString(), " (wrapped by ", person.key_id,
                           "): put the key that does into the file, from a backup"));
        }
        person.wrapped = wrapped->box;
        person.key_id = wrapped->key_id;
      }
      SaveWrapped(tx, persons);
      if (!persons.empty()) last = persons.back().person;
      return absl::OkStatus();
    }));
    round += static_cast<int64_t>(done);
    all += static_cast<int64_t>(done);
    if (done > 0) {
      after = last;
      told(all);
      continue;
    }
    if (round == 0) return all;
    round = 0;
    after = base::Uuid();
  }
}

absl::StatusOr<int64_t> RetireOld(db::Database& database, const std::string& key_file) {
  ASSIGN_OR_RETURN(crypto::KeyRing ring, ReadRing(key_file));
  const std::string newest = crypto::KeyId(ring.newest());
  std::vector<std::string> old = IdsOf(ring);
  old.erase(old.begin());
  if (old.empty()) return 0;
  RETURN_IF_ERROR(database.Write("retire_wrapping_keys", [&](db::Tx& tx) -> absl::Status {
    LockPersonKeys(tx);
    if (const int64_t others = CountOthers(tx, newest); others > 0) {
      return absl::FailedPreconditionError(
          absl::StrCat(others, " persons' keys are still wrapped by an older key: rewrap first"));
    }
    MarkRetired(tx, old);
    return absl::OkStatus();
  }));
  for (const std::string& id : old) {
    ASSIGN_OR_RETURN(ring, ring.Without(id));
  }
  RETURN_IF_ERROR(WriteWhole(key_file, ring.ToText(), kPrivate));
  return static_cast<int64_t>(old.size());
}

}  // namespace ieum::backup
