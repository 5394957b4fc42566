// A table out of a file, row after row: what CSV and XLSX have in common.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace ieum::import {

// What a reader takes at most; more is no table of firms or people.
inline constexpr size_t kColumnsMax = 256;
inline constexpr size_t kCellMax = 32 * 1024;  // bytes

struct TableRow {
  int64_t number = 0;  // of the line in the file that it begins on, or of the sheet's row
  std::vector<std::string> cells;  // UTF-8
};

// One thread.
class TableReader {
 public:
  virtual ~TableReader() = default;
  // The next row that is not empty; false at the end. INVALID_ARGUMENT, with the line, where the
  // file is no table.
  virtual absl::StatusOr<bool> Next(TableRow* row) = 0;
  // How much of it has been read, 0 to 1.
  virtual double Share() const = 0;
  // Whether days may come as numbers, counted from the end of 1899.
  virtual bool CountsDays() const { return false; }
};

enum class Encoding { kGuess, kUtf8, kCp949 };

struct Source {
  std::string hash;  // 32 bytes, of all that is in the file
  bool utf8 = true;  // all of it is
  bool zipped = false;
};
// Reads the whole file once, and keeps none of it. NOT_FOUND.
absl::StatusOr<Source> LookAt(const std::string& path);

// CSV or XLSX, by what the file begins with.
absl::StatusOr<std::unique_ptr<TableReader>> OpenTable(const std::string& path,
                                                       const Source& source, Encoding encoding);

}  // namespace ieum::import
