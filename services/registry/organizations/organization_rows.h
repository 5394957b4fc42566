// Columns of organizations and of their facts, as they are now and as they were, and how a row of
// them is read.
#pragma once

#include <optional>

#include "absl/time/time.h"
#include "ieum/registry/v1/types.pb.h"
#include "platform/db/tx.h"
#include "services/registry/organizations/organization.h"

namespace ieum::registry {

// `t`: the table's name in the statement and a dot, a literal: "o.".
#define ORGANIZATION_COLUMNS(t)                                                                  \
  t "id, " t "kind, " t "display_name, " t "business_number, " t "external_code, " t "state, " t \
    "deactivation_reason, " t "deactivation_date, " t "created_at, " t "updated_at, " t          \
    "parent_id"
inline constexpr int kOrganizationColumns = 11;

#define FACTS_COLUMNS(t)                                                                      \
  t "valid_from, " t "total_headcount, " t "women_headcount, " t "regular_headcount, " t      \
    "ksic_code, " t "ksic_revision, " t "region_code, " t "complex_code, " t "size_class, " t \
    "ksic_section, " t "size_band, " t "sme"
inline constexpr int kFactsColumns = 12;

// How a record of facts is written, whichever way its values come: the columns, behind which they
// follow in this order, and that it stands instead of what was said of the same day.
#define INTO_FACTS \
  "INSERT INTO organization_facts (organization_id, " FACTS_COLUMNS("") ", version, " \
  "recorded_at)"
#define INSTEAD_OF_OLD_FACTS                                                                 \
  " ON CONFLICT (organization_id, valid_from) DO UPDATE SET "                                \
  "total_headcount = EXCLUDED.total_headcount, women_headcount = EXCLUDED.women_headcount, " \
  "regular_headcount = EXCLUDED.regular_headcount, ksic_code = EXCLUDED.ksic_code, "         \
  "ksic_revision = EXCLUDED.ksic_revision, region_code = EXCLUDED.region_code, "             \
  "complex_code = EXCLUDED.complex_code, size_class = EXCLUDED.size_class, "                 \
  "ksic_section = EXCLUDED.ksic_section, size_band = EXCLUDED.size_band, "                   \
  "sme = EXCLUDED.sme, version = EXCLUDED.version, recorded_at = EXCLUDED.recorded_at"

// From the column `at` on.
Organization ReadOrganization(const db::Row& row, int at = 0);
// nullopt when an outer join found none.
std::optional<v1::OrganizationFacts> ReadFacts(const db::Row& row, int at);

// As what version of its organization something is written, and when that is known from.
struct Writing {
  int64_t version = 0;
  absl::Time at;
};

// "TIMESTAMPTZ '2023-03-14 00:00:00.000000+00'", for lists that look back.
std::string InstantLiteral(absl::Time instant);
// A condition on the versions in `t` ("o."): what held at the instant.
std::string KnownAt(const std::string& t, absl::Time instant);

}  // namespace ieum::registry
