// The table `data_export`.
#pragma once

#include <optional>
#include <vector>

#include "platform/base/scope.h"
#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/registry/exports/data_export.h"

namespace ieum::registry {

// False when the id is taken.
bool InsertDataExport(db::Tx& tx, const DataExport& request);
// What was told and how it ended.
void SaveDataExport(db::Tx& tx, const base::Scope& scope, const DataExport& request);

// A request as answered, with its version.
struct DataExportView {
  DataExport request;
  int64_t version = 0;
};
std::optional<DataExportView> FindDataExport(db::Tx& tx, const base::Scope& scope,
                                             const base::Uuid& id);
const filter::ListSpec& DataExportList();
DataExportView ReadDataExportView(const db::Row& row);

// Open ones that were not told of and whose last day is not after `last`, the earliest first.
std::vector<base::Uuid> DataExportsDue(db::Tx& tx, absl::CivilDay last, int limit);
int64_t CountDataExportsDue(db::Tx& tx, absl::CivilDay last);

}  // namespace ieum::registry
