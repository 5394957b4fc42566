#include "services/registry/organizations/dated_records.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "ieum/registry/v1/errors.pb.h"

namespace ieum::registry {
namespace {

using Day = std::optional<absl::CivilDay>;

// The day that a field says; nullopt for "", and for a fault, which goes to `errors`.
Day DayOf(const std::string& text, const std::string& field, base::FieldErrors* errors) {
  if (text.empty()) return std::nullopt;
  const auto day = ReadDate(text, field);
  if (day.ok()) return *day;
  errors->Add(day.status());
  return std::nullopt;
}

void CheckOrder(const Day& first, const Day& last, const std::string& field, const char* first_name,
                base::FieldErrors* errors) {
  if (!first || !last || *first <= *last) return;
  errors->Add(v1::ERROR_REASON_DATE_ORDER, field, absl::StrCat("must not be before ", first_name));
}

// ISO days compare as texts; no end is the last of all.
bool Overlap(const v1::CouncilTerm& a, const v1::CouncilTerm& b) {
  const auto begins_in = [](const v1::CouncilTerm& one, const v1::CouncilTerm& other) {
    return other.start_date() <= one.start_date() &&
           (other.end_date().empty() || one.start_date() <= other.end_date());
  };
  return begins_in(a, b) || begins_in(b, a);
}

}  // namespace

void CheckLabel(const v1::OrganizationLabel& label, const std::optional<Validity>& given_out,
                std::string_view prefix, base::FieldErrors* errors) {
  const std::string path = std::string(prefix) + ".";
  const Day from = DayOf(label.valid_from(), path + "valid_from", errors);
  const Day until = DayOf(label.valid_until(), path + "valid_until", errors);
  const Day revoked = DayOf(label.revoked_date(), path + "revoked_date", errors);
  if (!given_out || (from && !given_out->HoldsOn(*from))) {
    errors->Add(v1::ERROR_REASON_LABEL_UNKNOWN, path + "code",
                "is no label that is given out on valid_from");
  }
  CheckOrder(from, until, path + "valid_until", "valid_from", errors);
  CheckOrder(from, revoked, path + "revoked_date", "valid_from", errors);
  if (revoked && until && *until < *revoked) {
    errors->Add(v1::ERROR_REASON_DATE_ORDER, path + "revoked_date",
                "must not be after valid_until");
  }
}

void CheckTerm(const v1::CouncilTerm& term, std::string_view prefix, base::FieldErrors* errors) {
  const std::string path = std::string(prefix) + ".";
  const Day start = DayOf(term.start_date(), path + "start_date", errors);
  const Day end = DayOf(term.end_date(), path + "end_date", errors);
  CheckOrder(start, end, path + "end_date", "start_date", errors);
}

absl::Status CheckNoOverlap(const v1::CouncilTerm& term,
                            const std::vector<v1::CouncilTerm>& terms) {
  for (const v1::CouncilTerm& other : terms) {
    if (other.start_date() == term.start_date() || !Overlap(term, other)) continue;
    return base::Forbidden(v1::ERROR_REASON_TERMS_OVERLAP,
                           absl::StrCat("the body sits in the council already from ",
                                        other.start_date(), "; end that term before"),
                           {{"start_date", other.start_date()}});
  }
  return absl::OkStatus();
}

absl::Status RequireHasLabels(v1::OrganizationKind kind) {
  if (kind == v1::ORGANIZATION_KIND_FIRM) return absl::OkStatus();
  return base::InvalidField(v1::ERROR_REASON_ORGANIZATION_KIND, "name", "must be a firm");
}

absl::Status RequireHasTerms(v1::OrganizationKind kind) {
  if (kind == v1::ORGANIZATION_KIND_COUNCIL_BODY || kind == v1::ORGANIZATION_KIND_AGENCY) {
    return absl::OkStatus();
  }
  return base::InvalidField(v1::ERROR_REASON_ORGANIZATION_KIND, "name",
                            "must be a council body or an agency");
}

}  // namespace ieum::registry
