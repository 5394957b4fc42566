#include "services/registry/reference/reference.h"

namespace ieum::registry {
namespace {

constexpr size_t kProvinceDigits = 2;
constexpr size_t kDistrictDigits = 5;

}  // namespace

std::string RegionKey(std::string_view code) {
  if (code.size() > kDistrictDigits) code = code.substr(0, kDistrictDigits);
  if (code.size() == kDistrictDigits && code.substr(kProvinceDigits) == "000") {
    code = code.substr(0, kProvinceDigits);
  }
  return std::string(code);
}

std::string SignificantRegion(std::string_view code) {
  const bool below_district =
      code.size() > kDistrictDigits &&
      code.substr(kDistrictDigits).find_first_not_of('0') != std::string_view::npos;
  return below_district ? std::string(code) : RegionKey(code);
}

std::string KsicDivision(std::string_view code) { return std::string(code.substr(0, 2)); }

}  // namespace ieum::registry
