// Use cases of templates.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "platform/ledger/ledger.h"
#include "services/notify/templates/template.h"

namespace ieum::notify {

// Version 1 as it would be put into force, not written. ID_TAKEN, and as CheckTemplate says.
absl::StatusOr<Template> PrepareTemplate(db::Tx& tx, const std::string& code,
                                         const v1::Template& wanted);
// In force from now on, or from `since`.
absl::StatusOr<ledger::Done> DefineTemplate(ledger::UnitOfWork& work, const std::string& code,
                                            const v1::Template& wanted,
                                            std::optional<absl::Time> since = std::nullopt);

struct ChangeTemplateInput {
  std::string code;
  std::string etag;
  // Makes what is wanted out of what is.
  std::function<absl::Status(v1::Template*)> change;
};
// The next version as it would be put into force. NOT_FOUND, and as CheckTemplate says;
// TEMPLATE_VARIABLE_UNKNOWN too when a rule that names the template could not fill it.
absl::StatusOr<Template> PrepareTemplateChange(db::Tx& tx, const ChangeTemplateInput& input);
// STALE_ETAG besides.
absl::StatusOr<ledger::Done> ChangeTemplate(ledger::UnitOfWork& work,
                                            const ChangeTemplateInput& input);

}  // namespace ieum::notify
