// Somebody who acts: the account, and the person behind it as far as registry knows. Pure.
#pragma once

#include <optional>

#include "platform/base/uuid.h"

namespace ieum::casemgmt {

struct Staff {
  base::Uuid subject;                // access::SubjectId(account)
  std::optional<base::Uuid> person;  // nullopt = registry does not know
};

// One person may have two accounts: whoever decides about what somebody asked for must be another
// person, not only another account.
inline bool SamePerson(const Staff& one, const Staff& other) {
  return one.subject == other.subject || (one.person && one.person == other.person);
}

}  // namespace ieum::casemgmt
