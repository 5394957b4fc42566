#include "services/registry/organizations/organization_store.h"

#include "absl/strings/str_cat.h"
#include "platform/base/korea_time.h"
#include "services/registry/organizations/business_number.h"

namespace ieum::registry {
namespace {

// Behind the columns of the organization.
constexpr int kVersionColumn = kOrganizationColumns;
constexpr int kFactsColumn = kVersionColumn + 1;

std::optional<std::string> NullIfEmpty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

const db::Statement kFind("organization_find", "SELECT " ORGANIZATION_COLUMNS(
                                                   "o.") " FROM organization o WHERE o.id = $1");

const db::Statement kTakeClaim("organization_take_claim", R"(
  INSERT INTO organization_claim (kind, value, organization_id) VALUES ($1, $2, $3)
  ON CONFLICT (kind, value) DO NOTHING)");

const db::Statement kDropClaim("organization_drop_claim",
                               "DELETE FROM organization_claim WHERE kind = $1 AND value = $2");

const db::Statement kInsert("organization_insert", R"(
  INSERT INTO organization (id, kind, display_name, business_number, external_code, state,
                            created_at, updated_at, parent_id, version)
  VALUES ($1, $2, $3, $4, $5, $6, $7::timestamptz, $7::timestamptz, $8, $9)
  ON CONFLICT (id) DO NOTHING)");

const db::Statement kUpdate("organization_update", R"(
  UPDATE organization SET display_name = $2, business_number = $3, external_code = $4, state = $5,
    deactivation_reason = $6, deactivation_date = $7::date, updated_at = $8::timestamptz,
    parent_id = $9, version = $10
  WHERE id = $1)");

const db::Statement kPutFacts("organization_put_facts", INTO_FACTS R"(
  VALUES ($1, $2::date, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,
          $15::timestamptz))" INSTEAD_OF_OLD_FACTS);

const db::Statement kFindFacts("organization_find_facts", "SELECT " FACTS_COLUMNS("f.") R"(
  FROM organization_facts f WHERE f.organization_id = $1 AND f.valid_from <= $2::date
  ORDER BY f.valid_from DESC LIMIT 1)");

const db::Statement kDisplayNames(
    "organization_display_names",
    "SELECT id, display_name FROM organization WHERE id = ANY($1::uuid[])");

const db::Statement kFindViews(
    "organization_find_view",
    "SELECT " ORGANIZATION_COLUMNS("o.") ", a.version, " FACTS_COLUMNS("f.") R"(
  FROM organization o JOIN aggregate a ON a.id = o.id
  LEFT JOIN LATERAL (
    SELECT * FROM organization_facts x WHERE x.organization_id = o.id AND x.valid_from <= $2::date
    ORDER BY x.valid_from DESC LIMIT 1) f ON TRUE
  WHERE o.id = ANY($1::uuid[]))");

const db::Statement kFindViewThen(
    "organization_find_view_then",
    "SELECT " ORGANIZATION_COLUMNS("o.") ", o.version, " FACTS_COLUMNS("f.") R"(
  FROM organization_version o
  LEFT JOIN LATERAL (
    SELECT * FROM organization_facts_version x
    WHERE x.organization_id = o.id AND x.valid_from <= $2::date
      AND x.known_from <= $3::timestamptz AND x.known_to > $3::timestamptz
    ORDER BY x.valid_from DESC LIMIT 1) f ON TRUE
  WHERE o.id = $1 AND o.known_from <= $3::timestamptz AND o.known_to > $3::timestamptz)");

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

const char* ClaimWord(Claim claim) {
  return claim == Claim::kBusinessNumber ? "BUSINESS_NUMBER" : "EXTERNAL_CODE";
}

bool TakeClaim(db::Tx& tx, Claim claim, const std::string& value, const base::Uuid& owner) {
  return value.empty() || tx.ExecOne(kTakeClaim, ClaimWord(claim), value, owner);
}

void DropClaim(db::Tx& tx, Claim claim, const std::string& value) {
  tx.ExecLater(kDropClaim, ClaimWord(claim), value);
}

bool InsertOrganization(db::Tx& tx, const Organization& organization, int64_t version) {
  return tx.ExecOne(kInsert, organization.id, organization.kind, organization.display_name,
                    organization.business_number, NullIfEmpty(organization.external_code),
                    organization.state, organization.created_at, organization.parent, version);
}

void SaveOrganization(db::Tx& tx, const Organization& organization, int64_t version) {
  tx.ExecLater(kUpdate, organization.id, organization.display_name, organization.business_number,
               NullIfEmpty(organization.external_code), organization.state,
               organization.deactivation_reason, organization.deactivation_date,
               organization.updated_at, organization.parent, version);
}

void PutFacts(db::Tx& tx, const base::Uuid& organization, const v1::OrganizationFacts& facts,
              const Writing& writing) {
  tx.ExecLater(
      kPutFacts, organization, facts.valid_from(),
      If(facts.has_total_headcount(), facts.total_headcount()),
      If(facts.has_women_headcount(), facts.women_headcount()),
      If(facts.has_regular_headcount(), facts.regular_headcount()), NullIfEmpty(facts.ksic_code()),
      If(facts.ksic_revision() != 0, facts.ksic_revision()), NullIfEmpty(facts.region_code()),
      NullIfEmpty(facts.complex_code()), facts.size_class(), NullIfEmpty(facts.ksic_section()),
      facts.size_band(), If(facts.has_sme(), facts.sme()), writing.version, writing.at);
}

std::optional<v1::OrganizationFacts> FindFacts(db::Tx& tx, const base::Uuid& organization,
                                               absl::CivilDay day) {
  auto row = tx.ExecOptional(kFindFacts, organization, day);
  if (!row) return std::nullopt;
  return ReadFacts(*row, 0);
}

namespace {

// Of the facts of a day. That some facts of the organization say so follows, and has an index; of
// facts as they were known it has none.
filter::Field OfFacts(const char* column, bool now) {
  filter::Field field = filter::Text(absl::StrCat("f.", column));
  if (!now) return field;
  return std::move(field).Implying(absl::StrCat(
      "o.id IN (SELECT s.organization_id FROM organization_facts s WHERE s.", column, " = {})"));
}

// The same words now and at any instant: the tables' columns have the same names.
filter::FieldMap OrganizationFields(bool now) {
  return {
      {"name", filter::Resource("o.id", "organizations/{}").NotNull()},
      {"kind", filter::Enum<v1::OrganizationKind>("o.kind").NotNull()},
      {"state", filter::Enum<v1::OrganizationState>("o.state").NotNull()},
      {"business_registration_number",
       filter::Text("o.business_number").NotNull().Normalised(BusinessNumberDigits)},
      {"external_code", filter::Text("o.external_code")},
      {"parent", filter::Resource("o.parent_id", "organizations/{}")},
      {"facts.region_code", OfFacts("region_code", now)},
      {"facts.ksic_section", OfFacts("ksic_section", now)},
      {"facts.size_band", filter::Enum<v1::SizeBand>("f.size_band")},
      {"facts.sme", filter::Bool("f.sme")},
      {"create_time", filter::Timestamp("o.created_at").NotNull()},
  };
}

}  // namespace

filter::ListSpec OrganizationList(absl::CivilDay day) {
  const std::string from = absl::StrCat(
      "organization o JOIN aggregate a ON a.id = o.id LEFT JOIN LATERAL ("
      "SELECT * FROM organization_facts x WHERE x.organization_id = o.id AND x.valid_from <= DATE "
      "'",
      base::FormatDay(day), "' ORDER BY x.valid_from DESC LIMIT 1) f ON TRUE");
  return {.columns = ORGANIZATION_COLUMNS("o.") ", a.version, " FACTS_COLUMNS("f."),
          .from = from,
          .fields = OrganizationFields(true),
          .key = "name"};
}

filter::ListSpec OrganizationListThen(absl::CivilDay day, absl::Time instant) {
  const std::string past = absl::StrCat(
      "organization_version o LEFT JOIN LATERAL (SELECT * FROM organization_facts_version x WHERE "
      "x.organization_id = o.id AND x.valid_from <= DATE '",
      base::FormatDay(day), "' AND ", KnownAt("x.", instant),
      " ORDER BY x.valid_from DESC LIMIT 1) f ON TRUE");
  return {.columns = ORGANIZATION_COLUMNS("o.") ", o.version, " FACTS_COLUMNS("f."),
          .from = past,
          .fields = OrganizationFields(false),
          .key = "name",
          .fixed = KnownAt("o.", instant)};
}

OrganizationView ReadOrganizationView(const db::Row& row) {
  const auto version = row[kVersionColumn];
  return {ReadOrganization(row), version.is_null() ? 0 : version.as<int64_t>(),
          ReadFacts(row, kFactsColumn)};
}

filter::ListSpec FactsList(std::optional<absl::Time> instant) {
  const filter::FieldMap fields = {{"valid_from", filter::Date("f.valid_from").NotNull()}};
  if (!instant) {
    return {.columns = FACTS_COLUMNS("f."),
            .from = "organization_facts f",
            .fields = fields,
            .key = "valid_from"};
  }
  return {.columns = FACTS_COLUMNS("f."),
          .from = "organization_facts_version f",
          .fields = fields,
          .key = "valid_from",
          .fixed = KnownAt("f.", *instant)};
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

std::optional<OrganizationView> FindOrganizationViewThen(db::Tx& tx, const base::Uuid& id,
                                                         absl::CivilDay day, absl::Time instant) {
  const auto row = tx.ExecOptional(kFindViewThen, id, day, instant);
  if (!row) return std::nullopt;
  return ReadOrganizationView(*row);
}

}  // namespace ieum::registry
