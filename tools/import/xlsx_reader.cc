#include "tools/import/xlsx_reader.h"

#include <cmath>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "tools/import/xml_part.h"

namespace ieum::import {
namespace {

constexpr int64_t kSmallPartMax = int64_t{4} << 20;
constexpr int64_t kStringsMax = int64_t{256} << 20;
constexpr int64_t kSheetMax = int64_t{2} << 30;

std::string At(const Attributes& attributes, const std::string& name) {
  const auto found = attributes.find(name);
  return found == attributes.end() ? "" : found->second;
}

// The part of the first sheet: "xl/worksheets/sheet1.xml".
absl::StatusOr<std::string> FirstSheet(unzFile archive) {
  std::string id, target, from_1904;
  ASSIGN_OR_RETURN(auto book, XmlPart::Open(archive, "xl/workbook.xml", kSmallPartMax,
                                            {.on_begin = [&](const auto& element, const auto& has) {
                                              if (element == "sheet" && id.empty()) {
                                                id = At(has, "id");
                                              }
                                              if (element == "workbookPr") {
                                                from_1904 = At(has, "date1904");
                                              }
                                            }}));
  RETURN_IF_ERROR(book->ReadAll());
  book.reset();
  if (from_1904 == "1" || from_1904 == "true") {
    return absl::InvalidArgumentError(
        "the file counts days from 1904 on; save it with days from 1900 on, or as CSV");
  }
  ASSIGN_OR_RETURN(auto links, XmlPart::Open(archive, "xl/_rels/workbook.xml.rels", kSmallPartMax,
                                             {.on_begin = [&](const auto&, const auto& has) {
                                               if (!id.empty() && At(has, "Id") == id) {
                                                 target = At(has, "Target");
                                               }
                                             }}));
  RETURN_IF_ERROR(links->ReadAll());
  if (target.empty()) return absl::InvalidArgumentError("the file has no sheet");
  return target[0] == '/' ? target.substr(1) : "xl/" + target;
}

// Texts of `si`, without those that only say how it is pronounced.
absl::StatusOr<std::vector<std::string>> SharedStrings(unzFile archive) {
  std::vector<std::string> strings;
  bool in_text = false, in_sound = false;
  auto part = XmlPart::Open(archive, "xl/sharedStrings.xml", kStringsMax,
                            {.on_begin =
                                 [&](const std::string& element, const Attributes&) {
                                   if (element == "si") strings.emplace_back();
                                   if (element == "rPh") in_sound = true;
                                   if (element == "t") in_text = !in_sound && !strings.empty();
                                 },
                             .on_end =
                                 [&](const std::string& element) {
                                   if (element == "rPh") in_sound = false;
                                   if (element == "t") in_text = false;
                                 },
                             .on_text =
                                 [&](std::string_view text) {
                                   if (in_text) strings.back().append(text);
                                 }});
  if (absl::IsNotFound(part.status())) return strings;
  RETURN_IF_ERROR(part.status());
  RETURN_IF_ERROR((*part)->ReadAll());
  return strings;
}

// The column of "BC12", from 0; nullopt when it says none.
std::optional<size_t> ColumnOf(const std::string& place) {
  size_t column = 0, at = 0;
  for (; at < place.size() && absl::ascii_isupper(place[at]) && column <= kColumnsMax; ++at) {
    column = column * 26 + static_cast<size_t>(place[at] - 'A') + 1;
  }
  if (at == 0) return std::nullopt;
  return column - 1;
}

// Whole numbers without a point or an exponent, however the file has them.
std::string NumberText(const std::string& text) {
  double number = 0;
  if (text.find_first_of(".eE") == std::string::npos || !absl::SimpleAtod(text, &number)) {
    return text;
  }
  if (number != std::floor(number) || std::abs(number) > 1e15) return text;
  return absl::StrCat(static_cast<int64_t>(number));
}

}  // namespace

struct XlsxReader::Impl {
  unzFile archive = nullptr;
  std::vector<std::string> strings;
  std::unique_ptr<XmlPart> sheet;
  bool at_end = false;
  std::deque<TableRow> rows;  // parsed and not asked for
  absl::Status fault;

