// The tree in the table `organization`.
#pragma once

#include "platform/db/tx.h"
#include "services/registry/organizations/organization_tree.h"

namespace ieum::registry {

// Holds the tree still until the transaction ends. Before any aggregate is locked.
void EnterTree(db::Tx& tx);

// What `organization` (one that may not exist yet) would have above and below it under `parent`.
Place FindPlace(db::Tx& tx, const base::Uuid& organization, const base::Uuid& parent);

}  // namespace ieum::registry
