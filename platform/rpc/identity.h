// Who calls, and what he holds where.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

namespace ieum::rpc {

inline constexpr char kEverywhere[] = "*";
inline constexpr char kServiceSubjects[] = "service/";  // how the subject of a service begins
inline constexpr char kServiceRole[] = "service";       // what every service holds

// A role in one centre, or everywhere. The same role in another centre is another grant.
struct Grant {
  std::string role;
  std::string centre;  // id of an organization, lower case; or kEverywhere
  bool operator==(const Grant&) const = default;
};

// Whom a token or a certificate names.
struct Identity {
  std::string subject;  // opaque: "staff/kim", "service/notify"
  std::vector<Grant> grants;
};

// Where roles and centres stand beside each other, as in a token: each role in each centre.
std::vector<Grant> EveryPair(const std::vector<std::string>& roles,
                             const std::vector<std::string>& centres);

// "service_notify" for "notify": what this service holds beside kServiceRole.
std::string RoleOfService(std::string_view service);
// Roles that are nobody's to give: those of services, and the one of an emergency.
bool IsReservedRole(std::string_view role);
inline constexpr char kBreakGlassRole[] = "break_glass";

// The identity of a service.
Identity ServiceIdentity(std::string_view service);
bool IsService(std::string_view subject);

}  // namespace ieum::rpc
