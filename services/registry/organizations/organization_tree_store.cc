#include "services/registry/organizations/organization_tree_store.h"

#include "services/registry/organizations/organization_store.h"

namespace ieum::registry {
namespace {

const db::Statement kEnter("organization_enter_tree",
                           "SELECT only_row FROM organization_tree FOR UPDATE");

// Deeper than any tree may be, so that one that is broken ends, too.
#define MOST_LEVELS "16"

const db::Statement kAbove("organization_above", R"(
  WITH RECURSIVE above (id, parent_id, level) AS (
    SELECT o.id, o.parent_id, 1 FROM organization o WHERE o.id = $1
    UNION ALL
    SELECT o.id, o.parent_id, a.level + 1 FROM organization o JOIN above a ON o.id = a.parent_id
    WHERE a.level < )" MOST_LEVELS R"()
  SELECT id FROM above ORDER BY level)");

const db::Statement kLevels("organization_levels", R"(
  WITH RECURSIVE below (id, level) AS (
    SELECT $1::uuid, 1
    UNION ALL
    SELECT o.id, b.level + 1 FROM organization o JOIN below b ON o.parent_id = b.id
    WHERE b.level < )" MOST_LEVELS R"()
  SELECT max(level) FROM below)");

}  // namespace

void EnterTree(db::Tx& tx) { tx.Exec(kEnter); }

Place FindPlace(db::Tx& tx, const base::Uuid& organization, const base::Uuid& parent) {
  Place place;
  place.parent = FindOrganization(tx, parent);
  for (const auto& row : tx.Exec(kAbove, parent)) place.above.push_back(db::AsUuid(row[0]));
  place.levels = tx.Exec(kLevels, organization)[0][0].as<int>();
  return place;
}

}  // namespace ieum::registry
