#include "tools/import/columns.h"

#include <algorithm>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/time/civil_time.h"
#include "platform/base/status.h"
#include "platform/base/text.h"

namespace ieum::import {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
namespace v1 = registry::v1;

struct Field {
  const char* path;
  std::vector<const char*> heads;  // as SearchKey has them
  bool required = false;
};

const std::vector<Field>& FirmFields() {
  static const auto* fields = new std::vector<Field>{
      {"organization.business_registration_number", {"사업자등록번호", "사업자번호"}, true},
      {"organization.display_name", {"상호", "기업명", "업체명", "회사명"}, true},
      {"organization.external_code", {"관리코드", "기업코드"}},
      {"facts.valid_from", {"기준일", "기준일자"}},
      {"facts.total_headcount", {"전체근로자수", "근로자수", "종업원수"}},
      {"facts.women_headcount", {"여성근로자수"}},
      {"facts.regular_headcount", {"상시근로자수"}},
      {"facts.ksic_code", {"업종코드", "표준산업분류코드"}},
      {"facts.ksic_revision", {"산업분류차수"}},
      {"facts.region_code", {"지역코드", "법정동코드"}},
      {"facts.complex_code", {"산업단지코드", "산단코드"}},
      {"facts.size_class", {"기업규모"}}};
  return *fields;
}

const std::vector<Field>& PersonFields() {
  static const auto* fields =
      new std::vector<Field>{{"person.full_name", {"성명", "이름"}, true},
                             {"person.latin_name", {"영문성명", "영문이름"}},
                             {"person.birth_year", {"출생연도", "출생년도"}},
                             {"person.birth_date", {"생년월일"}},
                             {"person.email", {"이메일", "전자우편"}},
                             {"person.phone", {"전화번호", "휴대전화", "휴대폰", "연락처"}},
                             {"person.preferred_language", {"언어"}},
                             {"person.basis", {"처리근거"}, true}};
  return *fields;
}

const std::vector<Field>& AllFields(v1::ImportKind kind) {
  return kind == v1::IMPORT_KIND_FIRMS ? FirmFields() : PersonFields();
}

const Field* Named(v1::ImportKind kind, const std::string& word) {
  const std::string key = base::SearchKey(word);
  for (const Field& field : AllFields(kind)) {
    const std::string path = field.path;
    if (key == path || key == path.substr(path.find('.') + 1)) return &field;
    if (std::find(field.heads.begin(), field.heads.end(), key) != field.heads.end()) return &field;
  }
  return nullptr;
}

bool IsDay(const std::string& path) {
  return absl::EndsWith(path, "valid_from") || absl::EndsWith(path, "birth_date");
}

// "45000" of a spreadsheet is 2023-03-15; "2023.3.15" and "20230315" are days, too.
std::string DayOf(std::string text, bool counts_days) {
  int number = 0;
  if (counts_days && text.size() == 5 && absl::SimpleAtoi(text, &number)) {
    return absl::FormatCivilTime(absl::CivilDay(1899, 12, 30) + number);
  }
  if (text.size() == 8 && std::all_of(text.begin(), text.end(), absl::ascii_isdigit)) {
    return absl::StrCat(text.substr(0, 4), "-", text.substr(4, 2), "-", text.substr(6));
  }
  text = absl::StrReplaceAll(text, {{" ", ""}, {".", "-"}, {"/", "-"}});
  if (absl::EndsWith(text, "-")) text.pop_back();
  std::vector<std::string> parts = absl::StrSplit(text, '-');
  for (std::string& part : parts) {
    if (part.size() == 1) part.insert(0, "0");
  }
  return absl::StrJoin(parts, "-");
}

// LEGAL_BASIS_CONTRACT of "contract"; false for what is no value.
bool SetEnum(const std::string& text, const FieldDescriptor* field, Message* message) {
  const auto* type = field->enum_type();
  const std::string first = type->value(0)->name();  // SIZE_CLASS_UNSPECIFIED
  const std::string prefix = first.substr(0, first.rfind('_') + 1);
  const std::string word = absl::AsciiStrToUpper(text);
  const auto* value = type->FindValueByName(word);
  if (value == nullptr) value = type->FindValueByName(prefix + word);
  if (value == nullptr || value->number() == 0) return false;
  message->GetReflection()->SetEnum(message, field, value);
  return true;
}

bool SetNumber(const std::string& text, const FieldDescriptor* field, Message* message) {
  int number = 0;
  if (!absl::SimpleAtoi(absl::StrReplaceAll(text, {{",", ""}}), &number)) return false;
  message->GetReflection()->SetInt32(message, field, number);
  return true;
}

// False when the text is no value of the field.
bool Set(const std::string& path, const std::string& text, bool counts_days, Message* row) {
  const size_t dot = path.find('.');
  const FieldDescriptor* part = row->GetDescriptor()->FindFieldByName(path.substr(0, dot));
  Message* message = row->GetReflection()->MutableMessage(row, part);
  const FieldDescriptor* field = message->GetDescriptor()->FindFieldByName(path.substr(dot + 1));
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      message->GetReflection()->SetString(message, field,
                                          IsDay(path) ? DayOf(text, counts_days) : text);
      return true;
    case FieldDescriptor::CPPTYPE_INT32:
      return SetNumber(text, field, message);
    default:
      return SetEnum(text, field, message);
  }
}

