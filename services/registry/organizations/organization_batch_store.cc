#include "services/registry/organizations/organization_batch_store.h"

#include <optional>

namespace ieum::registry {
namespace {

const db::Statement kFindClaims("organization_find_claims", R"(
  SELECT value, organization_id FROM organization_claim
  WHERE kind = $1 AND value = ANY($2::text[]))");

const db::Statement kFindAll("organization_find_all", "SELECT " ORGANIZATION_COLUMNS("o.") R"(
  FROM organization o WHERE o.id = ANY($1::uuid[]))");

const db::Statement kFindFactsAt("organization_find_facts_at",
                                 "SELECT f.organization_id, " FACTS_COLUMNS("f.") R"(
  FROM unnest($1::uuid[], $2::date[]) AS w(organization_id, valid_from)
  JOIN organization_facts f USING (organization_id, valid_from))");

const db::Statement kInsertAll("organization_insert_all", R"(
  INSERT INTO organization (id, kind, display_name, business_number, external_code, state,
                            created_at, updated_at, version)
  SELECT made.id, made.kind, made.display_name, made.business_number, made.external_code, 1,
         $6::timestamptz, $6::timestamptz, made.version
  FROM unnest($1::uuid[], $2::smallint[], $3::text[], $4::text[], $5::text[], $7::bigint[])
    AS made(id, kind, display_name, business_number, external_code, version)
  ON CONFLICT (id) DO NOTHING)");

// In the order of their key, so that two do not wait for each other in a circle.
const db::Statement kTakeClaims("organization_take_claims", R"(
  INSERT INTO organization_claim (kind, value, organization_id)
  SELECT made.kind, made.value, made.organization_id
  FROM unnest($1::text[], $2::text[], $3::uuid[]) AS made(kind, value, organization_id)
  ORDER BY made.kind, made.value
  ON CONFLICT (kind, value) DO NOTHING)");

const db::Statement kPutAllFacts("organization_put_all_facts", INTO_FACTS R"(
  SELECT made.*, $15::timestamptz
  FROM unnest($1::uuid[], $2::date[], $3::int[], $4::int[], $5::int[], $6::text[], $7::smallint[],
              $8::text[], $9::text[], $10::smallint[], $11::text[], $12::smallint[],
              $13::boolean[], $14::bigint[]) AS made)" INSTEAD_OF_OLD_FACTS);

const db::Statement kSaveVersions("organization_save_versions", R"(
  UPDATE organization o SET updated_at = $3::timestamptz, version = w.version
  FROM unnest($1::uuid[], $2::bigint[]) AS w(id, version) WHERE o.id = w.id)");

std::optional<std::string> NullIfEmpty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

template <class T>
std::optional<T> If(bool given, T value) {
  return given ? std::optional<T>(value) : std::nullopt;
}

void TakeClaims(db::Tx& tx, const std::vector<NewOrganization>& made) {
  std::vector<db::Param> kinds, values, owners;
  const auto claim = [&](const char* kind, const std::string& value, const base::Uuid& owner) {
    if (value.empty()) return;
    kinds.emplace_back(kind);
    values.emplace_back(value);
    owners.emplace_back(owner);
  };
  for (const auto& [organization, version] : made) {
    claim(ClaimWord(Claim::kBusinessNumber), organization.business_number, organization.id);
    claim(ClaimWord(Claim::kExternalCode), organization.external_code, organization.id);
  }
  const int64_t taken =
      tx.ExecCount(kTakeClaims, db::Array(kinds), db::Array(values), db::Array(owners));
  if (taken != static_cast<int64_t>(kinds.size())) db::Conflict();
}

}  // namespace

std::map<std::string, base::Uuid> FindClaims(db::Tx& tx, Claim claim,
                                             const std::vector<std::string>& values) {
  std::map<std::string, base::Uuid> owners;
  if (values.empty()) return owners;
  for (const auto& row : tx.Exec(kFindClaims, ClaimWord(claim), db::ArrayOf(values))) {
    owners.emplace(db::AsText(row[0]), db::AsUuid(row[1]));
  }
  return owners;
}

std::map<base::Uuid, Organization> FindOrganizations(db::Tx& tx,
                                                     const std::vector<base::Uuid>& ids) {
  std::map<base::Uuid, Organization> found;
  if (ids.empty()) return found;
  for (const auto& row : tx.Exec(kFindAll, db::ArrayOf(ids))) {
    Organization organization = ReadOrganization(row);
    found.emplace(organization.id, std::move(organization));
  }
  return found;
}

std::map<FactsPlace, v1::OrganizationFacts> FindFacts(db::Tx& tx,
                                                      const std::vector<FactsPlace>& places) {
  std::map<FactsPlace, v1::OrganizationFacts> found;
  if (places.empty()) return found;
  std::vector<db::Param> ids, days;
  for (const auto& [id, day] : places) {
    ids.emplace_back(id);
    days.emplace_back(day);
  }
  for (const auto& row : tx.Exec(kFindFactsAt, db::Array(ids), db::Array(days))) {
    const FactsPlace place(db::AsUuid(row[0]), db::AsDay(row[1]));
    if (auto facts = ReadFacts(row, 1)) found.emplace(place, *std::move(facts));
  }
  return found;
}

void InsertOrganizations(db::Tx& tx, const std::vector<NewOrganization>& made, absl::Time at) {
  if (made.empty()) return;
  std::vector<db::Param> ids, kinds, names, numbers, codes, versions;
  for (const auto& [organization, version] : made) {
    ids.emplace_back(organization.id);
    kinds.emplace_back(organization.kind);
    names.emplace_back(organization.display_name);
    numbers.emplace_back(organization.business_number);
    codes.emplace_back(NullIfEmpty(organization.external_code));
    versions.emplace_back(version);
  }
  const int64_t inserted =
      tx.ExecCount(kInsertAll, db::Array(ids), db::Array(kinds), db::Array(names),
                   db::Array(numbers), db::Array(codes), at, db::Array(versions));
  if (inserted != static_cast<int64_t>(made.size())) db::Conflict();
  TakeClaims(tx, made);
}

void PutFacts(db::Tx& tx, const std::vector<NewFacts>& records, absl::Time at) {
  if (records.empty()) return;
  std::vector<db::Param> ids, days, totals, women, regulars, codes, revisions, regions, complexes,
      classes, sections, bands, smes, versions;
  for (const auto& [place, facts, version] : records) {
    ids.emplace_back(place.first);
    days.emplace_back(place.second);
    totals.emplace_back(If(facts.has_total_headcount(), facts.total_headcount()));
    women.emplace_back(If(facts.has_women_headcount(), facts.women_headcount()));
    regulars.emplace_back(If(facts.has_regular_headcount(), facts.regular_headcount()));
    codes.emplace_back(NullIfEmpty(facts.ksic_code()));
    revisions.emplace_back(If(facts.ksic_revision() != 0, facts.ksic_revision()));
    regions.emplace_back(NullIfEmpty(facts.region_code()));
    complexes.emplace_back(NullIfEmpty(facts.complex_code()));
    classes.emplace_back(facts.size_class());
    sections.emplace_back(NullIfEmpty(facts.ksic_section()));
    bands.emplace_back(facts.size_band());
    smes.emplace_back(If(facts.has_sme(), facts.sme()));
    versions.emplace_back(version);
  }
  tx.ExecLater(kPutAllFacts, db::Array(ids), db::Array(days), db::Array(totals), db::Array(women),
               db::Array(regulars), db::Array(codes), db::Array(revisions), db::Array(regions),
               db::Array(complexes), db::Array(classes), db::Array(sections), db::Array(bands),
               db::Array(smes), db::Array(versions), at);
}

void SaveVersions(db::Tx& tx, const std::vector<std::pair<base::Uuid, int64_t>>& versions,
                  absl::Time at) {
  if (versions.empty()) return;
  std::vector<db::Param> ids, numbers;
  for (const auto& [id, version] : versions) {
    ids.emplace_back(id);
    numbers.emplace_back(version);
  }
  tx.ExecLater(kSaveVersions, db::Array(ids), db::Array(numbers), at);
}

}  // namespace ieum::registry
