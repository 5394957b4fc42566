// A target of one indicator in one edition of a programme. Pure.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "platform/base/uuid.h"

namespace ieum::reporting {

// Programme, edition and code of "programmes/BSN/editions/2023/targets/B04" (also of metrics and
// funnels). The contract's pattern has checked the shape.
struct PlanKey {
  std::string programme, edition, code;
};
PlanKey PlanKeyOf(const std::string& name);

// The aggregate's id follows from the name.
base::Uuid TargetId(const PlanKey& key);
std::string TargetName(const PlanKey& key);

// Empty = no target. TARGET_INVALID otherwise: a target that nothing can be measured against.
absl::Status CheckTargetValue(const std::string& value);

}  // namespace ieum::reporting
