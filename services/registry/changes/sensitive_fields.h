// Fields that nobody changes alone, by their names in the contract: `person.phone`,
// `organization.facts` with all that is below it, `organization.facts.region_code`. Pure. row:R20
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "ieum/registry/v1/types.pb.h"
#include "platform/base/uuid.h"

namespace ieum::registry {

// What paths of an organization's update and of a person's are below.
inline constexpr char kOrganizationFields[] = "organization.";
inline constexpr char kPersonFields[] = "person.";
inline constexpr char kFactsField[] = "organization.facts";
inline constexpr char kLabelsField[] = "organization.labels";

// Those that are sensitive for one owner: of the whole suite's list and of his own.
class Sensitive {
 public:
  Sensitive() = default;
  explicit Sensitive(std::vector<std::string> fields) : fields_(std::move(fields)) {}

  // Itself or one above it.
  bool Holds(std::string_view field) const;
  // It, one above it, or one below it.
  bool AnyBelow(std::string_view field) const;

 private:
  std::vector<std::string> fields_;
};

// The same paths below `prefix`.
std::vector<std::string> Below(std::string_view prefix, const std::vector<std::string>& paths);
// Paths, below kFactsField, of what differs; the first day is none of them.
std::vector<std::string> ChangedFacts(const v1::OrganizationFacts& before,
                                      const v1::OrganizationFacts& after);

// FAILED_PRECONDITION (CHANGE_NEEDS_REVIEW) naming those of the fields that are sensitive.
absl::Status RequireNoReview(const Sensitive& sensitive, const std::vector<std::string>& fields);

// The list of the whole suite (nullopt), or of what one centre keeps.
struct SensitiveFieldSet {
  base::Uuid id;
  std::optional<base::Uuid> centre;
  std::vector<std::string> fields;  // in order
  absl::Time updated_at;
  std::string setter;
};
std::string SensitiveFieldSetName(const base::Uuid& id);  // "sensitiveFieldSets/{uuid}"
// Always the same for the same centre.
base::Uuid SensitiveFieldSetId(const std::optional<base::Uuid>& centre);
// INVALID_FIELD blaming `fields` for what cannot be on a list.
absl::Status CheckSensitive(const std::vector<std::string>& fields);

}  // namespace ieum::registry
