#include "platform/rpc/identity.h"

#include "absl/strings/str_cat.h"

namespace ieum::rpc {

std::vector<Grant> EveryPair(const std::vector<std::string>& roles,
                             const std::vector<std::string>& centres) {
  std::vector<Grant> grants;
  for (const std::string& role : roles) {
    for (const std::string& centre : centres) grants.push_back({role, centre});
  }
  return grants;
}

std::string RoleOfService(std::string_view service) {
  return absl::StrCat(kServiceRole, "_", absl::string_view(service.data(), service.size()));
}

bool IsReservedRole(std::string_view role) {
  return role == kServiceRole || role == kBreakGlassRole || role.starts_with(RoleOfService(""));
}

Identity ServiceIdentity(std::string_view service) {
  return {absl::StrCat(kServiceSubjects, absl::string_view(service.data(), service.size())),
          EveryPair({kServiceRole, RoleOfService(service)}, {kEverywhere})};
}

bool IsService(std::string_view subject) { return subject.starts_with(kServiceSubjects); }

}  // namespace ieum::rpc
