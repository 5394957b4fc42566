#include "tools/import/table_reader.h"

#include <algorithm>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "platform/base/text.h"
#include "platform/crypto/seal.h"
#include "tools/import/csv_reader.h"
#include "tools/import/xlsx_reader.h"

namespace ieum::import {
namespace {

constexpr size_t kBlock = 1024 * 1024;
constexpr size_t kLetterMax = 4;  // bytes of a character of UTF-8
constexpr char kZip[] = "PK\x03\x04";

// Whether the bytes are UTF-8 but for a character that may go on behind them.
bool IsUtf8SoFar(std::string_view bytes) {
  for (size_t cut = 0; cut < kLetterMax && cut <= bytes.size(); ++cut) {
    if (base::IsValidUtf8(bytes.substr(0, bytes.size() - cut))) return true;
  }
  return false;
}

// The beginning of a character that the bytes end within.
size_t Unfinished(std::string_view bytes) {
  for (size_t cut = 0; cut < kLetterMax && cut <= bytes.size(); ++cut) {
    if (base::IsValidUtf8(bytes.substr(0, bytes.size() - cut))) return cut;
  }
  return 0;
}

}  // namespace

absl::StatusOr<Source> LookAt(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::NotFoundError(absl::StrCat(path, ": cannot be read"));
  Source source;
  source.hash = crypto::Hash("");
  std::string rest;  // of the block before
  std::string block(kBlock, '\0');
  for (bool first = true; file; first = false) {
    file.read(block.data(), kBlock);
    const std::string_view bytes(block.data(), static_cast<size_t>(file.gcount()));
    if (bytes.empty()) break;
    if (first) source.zipped = bytes.substr(0, 4) == std::string_view(kZip, 4);
    source.hash = crypto::Hash(source.hash + std::string(bytes));
    if (source.zipped || !source.utf8) continue;
    const std::string whole = rest + std::string(bytes);
    source.utf8 = IsUtf8SoFar(whole);
    rest = whole.substr(whole.size() - Unfinished(whole));
  }
  source.utf8 = source.utf8 && rest.empty();
  return source;
}

absl::StatusOr<std::unique_ptr<TableReader>> OpenTable(const std::string& path,
                                                       const Source& source, Encoding encoding) {
  if (source.zipped) {
    auto reader = XlsxReader::Open(path);
    if (!reader.ok()) return reader.status();
    return std::unique_ptr<TableReader>(*std::move(reader));
  }
  const bool cp949 = encoding == Encoding::kCp949 || (encoding == Encoding::kGuess && !source.utf8);
  auto reader = CsvReader::Open(path, cp949);
  if (!reader.ok()) return reader.status();
  return std::unique_ptr<TableReader>(*std::move(reader));
}

}  // namespace ieum::import
