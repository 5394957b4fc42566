// Use cases of rules.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "platform/ledger/ledger.h"
#include "services/notify/rules/rule.h"

namespace ieum::notify {

// Version 1 as it would be put into force, not written. ID_TAKEN, and as CheckRule says.
absl::StatusOr<Rule> PrepareRule(db::Tx& tx, const std::string& code, const v1::Rule& wanted);
// In force from now on, or from `since`.
absl::StatusOr<ledger::Done> DefineRule(ledger::UnitOfWork& work, const std::string& code,
                                        const v1::Rule& wanted,
                                        std::optional<absl::Time> since = std::nullopt);

struct ChangeRuleInput {
  std::string code;
  std::string etag;
  // Makes what is wanted out of what is.
  std::function<absl::Status(v1::Rule*)> change;
};
// The next version as it would be put into force. NOT_FOUND, and as CheckRule says.
absl::StatusOr<Rule> PrepareRuleChange(db::Tx& tx, const ChangeRuleInput& input);
// STALE_ETAG besides.
absl::StatusOr<ledger::Done> ChangeRule(ledger::UnitOfWork& work, const ChangeRuleInput& input);

}  // namespace ieum::notify
