#include "services/registry/people/contact_gate.h"

#include "platform/base/korea_time.h"

namespace ieum::registry {
namespace {

constexpr int kNightFromHour = 21;
constexpr int kNightToHour = 8;

bool CoveredBy(v1::LegalBasis basis, v1::ContactPurpose purpose) {
  switch (purpose) {
    case v1::CONTACT_PURPOSE_SERVICE_NOTICE:
      return basis == v1::LEGAL_BASIS_CONTRACT || basis == v1::LEGAL_BASIS_DUTY;
    case v1::CONTACT_PURPOSE_PUBLIC_NOTICE:
    case v1::CONTACT_PURPOSE_SURVEY:
      return basis == v1::LEGAL_BASIS_DUTY;
    default:
      return false;
  }
}

// The consent that makes up for a basis; unspecified = none does.
v1::ConsentPurpose ConsentFor(v1::ContactPurpose purpose) {
  switch (purpose) {
    case v1::CONTACT_PURPOSE_PUBLIC_NOTICE:
    case v1::CONTACT_PURPOSE_SURVEY:
      return v1::CONSENT_PURPOSE_COLLECTION;
    case v1::CONTACT_PURPOSE_ADVERTISING:
      return v1::CONSENT_PURPOSE_ADVERTISING;
    default:
      return v1::CONSENT_PURPOSE_UNSPECIFIED;
  }
}

int AddressesFor(v1::ContactChannel channel) {
  switch (channel) {
    case v1::CONTACT_CHANNEL_UNSPECIFIED:
      return kEmailAddress | kPhoneAddress;
    case v1::CONTACT_CHANNEL_EMAIL:
      return kEmailAddress;
    default:
      return kPhoneAddress;
  }
}

ContactVerdict Refused(v1::ContactRefusal refusal) { return {.refusal = refusal}; }

v1::ContactRefusal RefusalFor(v1::ConsentState state) {
  switch (state) {
    case v1::CONSENT_STATE_GIVEN:
      return v1::CONTACT_REFUSAL_UNSPECIFIED;
    case v1::CONSENT_STATE_REFUSED:
      return v1::CONTACT_REFUSAL_CONSENT_REFUSED;
    case v1::CONSENT_STATE_WITHDRAWN:
      return v1::CONTACT_REFUSAL_CONSENT_WITHDRAWN;
    case v1::CONSENT_STATE_EXPIRED:
      return v1::CONTACT_REFUSAL_CONSENT_EXPIRED;
    default:
      return v1::CONTACT_REFUSAL_PURPOSE_NOT_COVERED;
  }
}

void Name(const ConsentHead* head, ContactVerdict* verdict) {
  if (head == nullptr) return;
  verdict->consent_id = head->consent_id;
  verdict->consent_revision = head->revision;
}

// What the night leaves of an advertisement that a consent allows by day.
void NarrowToNight(v1::ContactChannel channel, absl::Time at, const std::vector<ConsentHead>& heads,
                   ContactVerdict* verdict) {
  if (channel == v1::CONTACT_CHANNEL_EMAIL) return;
  const ConsentHead* night = HeadFor(heads, {v1::CONSENT_PURPOSE_NIGHT_ADVERTISING, std::nullopt});
  const bool given = night != nullptr && StateAt(*night, at) == v1::CONSENT_STATE_GIVEN;
  if (given) return Name(night, verdict);
  if (channel == v1::CONTACT_CHANNEL_UNSPECIFIED) {
    verdict->addresses = kEmailAddress;
    return;
  }
  *verdict = Refused(v1::CONTACT_REFUSAL_NIGHT_CONSENT_MISSING);
  Name(night, verdict);
}

}  // namespace

bool IsNight(absl::Time at) {
  const int hour = base::Korea().At(at).cs.hour();
  return hour >= kNightFromHour || hour < kNightToHour;
}

bool AsksConsent(v1::ContactPurpose purpose) {
  return ConsentFor(purpose) != v1::CONSENT_PURPOSE_UNSPECIFIED;
}

ContactVerdict JudgeContact(std::optional<v1::LegalBasis> basis, v1::ContactPurpose purpose,
                            v1::ContactChannel channel, absl::Time at,
                            const std::vector<ConsentHead>& heads) {
  if (!basis) return Refused(v1::CONTACT_REFUSAL_PERSON_UNKNOWN);
  const bool advertising = purpose == v1::CONTACT_PURPOSE_ADVERTISING;
  if (advertising && channel == v1::CONTACT_CHANNEL_ALIMTALK) {
    return Refused(v1::CONTACT_REFUSAL_CHANNEL_NOT_ALLOWED);
  }
  if (CoveredBy(*basis, purpose)) return {.addresses = AddressesFor(channel)};
  if (!AsksConsent(purpose)) return Refused(v1::CONTACT_REFUSAL_PURPOSE_NOT_COVERED);
  const ConsentHead* head = HeadFor(heads, {ConsentFor(purpose), std::nullopt});
  ContactVerdict verdict =
      Refused(RefusalFor(head == nullptr ? v1::CONSENT_STATE_UNSPECIFIED : StateAt(*head, at)));
  Name(head, &verdict);
  if (verdict.refusal != v1::CONTACT_REFUSAL_UNSPECIFIED) return verdict;
  verdict.addresses = AddressesFor(channel);
  if (advertising && IsNight(at)) NarrowToNight(channel, at, heads, &verdict);
  return verdict;
}

}  // namespace ieum::registry
