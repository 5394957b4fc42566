#include "platform/access/subject_id.h"

namespace ieum::access {

base::Uuid SubjectId(std::string_view account) {
  return base::Uuid::Derive(base::Uuid(), "subject/" + std::string(account));
}

}  // namespace ieum::access
