#include "services/registry/changes/sensitive_fields.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ieum/registry/v1/errors.pb.h"
#include "platform/base/status.h"
#include "platform/ledger/field_changes.h"

namespace ieum::registry {
namespace {

constexpr const char* kFields[] = {"organization.display_name",
                                   "organization.business_registration_number",
                                   "organization.external_code",
                                   "organization.parent",
                                   kFactsField,
                                   kLabelsField,
                                   "person.full_name",
                                   "person.latin_name",
                                   "person.birth_year",
                                   "person.birth_date",
                                   "person.guardian",
                                   "person.email",
                                   "person.phone",
                                   "person.preferred_language",
                                   "person.basis"};
constexpr char kFirstDay[] = "organization.facts.valid_from";

bool IsAtOrBelow(std::string_view field, std::string_view above) {
  return field == above || (field.size() > above.size() && field.substr(0, above.size()) == above &&
                            field[above.size()] == '.');
}

bool IsField(const std::string& field) {
  if (std::find(std::begin(kFields), std::end(kFields), field) != std::end(kFields)) return true;
  const std::string prefix = absl::StrCat(kFactsField, ".");
  return absl::StartsWith(field, prefix) && field != kFirstDay &&
         v1::OrganizationFacts::descriptor()->FindFieldByName(field.substr(prefix.size())) !=
             nullptr;
}

}  // namespace

bool Sensitive::Holds(std::string_view field) const {
  return std::any_of(fields_.begin(), fields_.end(),
                     [&](const std::string& one) { return IsAtOrBelow(field, one); });
}

bool Sensitive::AnyBelow(std::string_view field) const {
  return Holds(field) || std::any_of(fields_.begin(), fields_.end(), [&](const std::string& one) {
           return IsAtOrBelow(one, field);
         });
}

std::vector<std::string> Below(std::string_view prefix, const std::vector<std::string>& paths) {
  std::vector<std::string> fields;
  for (const std::string& path : paths) fields.push_back(std::string(prefix) + path);
  return fields;
}

std::vector<std::string> ChangedFacts(const v1::OrganizationFacts& before,
                                      const v1::OrganizationFacts& after) {
  std::vector<std::string> fields;
  for (const auto& change : ledger::FieldChanges(before, after, absl::StrCat(kFactsField, "."))) {
    if (change.field != kFirstDay) fields.push_back(change.field);
  }
  return fields;
}

absl::Status RequireNoReview(const Sensitive& sensitive, const std::vector<std::string>& fields) {
  std::vector<std::string> held;
  for (const std::string& field : fields) {
    if (sensitive.Holds(field)) held.push_back(field);
  }
  if (held.empty()) return absl::OkStatus();
  const std::string names = absl::StrJoin(held, ", ");
  return base::Forbidden(
      v1::ERROR_REASON_CHANGE_NEEDS_REVIEW,
      absl::StrCat("nobody changes ", names,
                   " alone; give the same request to RequestChange, and somebody else approves it"),
      {{"fields", names}, {"method", "ieum.registry.v1.ChangeService.RequestChange"}});
}

std::string SensitiveFieldSetName(const base::Uuid& id) {
  return "sensitiveFieldSets/" + id.ToString();
}

base::Uuid SensitiveFieldSetId(const std::optional<base::Uuid>& centre) {
  return base::Uuid::Derive(centre.value_or(base::Uuid()), "sensitive_field_set");
}

absl::Status CheckSensitive(const std::vector<std::string>& fields) {
  for (size_t at = 0; at < fields.size(); ++at) {
    if (IsField(fields[at])) continue;
    return base::InvalidField("INVALID_FIELD", absl::StrCat("fields[", at, "]"),
                              "must be a field of an organization or a person that can be "
                              "changed, such as organization.facts.region_code or person.phone");
  }
  return absl::OkStatus();
}

}  // namespace ieum::registry
