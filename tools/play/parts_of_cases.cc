#include "tools/play/parts_of_cases.h"

#include "ieum/casemgmt/v1/followup_service.pb.h"
#include "ieum/casemgmt/v1/group_service.pb.h"
#include "platform/base/status.h"
#include "tools/play/json_file.h"
#include "tools/play/list_all.h"

namespace ieum::play {
namespace {

namespace c = casemgmt::v1;

absl::StatusOr<std::string> Named(const Names& names, const nlohmann::json& entry,
                                  const std::string& field, const std::string& collection) {
  ASSIGN_OR_RETURN(const std::string key, TextAt(entry, field));
  return names.Find(key, collection);
}

absl::StatusOr<std::string> FoundOr(const std::string& found, const nlohmann::json& entry) {
  if (!found.empty()) return found;
  return absl::NotFoundError("there is no such part: " + entry.dump());
}

}  // namespace

absl::StatusOr<std::string> FindRetentionCheck(Services& services, const Names& names,
                                               const nlohmann::json& entry) {
  c::ListRetentionChecksRequest request;
  ASSIGN_OR_RETURN(*request.mutable_parent(), Named(names, entry, "case", "cases"));
  const int months = entry.value("months", 0);
  std::string found;
  RETURN_IF_ERROR(ListAll<c::ListRetentionChecksResponse>(
      services, "casemgmt", "/ieum.casemgmt.v1.FollowUpService/ListRetentionChecks", request,
      [&](const c::ListRetentionChecksResponse& page) {
        for (const c::RetentionCheck& check : page.retention_checks()) {
          if (check.months() == months) found = check.name();
        }
      }));
  return FoundOr(found, entry);
}

absl::StatusOr<std::string> FindGroupSession(Services& services, const Names& names,
                                             const nlohmann::json& entry) {
  c::ListGroupSessionsRequest request;
  ASSIGN_OR_RETURN(*request.mutable_parent(), Named(names, entry, "group", "groups"));
  const int number = entry.value("number", 0);
  std::string found;
  RETURN_IF_ERROR(ListAll<c::ListGroupSessionsResponse>(
      services, "casemgmt", "/ieum.casemgmt.v1.GroupService/ListGroupSessions", request,
      [&](const c::ListGroupSessionsResponse& page) {
        for (const c::GroupSession& session : page.sessions()) {
          if (session.number() == number) found = session.name();
        }
      }));
  return FoundOr(found, entry);
}

}  // namespace ieum::play
