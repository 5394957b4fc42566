// Goal: what Korea's numbers, codes, days and periods are is what the domain says, at the doors and
// in the tables. Method: tables written from the domain's text, not from the code. row:X20
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "absl/strings/str_cat.h"
#include "fmt/format.h"
#include "ieum/registry/v1/reference_service.pb.h"
#include "services/registry/instants.h"
#include "tests/integration/registry/world.h"

namespace ieum::registry {
namespace {

using ::testing::Contains;

class DomainTables : public ::testing::Test {
 protected:
  absl::StatusOr<v1::Organization> Register(const v1::CreateOrganizationRequest& request) {
    return world_.Call<v1::Organization>("OrganizationService/CreateOrganization", request);
  }
  v1::CreateOrganizationRequest Firm(int n) {
    v1::CreateOrganizationRequest request;
    request.mutable_organization()->set_kind(v1::ORGANIZATION_KIND_FIRM);
    request.mutable_organization()->set_display_name(absl::StrCat("가상산업 ", n));
    request.mutable_organization()->set_business_registration_number(BusinessNumber(n));
    request.mutable_facts()->set_valid_from("2024-01-01");
    return request;
  }

  World world_{"2024-04-26 19:00"};
};

// 21 sections by their divisions, alike in both revisions; what is between them is no division.
// row:R30
TEST_F(DomainTables, HaveTheSectionOfEveryDivisionOfKsic) {
  const struct {
    char section;
    int first, last;
  } sections[] = {{'A', 1, 3},   {'B', 5, 8},   {'C', 10, 34}, {'D', 35, 35}, {'E', 36, 39},
                  {'F', 41, 42}, {'G', 45, 47}, {'H', 49, 52}, {'I', 55, 56}, {'J', 58, 63},
                  {'K', 64, 66}, {'L', 68, 68}, {'M', 70, 73}, {'N', 74, 76}, {'O', 84, 84},
                  {'P', 85, 85}, {'Q', 86, 87}, {'R', 90, 91}, {'S', 94, 96}, {'T', 97, 98},
                  {'U', 99, 99}};
  std::set<std::string> expected;
  for (const auto& one : sections) {
    for (int division = one.first; division <= one.last; ++division) {
      for (const int revision : {10, 11}) {
        expected.insert(fmt::format("{} {:02} {}", revision, division, one.section));
      }
    }
  }
  v1::ListKsicCodesRequest request;
  request.set_page_size(500);
  const auto page =
      world_.Call<v1::ListKsicCodesResponse>("ReferenceService/ListKsicCodes", request);
  ASSERT_TRUE(page.ok()) << page.status();
  std::set<std::string> found;
  for (const v1::KsicCode& code : page->ksic_codes()) {
    if (code.code().size() != 2) continue;  // a section itself
    found.insert(absl::StrCat(code.revision(), " ", code.code(), " ", code.section()));
  }
  EXPECT_EQ(found, expected);
}

// law:L42
TEST_F(DomainTables, HaveTheHolidaysOfThreeYears) {
  const char* const days =
      "2023-01-01 2023-01-21 2023-01-22 2023-01-23 2023-01-24 2023-03-01 2023-05-05 2023-05-27 "
      "2023-05-29 2023-06-06 2023-08-15 2023-09-28 2023-09-29 2023-09-30 2023-10-02 2023-10-03 "
      "2023-10-09 2023-12-25 2024-01-01 2024-02-09 2024-02-10 2024-02-11 2024-02-12 2024-03-01 "
      "2024-04-10 2024-05-05 2024-05-06 2024-05-15 2024-06-06 2024-08-15 2024-09-16 2024-09-17 "
      "2024-09-18 2024-10-01 2024-10-03 2024-10-09 2024-12-25 2025-01-01 2025-01-27 2025-01-28 "
      "2025-01-29 2025-01-30 2025-03-01 2025-03-03 2025-05-05 2025-05-06 2025-06-03 2025-06-06 "
      "2025-08-15 2025-10-03 2025-10-05 2025-10-06 2025-10-07 2025-10-08 2025-10-09 2025-12-25";
  EXPECT_EQ(world_.Ask("SELECT string_agg(day::text, ' ' ORDER BY day) FROM holiday WHERE day < "
                       "'2026-01-01'"),
            days);
}

// Scenario 7.4 number 4: each is refused with a word of its own, and nothing of it is there.
TEST_F(DomainTables, RefuseEachFaultWithItsOwnWord) {
  const struct {
    const char* reason;
    const char* field;
    std::function<void(v1::CreateOrganizationRequest&)> spoil;
  } cases[] = {
      {"BUSINESS_NUMBER_CHECKSUM", "organization.business_registration_number",
       [](auto& r) { r.mutable_organization()->set_business_registration_number("999-81-00016"); }},
      {"BUSINESS_NUMBER_FORMAT", "organization.business_registration_number",
       [](auto& r) { r.mutable_organization()->set_business_registration_number("999-81-0001"); }},
      {"RESIDENT_NUMBER", "organization.display_name",
       [](auto& r) { r.mutable_organization()->set_display_name("문의 850312–1234567"); }},
      {"KSIC_UNKNOWN", "facts.ksic_code", [](auto& r) { r.mutable_facts()->set_ksic_code("04"); }},
      {"REGION_UNKNOWN", "facts.region_code",
       [](auto& r) { r.mutable_facts()->set_region_code("99999"); }},
      // Divided in 2026 into districts with codes of their own.
      {"REGION_NOT_VALID", "facts.region_code",
       [](auto& r) { r.mutable_facts()->set_region_code("28125"); }},
      {"KSIC_REVISION_NOT_VALID", "facts.ksic_revision", [](auto& r) {
         r.mutable_facts()->set_ksic_code("10213");
         r.mutable_facts()->set_ksic_revision(11);
       }}};
  int n = 0;
  for (const auto& one : cases) {
    v1::CreateOrganizationRequest request = Firm(++n);
    one.spoil(request);
    const auto refused = Register(request);
    EXPECT_EQ(base::ReasonOf(refused.status()), one.reason);
    EXPECT_THAT(base::FieldsOf(refused.status()), Contains(one.field));
    EXPECT_EQ(std::string(refused.status().message()).find("850312"), std::string::npos);
  }
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM event_log"), "0");
}

// Scenario 3: whom the contest of 2024 takes. A window ends with the instant after its last second.
TEST_F(DomainTables, TakeThoseFirmsIntoTheContestThatFitItsBounds) {
  const std::string contest = world_.OpenCampaign([](v1::Campaign* terms) {
    terms->set_programme("INC");
    terms->set_edition("2024");
    terms->set_capacity(0);
    *terms->mutable_window()->mutable_start_time() = ToTimestamp(Korea("2024-03-27 09:00"));
    *terms->mutable_window()->mutable_end_time() =
        ToTimestamp(Korea("2024-04-26 18:00") + absl::Seconds(1));
    auto* rules = terms->mutable_eligibility();
    for (const auto band : {v1::SIZE_BAND_5_TO_9, v1::SIZE_BAND_10_TO_29, v1::SIZE_BAND_30_TO_49}) {
      rules->add_size_bands(band);
    }
    rules->add_region_prefixes("28");
    rules->add_excluded_ksic("I");
  });
  const struct {
    int firm, regular;
    const char* ksic;
    v1::DenialReason reason;
  } firms[] = {{17, 49, "10213", v1::DENIAL_REASON_UNSPECIFIED},
               {18, 5, "10213", v1::DENIAL_REASON_UNSPECIFIED},
               {23, 4, "10213", v1::DENIAL_REASON_SIZE_BAND},
               {24, 50, "10213", v1::DENIAL_REASON_SIZE_BAND},
               {25, 20, "56111", v1::DENIAL_REASON_INDUSTRY},
               {26, 20, "10213", v1::DENIAL_REASON_OUTSIDE_WINDOW}};
  for (const auto& one : firms) {
    v1::CreateOrganizationRequest request = Firm(one.firm);
    request.mutable_facts()->set_regular_headcount(one.regular);
    request.mutable_facts()->set_ksic_code(one.ksic);
    request.mutable_facts()->set_region_code("28200");
    Form form;
    form.campaign = contest;
    form.organization = Register(request).value().name();
    form.received_date = "2024-04-26";
    // F018's mail came at 18:00:00, F026's fax a second later.
    form.submitted = "2024-04-26 18:00";
    casemgmt::v1::ApplicationReceived received = form.Received();
    if (one.reason == v1::DENIAL_REASON_OUTSIDE_WINDOW) {
      received.mutable_submitted_time()->set_seconds(received.submitted_time().seconds() + 1);
    }
    ASSERT_TRUE(world_.Deliver(received, base::Uuid::NewV7()).ok()) << one.firm;
    for (const v1::Enrolment& enrolment : world_.Enrolments(contest)) {
      if (enrolment.organization() != form.organization) continue;
      EXPECT_EQ(enrolment.verdict().reason(), one.reason) << "F" << one.firm;
    }
  }
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM enrolment"), "6");
  EXPECT_EQ(world_.GetCampaign(contest).enrolled_count(), 2);
}

}  // namespace
}  // namespace ieum::registry