v1::RowToImport Unreadable(int64_t number, const std::string& field, const std::string& reason) {
  v1::RowToImport row;
  row.set_number(number);
  row.mutable_unreadable()->set_field(field);
  row.mutable_unreadable()->set_error_reason(reason);
  return row;
}

// The letters by which spreadsheets call a column.
std::string LettersOf(size_t column) {
  std::string letters;
  for (size_t left = column + 1; left > 0; left = (left - 1) / 26) {
    letters.insert(letters.begin(), static_cast<char>('A' + (left - 1) % 26));
  }
  return letters;
}

}  // namespace

std::vector<std::string> Columns::FieldsOf(v1::ImportKind kind) {
  std::vector<std::string> paths;
  for (const Field& field : AllFields(kind)) paths.push_back(field.path);
  return paths;
}

absl::StatusOr<Columns> Columns::Of(v1::ImportKind kind, const TableRow& head, const Wishes& wishes,
                                    bool counts_days) {
  Columns columns;
  columns.kind_ = kind;
  columns.counts_days_ = counts_days;
  std::vector<std::string> faults;
  std::set<std::string> taken;
  for (size_t at = 0; at < head.cells.size(); ++at) {
    const std::string text(absl::StripAsciiWhitespace(head.cells[at]));
    const auto wished = wishes.fields.find(text);
    const std::string word = wished == wishes.fields.end() ? text : wished->second;
    columns.fields_.emplace_back();
    if (word.empty()) continue;
    const Field* field = Named(kind, word);
    const std::string where = absl::StrCat("column ", LettersOf(at), " (", text, ")");
    if (field == nullptr) {
      faults.push_back(absl::StrCat(where, " means nothing here; say --column '", text,
                                    "=FIELD', or '", text, "=' to pass it over"));
    } else if (!taken.insert(field->path).second) {
      faults.push_back(absl::StrCat(where, " is ", field->path, " a second time"));
    } else {
      columns.fields_.back() = field->path;
    }
  }
  for (const auto& [word, value] : wishes.defaults) {
    const Field* field = Named(kind, word);
    if (field == nullptr) {
      faults.push_back(absl::StrCat("--default ", word, " is no field"));
    } else {
      columns.defaults_[field->path] = value;
    }
  }
  const bool facts = std::any_of(taken.begin(), taken.end(), [](const std::string& path) {
    return absl::StartsWith(path, "facts.");
  });
  for (const Field& field : AllFields(kind)) {
    const bool required = field.required || (facts && IsDay(field.path));
    if (!required || taken.contains(field.path) || columns.defaults_.contains(field.path)) {
      continue;
    }
    faults.push_back(
        absl::StrCat("there is no column for ", field.path, " (", field.heads[0], ")"));
  }
  if (!faults.empty()) return absl::InvalidArgumentError(absl::StrJoin(faults, "\n"));
  return columns;
}

v1::RowToImport Columns::Read(const TableRow& row) const {
  std::map<std::string, std::string> values = defaults_;
  for (size_t at = 0; at < row.cells.size(); ++at) {
    const std::string text(absl::StripAsciiWhitespace(row.cells[at]));
    if (text.empty()) continue;
    if (at >= fields_.size()) return Unreadable(row.number, "", "INVALID_FIELD");
    if (!fields_[at].empty()) values[fields_[at]] = text;
  }
  v1::RowToImport wire;
  wire.set_number(row.number);
  const bool knows_facts = std::any_of(values.begin(), values.end(), [](const auto& value) {
    return absl::StartsWith(value.first, "facts.") && value.first != "facts.valid_from";
  });
  for (const auto& [path, text] : values) {
    if (absl::StartsWith(path, "facts.") && !knows_facts) continue;
    const absl::Status fit = base::CheckText(text, path);
    if (!fit.ok()) return Unreadable(row.number, path, base::ReasonOf(fit));
    if (!Set(path, text, counts_days_, &wire)) return Unreadable(row.number, path, "INVALID_FIELD");
  }
  if (kind_ == v1::IMPORT_KIND_FIRMS) {
    wire.mutable_organization()->set_kind(v1::ORGANIZATION_KIND_FIRM);
  } else {
    wire.mutable_person();
  }
  return wire;
}

}  // namespace ieum::import
