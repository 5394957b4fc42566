#include "platform/filter/values.h"

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "platform/base/decimal.h"
#include "platform/base/echo.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"

namespace ieum::filter {
namespace {

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

bool InCommonEra(int64_t year) { return year >= 1 && year <= 9999; }

// SizeBand → "SIZE_BAND_": what buf's lint demands of the values of an enum.
std::string PrefixOf(const google::protobuf::EnumDescriptor& type) {
  std::string prefix;
  for (const char c : type.name()) {
    if (absl::ascii_isupper(static_cast<unsigned char>(c)) && !prefix.empty()) prefix += '_';
    prefix += absl::ascii_toupper(static_cast<unsigned char>(c));
  }
  return prefix + "_";
}

}  // namespace

std::optional<int64_t> AsInt(std::string_view text) {
  int64_t value = 0;
  if (!absl::SimpleAtoi(View(text), &value)) return std::nullopt;
  return value;
}

bool IsDecimal(std::string_view text) { return base::Decimal::Parse(text).has_value(); }

std::optional<bool> AsBool(std::string_view text) {
  if (text == "true") return true;
  if (text == "false") return false;
  return std::nullopt;
}

std::optional<absl::Time> AsTimestamp(std::string_view text) {
  absl::Time instant;
  std::string error;
  if (!absl::ParseTime(absl::RFC3339_full, View(text), &instant, &error)) return std::nullopt;
  if (!InCommonEra(absl::ToCivilYear(instant, absl::UTCTimeZone()).year())) return std::nullopt;
  return instant;
}

std::optional<absl::CivilDay> AsDay(std::string_view text) {
  const absl::StatusOr<absl::CivilDay> day = base::ParseDay(text, "day");
  if (!day.ok() || !InCommonEra(day->year())) return std::nullopt;
  return *day;
}

std::optional<int> AsEnum(const google::protobuf::EnumDescriptor& type, std::string_view text) {
  const auto* value = type.FindValueByName(std::string(text));
  if (value == nullptr) value = type.FindValueByName(PrefixOf(type) + std::string(text));
  if (value == nullptr) return std::nullopt;
  return value->number();
}

absl::Status UnknownField(std::string_view blamed, std::string_view field, std::string_view known) {
  return Invalid(
      blamed, absl::StrCat("there is no field ", base::Echo(field), "; there are: ", View(known)));
}

absl::Status WrongOperator(std::string_view blamed, std::string_view field,
                           std::string_view allowed) {
  return Invalid(blamed, absl::StrCat(View(field), " can only be used with ", View(allowed)));
}

absl::Status WrongValue(std::string_view blamed, std::string_view field,
                        std::string_view expected) {
  return Invalid(blamed, absl::StrCat(View(field), " is compared with ", View(expected)));
}

}  // namespace ieum::filter
