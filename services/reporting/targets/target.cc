#include "services/reporting/targets/target.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "ieum/reporting/v1/errors.pb.h"
#include "platform/base/decimal.h"
#include "platform/base/status.h"

namespace ieum::reporting {
namespace {

const base::Uuid kTargets = *base::Uuid::Parse("8b9d4c1e-5a70-8f3e-9a51-3c6de0b7f202");

}  // namespace

PlanKey PlanKeyOf(const std::string& name) {
  const std::vector<std::string> parts = absl::StrSplit(name, '/');
  PlanKey key;
  if (parts.size() > 1) key.programme = parts[1];
  if (parts.size() > 3) key.edition = parts[3];
  if (parts.size() > 5) key.code = parts[5];
  return key;
}

base::Uuid TargetId(const PlanKey& key) { return base::Uuid::Derive(kTargets, TargetName(key)); }

std::string TargetName(const PlanKey& key) {
  return absl::StrCat("programmes/", key.programme, "/editions/", key.edition, "/targets/",
                      key.code);
}

absl::Status CheckTargetValue(const std::string& value) {
  if (value.empty()) return absl::OkStatus();
  const auto target = base::Decimal::Parse(value);
  if (target && *target > base::Decimal(0)) return absl::OkStatus();
  return base::InvalidField(v1::ERROR_REASON_TARGET_INVALID, "value",
                            "must be a decimal above zero, or empty for a figure without a target");
}

}  // namespace ieum::reporting
