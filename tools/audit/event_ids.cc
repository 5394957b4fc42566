#include "tools/audit/event_ids.h"

#include "absl/strings/str_cat.h"

namespace ieum::audit {

base::Uuid EventIdOf(std::string_view service, const base::Uuid& cause, int index) {
  return base::Uuid::Derive(base::Uuid::Derive(cause, service), absl::StrCat("event/", index));
}

int IndexOf(std::string_view service, const base::Uuid& cause, const base::Uuid& event_id,
            int most) {
  for (int index = 0; index < most; ++index) {
    if (EventIdOf(service, cause, index) == event_id) return index;
  }
  return -1;
}

}  // namespace ieum::audit
