#include "services/registry/organizations/organization_store.h"

#include "absl/strings/str_cat.h"
#include "platform/base/korea_time.h"
#include "services/registry/organizations/business_number.h"

namespace ieum::registry {
namespace {

// Columns of a row, in the order in which they are read.
#define ORGANIZATION_COLUMNS                                                    \
  "o.id, o.kind, o.display_name, o.business_number, o.external_code, o.state, " \
  "o.deactivation_reason, o.deactivation_date, o.created_at, o.updated_at"
#define FACTS_COLUMNS                                                           \
  "f.valid_from, f.total_headcount, f.women_headcount, f.regular_headcount, "   \
  "f.ksic_code, f.ksic_revision, f.region_code, f.complex_code, f.size_class, " \
  "f.ksic_section, f.size_band, f.sme"
constexpr int kVersionColumn = 10;
constexpr int kFactsColumn = 11;

std::optional<std::string> NullIfEmpty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

const char* KindOf(Claim claim) {
  return claim == Claim::kBusinessNumber ? "BUSINESS_NUMBER" : "EXTERNAL_CODE";
}

Organization ReadOrganization(const db::Row& row) {
  Organization organization;
  organization.id = db::AsUuid(row[0]);
  organization.kind = static_cast<v1::OrganizationKind>(row[1].as<int>());
  organization.display_name = db::AsText(row[2]);
  organization.business_number = db::AsText(row[3]);
  organization.external_code = db::AsText(row[4]);
  organization.state = static_cast<v1::OrganizationState>(row[5].as<int>());
  organization.deactivation_reason = static_cast<v1::DeactivationReason>(row[6].as<int>());
  organization.deactivation_date = db::AsOptionalDay(row[7]);
  organization.created_at = db::AsTime(row[8]);
  organization.updated_at = db::AsTime(row[9]);
  return organization;
}

// Facts from the column `at` on; nullopt when an outer join found none.
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

const db::Statement kFind("organization_find",
                          "SELECT " ORGANIZATION_COLUMNS " FROM organization o WHERE o.id = $1");

const db::Statement kTakeClaim("organization_take_claim", R"(
  INSERT INTO organization_claim (kind, value, organization_id) VALUES ($1, $2, $3)
  ON CONFLICT (kind, value) DO NOTHING)");

const db::Statement kDropClaim("organization_drop_claim",
                               "DELETE FROM organization_claim WHERE kind = $1 AND value = $2");

const db::Statement kInsert("organization_insert", R"(
  INSERT INTO organization (id, kind, display_name, business_number, external_code, state,
                            created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7::timestamptz, $7::timestamptz)
  ON CONFLICT (id) DO NOTHING)");

const db::Statement kUpdate("organization_update", R"(
  UPDATE organization SET display_name = $2, business_number = $3, external_code = $4, state = $5,
    deactivation_reason = $6, deactivation_date = $7::date, updated_at = $8::timestamptz
  WHERE id = $1)");

const db::Statement kPutFacts("organization_put_facts", R"(
  INSERT INTO organization_facts (organization_id, valid_from, total_headcount, women_headcount,
    regular_headcount, ksic_code, ksic_revision, region_code, complex_code, size_class,
    ksic_section, size_band, sme)
  VALUES ($1, $2::date, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
  ON CONFLICT (organization_id, valid_from) DO UPDATE SET
    total_headcount = EXCLUDED.total_headcount, women_headcount = EXCLUDED.women_headcount,
    regular_headcount = EXCLUDED.regular_headcount, ksic_code = EXCLUDED.ksic_code,
    ksic_revision = EXCLUDED.ksic_revision, region_code = EXCLUDED.region_code,
    complex_code = EXCLUDED.complex_code, size_class = EXCLUDED.size_class,
    ksic_section = EXCLUDED.ksic_section, size_band = EXCLUDED.size_band, sme = EXCLUDED.sme)");

const db::Statement kFindFacts("organization_find_facts", "SELECT " FACTS_COLUMNS R"(
  FROM organization_facts f WHERE f.organization_id = $1 AND f.valid_from <= $2::date
  ORDER BY f.valid_from DESC LIMIT 1)");

const db::Statement kDisplayNames(
    "organization_display_names",
    "SELECT id, display_name FROM organization WHERE id = ANY($1::uuid[])");

const db::Statement kFindViews("organization_find_view",
                               "SELECT " ORGANIZATION_COLUMNS ", a.version, " FACTS_COLUMNS R"(
  FROM organization o JOIN aggregate a ON a.id = o.id
  LEFT JOIN LATERAL (
    SELECT * FROM organization_facts x WHERE x.organization_id = o.id AND x.valid_from <= $2::date
    ORDER BY x.valid_from DESC LIMIT 1) f ON TRUE
  WHERE o.id = ANY($1::uuid[]))");

template <class T>
std::optional<T> If(bool given, T value) {
  return given ? std::optional<T>(value) : std::nullopt;
}

}  // namespace

std::optional<Organization> FindOrganization(db::Tx& tx, const base::Uuid& id) {
  auto row = tx.ExecOptional(kFind, id);
  if (!row) return std::nullopt;
  return ReadOrganization(*row);
}

std::map<base::Uuid, std::string> DisplayNames(db::Tx& tx, const std::vector<base::Uuid>& ids) {
  std::map<base::Uuid, std::string> names;
  if (ids.empty()) return names;
  for (const auto& row : tx.Exec(kDisplayNames, db::ArrayOf(ids))) {
    names[db::AsUuid(row[0])] = db::AsText(row[1]);
  }
  return names;
}

bool TakeClaim(db::Tx& tx, Claim claim, const std::string& value, const base::Uuid& owner) {
  return value.empty() || tx.ExecOne(kTakeClaim, KindOf(claim), value, owner);
}

void DropClaim(db::Tx& tx, Claim claim, const std::string& value) {
  tx.ExecLater(kDropClaim, KindOf(claim), value);
}

bool InsertOrganization(db::Tx& tx, const Organization& organization) {
  return tx.ExecOne(kInsert, organization.id, organization.kind, organization.display_name,
                    organization.business_number, NullIfEmpty(organization.external_code),
                    organization.state, organization.created_at);
}

void SaveOrganization(db::Tx& tx, const Organization& organization) {
  tx.ExecLater(kUpdate, organization.id, organization.display_name, organization.business_number,
               NullIfEmpty(organization.external_code), organization.state,
               organization.deactivation_reason, organization.deactivation_date,
               organization.updated_at);
}

void PutFacts(db::Tx& tx, const base::Uuid& organization, const v1::OrganizationFacts& facts) {
  tx.ExecLater(
      kPutFacts, organization, facts.valid_from(),
      If(facts.has_total_headcount(), facts.total_headcount()),
      If(facts.has_women_headcount(), facts.women_headcount()),
      If(facts.has_regular_headcount(), facts.regular_headcount()), NullIfEmpty(facts.ksic_code()),
      If(facts.ksic_revision() != 0, facts.ksic_revision()), NullIfEmpty(facts.region_code()),
      NullIfEmpty(facts.complex_code()), facts.size_class(), NullIfEmpty(facts.ksic_section()),
      facts.size_band(), If(facts.has_sme(), facts.sme()));
}

std::optional<v1::OrganizationFacts> FindFacts(db::Tx& tx, const base::Uuid& organization,
                                               absl::CivilDay day) {
  auto row = tx.ExecOptional(kFindFacts, organization, day);
  if (!row) return std::nullopt;
  return ReadFacts(*row, 0);
}

filter::ListSpec OrganizationList(absl::CivilDay day) {
  const std::string from = absl::StrCat(
      "organization o JOIN aggregate a ON a.id = o.id LEFT JOIN LATERAL ("
      "SELECT * FROM organization_facts x WHERE x.organization_id = o.id AND x.valid_from <= DATE "
      "'",
      base::FormatDay(day), "' ORDER BY x.valid_from DESC LIMIT 1) f ON TRUE");
  return {.columns = ORGANIZATION_COLUMNS ", a.version, " FACTS_COLUMNS,
          .from = from,
          .fields = {{"name", filter::Resource("o.id", "organizations/{}").NotNull()},
                     {"kind", filter::Enum<v1::OrganizationKind>("o.kind").NotNull()},
                     {"state", filter::Enum<v1::OrganizationState>("o.state").NotNull()},
                     {"business_registration_number",
                      filter::Text("o.business_number").NotNull().Normalised(BusinessNumberDigits)},
                     {"external_code", filter::Text("o.external_code")},
                     {"facts.region_code", filter::Text("f.region_code")},
                     {"facts.ksic_section", filter::Text("f.ksic_section")},
                     {"facts.size_band", filter::Enum<v1::SizeBand>("f.size_band")},
                     {"facts.sme", filter::Bool("f.sme")},
                     {"create_time", filter::Timestamp("o.created_at").NotNull()}},
          .key = "name"};
}

OrganizationView ReadOrganizationView(const db::Row& row) {
  return {ReadOrganization(row), row[kVersionColumn].as<int64_t>(), ReadFacts(row, kFactsColumn)};
}

const filter::ListSpec& FactsList() {
  static const auto* spec =
      new filter::ListSpec{.columns = FACTS_COLUMNS,
                           .from = "organization_facts f",
                           .fields = {{"valid_from", filter::Date("f.valid_from").NotNull()}},
                           .key = "valid_from"};
  return *spec;
}

v1::OrganizationFacts ReadFactsRow(const db::Row& row) {
  return ReadFacts(row, 0).value_or(v1::OrganizationFacts());
}

absl::flat_hash_map<base::Uuid, OrganizationView> FindOrganizationViews(
    db::Tx& tx, const std::vector<base::Uuid>& ids, absl::CivilDay day) {
  absl::flat_hash_map<base::Uuid, OrganizationView> views;
  for (const auto& row : tx.Exec(kFindViews, db::ArrayOf(ids), day)) {
    views.emplace(db::AsUuid(row[0]), ReadOrganizationView(row));
  }
  return views;
}

}  // namespace ieum::registry
