// Made-up files of the types that attachments take, as small as they can be, for tests.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace ieum::casemgmt::testing {

inline std::string LittleEndian(uint64_t value, int width) {
  std::string bytes;
  for (int i = 0; i < width; ++i) bytes.push_back(static_cast<char>(value >> (8 * i)));
  return bytes;
}

// A ZIP file of stored entries; the check sums are not asked.
inline std::string ZipOf(const std::vector<std::pair<std::string, std::string>>& entries) {
  std::string file, directory;
  for (const auto& [name, content] : entries) {
    const std::string sizes = LittleEndian(0, 4) + LittleEndian(content.size(), 4) +
                              LittleEndian(content.size(), 4) + LittleEndian(name.size(), 2) +
                              LittleEndian(0, 2);
    const std::string at = LittleEndian(file.size(), 4);
    const std::string fixed = LittleEndian(20, 2) + LittleEndian(0, 8);  // version … time
    file += "PK\x03\x04" + fixed + sizes + name + content;
    directory +=
        "PK\x01\x02" + LittleEndian(20, 2) + fixed + sizes + LittleEndian(0, 10) + at + name;
  }
  return file + directory + "PK\x05\x06" + LittleEndian(0, 4) + LittleEndian(entries.size(), 2) +
         LittleEndian(entries.size(), 2) + LittleEndian(directory.size(), 4) +
         LittleEndian(file.size(), 4) + LittleEndian(0, 2);
}

// A compound file: its head, a table of sectors, and a directory of so many sectors, each behind
// the other.
inline std::string CompoundOf(const std::vector<std::string>& names) {
  constexpr size_t kSector = 512, kEntriesOfASector = 4;
  const size_t sectors = (names.size() + kEntriesOfASector - 1) / kEntriesOfASector;
  std::string head = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + std::string(kSector - 8, '\0');
  head.replace(30, 2, LittleEndian(9, 2));  // sectors of 512
  head.replace(48, 4, LittleEndian(1, 4));  // the directory begins in sector 1
  head.replace(76, 4, LittleEndian(0, 4));  // the table is sector 0
  std::string table(kSector, '\xff');
  for (size_t at = 1; at < sectors; ++at) table.replace(at * 4, 4, LittleEndian(at + 1, 4));
  table.replace(sectors * 4, 4, LittleEndian(0xFFFFFFFE, 4));  // its end
  std::string directory(sectors * kSector, '\0');
  for (size_t entry = 0; entry < names.size(); ++entry) {
    std::string wide;
    for (const char c : names[entry]) wide.append({c, '\0'});
    directory.replace(entry * 128, wide.size(), wide);
    directory.replace(entry * 128 + 64, 2, LittleEndian(wide.size() + 2, 2));
  }
  return head + table + directory;
}

inline std::string PdfOf(const std::string& body) { return "%PDF-1.7\n" + body + "\n%%EOF\n"; }

}  // namespace ieum::casemgmt::testing
