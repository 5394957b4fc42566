#include "services/registry/consents/consent_text.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "ieum/registry/v1/errors.pb.h"
#include "platform/base/status.h"
#include "platform/base/text.h"

namespace ieum::registry {
namespace {

constexpr char kRoot[] = "consent_text.";

std::string Clean(const std::string& text) {
  return std::string(absl::StripAsciiWhitespace(base::Nfc(text)));
}

void Missing(const char* part, std::string_view description, base::FieldErrors* errors) {
  errors->Add(v1::ERROR_REASON_CONSENT_INCOMPLETE, absl::StrCat(kRoot, part), description);
}

// The parts that every consent needs.
void CheckParts(const v1::ConsentText& wording, base::FieldErrors* errors) {
  if (wording.stated_purpose().empty()) {
    Missing("stated_purpose", "must say what the data are wanted for", errors);
  }
  if (wording.items().empty()) Missing("items", "must name the items", errors);
  if (wording.retention().empty()) {
    Missing("retention", "must say for how long the data are kept", errors);
  }
  if (wording.refusal_right().empty()) {
    Missing("refusal_right", "must say that the person may refuse", errors);
  }
  if (wording.refusal_disadvantage().empty()) {
    Missing("refusal_disadvantage", "must say what disadvantage refusing has, or that it has none",
            errors);
  }
}

// A part that one purpose needs and the others do not have.
void CheckOnlyOf(bool its_purpose, bool there, const char* part, std::string_view missing,
                 base::FieldErrors* errors) {
  if (its_purpose && !there) Missing(part, missing, errors);
  if (!its_purpose && there) {
    errors->Add("INVALID_FIELD", absl::StrCat(kRoot, part), "is no part of a text of this purpose");
  }
}

template <class Covers>
v1::ConsentRefusal Judge(const ConsentHead* head, const ConsentText* text, absl::Time at,
                         Covers covers) {
  if (head == nullptr || text == nullptr) return v1::CONSENT_REFUSAL_MISSING;
  const v1::ConsentRefusal refusal = RefusalOf(StateAt(*head, at));
  if (refusal != v1::CONSENT_REFUSAL_UNSPECIFIED || covers(text->wording)) return refusal;
  return v1::CONSENT_REFUSAL_NOT_COVERED;
}

}  // namespace

std::string ConsentTextName(const base::Uuid& id) {
  return absl::StrCat("consentTexts/", id.ToString());
}

absl::StatusOr<std::optional<base::Uuid>> RecipientIn(const std::string& name,
                                                      std::string_view field) {
  if (name.empty()) return std::optional<base::Uuid>();
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn("organizations/{}", name, field));
  return std::optional(ids[0]);
}

absl::Status TakeWording(const v1::ConsentText& wanted, ConsentText* text) {
  base::FieldErrors errors;
  v1::ConsentText& wording = text->wording;
  wording = wanted;
  wording.clear_name();
  wording.clear_create_time();
  wording.set_stated_purpose(Clean(wanted.stated_purpose()));
  for (std::string& item : *wording.mutable_items()) {
    item = Clean(item);
    if (item.empty()) Missing("items", "must name the items", &errors);
  }
  wording.set_retention(Clean(wanted.retention()));
  wording.set_refusal_right(Clean(wanted.refusal_right()));
  wording.set_refusal_disadvantage(Clean(wanted.refusal_disadvantage()));
  wording.set_body(base::Nfc(wanted.body()));
  CheckParts(wording, &errors);
  CheckOnlyOf(wording.purpose() == v1::CONSENT_PURPOSE_THIRD_PARTY_PROVISION,
              !wording.recipient().empty(), "recipient", "must name to whom data are provided",
              &errors);
  CheckOnlyOf(wording.purpose() == v1::CONSENT_PURPOSE_PORTRAIT_PUBLICATION,
              !wording.publication_kinds().empty(), "publication_kinds",
              "must say what may be published", &errors);
  auto recipient = RecipientIn(wording.recipient(), absl::StrCat(kRoot, "recipient"));
  errors.Add(recipient.status());
  if (recipient.ok()) text->recipient = *recipient;
  return errors.ToStatus();
}

absl::Status RequirePurpose(const ConsentText& text, v1::ConsentPurpose claimed) {
  if (text.wording.purpose() == claimed) return absl::OkStatus();
  return base::InvalidField(
      v1::ERROR_REASON_CONSENT_PURPOSE_MISMATCH, "consent.purpose",
      absl::StrCat("the text asks for ", v1::ConsentPurpose_Name(text.wording.purpose()),
                   "; one consent grants one purpose"));
}

v1::ConsentRefusal JudgeProvision(const ConsentHead* head, const ConsentText* text,
                                  const std::vector<std::string>& items, absl::Time at) {
  return Judge(head, text, at, [&](const v1::ConsentText& wording) {
    return std::all_of(items.begin(), items.end(), [&](const std::string& item) {
      const auto& named = wording.items();
      return std::find(named.begin(), named.end(), Clean(item)) != named.end();
    });
  });
}

v1::ConsentRefusal JudgePublication(const ConsentHead* head, const ConsentText* text,
                                    v1::PublicationKind kind, absl::Time at) {
  return Judge(head, text, at, [&](const v1::ConsentText& wording) {
    const auto& kinds = wording.publication_kinds();
    return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
  });
}

}  // namespace ieum::registry
