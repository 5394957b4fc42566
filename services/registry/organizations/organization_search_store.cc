#include "services/registry/organizations/organization_search_store.h"

namespace ieum::registry {
namespace {

const db::Statement kForm("organization_search_form", "SELECT organization_search_form($1)");

// The index finds names that have all parts of the form; the form itself decides.
const db::Statement kFind(
    "organization_find_by_name",
    "SELECT " ORGANIZATION_COLUMNS("o.") ", a.version, " FACTS_COLUMNS("f.") R"(
  FROM (
    SELECT s.* FROM organization s
    WHERE organization_name_parts(s.search_form) @> organization_wanted_parts($1::text)
      AND strpos(s.search_form, $1::text) > 0 AND ($2::boolean OR s.state = 1)
    ORDER BY s.search_form <> $1::text, strpos(s.search_form, $1::text) > 1,
             length(s.search_form), s.display_name, s.id
    LIMIT $3::int) o
  JOIN aggregate a ON a.id = o.id
  LEFT JOIN LATERAL (
    SELECT * FROM organization_facts x WHERE x.organization_id = o.id AND x.valid_from <= $4::date
    ORDER BY x.valid_from DESC LIMIT 1) f ON TRUE
  ORDER BY o.search_form <> $1::text, strpos(o.search_form, $1::text) > 1, length(o.search_form),
           o.display_name, o.id)");

}  // namespace

std::string SearchForm(db::Tx& tx, const std::string& query) {
  return db::AsText(tx.Exec(kForm, query)[0][0]);
}

std::vector<OrganizationView> FindByName(db::Tx& tx, const NameSearch& search) {
  std::vector<OrganizationView> found;
  for (const auto& row :
       tx.Exec(kFind, search.form, search.deactivated_too, search.limit, search.day)) {
    found.push_back(ReadOrganizationView(row));
  }
  return found;
}

const char* NameSearchSql() { return kFind.sql(); }

}  // namespace ieum::registry
