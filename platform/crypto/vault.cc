#include "platform/crypto/vault.h"

#include <sodium.h>

#include "platform/base/status.h"

namespace ieum::crypto {
namespace {

std::string WrapContext(const base::Uuid& person) { return "person-key/" + person.ToString(); }

// The key of the blind indexes follows from the wrapping key, so there is one secret to keep.
Key IndexKey(const Key& wrapping) {
  return *Key::FromBytes(KeyedHash(wrapping, "ieum blind index v1"));
}

}  // namespace

Vault::Vault(Key wrapping_key) : wrapping_(std::move(wrapping_key)), index_(IndexKey(wrapping_)) {}

std::string Vault::NewWrappedKey(const base::Uuid& person) const {
  const Key fresh;
  return Seal(wrapping_, fresh.bytes(), WrapContext(person));
}

absl::StatusOr<Key> Vault::Unwrap(const base::Uuid& person, std::string_view wrapped) const {
  ASSIGN_OR_RETURN(const std::string bytes, Open(wrapping_, wrapped, WrapContext(person)));
  return Key::FromBytes(bytes);
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
  return KeyedHash(index_, input);
}

}  // namespace ieum::crypto
