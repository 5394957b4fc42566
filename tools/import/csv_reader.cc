#include "tools/import/csv_reader.h"

#include <iconv.h>

#include "absl/strings/str_cat.h"
#include "platform/base/text.h"

namespace ieum::import {
namespace {

constexpr size_t kBlock = 64 * 1024;
constexpr int kEnd = -1;
constexpr char kMark[] = "\xEF\xBB\xBF";

bool IsEmpty(const TableRow& row) {
  for (const std::string& cell : row.cells) {
    if (!cell.empty()) return false;
  }
  return true;
}

}  // namespace

absl::StatusOr<std::unique_ptr<CsvReader>> CsvReader::Open(const std::string& path, bool cp949) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::NotFoundError(absl::StrCat(path, ": cannot be read"));
  return std::unique_ptr<CsvReader>(new CsvReader(std::move(file), cp949));
}

CsvReader::CsvReader(std::ifstream file, bool cp949) : file_(std::move(file)) {
  file_.seekg(0, std::ios::end);
  size_ = static_cast<int64_t>(file_.tellg());
  file_.seekg(0);
  if (cp949) decoder_ = iconv_open("UTF-8", "CP949");
  if (Peek() != kEnd && buffer_.compare(0, 3, kMark) == 0) at_ = 3;
}

CsvReader::~CsvReader() {
  if (decoder_ != nullptr) iconv_close(decoder_);
}

double CsvReader::Share() const {
  return size_ == 0 ? 1
                    : static_cast<double>(read_ - static_cast<int64_t>(buffer_.size() - at_)) /
                          static_cast<double>(size_);
}

int CsvReader::Peek() {
  if (at_ == buffer_.size()) {
    buffer_.resize(kBlock);
    file_.read(buffer_.data(), kBlock);
    buffer_.resize(static_cast<size_t>(file_.gcount()));
    read_ += file_.gcount();
    at_ = 0;
  }
  return buffer_.empty() ? kEnd : static_cast<unsigned char>(buffer_[at_]);
}

int CsvReader::Take() {
  const int next = Peek();
  if (next != kEnd) ++at_;
  if (next == '\n') ++line_;
  return next;
}

absl::Status CsvReader::Fault(const std::string& what) const {
  return absl::InvalidArgumentError(absl::StrCat("line ", line_, ": ", what));
}

absl::StatusOr<bool> CsvReader::Next(TableRow* row) {
  do {
    const auto more = ReadRecord(row);
    if (!more.ok() || !*more) return more;
  } while (IsEmpty(*row));
  return true;
}

absl::StatusOr<bool> CsvReader::ReadRecord(TableRow* row) {
  row->cells.clear();
  row->number = line_;
  if (Peek() == kEnd) return false;
  std::string cell;
  bool fresh = true;  // nothing of the cell has been read
  while (true) {
    const int next = Take();
    absl::Status status;
    if (next == kEnd || next == '\n' || (next == '\r' && Peek() == '\n')) {
      if (next == '\r') Take();
      status = EndCell(&cell, row);
      if (!status.ok()) return status;
      return true;
    }
    if (next == ',') {
      status = EndCell(&cell, row);
      fresh = true;
    } else if (next == '"' && fresh) {
      status = ReadQuoted(&cell);
      fresh = false;
    } else {
      cell.push_back(static_cast<char>(next));
      fresh = false;
      if (cell.size() > kCellMax)
        status = Fault("a cell is too long; is a quotation mark missing?");
    }
    if (!status.ok()) return status;
  }
}

absl::Status CsvReader::ReadQuoted(std::string* cell) {
  while (true) {
    const int next = Take();
    if (next == kEnd) return Fault("the file ends within quotation marks");
    if (next == '"') {
      if (Peek() != '"') break;
      Take();
    }
    cell->push_back(static_cast<char>(next));
    if (cell->size() > kCellMax) return Fault("a cell is too long; is a quotation mark missing?");
  }
  const int behind = Peek();
  if (behind == kEnd || behind == ',' || behind == '\n' || behind == '\r') return absl::OkStatus();
  return Fault("behind a quotation mark there must be a comma or the end of the line");
}

absl::Status CsvReader::EndCell(std::string* cell, TableRow* row) {
  if (row->cells.size() == kColumnsMax) return Fault("there are too many columns");
  if (decoder_ != nullptr && !Decode(cell)) return Fault("is no CP949; give --encoding utf-8");
  if (decoder_ == nullptr && !base::IsValidUtf8(*cell)) {
    return Fault("is no UTF-8; give --encoding cp949");
  }
  row->cells.push_back(std::move(*cell));
  cell->clear();
  return absl::OkStatus();
}

bool CsvReader::Decode(std::string* cell) {
  std::string decoded(cell->size() * 3, '\0');
  char* in = cell->data();
  char* out = decoded.data();
  size_t in_left = cell->size(), out_left = decoded.size();
  iconv(decoder_, nullptr, nullptr, nullptr, nullptr);
  if (iconv(decoder_, &in, &in_left, &out, &out_left) == static_cast<size_t>(-1)) return false;
  decoded.resize(decoded.size() - out_left);
  *cell = std::move(decoded);
  return true;
}

}  // namespace ieum::import
