// What the columns of a table mean: by their heads, in Korean or as paths of the contract, or as
// the caller says.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "ieum/registry/v1/import_service.pb.h"
#include "tools/import/table_reader.h"

namespace ieum::import {

// What the caller says of columns.
struct Wishes {
  std::map<std::string, std::string> fields;    // by head; "" = passed over
  std::map<std::string, std::string> defaults;  // by field: for cells that are empty or not there
};

// Rows of one table as rows of an import.
class Columns {
 public:
  // INVALID_ARGUMENT that names every column that means nothing or the same as another one, and
  // every field that is missing.
  static absl::StatusOr<Columns> Of(registry::v1::ImportKind kind, const TableRow& head,
                                    const Wishes& wishes, bool counts_days);

  // A row that cannot be read is an `unreadable` one, with the first field to blame.
  registry::v1::RowToImport Read(const TableRow& row) const;

  // "organization.display_name" and so on: what there may be.
  static std::vector<std::string> FieldsOf(registry::v1::ImportKind kind);

 private:
  registry::v1::ImportKind kind_ = registry::v1::IMPORT_KIND_UNSPECIFIED;
  std::vector<std::string> fields_;  // by column; "" = passed over
  std::map<std::string, std::string> defaults_;
  bool counts_days_ = false;
};

}  // namespace ieum::import
