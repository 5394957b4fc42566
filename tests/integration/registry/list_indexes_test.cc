// Goal: whatever a list of the registry is filtered by, and for whomever, a page of it touches few
// rows of many. Method: every field of every list, with a value that few rows have where an index
// of its own is promised and with one that many have where rows are read in the list's order, for
// the whole suite, for a large and a small centre, for both and for nobody; PostgreSQL counts the
// rows that its plan touched.
#include "tests/integration/registry/list_indexes.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "re2/re2.h"
#include "services/registry/campaigns/campaign_store.h"
#include "services/registry/consents/consent_receipt_store.h"
#include "services/registry/consents/consent_store.h"
#include "services/registry/duplicates/duplicate_store.h"
#include "services/registry/enrolments/enrolment_store.h"
#include "services/registry/leads/lead_store.h"
#include "services/registry/organizations/organization_store.h"
#include "services/registry/people/person_store.h"
#include "services/registry/programmes/programme_store.h"

namespace ieum::registry {
namespace {

Asked OfOrganizations() {
  return {{"name", absl::StrCat("name = ", kOrganization)},
          {"kind", "kind = ORGANIZATION_KIND_FIRM"},
          {"state", "state = ORGANIZATION_STATE_ACTIVE"},
          {"business_registration_number", "business_registration_number = \"000-00-00077\""},
          {"external_code", "external_code = C77"},
          {"external_code", "external_code = \"C777*\""},
          {"parent", absl::StrCat("parent = ", kCentre)},
          {"facts.region_code", "facts.region_code = \"26110\""},
          {"facts.ksic_section", "facts.ksic_section = C"},
          {"facts.size_band", "facts.size_band = SIZE_BAND_5_TO_9"},
          {"facts.sme", "facts.sme = true"},
          {"create_time", "create_time > \"2023-01-02T00:00:00Z\""}};
}

TEST_F(ListIndexes, FindOrganizations) {
  const filter::ListSpec now = OrganizationList(absl::CivilDay(2023, 5, 2));
  Asked asked = OfOrganizations();
  for (const char* rare : {"kind = ORGANIZATION_KIND_AGENCY", "state = ORGANIZATION_STATE_INACTIVE",
                           "facts.region_code = \"26710\"", "facts.ksic_section = B"}) {
    asked.push_back({std::string(rare, std::string_view(rare).find(' ')), rare});
  }
  asked.push_back({"create_time", After("create_time", 20'000)});
  ExpectIndexes({"ListOrganizations", &now, asked});
}

// What was known then: of the time before this release as of now.
TEST_F(ListIndexes, FindOrganizationsAsTheyWereKnown) {
  const filter::ListSpec then = OrganizationListThen(absl::CivilDay(2023, 5, 2), absl::Now());
  ExpectIndexes({"ListOrganizations then", &then, OfOrganizations()});
}

TEST_F(ListIndexes, FindCampaigns) {
  ExpectIndexes({"ListCampaigns",
                 &CampaignList(),
                 {{"name", Named("name", "campaigns/", "56fbb10d-6723-3396-fd60-3a5ab2893990")},
                  {"programme", "programme = RARE"},
                  {"programme", "programme = P1"},
                  {"edition", "edition = RARE"},
                  {"code", "code = C77"},
                  {"code", "code = \"C777*\""},
                  {"task", "task = TASK_KIND_INCENTIVE"},
                  {"admission", "admission = ADMISSION_MODE_EXTERNAL"},
                  {"state", "state = CAMPAIGN_STATE_PLANNED"},
                  {"state", "state = CAMPAIGN_STATE_CLOSED"},
                  {"create_time", After("create_time", 10'000)},
                  {"centre", absl::StrCat("centre = ", kCentre)}}});
}

TEST_F(ListIndexes, FindCampaignsAsTheyWereKnown) {
  const filter::ListSpec then = CampaignListThen(absl::Now());
  ExpectIndexes(
      {.title = "ListCampaigns then",
       .spec = &then,
       .asked = {{"name", Named("name", "campaigns/", "56fbb10d-6723-3396-fd60-3a5ab2893990")},
                 {"programme", "programme = RARE"},
                 {"edition", "edition = RARE"},
                 {"code", "code = C77"},
                 {"task", "task = TASK_KIND_INCENTIVE"},
                 {"admission", "admission = ADMISSION_MODE_EXTERNAL"},
                 {"state", "state = CAMPAIGN_STATE_CLOSED"},
                 {"create_time", After("create_time", 10'000)},
                 {"centre", absl::StrCat("centre = ", kCentre)}}});
}

TEST_F(ListIndexes, FindEnrolments) {
  ExpectIndexes({"ListEnrolments",
                 &EnrolmentList(),
                 {{"name", "name = \"81833c66-eb40-e013-fcfe-96990cb98cb7\""},
                  {"organization", absl::StrCat("organization = ", kOrganization)},
                  {"person", Named("person", "persons/", kPerson)},
                  {"employer", absl::StrCat("employer = ", kOrganization)},
                  {"state", "state = ENROLMENT_STATE_WITHDRAWN"},
                  {"state", "state = ENROLMENT_STATE_DENIED"},
                  {"application",
                   Named("application", "applications/", "068815e0-86d6-7013-e830-0188e50513e8")},
                  {"applied_date", "applied_date = \"2003-01-15\""},
                  {"create_time", After("create_time", 30'000)},
                  {"offer_expire_time", "offer_expire_time > \"2023-01-02T00:00:00Z\""},
                  {"programme", "programme = RARE"},
                  {"programme", "programme = P1"},
                  {"edition", "edition = RARE"},
                  {"centre", absl::StrCat("centre = ", kCentre)}}});
}

TEST_F(ListIndexes, FindAffiliations) {
  ExpectIndexes({"ListAffiliations",
                 &AffiliationList(),
                 {{"name", "name = \"983c3d29-3460-a155-240e-bae608c5cb71\""},
                  {"organization", absl::StrCat("organization = ", kOrganization)},
                  {"role", "role = AFFILIATION_ROLE_REPRESENTATIVE"},
                  {"start_date", "start_date = \"2003-01-15\""},
                  {"end_date", "end_date > \"2001-01-01\""}}});
}

TEST_F(ListIndexes, FindLeads) {
  ExpectIndexes({"ListLeads",
                 &LeadList(),
                 {{"name", Named("name", "leads/", "f80bae27-dbcf-d97f-b952-6fd9cbb80c9f")},
                  {"organization", absl::StrCat("organization = ", kOrganization)},
                  {"programme", "programme = RARE"},
                  {"edition", "edition = RARE"},
                  {"state", "state = LEAD_STATE_CONTACTED"},
                  {"state", "state = LEAD_STATE_LOST"},
                  {"source_code", "source_code = RARE"},
                  {"contact_due_date", "contact_due_date > \"2001-01-01\""},
                  {"create_time", After("create_time", 20'000)},
                  {"centre", absl::StrCat("centre = ", kCentre)}}});
}

TEST_F(ListIndexes, FindDuplicatePairs) {
  ExpectIndexes({"ListDuplicatePairs",
                 &DuplicatePairList(),
                 {{"name", "name = \"d07d6579-251f-549d-2523-be518a7cd61b\""},
                  {"person", Named("person", "persons/", kPerson)},
                  {"other_person", Named("other_person", "persons/", kPerson)},
                  {"score", "score = 99"},
                  {"score", "score >= 95"},
                  {"state", "state = DUPLICATE_PAIR_STATE_OPEN"},
                  {"state", "state = DUPLICATE_PAIR_STATE_DISMISSED"},
                  {"create_time", After("create_time", 20'000)},
                  {"centre", absl::StrCat("centre = ", kCentre)}}});
}

TEST_F(ListIndexes, FindConsents) {
  ExpectIndexes({"ListConsents",
                 &ConsentList(),
                 {{"name", "name = \"66769d54-8fe9-3e05-d9eb-475ac940425d\""},
                  {"purpose", "purpose = CONSENT_PURPOSE_NIGHT_ADVERTISING"},
                  {"purpose", "purpose = CONSENT_PURPOSE_COLLECTION"},
                  {"state", "state = CONSENT_STATE_WITHDRAWN"},
                  {"state", "state = CONSENT_STATE_GIVEN"},
                  {"current", "current = true"},
                  {"recipient", absl::StrCat("recipient = ", kCentre)},
                  {"consent_text",
                   Named("consent_text", "consentTexts/", "83f1535f-99ab-0bf4-e9d0-2dfd85d3e3f7")},
                  {"channel", "channel = CONSENT_CHANNEL_WEB"},
                  {"decide_time", After("decide_time", 30'000)},
                  {"expire_time", "expire_time > \"2023-01-02T00:00:00Z\""},
                  {"record_time", After("record_time", 30'000)},
                  {"centre", absl::StrCat("centre = ", kCentre)}}});
}

TEST_F(ListIndexes, FindConsentReceipts) {
  ExpectIndexes({"ListConsentReceipts",
                 &ConsentReceiptList(),
                 {{"name", "name = \"dd841d5f-0ac4-ec27-f9d7-d2eabd176c30\""},
                  {"allowed", "allowed = true"},
                  {"refusal", "refusal = CONSENT_REFUSAL_WITHDRAWN"},
                  {"recipient", absl::StrCat("recipient = ", kCentre)},
                  {"publication_kind", "publication_kind = PUBLICATION_KIND_VIDEO"},
                  {"asker", "asker = \"staff/rare\""},
                  {"ask_time", After("ask_time", 20'000)},
                  {"ground", "ground = OVERRIDE_GROUND_VITAL_INTEREST"},
                  {"centre", absl::StrCat("centre = ", kCentre)}}});
}

TEST_F(ListIndexes, FindProgrammesAndEditions) {
  ExpectIndexes(
      {"ListProgrammes",
       &ProgrammeList(),
       {{"code", "code = P77"}, {"create_time", "create_time > \"2023-01-02T00:00:00Z\""}}});
  ExpectIndexes({"ListEditions",
                 &EditionList(),
                 {{"name", "name = \"programmes/P7/editions/2007\""},
                  {"code", "code = \"2050\""},
                  {"year", "year = 2050"},
                  {"budget_year", "budget_year = 2050"},
                  {"state", "state = EDITION_STATE_PLANNED"},
                  {"state", "state = EDITION_STATE_CLOSED"},
                  {"create_time", "create_time > \"2023-01-02T00:00:00Z\""}}});
}

std::string TextOf(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// The lists of the contract that take a filter, against the titles in the files beside this one.
TEST(ListIndexesOfTheContract, AreLookedAtForEveryListThatTakesAFilter) {
  namespace fs = std::filesystem;
  const fs::path root = IEUM_SOURCE_DIR;
  std::string tests, contract;
  for (const auto& file : fs::directory_iterator(root / "tests/integration/registry")) {
    if (file.path().filename().string().find("list_indexes") == 0) tests += TextOf(file.path());
  }
  for (const auto& file : fs::directory_iterator(root / "proto/ieum/registry/v1")) {
    contract += TextOf(file.path());
  }
  static const RE2 request(R"((?s)message (List\w+)Request \{(.*?)\n\}\n)");
  re2::StringPiece rest(contract);
  std::string method, fields;
  int lists = 0;
  for (; RE2::FindAndConsume(&rest, request, &method, &fields); ++lists) {
    EXPECT_TRUE(fields.find("string filter =") == std::string::npos ||
                tests.find("\"" + method) != std::string::npos)
        << method << ": which of its fields has an index?";
  }
  EXPECT_GE(lists, 29);
}

}  // namespace
}  // namespace ieum::registry
