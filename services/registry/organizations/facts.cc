#include "services/registry/organizations/facts.h"

#include "absl/strings/str_cat.h"
#include "ieum/registry/v1/errors.pb.h"
#include "platform/base/korea_time.h"

namespace ieum::registry {
namespace {

constexpr int kSmallestSmeLimit = 100;
constexpr int kLargestSmeLimit = 500;

std::string Path(std::string_view prefix, std::string_view field) {
  return std::string(prefix) + "." + std::string(field);
}

std::optional<int> RegularHeadcount(const v1::OrganizationFacts& facts) {
  if (!facts.has_regular_headcount()) return std::nullopt;
  return facts.regular_headcount();
}

void CheckHeadcounts(const v1::OrganizationFacts& facts, std::string_view prefix,
                     base::FieldErrors* errors) {
  const struct {
    const char* field;
    bool given;
    int count;
  } counts[] = {{"total_headcount", facts.has_total_headcount(), facts.total_headcount()},
                {"women_headcount", facts.has_women_headcount(), facts.women_headcount()},
                {"regular_headcount", facts.has_regular_headcount(), facts.regular_headcount()}};
  for (const auto& count : counts) {
    if (!count.given) continue;
    if (count.count < 0) {
      errors->Add("INVALID_FIELD", Path(prefix, count.field), "must not be negative");
    } else if (facts.has_total_headcount() && count.count > facts.total_headcount()) {
      errors->Add(v1::ERROR_REASON_HEADCOUNT_INCONSISTENT, Path(prefix, count.field),
                  "must not be more than total_headcount");
    }
  }
}

// "from 2023-06-11", "until 2026-06-30"
std::string Bounds(const Validity& validity) {
  std::string words;
  if (validity.from) absl::StrAppend(&words, " from ", base::FormatDay(*validity.from));
  if (validity.to) absl::StrAppend(&words, " until ", base::FormatDay(*validity.to));
  return words;
}

void CheckRegion(const v1::OrganizationFacts& facts, const CodeFindings& codes, absl::CivilDay day,
                 std::string_view prefix, base::FieldErrors* errors) {
  if (facts.region_code().empty()) return;
  const std::string field = Path(prefix, "region_code");
  if (!codes.region) {
    errors->Add(v1::ERROR_REASON_REGION_UNKNOWN, field,
                "is no code of a province or district, such as 26 or 26110");
  } else if (!codes.region->HoldsOn(day)) {
    errors->Add(v1::ERROR_REASON_REGION_NOT_VALID, field,
                absl::StrCat("holds", Bounds(*codes.region), ", not on ", base::FormatDay(day)));
  }
}

void CheckKsic(const v1::OrganizationFacts& facts, const CodeFindings& codes, absl::CivilDay day,
               std::string_view prefix, base::FieldErrors* errors) {
  if (facts.ksic_code().empty()) return;
  if (codes.ksic_revision == 0 || !codes.ksic_validity.HoldsOn(day)) {
    errors->Add(v1::ERROR_REASON_KSIC_REVISION_NOT_VALID, Path(prefix, "ksic_revision"),
                absl::StrCat("is not in force on ", base::FormatDay(day)));
  } else if (codes.ksic_section.empty()) {
    errors->Add(v1::ERROR_REASON_KSIC_UNKNOWN, Path(prefix, "ksic_code"),
                absl::StrCat("begins with no division of KSIC revision ", codes.ksic_revision));
  }
}

void CheckComplex(const v1::OrganizationFacts& facts, const CodeFindings& codes, absl::CivilDay day,
                  std::string_view prefix, base::FieldErrors* errors) {
  if (facts.complex_code().empty()) return;
  if (codes.complex && codes.complex->HoldsOn(day)) return;
  errors->Add(v1::ERROR_REASON_COMPLEX_UNKNOWN, Path(prefix, "complex_code"),
              absl::StrCat("is no industrial complex on ", base::FormatDay(day)));
}

int SmeLimit(char section) {
  switch (section) {
    case 'C':
      return kLargestSmeLimit;
    case 'B':
    case 'F':
    case 'H':
    case 'J':
    case 'M':
    case 'N':
    case 'Q':
      return 300;
    case 'G':
    case 'I':
    case 'K':
    case 'R':
      return 200;
    default:
      return kSmallestSmeLimit;
  }
}

}  // namespace

absl::StatusOr<absl::CivilDay> FactsDay(const v1::OrganizationFacts& facts,
                                        std::string_view prefix) {
  return ReadDate(facts.valid_from(), Path(prefix, "valid_from"));
}

void CheckFacts(const v1::OrganizationFacts& facts, const CodeFindings& codes, absl::CivilDay day,
                std::string_view prefix, base::FieldErrors* errors) {
  CheckHeadcounts(facts, prefix, errors);
  CheckKsic(facts, codes, day, prefix, errors);
  CheckRegion(facts, codes, day, prefix, errors);
  CheckComplex(facts, codes, day, prefix, errors);
}

v1::OrganizationFacts CompleteFacts(v1::OrganizationFacts facts, const CodeFindings& codes) {
  const bool has_industry = !facts.ksic_code().empty();
  facts.set_ksic_revision(has_industry ? codes.ksic_revision : 0);
  facts.set_ksic_section(has_industry ? codes.ksic_section : "");
  facts.set_size_band(SizeBandOf(RegularHeadcount(facts)));
  facts.clear_sme();
  if (auto sme = IsSme(facts.size_class(), facts.ksic_section(), RegularHeadcount(facts))) {
    facts.set_sme(*sme);
  }
  return facts;
}

v1::SizeBand SizeBandOf(std::optional<int> regular_headcount) {
  if (!regular_headcount || *regular_headcount < 1) return v1::SIZE_BAND_UNSPECIFIED;
  if (*regular_headcount < 5) return v1::SIZE_BAND_1_TO_4;
  if (*regular_headcount < 10) return v1::SIZE_BAND_5_TO_9;
  if (*regular_headcount < 30) return v1::SIZE_BAND_10_TO_29;
  if (*regular_headcount < 50) return v1::SIZE_BAND_30_TO_49;
  if (*regular_headcount < 100) return v1::SIZE_BAND_50_TO_99;
  if (*regular_headcount < 300) return v1::SIZE_BAND_100_TO_299;
  return v1::SIZE_BAND_300_OR_MORE;
}

std::optional<bool> IsSme(v1::SizeClass size_class, std::string_view ksic_section,
                          std::optional<int> regular_headcount) {
  switch (size_class) {
    case v1::SIZE_CLASS_MICRO:
    case v1::SIZE_CLASS_SMALL:
    case v1::SIZE_CLASS_MEDIUM:
      return true;
    case v1::SIZE_CLASS_MID_SIZED:
    case v1::SIZE_CLASS_LARGE:
      return false;
    default:
      break;
  }
  if (!regular_headcount) return std::nullopt;
  if (!ksic_section.empty()) return *regular_headcount <= SmeLimit(ksic_section[0]);
  if (*regular_headcount <= kSmallestSmeLimit) return true;
  if (*regular_headcount > kLargestSmeLimit) return false;
  return std::nullopt;
}

}  // namespace ieum::registry
