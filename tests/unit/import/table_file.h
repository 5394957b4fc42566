// Files for tests of what reads tables.
#pragma once

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "platform/base/uuid.h"
#include "tools/import/table_reader.h"

namespace ieum::import {

// A file with these bytes, for as long as it lives.
class TableFile {
 public:
  explicit TableFile(const std::string& bytes = "")
      : path_(::testing::TempDir() + "/table-" + base::Uuid::NewV7().ToString()) {
    std::ofstream(path_, std::ios::binary) << bytes;
  }
  ~TableFile() { std::remove(path_.c_str()); }
  const std::string& path() const { return path_; }

 private:
  const std::string path_;
};

struct Read {
  std::vector<TableRow> rows;
  absl::Status status;  // of what ended it
};
inline Read ReadAll(const std::string& path, Encoding encoding = Encoding::kGuess) {
  Read read;
  const auto source = LookAt(path);
  if (!source.ok()) return {{}, source.status()};
  const auto table = OpenTable(path, *source, encoding);
  if (!table.ok()) return {{}, table.status()};
  while (true) {
    TableRow row;
    const auto more = (*table)->Next(&row);
    if (!more.ok()) read.status = more.status();
    if (!more.ok() || !*more) return read;
    read.rows.push_back(row);
  }
}

}  // namespace ieum::import
