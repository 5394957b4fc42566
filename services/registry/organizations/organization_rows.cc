#include "services/registry/organizations/organization_rows.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "platform/base/korea_time.h"

namespace ieum::registry {

Organization ReadOrganization(const db::Row& row, int at) {
  Organization organization;
  organization.id = db::AsUuid(row[at]);
  organization.kind = static_cast<v1::OrganizationKind>(row[at + 1].as<int>());
  organization.display_name = db::AsText(row[at + 2]);
  organization.business_number = db::AsText(row[at + 3]);
  organization.external_code = db::AsText(row[at + 4]);
  organization.state = static_cast<v1::OrganizationState>(row[at + 5].as<int>());
  organization.deactivation_reason = static_cast<v1::DeactivationReason>(row[at + 6].as<int>());
  organization.deactivation_date = db::AsOptionalDay(row[at + 7]);
  organization.created_at = db::AsTime(row[at + 8]);
  organization.updated_at = db::AsTime(row[at + 9]);
  organization.parent = db::AsOptionalUuid(row[at + 10]);
  return organization;
}

std::optional<v1::OrganizationFacts> ReadFacts(const db::Row& row, int at) {
  if (row[at].is_null()) return std::nullopt;
  v1::OrganizationFacts facts;
  facts.set_valid_from(base::FormatDay(db::AsDay(row[at])));
  if (!row[at + 1].is_null()) facts.set_total_headcount(row[at + 1].as<int>());
  if (!row[at + 2].is_null()) facts.set_women_headcount(row[at + 2].as<int>());
  if (!row[at + 3].is_null()) facts.set_regular_headcount(row[at + 3].as<int>());
  facts.set_ksic_code(db::AsText(row[at + 4]));
  if (!row[at + 5].is_null()) facts.set_ksic_revision(row[at + 5].as<int>());
  facts.set_region_code(db::AsText(row[at + 6]));
  facts.set_complex_code(db::AsText(row[at + 7]));
  facts.set_size_class(static_cast<v1::SizeClass>(row[at + 8].as<int>()));
  facts.set_ksic_section(db::AsText(row[at + 9]));
  facts.set_size_band(static_cast<v1::SizeBand>(row[at + 10].as<int>()));
  if (!row[at + 11].is_null()) facts.set_sme(row[at + 11].as<bool>());
  return facts;
}

std::string InstantLiteral(absl::Time instant) {
  return absl::StrCat("TIMESTAMPTZ '",
                      absl::FormatTime("%Y-%m-%d %H:%M:%E6S+00", instant, absl::UTCTimeZone()),
                      "'");
}

std::string KnownAt(const std::string& t, absl::Time instant) {
  const std::string then = InstantLiteral(instant);
  return absl::StrCat(t, "known_from <= ", then, " AND ", t, "known_to > ", then);
}

}  // namespace ieum::registry
