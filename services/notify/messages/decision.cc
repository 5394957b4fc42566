#include "services/notify/messages/decision.h"

#include <nlohmann/json.hpp>

#include "absl/time/civil_time.h"
#include "platform/base/korea_time.h"

namespace ieum::notify {
namespace {

constexpr int kQuietFromHour = 21;
constexpr int kQuietToHour = 8;

bool IsAdvertising(v1::LawClass law_class) { return law_class != v1::LAW_CLASS_SERVICE_NOTICE; }

// The end of the quiet hours that `now` lies in.
std::optional<absl::Time> QuietUntil(absl::Time now) {
  const absl::CivilHour hour(base::Korea().At(now).cs);
  const absl::CivilDay day(hour);
  if (hour.hour() >= kQuietFromHour) return base::KoreaInstant(day + 1, kQuietToHour);
  if (hour.hour() < kQuietToHour) return base::KoreaInstant(day, kQuietToHour);
  return std::nullopt;
}

Decision Suppress(v1::SuppressionReason reason) { return {Verdict::kSuppress, reason, {}}; }

Decision ByContact(ContactAnswer contact) {
  switch (contact) {
    case ContactAnswer::kNotAsked:
      return {Verdict::kAskContact};
    case ContactAnswer::kGiven:
      return {Verdict::kSend};
    case ContactAnswer::kNoAddress:
      return Suppress(v1::SUPPRESSION_REASON_NO_ADDRESS);
    case ContactAnswer::kRefused:
      return Suppress(v1::SUPPRESSION_REASON_CONTACT_REFUSED);
    case ContactAnswer::kUnknown:
      return Suppress(v1::SUPPRESSION_REASON_PERSON_UNKNOWN);
  }
  return Suppress(v1::SUPPRESSION_REASON_CONTACT_REFUSED);
}

}  // namespace

Decision Decide(const DecisionInputs& inputs) {
  if (inputs.now > inputs.expires_at) return {Verdict::kExpire};
  if (IsAdvertising(inputs.law_class) && inputs.channel != v1::CHANNEL_EMAIL) {
    if (const auto until = QuietUntil(inputs.now)) {
      return {Verdict::kHold, v1::SUPPRESSION_REASON_UNSPECIFIED, until};
    }
  }
  return ByContact(inputs.contact);
}

registry::v1::ContactPurpose PurposeOf(v1::LawClass law_class) {
  return IsAdvertising(law_class) ? registry::v1::CONTACT_PURPOSE_ADVERTISING
                                  : registry::v1::CONTACT_PURPOSE_SERVICE_NOTICE;
}

std::string ToJson(const DecisionInputs& inputs) {
  return nlohmann::json{{"law_class", static_cast<int>(inputs.law_class)},
                        {"channel", static_cast<int>(inputs.channel)},
                        {"now", absl::ToUnixMicros(inputs.now)},
                        {"expires_at", absl::ToUnixMicros(inputs.expires_at)},
                        {"contact", static_cast<int>(inputs.contact)}}
      .dump();
}

std::optional<DecisionInputs> DecisionInputsFrom(const std::string& json) {
  const auto parsed = nlohmann::json::parse(json, nullptr, /*allow_exceptions=*/false);
  if (!parsed.is_object()) return std::nullopt;
  for (const char* name : {"law_class", "channel", "now", "expires_at", "contact"}) {
    const auto value = parsed.find(name);
    if (value == parsed.end() || !value->is_number_integer()) return std::nullopt;
  }
  DecisionInputs inputs;
  inputs.law_class = static_cast<v1::LawClass>(parsed["law_class"].get<int>());
  inputs.channel = static_cast<v1::Channel>(parsed["channel"].get<int>());
  inputs.now = absl::FromUnixMicros(parsed["now"].get<int64_t>());
  inputs.expires_at = absl::FromUnixMicros(parsed["expires_at"].get<int64_t>());
  inputs.contact = static_cast<ContactAnswer>(parsed["contact"].get<int>());
  return inputs;
}

}  // namespace ieum::notify
