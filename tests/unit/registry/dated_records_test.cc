// Goal: labels and council terms have sound days. Method: the rules over made-up records. row:R9
#include "services/registry/organizations/dated_records.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ieum::registry {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const Validity kSince2008{absl::CivilDay(2008, 1, 1), std::nullopt};

v1::OrganizationLabel Label(const std::string& from, const std::string& until = "",
                            const std::string& revoked = "") {
  v1::OrganizationLabel label;
  label.set_code("FAMILY_FRIENDLY");
  label.set_valid_from(from);
  label.set_valid_until(until);
  label.set_revoked_date(revoked);
  return label;
}

absl::Status Check(const v1::OrganizationLabel& label,
                   const std::optional<Validity>& given_out = kSince2008) {
  base::FieldErrors errors;
  CheckLabel(label, given_out, "label", &errors);
  return errors.ToStatus();
}

v1::CouncilTerm Term(const std::string& start, const std::string& end = "") {
  v1::CouncilTerm term;
  term.set_sector(v1::COUNCIL_SECTOR_LABOUR);
  term.set_start_date(start);
  term.set_end_date(end);
  return term;
}

TEST(Label, MayHaveAnEndAndBeTakenAwayWithinItsDays) {
  EXPECT_TRUE(Check(Label("2023-01-01")).ok());
  EXPECT_TRUE(Check(Label("2023-01-01", "2023-01-01")).ok());
  EXPECT_TRUE(Check(Label("2023-01-01", "2025-12-31", "2025-12-31")).ok());
  EXPECT_TRUE(Check(Label("2023-01-01", "", "2023-01-01")).ok());
}

TEST(Label, IsRefusedWithDaysOutOfOrder) {
  const struct {
    v1::OrganizationLabel label;
    const char* field;
  } rows[] = {{Label("2023-01-01", "2022-12-31"), "label.valid_until"},
              {Label("2023-01-01", "", "2022-12-31"), "label.revoked_date"},
              {Label("2023-01-01", "2025-12-31", "2026-01-01"), "label.revoked_date"}};
  for (const auto& row : rows) {
    EXPECT_EQ(base::ReasonOf(Check(row.label)), "DATE_ORDER");
    EXPECT_THAT(base::FieldsOf(Check(row.label)), ElementsAre(row.field));
  }
  EXPECT_EQ(base::ReasonOf(Check(Label("2023-02-29"))), "DATE_INVALID");
}

TEST(Label, IsRefusedUnlessItIsGivenOutOnItsFirstDay) {
  EXPECT_EQ(base::ReasonOf(Check(Label("2007-12-31"))), "LABEL_UNKNOWN");
  EXPECT_EQ(base::ReasonOf(Check(Label("2023-01-01"), std::nullopt)), "LABEL_UNKNOWN");
}

TEST(CouncilTerm, IsRefusedWhenItEndsBeforeItBegins) {
  base::FieldErrors errors;
  CheckTerm(Term("2023-05-01", "2023-04-30"), "term", &errors);
  EXPECT_EQ(base::ReasonOf(errors.ToStatus()), "DATE_ORDER");
  EXPECT_THAT(base::FieldsOf(errors.ToStatus()), ElementsAre("term.end_date"));
}

TEST(CouncilTerm, OverlapsNoOtherOfTheBody) {
  const std::vector<v1::CouncilTerm> had = {Term("2021-01-01", "2022-12-31"), Term("2025-01-01")};
  const struct {
    v1::CouncilTerm term;
    bool fits;
  } rows[] = {{Term("2023-01-01", "2024-12-31"), true},
              {Term("2020-01-01", "2020-12-31"), true},
              {Term("2022-12-31", "2023-12-31"), false},
              {Term("2023-01-01", "2025-01-01"), false},
              {Term("2023-01-01"), false},
              {Term("2026-01-01", "2026-12-31"), false},
              {Term("2020-01-01"), false},
              {Term("2021-01-01", "2024-12-31"), true},
              {Term("2021-01-01"), false},
              {Term("2025-01-01", "2025-12-31"), true}};
  for (const auto& row : rows) {
    EXPECT_EQ(base::ReasonOf(CheckNoOverlap(row.term, had)), row.fits ? "" : "TERMS_OVERLAP")
        << row.term.start_date() << " to " << row.term.end_date();
  }
  EXPECT_THAT(base::ReasonOf(CheckNoOverlap(Term("2023-01-01"), {})), IsEmpty());
}

TEST(DatedRecords, AreOfTheKindsThatHaveThem) {
  EXPECT_TRUE(RequireHasLabels(v1::ORGANIZATION_KIND_FIRM).ok());
  EXPECT_EQ(base::ReasonOf(RequireHasLabels(v1::ORGANIZATION_KIND_CENTRE)), "ORGANIZATION_KIND");
  EXPECT_TRUE(RequireHasTerms(v1::ORGANIZATION_KIND_COUNCIL_BODY).ok());
  EXPECT_TRUE(RequireHasTerms(v1::ORGANIZATION_KIND_AGENCY).ok());
  EXPECT_EQ(base::ReasonOf(RequireHasTerms(v1::ORGANIZATION_KIND_FIRM)), "ORGANIZATION_KIND");
}

}  // namespace
}  // namespace ieum::registry
