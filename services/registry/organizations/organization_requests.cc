#include "services/registry/organizations/organization_requests.h"

#include <algorithm>

#include "platform/base/status.h"
#include "platform/rpc/masks.h"

namespace ieum::registry {
namespace {

const std::vector<std::string>& ChangeableFields() {
  static const auto* fields = new std::vector<std::string>{
      "display_name", "business_registration_number", "external_code", "parent"};
  return *fields;
}

absl::StatusOr<base::Uuid> IdOf(const std::string& name, std::string_view field) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn("organizations/{}", name, field));
  return ids[0];
}

}  // namespace

absl::StatusOr<UpdateOrganizationInput> InputOf(const v1::UpdateOrganizationRequest& request) {
  UpdateOrganizationInput input;
  ASSIGN_OR_RETURN(input.id, IdOf(request.organization().name(), "organization.name"));
  input.etag = request.organization().etag();
  ASSIGN_OR_RETURN(const auto paths, rpc::UpdatePaths(request.update_mask(), request.organization(),
                                                      ChangeableFields()));
  input.places = std::find(paths.begin(), paths.end(), "parent") != paths.end();
  ASSIGN_OR_RETURN(input.parent, CentreIn(request.organization().parent(), "organization.parent"));
  input.change = [&request](v1::Organization* organization) {
    return rpc::ApplyUpdate(request.update_mask(), request.organization(), organization,
                            ChangeableFields());
  };
  return input;
}

absl::StatusOr<RecordFactsInput> InputOf(const v1::RecordOrganizationFactsRequest& request) {
  RecordFactsInput input;
  ASSIGN_OR_RETURN(input.id, IdOf(request.name(), "name"));
  input.etag = request.etag();
  input.facts = request.facts();
  return input;
}

absl::StatusOr<RecordLabelInput> InputOf(const v1::RecordOrganizationLabelRequest& request) {
  RecordLabelInput input;
  ASSIGN_OR_RETURN(input.id, IdOf(request.name(), "name"));
  input.etag = request.etag();
  input.label = request.label();
  return input;
}

}  // namespace ieum::registry
