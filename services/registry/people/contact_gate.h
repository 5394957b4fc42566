// The gate through which addresses leave: what a stored basis or a consent allows at an instant.
// Pure.
//
//                      CONTRACT              DUTY                  otherwise
//   SERVICE_NOTICE     yes                   yes                   no
//   PUBLIC_NOTICE      consent COLLECTION    yes                   consent COLLECTION
//   SURVEY             consent COLLECTION    yes                   consent COLLECTION
//   ADVERTISING        consent ADVERTISING   consent ADVERTISING   consent ADVERTISING
//
// Advertising from 21:00 to 08:00 in Korea needs NIGHT_ADVERTISING, too, but for e-mail
// (정보통신망법 제50조 제3항, 시행령 제61조 제2항). What is not known is refused.
#pragma once

#include <optional>
#include <vector>

#include "absl/time/time.h"
#include "ieum/registry/v1/person_service.pb.h"
#include "platform/base/uuid.h"
#include "services/registry/consents/consent.h"

namespace ieum::registry {

// Which addresses are given; bits of `contact_receipt.addresses`.
inline constexpr int kEmailAddress = 1;
inline constexpr int kPhoneAddress = 2;

struct ContactVerdict {
  v1::ContactRefusal refusal = v1::CONTACT_REFUSAL_UNSPECIFIED;  // unspecified = given
  int addresses = 0;                                             // of a given one
  // The consent that allowed it or stands in the way; nullopt = a basis decided, or there is none.
  std::optional<base::Uuid> consent_id;
  int consent_revision = 0;
};

// 21:00 ≤ t < 08:00 in Korea. law:L28
bool IsNight(absl::Time at);

// Whether consents have to be looked at: the basis may not decide alone.
bool AsksConsent(v1::ContactPurpose purpose);

// `basis`: nullopt = nobody has this id. `heads`: where the person's matters stand.
ContactVerdict JudgeContact(std::optional<v1::LegalBasis> basis, v1::ContactPurpose purpose,
                            v1::ContactChannel channel, absl::Time at,
                            const std::vector<ConsentHead>& heads);

}  // namespace ieum::registry
