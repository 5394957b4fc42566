#include "services/registry/people/phone.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "ieum/registry/v1/errors.pb.h"
#include "phonenumbers/phonenumberutil.h"
#include "platform/base/status.h"
#include "platform/base/text.h"
#include "re2/re2.h"

namespace ieum::registry {
namespace {

using i18n::phonenumbers::PhoneNumberUtil;

constexpr int kKorea = 82;

absl::Status Invalid(std::string_view field) {
  return base::InvalidField(v1::ERROR_REASON_PHONE_INVALID, field,
                            "must be a phone number such as 010-1234-5678 or +82 51 123 4567");
}

// Nationwide numbers of companies: eight digits without an area code.
bool IsRepresentative(const std::string& digits) {
  static const RE2 shape("1[568][0-9]{6}");
  return RE2::FullMatch(digits, shape);
}

// What stands behind the leading 0: mobile, areas, internet telephony, safety numbers, toll-free.
bool HasKoreanShape(const std::string& national) {
  static const RE2 shape(
      "10[0-9]{8}|1[16-9][0-9]{7,8}|"
      "2[1-9][0-9]{6,7}|(3[1-3]|4[1-4]|5[1-5]|6[1-4])[1-9][0-9]{6,7}|"
      "70[0-9]{8}|50[0-9]{8,9}|80[0-9]{7,8}");
  return RE2::FullMatch(national, shape);
}

std::string DigitsOf(const std::string& text) {
  std::string digits;
  std::copy_if(text.begin(), text.end(), std::back_inserter(digits), absl::ascii_isdigit);
  return digits;
}

}  // namespace

std::string PhoneSearchKey(const PhoneNumber& phone) {
  return phone.e164.empty() ? DigitsOf(phone.original) : phone.e164;
}

bool TakesText(const PhoneNumber& phone) {
  static const RE2 mobile(R"(\+821[016-9][0-9]+)");
  const bool korean = phone.e164.rfind("+82", 0) == 0;
  return !phone.e164.empty() && (!korean || RE2::FullMatch(phone.e164, mobile));
}

absl::StatusOr<PhoneNumber> ReadPhone(std::string_view text, std::string_view field) {
  static const RE2 written("\\+?[0-9 ().-]+");
  const std::string normal = base::Nfkc(text);
  PhoneNumber phone;
  phone.original = std::string(absl::StripAsciiWhitespace(normal));
  if (!RE2::FullMatch(phone.original, written)) return Invalid(field);
  const std::string digits = DigitsOf(phone.original);
  if (phone.original[0] != '+' && IsRepresentative(digits)) {
    phone.search_key = digits;
    return phone;
  }
  const PhoneNumberUtil& util = *PhoneNumberUtil::GetInstance();
  i18n::phonenumbers::PhoneNumber parsed;
  if (util.Parse(phone.original, "KR", &parsed) != PhoneNumberUtil::NO_PARSING_ERROR) {
    return Invalid(field);
  }
  std::string national;
  util.GetNationalSignificantNumber(parsed, &national);
  const bool good =
      parsed.country_code() == kKorea ? HasKoreanShape(national) : util.IsValidNumber(parsed);
  if (!good) return Invalid(field);
  util.Format(parsed, PhoneNumberUtil::E164, &phone.e164);
  phone.search_key = phone.e164;
  return phone;
}

}  // namespace ieum::registry
