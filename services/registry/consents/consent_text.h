// The texts that people are asked with. The law says which parts one must have; a text that lacks
// one makes no consent. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "ieum/registry/v1/consent_service.pb.h"
#include "platform/base/uuid.h"
#include "services/registry/consents/consent.h"

namespace ieum::registry {

struct ConsentText {
  base::Uuid id;
  v1::ConsentText wording;              // as the caller gave it, NFC
  std::optional<base::Uuid> recipient;  // of a provision
  absl::Time created_at;

  ConsentMatter matter() const { return {wording.purpose(), recipient}; }
};

std::string ConsentTextName(const base::Uuid& id);  // "consentTexts/{uuid}"
// The organization that `field` names; nullopt for "". INVALID_ARGUMENT.
absl::StatusOr<std::optional<base::Uuid>> RecipientIn(const std::string& name,
                                                      std::string_view field);

// Takes a text from the contract's message, named below "consent_text": CONSENT_INCOMPLETE names
// every part that is missing (개인정보 보호법 제15조 제2항, 제17조 제2항), INVALID_FIELD what a
// text of this purpose does not have. `text->recipient` is set. law:L01 law:L02
absl::Status TakeWording(const v1::ConsentText& wanted, ConsentText* text);

// A text grants one purpose: CONSENT_PURPOSE_MISMATCH when another is claimed. law:L03
absl::Status RequirePurpose(const ConsentText& text, v1::ConsentPurpose claimed);

// Why a provision of these items, or a publication, is not covered. `head`: where the matter
// stands, nullptr = nobody asked; `text`: that of the head. law:L02 law:L05 law:L44
v1::ConsentRefusal JudgeProvision(const ConsentHead* head, const ConsentText* text,
                                  const std::vector<std::string>& items, absl::Time at);
v1::ConsentRefusal JudgePublication(const ConsentHead* head, const ConsentText* text,
                                    v1::PublicationKind kind, absl::Time at);

}  // namespace ieum::registry
