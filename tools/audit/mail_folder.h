// What a mail server received: one file a mail, as the local mail sink keeps them.
#pragma once

#include <map>
#include <string>

#include "absl/status/statusor.h"

namespace ieum::audit {

// How many mails there are of each local part of a Message-ID ("0191…" of
// "<0191…@localhost.localdomain>"); a mail without one counts under "". NOT_FOUND when there is no
// such folder. Nothing else of a mail is looked at.
absl::StatusOr<std::map<std::string, int>> MailsById(const std::string& folder);

}  // namespace ieum::audit
