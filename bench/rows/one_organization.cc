#include "bench/rows/one_organization.h"

#include <atomic>

#include "absl/strings/str_cat.h"
#include "ieum/registry/v1/organization_service.pb.h"

namespace ieum::bench {
namespace {

namespace registry = ieum::registry::v1;

// Ten digits with the check digit that the tax office would give: 1 3 7 1 3 7 1 3 5 and the tens of
// five times the ninth.
std::string NextNumber() {
  static std::atomic<int> next{0};
  constexpr int kWeights[] = {1, 3, 7, 1, 3, 7, 1, 3, 5};
  std::string digits = std::to_string(901'000'000 + next++);
  int sum = (digits[8] - '0') * 5 / 10;
  for (size_t at = 0; at < 9; ++at) sum += (digits[at] - '0') * kWeights[at];
  digits.push_back(static_cast<char>('0' + (10 - sum % 10) % 10));
  return digits;
}

}  // namespace

std::string MakeOrganization(Suite& suite, const std::string& process) {
  registry::CreateOrganizationRequest request;
  request.mutable_organization()->set_kind(registry::ORGANIZATION_KIND_FIRM);
  request.mutable_organization()->set_display_name("달빛 정밀 주식회사");
  request.mutable_organization()->set_business_registration_number(NextNumber());
  registry::Organization made;
  const absl::Status done = suite.peer(process).Call(
      "/ieum.registry.v1.OrganizationService/CreateOrganization", request, &made);
  if (!done.ok()) Die(absl::StrCat("the registry refuses an organization: ", done.message()));
  return made.name();
}

}  // namespace ieum::bench
