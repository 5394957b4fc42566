#include "platform/personal_data/held.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "google/protobuf/descriptor.h"

namespace ieum::personal_data {
namespace {

// "CONSENT_STATE_" of the enum ConsentState: its values begin so.
std::string PrefixOf(const google::protobuf::EnumDescriptor& type) {
  std::string prefix;
  for (const char letter : type.name()) {
    if (absl::ascii_isupper(letter) && !prefix.empty()) prefix += '_';
    prefix += absl::ascii_toupper(letter);
  }
  return prefix + '_';
}

// A number that the contract does not know is told as it is: it is not hidden. 0 says nothing.
std::string WordFor(const google::protobuf::EnumDescriptor& type, absl::string_view text) {
  int number = 0;
  if (!absl::SimpleAtoi(text, &number) || number == 0) return "";
  const auto* value = type.FindValueByNumber(number);
  if (value == nullptr) return std::string(text);
  return std::string(absl::StripPrefix(value->name(), PrefixOf(type)));
}

}  // namespace

Held Ground::Of(std::string code, std::string label, const db::Statement* statement,
                std::vector<Column> columns, std::vector<std::string> places) const {
  return {.code = std::move(code),
          .label = std::move(label),
          .purpose = purpose,
          .basis = basis,
          .retention = retention,
          .statement = statement,
          .columns = std::move(columns),
          .places = std::move(places)};
}

Column Text(std::string code, std::string label) {
  return {.code = std::move(code), .label = std::move(label), .tell = {}};
}

Column Resource(std::string code, std::string label, std::string collection) {
  return {.code = std::move(code),
          .label = std::move(label),
          .tell = [collection = std::move(collection)](const std::string& text, Reading&)
              -> absl::StatusOr<std::string> { return collection + text; }};
}

Column Sealed(std::string code, std::string label) {
  const std::string field = code;
  return {.code = std::move(code),
          .label = std::move(label),
          .tell = [field](const std::string& box,
                          Reading& reading) { return reading.Open(field, box); },
          .sealed = true};
}

Column Role(std::string code, std::string label) {
  return {.code = std::move(code),
          .label = std::move(label),
          .tell = [](const std::string& account, Reading& reading) -> absl::StatusOr<std::string> {
            return reading.RolesOf(account);
          }};
}

Column WordOf(std::string code, std::string label, const google::protobuf::EnumDescriptor* type) {
  return {.code = std::move(code),
          .label = std::move(label),
          .tell = [type](const std::string& text, Reading&) -> absl::StatusOr<std::string> {
            const absl::string_view inner = absl::StripSuffix(absl::StripPrefix(text, "{"), "}");
            std::vector<std::string> words;
            for (const absl::string_view number : absl::StrSplit(inner, ',', absl::SkipEmpty())) {
              const std::string word = WordFor(*type, number);
              if (!word.empty()) words.push_back(word);
            }
            return absl::StrJoin(words, ", ");
          }};
}

}  // namespace ieum::personal_data
