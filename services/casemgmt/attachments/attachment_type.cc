#include "services/casemgmt/attachments/attachment_type.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/status.h"
#include "platform/base/text.h"

namespace ieum::casemgmt {
namespace {

using Names = std::set<std::string>;

constexpr int64_t kHeadBytes = 512;
constexpr std::string_view kPdf = "%PDF-";
constexpr std::string_view kJpeg = "\xff\xd8\xff";
constexpr std::string_view kPng = "\x89PNG\r\n\x1a\n";
constexpr std::string_view kOle = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
constexpr std::string_view kZip = "PK\x03\x04";

uint64_t Number(std::string_view bytes, size_t at, int width) {
  uint64_t value = 0;
  for (int i = width; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

// The directory at a ZIP file's end (APPNOTE 4.3.12, 4.3.16): entries of fixed heads with a name
// behind each.
constexpr size_t kEndBytes = 22, kEntryBytes = 46;
constexpr int64_t kCommentMax = 65'535, kDirectoryMax = 1 << 20;
constexpr std::string_view kEnd = "PK\x05\x06", kEntry = "PK\x01\x02";

Names NamesIn(std::string_view directory) {
  Names names;
  size_t at = 0;
  while (at + kEntryBytes <= directory.size() && directory.substr(at, 4) == kEntry) {
    const size_t name = Number(directory, at + 28, 2);
    const size_t rest = Number(directory, at + 30, 2) + Number(directory, at + 32, 2);
    if (at + kEntryBytes + name > directory.size()) return {};
    names.emplace(directory.substr(at + kEntryBytes, name));
    at += kEntryBytes + name + rest;
  }
  return names;
}

absl::StatusOr<Names> NamesInZip(int64_t size, ReadBytes read) {
  const int64_t tail_bytes = std::min<int64_t>(size, kCommentMax + kEndBytes);
  ASSIGN_OR_RETURN(const std::string tail, read(size - tail_bytes, tail_bytes));
  const size_t end = tail.rfind(kEnd);
  if (end == std::string::npos || end + kEndBytes > tail.size()) return Names();
  const auto length = static_cast<int64_t>(Number(tail, end + 12, 4));
  const auto offset = static_cast<int64_t>(Number(tail, end + 16, 4));
  if (length > kDirectoryMax || offset + length > size) return Names();
  ASSIGN_OR_RETURN(const std::string directory, read(offset, length));
  return NamesIn(directory);
}

absl::StatusOr<v1::AttachmentType> TypeOfZip(int64_t size, ReadBytes read) {
  ASSIGN_OR_RETURN(const Names names, NamesInZip(size, read));
  for (const std::string& name : names) {
    if (absl::EndsWithIgnoreCase(name, "vbaProject.bin")) return v1::ATTACHMENT_TYPE_UNSPECIFIED;
  }
  const bool office = names.contains("[Content_Types].xml");
  const bool word = office && names.contains("word/document.xml");
  const bool sheet = office && names.contains("xl/workbook.xml");
  const bool hangul = names.contains("mimetype") && names.contains("Contents/content.hpf");
  if (word + sheet + hangul != 1) return v1::ATTACHMENT_TYPE_UNSPECIFIED;
  if (word) return v1::ATTACHMENT_TYPE_DOCX;
  return sheet ? v1::ATTACHMENT_TYPE_XLSX : v1::ATTACHMENT_TYPE_HWPX;
}

// A compound file ([MS-CFB]): sectors of one size behind the head, a table that says which one
// follows which, and a directory of entries of 128 bytes whose names are UTF-16. A Hangul document
// has FileHeader and DocInfo in it; an old Word document, a message or an installer has not.
constexpr size_t kDirectoryEntry = 128;
constexpr size_t kTableSectors =
    109;  // that the head names; of larger files, the first 6 MiB at least
constexpr int kDirectorySectors = 64;

struct Compound {
  int64_t size, sector;
  std::string_view head;

  int64_t At(uint64_t number) const { return (static_cast<int64_t>(number) + 1) * sector; }
  bool Has(uint64_t number) const { return At(number) + sector <= size; }
};

// The sector behind this one; nothing that is there at the end.
absl::StatusOr<uint64_t> Next(const Compound& file, uint64_t number, ReadBytes read) {
  constexpr uint64_t kNone = 0xFFFFFFFF;
  const uint64_t entries = static_cast<uint64_t>(file.sector) / 4;
  if (number / entries >= kTableSectors) return kNone;
  const uint64_t table = Number(file.head, 76 + 4 * (number / entries), 4);
  if (!file.Has(table)) return kNone;
  ASSIGN_OR_RETURN(const std::string entry,
                   read(file.At(table) + static_cast<int64_t>(number % entries) * 4, 4));
  return Number(entry, 0, 4);
}

// Names of the directory's entries, as they are written.
absl::StatusOr<Names> NamesInCompound(const Compound& file, ReadBytes read) {
  Names names;
  uint64_t number = Number(file.head, 48, 4);
  for (int seen = 0; seen < kDirectorySectors && file.Has(number); ++seen) {
    ASSIGN_OR_RETURN(const std::string entries, read(file.At(number), file.sector));
    for (size_t at = 0; at + kDirectoryEntry <= entries.size(); at += kDirectoryEntry) {
      const size_t bytes = Number(entries, at + 64, 2);  // with a zero at the end
      if (bytes >= 2 && bytes <= 64) names.insert(entries.substr(at, bytes - 2));
    }
    ASSIGN_OR_RETURN(number, Next(file, number, read));
  }
  return names;
}

std::string Utf16(std::string_view word) {
  std::string wide;
  for (const char c : word) wide.append({c, '\0'});
  return wide;
}

absl::StatusOr<v1::AttachmentType> TypeOfCompound(int64_t size, std::string_view head,
                                                  ReadBytes read) {
  if (head.size() < static_cast<size_t>(kHeadBytes)) return v1::ATTACHMENT_TYPE_UNSPECIFIED;
  const uint64_t shift = Number(head, 30, 2);
  if (shift != 9 && shift != 12) return v1::ATTACHMENT_TYPE_UNSPECIFIED;
  const Compound file{size, int64_t{1} << shift, head};
  ASSIGN_OR_RETURN(const Names names, NamesInCompound(file, read));
  const bool hangul = names.contains(Utf16("FileHeader")) && names.contains(Utf16("DocInfo"));
  return hangul ? v1::ATTACHMENT_TYPE_HWP : v1::ATTACHMENT_TYPE_UNSPECIFIED;
}

// "PDF"
std::string Word(v1::AttachmentType type) {
  if (type == v1::ATTACHMENT_TYPE_UNSPECIFIED) return "no type that is taken";
  return v1::AttachmentType_Name(type).substr(std::string_view("ATTACHMENT_TYPE_").size());
}

// So many bytes at the end of a piece may begin a character that ends in the next one.
size_t OpenBytes(std::string_view piece) {
  for (size_t back = 1; back <= 3 && back <= piece.size(); ++back) {
    const auto c = static_cast<unsigned char>(piece[piece.size() - back]);
    if ((c & 0xC0) == 0x80) continue;
    const size_t length = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC0 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
}

bool IsTextByte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  if (byte >= 0x20) return byte != 0x7f;
  return c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

// No number reaches over such a byte: ASCII that is neither a digit nor one of its separators, or
// the first byte of a Hangul syllable (U+B000-CFFF; digits of other scripts lie elsewhere).
bool EndsNumbers(char c) {
  const auto byte = static_cast<unsigned char>(c);
  if (byte >= 0x80) return byte == 0xEB || byte == 0xEC;
  return !(c >= '0' && c <= '9') && std::string_view(" \t._/-").find(c) == std::string_view::npos;
}

// Held back of a text in which nothing ends numbers, and of that what is read twice.
constexpr size_t kHeldMax = 64 * 1024, kTwice = 256;

}  // namespace

absl::StatusOr<v1::AttachmentType> TypeOf(int64_t size, ReadBytes read) {
  ASSIGN_OR_RETURN(const std::string head, read(0, std::min(size, kHeadBytes)));
  const auto begins = [&](std::string_view with) {
    return head.compare(0, with.size(), with) == 0;
  };
  if (begins(kPdf)) return v1::ATTACHMENT_TYPE_PDF;
  if (begins(kJpeg)) return v1::ATTACHMENT_TYPE_JPEG;
  if (begins(kPng)) return v1::ATTACHMENT_TYPE_PNG;
  if (begins(kOle)) return TypeOfCompound(size, head, read);
  if (begins(kZip)) return TypeOfZip(size, read);
  return v1::ATTACHMENT_TYPE_UNSPECIFIED;
}

void TextScan::Add(std::string_view piece) {
  std::string whole = std::exchange(open_, {}) + std::string(piece);
  const size_t open = OpenBytes(whole);
  open_ = whole.substr(whole.size() - open);
  whole.resize(whole.size() - open);
  text_ = text_ && base::IsValidUtf8(whole) && std::all_of(whole.begin(), whole.end(), IsTextByte);
  if (text_) ScanNumbers(whole);
}

// A number may lie across two pieces: what stands behind the last byte that ends numbers waits.
void TextScan::ScanNumbers(std::string_view piece) {
  held_.append(piece);
  size_t keep = held_.size();
  while (keep > 0 && !EndsNumbers(held_[keep - 1])) --keep;
  if (keep == 0 && held_.size() < kHeldMax) return;
  number_ = number_ || base::LooksLikeResidentNumber(keep == 0 ? held_ : held_.substr(0, keep));
  if (keep == 0) keep = held_.size() - kTwice;
  while (keep < held_.size() && (static_cast<unsigned char>(held_[keep]) & 0xC0) == 0x80) ++keep;
  held_.erase(0, keep);
}

absl::Status TextScan::Finish() {
  if (!text_ || !open_.empty()) {
    return CheckType(v1::ATTACHMENT_TYPE_TEXT, v1::ATTACHMENT_TYPE_UNSPECIFIED);
  }
  if (!number_ && !base::LooksLikeResidentNumber(held_)) return absl::OkStatus();
  return base::Error(absl::StatusCode::kInvalidArgument, "RESIDENT_NUMBER",
                     "the text has something shaped like a resident registration number, which is "
                     "not kept; remove the attachment, strike the number and send it again");
}

absl::Status CheckType(v1::AttachmentType said, v1::AttachmentType found) {
  if (said == found) return absl::OkStatus();
  return base::Forbidden(v1::ERROR_REASON_ATTACHMENT_TYPE,
                         absl::StrCat("its content is ", Word(found), ", not ", Word(said),
                                      "; remove the attachment and say what it is"),
                         {{"type", found == v1::ATTACHMENT_TYPE_UNSPECIFIED ? "" : Word(found)}});
}

}  // namespace ieum::casemgmt
