#include "platform/crypto/vault.h"

#include <sodium.h>

#include <mutex>

#include "platform/base/status.h"

namespace ieum::crypto {
namespace {

std::string WrapContext(const base::Uuid& person) { return "person-key/" + person.ToString(); }

absl::StatusOr<Key> TryAll(const KeyRing& ring, const base::Uuid& person,
                           std::string_view wrapped) {
  absl::StatusOr<std::string> bytes = absl::DataLossError("no wrapping key");
  for (const Key& key : ring.keys()) {
    bytes = Open(key, wrapped, WrapContext(person));
    if (bytes.ok()) return Key::FromBytes(*bytes);
  }
  return bytes.status();
}

WrappedKey Wrap(const KeyRing& ring, const base::Uuid& person, const Key& key) {
  return {Seal(ring.newest(), key.bytes(), WrapContext(person)), KeyId(ring.newest())};
}

}  // namespace

struct Vault::Shared {
  Shared(KeyRing given, Reload read)
      : ring(std::make_shared<const KeyRing>(std::move(given))), reload(std::move(read)) {}
  std::mutex mutex;  // of the ring; held while its file is read, so that it is read once
  std::shared_ptr<const KeyRing> ring;
  const Reload reload;
};

Vault::Vault(Key wrapping_key) : Vault(KeyRing(std::move(wrapping_key))) {}
Vault::Vault(KeyRing ring, Reload reload)
    : shared_(std::make_shared<Shared>(std::move(ring), std::move(reload))) {}

std::shared_ptr<const KeyRing> Vault::Ring() const {
  std::lock_guard<std::mutex> lock(shared_->mutex);
  return shared_->ring;
}

bool Vault::ReadAgain() const {
  if (!shared_->reload) return false;
  std::lock_guard<std::mutex> lock(shared_->mutex);
  auto read = shared_->reload();
  if (!read.ok() || read->ToText() == shared_->ring->ToText()) return false;
  shared_->ring = std::make_shared<const KeyRing>(*std::move(read));
  return true;
}

WrappedKey Vault::NewKey(const base::Uuid& person) const { return Wrap(*Ring(), person, Key()); }

absl::StatusOr<Key> Vault::Unwrap(const base::Uuid& person, std::string_view wrapped) const {
  auto key = TryAll(*Ring(), person, wrapped);
  if (key.ok() || !ReadAgain()) return key;
  return TryAll(*Ring(), person, wrapped);
}

absl::StatusOr<WrappedKey> Vault::Rewrap(const base::Uuid& person, std::string_view wrapped) const {
  ASSIGN_OR_RETURN(const Key key, Unwrap(person, wrapped));
  return Wrap(*Ring(), person, key);
}

std::string Vault::SealValue(const Key& person_key, std::string_view field,
                             std::string_view value) const {
  return Seal(person_key, value, field);
}

absl::StatusOr<std::string> Vault::OpenValue(const Key& person_key, std::string_view field,
                                             std::string_view box) const {
  return Open(person_key, box, field);
}

std::string Vault::BlindIndex(std::string_view field, std::string_view normalised) const {
  std::string input(field);
  input.push_back('\0');
  input.append(normalised);
  return KeyedHash(Ring()->index(), input);
}

}  // namespace ieum::crypto
