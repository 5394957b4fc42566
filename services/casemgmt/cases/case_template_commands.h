// The use cases of case templates; the errors are those that CaseTemplateService promises.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "platform/ledger/ledger.h"
#include "services/casemgmt/cases/case_pace.h"

namespace ieum::casemgmt {

struct NewTemplateInput {
  std::optional<base::Uuid> id;      // absent = derived from the request
  std::string programme;             // "" = every programme
  std::optional<base::Uuid> centre;  // as wished
  CasePace pace;
};
absl::StatusOr<ledger::Done> CreateTemplate(ledger::UnitOfWork& work,
                                            const NewTemplateInput& input);
// The next version; open cases keep theirs.
absl::StatusOr<ledger::Done> PublishTemplate(ledger::UnitOfWork& work, const base::Uuid& id,
                                             const std::string& etag, const CasePace& pace);

}  // namespace ieum::casemgmt
