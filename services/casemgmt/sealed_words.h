// Words about a person, sealed with her key under the name of their field. Once she is erased
// nobody reads them again, and nobody writes others; the same holds for as long as registry keeps
// her data apart (law:L13).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "platform/db/person_keys.h"

namespace ieum::casemgmt {

// Holds one person's key: lives as long as the transaction, on one thread.
class SealedWords {
 public:
  // To write. `any` = there are words at all; without, no key is made. PERSON_ERASED where there
  // are and `person` is nobody any more, and in any case while her data are kept apart.
  static absl::StatusOr<SealedWords> ToWrite(db::Tx& tx, const db::PersonKeys& keys,
                                             const std::optional<base::Uuid>& person, bool any);
  // To read. Of who was erased, or has no key, everything reads as "".
  static absl::StatusOr<SealedWords> ToRead(db::Tx& tx, const db::PersonKeys& keys,
                                            const std::optional<base::Uuid>& person);

  // NULL for "".
  db::Param Box(std::string_view field, std::string_view words) const;
  // "" for an empty box. DATA_LOSS when the box is not hers, or of another field.
  absl::StatusOr<std::string> Words(std::string_view field, const std::string& box) const;

 private:
  SealedWords(const crypto::Vault& vault, std::optional<crypto::Key> key)
      : vault_(&vault), key_(std::move(key)) {}

  const crypto::Vault* vault_;
  std::optional<crypto::Key> key_;
};

}  // namespace ieum::casemgmt
