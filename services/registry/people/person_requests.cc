#include "services/registry/people/person_requests.h"

#include "platform/base/status.h"
#include "platform/rpc/masks.h"

namespace ieum::registry {
namespace {

const std::vector<std::string>& ChangeableFields() {
  static const auto* fields = new std::vector<std::string>{
      "full_name", "latin_name", "birth_year",         "birth_date", "guardian",
      "email",     "phone",      "preferred_language", "basis"};
  return *fields;
}

}  // namespace

absl::StatusOr<UpdatePersonInput> InputOf(const v1::UpdatePersonRequest& request) {
  UpdatePersonInput input;
  ASSIGN_OR_RETURN(const auto ids,
                   base::IdsIn("persons/{}", request.person().name(), "person.name"));
  input.id = ids[0];
  input.etag = request.person().etag();
  input.change = [&request](v1::Person* person) {
    return rpc::ApplyUpdate(request.update_mask(), request.person(), person, ChangeableFields());
  };
  return input;
}

}  // namespace ieum::registry
