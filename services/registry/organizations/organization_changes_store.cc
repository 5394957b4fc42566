#include "services/registry/organizations/organization_changes_store.h"

#include "absl/strings/str_cat.h"
#include "services/registry/organizations/dated_record_store.h"
#include "services/registry/organizations/organization_wire.h"

namespace ieum::registry {
namespace {

using ledger::FieldChange;
using Changes = std::map<int64_t, std::vector<FieldChange>>;

// Rows of a version, each beside the row before it.
const db::Statement kOrganization(
    "organization_version_steps",
    "SELECT n.version, " ORGANIZATION_COLUMNS("n.") ", " ORGANIZATION_COLUMNS("p.") R"(
  FROM organization_version n
  LEFT JOIN LATERAL (
    SELECT * FROM organization_version x WHERE x.id = n.id AND x.seq < n.seq
    ORDER BY x.seq DESC LIMIT 1) p ON TRUE
  WHERE n.id = $1 AND n.version = ANY($2::bigint[]))");

const db::Statement kFacts("organization_facts_version_steps",
                           "SELECT n.version, " FACTS_COLUMNS("n.") ", " FACTS_COLUMNS("p.") R"(
  FROM organization_facts_version n
  LEFT JOIN LATERAL (
    SELECT * FROM organization_facts_version x
    WHERE x.organization_id = n.organization_id AND x.valid_from = n.valid_from AND x.seq < n.seq
    ORDER BY x.seq DESC LIMIT 1) p ON TRUE
  WHERE n.organization_id = $1 AND n.version = ANY($2::bigint[]))");

const db::Statement kLabels("organization_label_steps",
                            "SELECT n.version, " LABEL_COLUMNS("n.") ", " LABEL_COLUMNS("p.") R"(
  FROM organization_label n
  LEFT JOIN LATERAL (
    SELECT * FROM organization_label x
    WHERE x.organization_id = n.organization_id AND x.code = n.code
      AND x.valid_from = n.valid_from AND x.seq < n.seq
    ORDER BY x.seq DESC LIMIT 1) p ON TRUE
  WHERE n.organization_id = $1 AND n.version = ANY($2::bigint[]))");

const db::Statement kTerms("council_term_steps",
                           "SELECT n.version, " TERM_COLUMNS("n.") ", " TERM_COLUMNS("p.") R"(
  FROM council_term n
  LEFT JOIN LATERAL (
    SELECT * FROM council_term x
    WHERE x.organization_id = n.organization_id AND x.start_date = n.start_date AND x.seq < n.seq
    ORDER BY x.seq DESC LIMIT 1) p ON TRUE
  WHERE n.organization_id = $1 AND n.version = ANY($2::bigint[]))");

constexpr int kLabelColumns = 5;
constexpr int kTermColumns = 4;

void Add(const db::Row& row, std::vector<FieldChange> made, Changes* changes) {
  auto& all = (*changes)[row[0].as<int64_t>()];
  for (FieldChange& change : made) all.push_back(std::move(change));
}

v1::Organization BeforeOf(const db::Row& row) {
  const int at = 1 + kOrganizationColumns;
  return row[at].is_null() ? v1::Organization() : RecordedPart(ReadOrganization(row, at));
}

std::vector<FieldChange> FactsChange(const db::Row& row) {
  const auto now = ReadFacts(row, 1).value_or(v1::OrganizationFacts());
  const auto before = ReadFacts(row, 1 + kFactsColumns).value_or(v1::OrganizationFacts());
  return ledger::FieldChanges(before, now, absl::StrCat("facts[", now.valid_from(), "]."));
}

std::vector<FieldChange> LabelChange(const db::Row& row) {
  const v1::OrganizationLabel now = ReadLabel(row, 1);
  return ledger::FieldChanges(ReadLabel(row, 1 + kLabelColumns), now,
                              absl::StrCat("labels[", now.code(), " ", now.valid_from(), "]."));
}

std::vector<FieldChange> TermChange(const db::Row& row) {
  const v1::CouncilTerm now = ReadTerm(row, 1);
  return ledger::FieldChanges(ReadTerm(row, 1 + kTermColumns), now,
                              absl::StrCat("council_terms[", now.start_date(), "]."));
}

}  // namespace

Changes FieldChangesOf(db::Tx& tx, const base::Uuid& organization,
                       const std::vector<int64_t>& versions) {
  Changes changes;
  if (versions.empty()) return changes;
  const db::Param wanted = db::ArrayOf(versions);
  for (const auto& row : tx.Exec(kOrganization, organization, wanted)) {
    Add(row, ledger::FieldChanges(BeforeOf(row), RecordedPart(ReadOrganization(row, 1))), &changes);
  }
  for (const auto& row : tx.Exec(kFacts, organization, wanted)) {
    Add(row, FactsChange(row), &changes);
  }
  for (const auto& row : tx.Exec(kLabels, organization, wanted)) {
    Add(row, LabelChange(row), &changes);
  }
  for (const auto& row : tx.Exec(kTerms, organization, wanted)) {
    Add(row, TermChange(row), &changes);
  }
  return changes;
}

}  // namespace ieum::registry