  TableRow row;
  int64_t number = 0;
  size_t column = 0;
  std::string type, value;
  bool in_value = false;

  ~Impl() {
    sheet.reset();
    if (archive != nullptr) unzClose(archive);
  }
  void Fail(const std::string& what) {
    if (fault.ok()) fault = absl::InvalidArgumentError(absl::StrCat("row ", number, ": ", what));
  }
  void Begin(const std::string& element, const Attributes& has);
  void End(const std::string& element);
  void EndCell();
};

void XlsxReader::Impl::Begin(const std::string& element, const Attributes& has) {
  if (element == "row") {
    int64_t said = 0;
    const bool says = absl::SimpleAtoi(At(has, "r"), &said);
    if (says && said <= number) Fail("rows are not in their order");
    number = says ? said : number + 1;
    row = {.number = number};
    column = 0;
  } else if (element == "c") {
    column = ColumnOf(At(has, "r")).value_or(column);
    type = At(has, "t");
    value.clear();
  } else if (element == "v" || element == "t") {
    in_value = true;
  }
}

void XlsxReader::Impl::End(const std::string& element) {
  if (element == "v" || element == "t") in_value = false;
  if (element == "c") EndCell();
  if (element != "row") return;
  for (const std::string& cell : row.cells) {
    if (cell.empty()) continue;
    rows.push_back(std::move(row));
    break;
  }
  row = {};
}

void XlsxReader::Impl::EndCell() {
  if (column >= kColumnsMax) return Fail("there are too many columns");
  if (type == "s") {
    size_t place = 0;
    if (!absl::SimpleAtoi(value, &place) || place >= strings.size()) {
      return Fail("a cell names a text that is not there");
    }
    value = strings[place];
  } else if (type.empty() || type == "n") {
    value = NumberText(value);
  }
  if (value.size() > kCellMax) return Fail("a cell is too long");
  if (row.cells.size() <= column) row.cells.resize(column + 1);
  row.cells[column++] = std::move(value);
  value.clear();
}

XlsxReader::XlsxReader() : impl_(std::make_unique<Impl>()) {}
XlsxReader::~XlsxReader() = default;

absl::StatusOr<std::unique_ptr<XlsxReader>> XlsxReader::Open(const std::string& path) {
  std::unique_ptr<XlsxReader> reader(new XlsxReader());
  Impl* impl = reader->impl_.get();
  impl->archive = unzOpen64(path.c_str());
  if (impl->archive == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": is no XLSX file"));
  }
  ASSIGN_OR_RETURN(const std::string sheet, FirstSheet(impl->archive));
  ASSIGN_OR_RETURN(impl->strings, SharedStrings(impl->archive));
  ASSIGN_OR_RETURN(
      impl->sheet,
      XmlPart::Open(
          impl->archive, sheet, kSheetMax,
          {.on_begin = [impl](const auto& element, const auto& has) { impl->Begin(element, has); },
           .on_end = [impl](const auto& element) { impl->End(element); },
           .on_text =
               [impl](std::string_view text) {
                 if (!impl->in_value) return;
                 if (impl->value.size() > kCellMax) return impl->Fail("a cell is too long");
                 impl->value.append(text);
               }}));
  return reader;
}

absl::StatusOr<bool> XlsxReader::Next(TableRow* row) {
  while (impl_->rows.empty() && !impl_->at_end) {
    ASSIGN_OR_RETURN(const bool more, impl_->sheet->Step());
    RETURN_IF_ERROR(impl_->fault);
    impl_->at_end = !more;
  }
  if (impl_->rows.empty()) return false;
  *row = std::move(impl_->rows.front());
  impl_->rows.pop_front();
  return true;
}

double XlsxReader::Share() const { return impl_->sheet->Share(); }

}  // namespace ieum::import
