#include "tools/play/enrolments.h"

#include "ieum/registry/v1/enrolment_service.pb.h"
#include "platform/base/status.h"
#include "tools/play/json_file.h"

namespace ieum::play {

using namespace ieum::registry::v1;  // NOLINT: one contract only

absl::StatusOr<std::string> FindLivingEnrolment(Services& services, const Names& names,
                                                const nlohmann::json& entry) {
  ASSIGN_OR_RETURN(const std::string campaign_key, TextAt(entry, "campaign"));
  ASSIGN_OR_RETURN(const std::string organization_key, TextAt(entry, "organization"));
  ASSIGN_OR_RETURN(const std::string campaign, names.Find(campaign_key, "campaigns"));
  ASSIGN_OR_RETURN(const std::string organization, names.Find(organization_key, "organizations"));
  ListEnrolmentsRequest request;
  request.set_parent(campaign);
  request.set_filter(fmt::format("organization = \"{}\"", organization));
  ListEnrolmentsResponse response;
  RETURN_IF_ERROR(services.Call("registry", "/ieum.registry.v1.EnrolmentService/ListEnrolments",
                                request, &response));
  for (const Enrolment& enrolment : response.enrolments()) {
    if (enrolment.state() == ENROLMENT_STATE_CONFIRMED ||
        enrolment.state() == ENROLMENT_STATE_ACTIVE) {
      return enrolment.name();
    }
  }
  return absl::NotFoundError(
      fmt::format("{} has no living enrolment in {}", organization_key, campaign_key));
}

}  // namespace ieum::play
