// The first sheet of an XLSX file. Strings that cells share are held in memory up to a limit; rows
// are read as they are asked for. What is larger than its limits, nested deeper or says a DOCTYPE
// is refused: a file of a few kilobytes may say that it is of gigabytes.
#pragma once

#include <deque>

#include "tools/import/table_reader.h"

namespace ieum::import {

class XlsxReader final : public TableReader {
 public:
  // NOT_FOUND, INVALID_ARGUMENT.
  static absl::StatusOr<std::unique_ptr<XlsxReader>> Open(const std::string& path);
  ~XlsxReader() override;

  absl::StatusOr<bool> Next(TableRow* row) override;
  double Share() const override;
  bool CountsDays() const override { return true; }

 private:
  XlsxReader();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ieum::import
