#include "platform/personal_data/reading.h"

#include "platform/access/subject_id.h"
#include "platform/base/status.h"
#include "platform/db/person_keys.h"
#include "platform/rpc/identity.h"

namespace ieum::personal_data {
namespace {

const db::Statement kRoles("personal_data_roles", R"(
  SELECT coalesce(string_agg(DISTINCT role, ', ' ORDER BY role), '')
  FROM access_grant WHERE subject_id = $1)");

constexpr char kSomebody[] = "직원";

}  // namespace

absl::StatusOr<Reading> Reading::Of(db::Tx& tx, const crypto::Vault* vault,
                                    const base::Uuid& person) {
  Reading reading(tx, vault);
  if (vault == nullptr) return reading;
  auto key = db::PersonKeys(*vault).Get(tx, person);
  if (key.ok()) {
    reading.key_ = *std::move(key);
  } else if (!absl::IsNotFound(key.status())) {
    return key.status();
  }
  return reading;
}

absl::StatusOr<std::string> Reading::Open(const std::string& field, const std::string& box) const {
  if (!key_) return absl::DataLossError("a sealed value stands under no key");
  return vault_->OpenValue(*key_, field, box);
}

std::string Reading::RolesOf(const std::string& account) {
  if (account.empty()) return "";
  if (rpc::IsService(account)) return rpc::kServiceRole;
  const auto known = roles_.find(account);
  if (known != roles_.end()) return known->second;
  const std::string held = db::AsText(tx_->Exec(kRoles, access::SubjectId(account))[0][0]);
  return roles_[account] = held.empty() ? kSomebody : held;
}

}  // namespace ieum::personal_data
