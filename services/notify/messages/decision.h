// Whether a message goes out, now, later or never: one pure function. Its inputs are kept with each
// step of the message, so the same decision can be made again and explained.
#pragma once

#include <optional>
#include <string>

#include "absl/time/time.h"
#include "ieum/notify/v1/types.pb.h"
#include "ieum/registry/v1/person_service.pb.h"

namespace ieum::notify {

// What registry said about the contact.
enum class ContactAnswer { kNotAsked, kGiven, kNoAddress, kRefused, kUnknown };

struct DecisionInputs {
  v1::LawClass law_class = v1::LAW_CLASS_UNSPECIFIED;
  v1::Channel channel = v1::CHANNEL_UNSPECIFIED;
  absl::Time now;  // business time
  absl::Time expires_at;
  ContactAnswer contact = ContactAnswer::kNotAsked;

  bool operator==(const DecisionInputs&) const = default;
};

enum class Verdict { kExpire, kHold, kAskContact, kSuppress, kSend };

struct Decision {
  Verdict verdict = Verdict::kSuppress;
  v1::SuppressionReason reason = v1::SUPPRESSION_REASON_UNSPECIFIED;  // of kSuppress
  std::optional<absl::Time> hold_until;                               // of kHold, business time

  bool operator==(const Decision&) const = default;
};

// In this order: useful time over → expire; quiet hours → hold; contact not asked → ask; refused,
// unknown or without an address → suppress; otherwise send. Quiet hours, 21:00 ≤ t < 08:00 Korea
// time, are for advertising by anything but e-mail (정보통신망법 제50조 제3항). A law class that is
// not known counts as advertising.
Decision Decide(const DecisionInputs& inputs);

// What registry is asked for.
registry::v1::ContactPurpose PurposeOf(v1::LawClass law_class);

// As JSON and back; nullopt when it is no such text.
std::string ToJson(const DecisionInputs& inputs);
std::optional<DecisionInputs> DecisionInputsFrom(const std::string& json);

}  // namespace ieum::notify
