// CSV as RFC 4180 has it, in UTF-8 with or without a byte order mark, or in CP949 (which EUC-KR is
// a part of).
#pragma once

#include <fstream>

#include "tools/import/table_reader.h"

namespace ieum::import {

class CsvReader final : public TableReader {
 public:
  // NOT_FOUND.
  static absl::StatusOr<std::unique_ptr<CsvReader>> Open(const std::string& path, bool cp949);
  ~CsvReader() override;

  absl::StatusOr<bool> Next(TableRow* row) override;
  double Share() const override;

 private:
  CsvReader(std::ifstream file, bool cp949);
  int Take();
  int Peek();
  absl::StatusOr<bool> ReadRecord(TableRow* row);
  absl::Status ReadQuoted(std::string* cell);
  absl::Status EndCell(std::string* cell, TableRow* row);
  absl::Status Fault(const std::string& what) const;
  bool Decode(std::string* cell);

  std::ifstream file_;
  std::string buffer_;
  size_t at_ = 0;
  int64_t size_ = 0, read_ = 0, line_ = 1;
  void* decoder_ = nullptr;  // iconv_t; null: UTF-8
};

}  // namespace ieum::import
