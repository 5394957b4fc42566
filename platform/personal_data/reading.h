// What is needed to tell one person's records while they are read: her key, and which roles
// accounts hold.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "platform/base/uuid.h"
#include "platform/crypto/vault.h"
#include "platform/db/tx.h"

namespace ieum::personal_data {

// Lives as long as the transaction; one thread.
class Reading {
 public:
  // `vault`: null in a service that seals nothing. A fault of the vault; a person without a key has
  // nothing that is sealed.
  static absl::StatusOr<Reading> Of(db::Tx& tx, const crypto::Vault* vault,
                                    const base::Uuid& person);

  // DATA_LOSS when the box is not hers.
  absl::StatusOr<std::string> Open(const std::string& field, const std::string& box) const;
  // "case_manager, supervisor"; "service" for a service of the suite; "직원" for an account without
  // a role of its own.
  std::string RolesOf(const std::string& account);

 private:
  Reading(db::Tx& tx, const crypto::Vault* vault) : tx_(&tx), vault_(vault) {}

  db::Tx* tx_;
  const crypto::Vault* vault_;
  std::optional<crypto::Key> key_;
  std::map<std::string, std::string> roles_;  // of accounts that were asked for
};

}  // namespace ieum::personal_data
